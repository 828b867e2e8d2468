from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation

FROZEN = """
    IF EXISTS (
        SELECT 1 FROM governance_agreement WHERE state <> 'draft'
        AND id = CASE TG_OP WHEN 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END
    ) THEN RAISE EXCEPTION 'The agreement has been sent and is frozen.'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

# An agreement is between at least two; more are never waited for (R13).
NEEDED = 2


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def with_counts(self) -> AgreementQuerySet:
        """How many sections are written, how many parties there are, and how many of them have said yes or nothing."""
        written = AgreementSection.objects.filter(agreement=OuterRef("pk")).order_by().values("agreement")
        parties = AgreementParty.objects.filter(agreement=OuterRef("pk")).order_by().values("agreement")
        yes = Q(adoptions__state__in=["adopted", "reserved"], adoptions__objected_at=None)
        decided = Q(adoptions__state__in=["adopted", "reserved", "not_adopted"], adoptions__objected_at=None)
        return self.annotate(
            section_count=Coalesce(Subquery(written.values(n=Count("pk"))), 0),
            party_count=Coalesce(Subquery(parties.values(n=Count("pk"))), 0),
            asked_count=Count("adoptions"),
            yes_count=Count("adoptions", filter=yes),
            undecided_count=Count("adoptions", filter=Q(adoptions__isnull=False) & ~decided),
        )


@pghistory.track()
class Agreement(models.Model):
    """The agreement a collaboration stands on; in force for the parties that have acceded, however few (R3, R13).

    draft → sent (to the municipalities) → ended. «In force» is not a state: it follows from the parties' own decisions.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent to the municipalities")
        ENDED = "ended", _("ended")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="agreements")
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.DRAFT)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice, months"), null=True, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="agreement_slug_once"),
            models.CheckConstraint(
                name="agreement_period_ends_after_start",
                condition=Q(period_to=None) | Q(period_from=None) | Q(period_to__gt=models.F("period_from")),
                violation_error_message=_("The period must end after it starts."),
            ),
            models.CheckConstraint(
                name="agreement_notice_is_at_most_five_years",
                condition=Q(notice_months=None) | Q(notice_months__range=(1, 60)),
                violation_error_message=_("Write the notice in months, from 1 to 60."),
            ),
            models.CheckConstraint(
                name="agreement_sent_has_a_day",
                condition=Q(state="draft", sent_on=None) | (~Q(state="draft") & Q(sent_on__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="never_deleted_when_sent", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__state="draft")
            ),
            pgtrigger.Protect(
                name="never_a_draft_again",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft") & pgtrigger.Q(new__state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.collaboration.slug, self.slug])

    @cached_property
    def answers(self) -> Any:
        """The municipalities' own decisions on this agreement."""
        return list(self.adoptions.all())

    @property
    def completeness(self) -> Any:
        """«5 av 8 avsnitt fylt ut» (R14)."""
        written = {section.kind for section in self.sections.all()}
        return _("%(n)s of %(all)s sections written") % {"n": len(written), "all": len(AgreementSection.Kind.values)}

    @property
    def acceded(self) -> list[Any]:
        return [adoption for adoption in self.answers if adoption.says_yes]

    @property
    def undecided(self) -> list[Any]:
        return [adoption for adoption in self.answers if not adoption.is_decided]

    @property
    def in_force_from(self) -> date | None:
        """The first day on which two parties' own decisions were yes, not before the period begins (R13)."""
        days = sorted(adoption.decided_on for adoption in self.acceded)
        if self.state == self.State.DRAFT or len(days) < NEEDED:
            return None
        return max(days[NEEDED - 1], self.period_from or days[NEEDED - 1])

    @property
    def period(self) -> str:
        days = [f"{day:%d.%m.%Y}" if day else "" for day in (self.period_from, self.period_to)]
        return " – ".join(days).strip() if any(days) else ""

    @property
    def notice_by(self) -> date | None:
        """The last day to give notice, for one who will leave when the period ends."""
        if self.notice_months is None or self.period_to is None:
            return None
        return months_before(self.period_to, self.notice_months)

    @property
    def force_sentence(self) -> Any:
        """«I kraft med 2 av 6; 4 ikke avklart»: who has acceded, and that silence is no yes."""
        if self.state == self.State.DRAFT:
            return _("draft, not sent")
        counts = {"yes": len(self.acceded), "all": len(self.answers), "open": len(self.undecided)}
        if self.state == self.State.ENDED:
            return _("ended; %(yes)s of %(all)s had acceded") % counts
        if self.is_in_force():
            return _("in force with %(yes)s of %(all)s; %(open)s not clarified") % counts
        if self.in_force_from is None:
            return _("not in force: %(yes)s of %(all)s have acceded; %(open)s not clarified") % counts
        return _("not in force today; %(yes)s of %(all)s have acceded; %(open)s not clarified") % counts

    def is_in_force(self, on: date | None = None) -> bool:
        day = on or timezone.localdate()
        since = self.in_force_from
        over = self.state == self.State.ENDED or (self.period_to is not None and self.period_to < day)
        return since is not None and since <= day and not over


@pghistory.track()
class AgreementSection(models.Model):
    """One of the eight sections an agreement has (R14)."""

    class Kind(models.TextChoices):
        BACKGROUND = "background", _("Background")
        PURPOSE = "purpose", _("Purpose")
        VALUE = "value", _("Value for each municipality")
        ROLES = "roles", _("The parties' roles and responsibilities")
        ORGANISATION = "organisation", _("Organisation")
        FINANCING = "financing", _("Financing")
        PERIOD = "period", _("Period of the agreement")
        CHANGES = "changes", _("Handling of changes")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=12, choices=Kind)
    text = models.TextField(_("text"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind"], name="agreement_section_once"),
            models.CheckConstraint(name="agreement_section_has_a_text", condition=~Q(text="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_when_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN,
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track()
class AgreementParty(models.Model):
    """An organisation invited to the agreement, and the value it has for exactly that party (R14, L2)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    value = models.TextField(_("value for this municipality"), blank=True)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        ordering = ["organisation__sort_key"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once")]

    def __str__(self) -> str:
        return str(self.organisation)
