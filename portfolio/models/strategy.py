from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.accounts.access import allowed
from governance.models import Case, Collaboration, Resolution
from portfolio.models import moments
from portfolio.models.focus_areas import FocusArea
from portfolio.models.moments import Precision

# What was adopted stands: its goals, pillars and focus areas can't be added to, changed or removed (rule 7).
ADOPTED_STANDS = """
    IF EXISTS (SELECT 1 FROM portfolio_strategy WHERE id IN ({ids}) AND state = 'adopted') THEN
        RAISE EXCEPTION 'The strategy is adopted and stands as it is; make a new edition.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN {row};
"""


def stands_with_its_edition() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="adopted_gets_no_more", when=pgtrigger.Before, operation=pgtrigger.Insert,
            func=ADOPTED_STANDS.format(ids="NEW.strategy_id", row="NEW"),
        ),
        pgtrigger.Trigger(
            name="adopted_is_not_changed", when=pgtrigger.Before, operation=pgtrigger.Update,
            func=ADOPTED_STANDS.format(ids="OLD.strategy_id, NEW.strategy_id", row="NEW"),
        ),
        pgtrigger.Trigger(
            name="adopted_loses_nothing", when=pgtrigger.Before, operation=pgtrigger.Delete,
            func=ADOPTED_STANDS.format(ids="OLD.strategy_id", row="OLD"),
        ),
    ]  # fmt: skip


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: Any) -> StrategyQuerySet:
        """In the collaborations one sees; a later edition when it is laid or adopted, before that by its writers."""
        seen = self.filter(collaboration__in=Collaboration.objects.visible_to(user))
        writes = Q(collaboration__in=allowed(Collaboration.objects.all(), user, "governance.manage_portfolio"))
        return seen.filter(Q(state="adopted") | Q(number=1) | Q(case__isnull=False) | writes)

    def adopted(self) -> StrategyQuerySet:
        return self.filter(state="adopted").order_by("-number")

    def drafts(self) -> StrategyQuerySet:
        return self.filter(state="draft")

    def in_force(self) -> Strategy | None:
        """The edition that counts: the newest adopted; where none is adopted yet, the first as it now stands (R33)."""
        return self.adopted().first() or self.order_by("number").first()


@pghistory.track()
class Strategy(models.Model):
    """One edition of what a collaboration wants: vision, main goal, goals, pillars (G1–G13, D12).

    draft → adopted, on a resolution of the body or on a day the secretariat writes. Adopted it is frozen; what is
    changed later is a new edition that says why (R33, R34).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        ADOPTED = "adopted", _("adopted")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="strategies")
    number = models.PositiveSmallIntegerField(_("edition"), default=1)
    title = models.CharField(_("title"), max_length=200, blank=True)
    vision = models.TextField(_("vision"), blank=True)
    main_goal = models.TextField(_("main goal"), blank=True)
    starts_on = models.DateField(_("holds from"), null=True, blank=True)
    starts_precision = models.CharField(_("known to the"), max_length=6, choices=Precision, default=Precision.DAY)
    ends_on = models.DateField(_("holds to"), null=True, blank=True)
    ends_precision = models.CharField(_("known to the"), max_length=6, choices=Precision, default=Precision.DAY)
    period = models.CharField(
        _("period as it is written"), max_length=100, blank=True, help_text=_("For example «2021/22–2025».")
    )
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("why it was revised"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="strategies")
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, null=True, blank=True, related_name="strategies", verbose_name=_("adopted by")
    )
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    adopted_by = models.CharField(
        _("who adopted it"), max_length=200, blank=True, help_text=_("For example «styringsgruppen».")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="strategy_edition_once"),
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(state="draft"), name="strategy_written_one_at_a_time"
            ),
            models.CheckConstraint(name="strategy_edition_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="strategy_revised_for_a_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Write why the strategy is revised."),
            ),
            models.CheckConstraint(
                name="strategy_adopted_on_a_day_by_somebody",
                condition=Q(state="draft", adopted_on=None, adopted_by="", resolution=None)
                | (Q(state="adopted", adopted_on__isnull=False) & ~Q(adopted_by="")),
            ),
            models.CheckConstraint(
                name="strategy_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The period must end after it begins."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="adopted_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="adopted"),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("Strategy, edition %(number)s")) % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("strategy_edition", args=[self.collaboration.slug, self.number])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_read_by_all(self) -> bool:
        """As ``visible_to``: a later edition is its writers' until it is laid before a body."""
        return not self.is_draft or self.number == 1 or self.case_id is not None

    @property
    def period_words(self) -> str:
        """As it is written where somebody has; else from the two moments, as they are known."""
        if self.period:
            return self.period
        said = [moments.say(self.starts_on, self.starts_precision), moments.say(self.ends_on, self.ends_precision)]
        return "–".join(said) if any(said) else ""

    @property
    def matter(self) -> str:
        """The address under which each municipality is asked to accede to this edition (D12)."""
        return f"strategi-{self.number}"


@pghistory.track()
class Pillar(models.Model):
    """A pillar that groups the goals of a strategy (G8)."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="pillars")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("pillar")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "position"], name="pillar_place_once", deferrable=Deferrable.DEFERRED
            )
        ]
        triggers = stands_with_its_edition()

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Goal(models.Model):
    """One numbered goal or sub-goal of a strategy; projects point to those they serve (G3–G6, G9–G13, L8).

    A goal that is taken over from the edition before keeps its thread: `first` is where it was first written.
    """

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="goals")
    pillar = models.ForeignKey(
        Pillar, models.SET_NULL, null=True, blank=True, related_name="goals", verbose_name=_("pillar")
    )
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("goal")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "position"], name="goal_place_once", deferrable=Deferrable.DEFERRED
            )
        ]
        triggers = stands_with_its_edition()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("goal", args=[self.strategy.collaboration.slug, self.pk])

    @property
    def thread(self) -> int:
        """The same for the goal in every edition that has it."""
        return self.first_id or self.pk


@pghistory.track()
class EditionArea(models.Model):
    """A focus area as it stood when the edition was adopted: its names, its text, its measures (F1–F8, R33)."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="areas")
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, related_name="editions")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    short_name = models.CharField(_("short name"), max_length=60)
    name = models.CharField(_("full name"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    measures = ArrayField(models.CharField(max_length=300), default=list, blank=True, verbose_name=_("measures"))

    class Meta:
        verbose_name = _("focus area of an edition")
        ordering = ["position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["strategy", "focus_area"], name="edition_area_once")]
        triggers = stands_with_its_edition()

    def __str__(self) -> str:
        return self.name
