from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.models import Document
from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation


class SectionKind(models.TextChoices):
    """The eight sections an agreement has (R14)."""

    BACKGROUND = "background", _("Background")
    PURPOSE = "purpose", _("Purpose")
    VALUE = "value", _("Value for each municipality")
    ROLES = "roles", _("The parties' roles and responsibilities")
    ORGANISATION = "organisation", _("Organisation")
    FINANCING = "financing", _("Financing")
    PERIOD = "period", _("Period of the agreement")
    CHANGES = "changes", _("Handling of changes")


YES = "('adopted', 'reserved') AND {0}.objected_at IS NULL"

# What was sent stands word for word; a change is a new version (rule 7).
TEXT_STAYS = """
    IF OLD.state <> 'draft' AND (
        OLD.title, OLD.form, OLD.entity_name, OLD.period_from, OLD.period_to, OLD.notice_months, OLD.other_changes,
        OLD.first_id, OLD.follows_id, OLD.number, OLD.what_changed, OLD.why, OLD.way, OLD.asked_in_id
    ) IS DISTINCT FROM (
        NEW.title, NEW.form, NEW.entity_name, NEW.period_from, NEW.period_to, NEW.notice_months, NEW.other_changes,
        NEW.first_id, NEW.follows_id, NEW.number, NEW.what_changed, NEW.why, NEW.way, NEW.asked_in_id
    ) THEN RAISE EXCEPTION 'The agreement has been sent and is frozen.'; END IF;
    RETURN NEW;
"""

# A later version begins only when every party of the one before has adopted it itself, or the agreed rule has (rule 1).
# The parties are counted when it is set in force; what is decided afterwards does not stop the version's own changes.
BEGINS_WHEN_ADOPTED = f"""
    IF NEW.effective_from IS NOT NULL THEN
        IF NEW.follows_id IS NULL OR NEW.state = 'draft' THEN
            RAISE EXCEPTION 'Only a later version that was sent is set in force.';
        END IF;
        IF NEW.way = 'rule' AND (NEW.resolved_by = '' OR NEW.resolved_on IS NULL
            OR NEW.resolved_on > NEW.effective_from) THEN
            RAISE EXCEPTION 'The resolution that the agreed rule asks for is missing.';
        END IF;
        IF NEW.way = 'every' AND OLD.effective_from IS DISTINCT FROM NEW.effective_from AND EXISTS (
            SELECT 1 FROM governance_agreement before
            JOIN governance_adoption joined ON joined.agreement_id = COALESCE(before.asked_in_id, before.id)
                AND joined.state IN {YES.format("joined")}
            LEFT JOIN governance_agreementparty party
                ON party.agreement_id = before.id AND party.organisation_id = joined.organisation_id
            WHERE before.id = NEW.follows_id AND (party.left_on IS NULL OR party.left_on >= NEW.effective_from)
            AND NOT EXISTS (
                SELECT 1 FROM governance_adoption again WHERE again.agreement_id = NEW.id
                AND again.organisation_id = joined.organisation_id AND again.state = 'adopted'
                AND again.objected_at IS NULL AND again.decided_on <= NEW.effective_from
            )
        ) THEN RAISE EXCEPTION 'Not every party has adopted this version.'; END IF;
    END IF;
    RETURN NEW;
"""

# An agreement is between at least two; more are never waited for (R13).
NEEDED = 2


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last where it is shorter."""
    return months_before(day, -months)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def whole(self) -> AgreementQuerySet:
        """With all that its sentences about force are made of, in a fixed number of queries."""
        return self.select_related("collaboration", "asked_in", "follows").prefetch_related(
            "sections",
            "parties",
            "adoptions__organisation",
            "adoptions__collaboration",
            "asked_in__adoptions__organisation",
            "asked_in__adoptions__collaboration",
        )

    def standing(self) -> AgreementQuerySet:
        """Not those that a later version has taken over for."""
        return self.filter(Q(replaced_on=None) | Q(replaced_on__gt=timezone.localdate()))

    def of_chain(self, root: int) -> AgreementQuerySet:
        """All versions of one agreement, the newest first."""
        return self.filter(Q(pk=root) | Q(first=root)).order_by("-number")

    def with_counts(self) -> AgreementQuerySet:
        """How many sections are written, how many parties there are, and how many of them have said yes or nothing."""
        sections = apps.get_model("governance", "AgreementSection")._default_manager
        parties = apps.get_model("governance", "AgreementParty")._default_manager.filter(agreement=OuterRef("pk"))
        adoptions = apps.get_model("governance", "Adoption")._default_manager
        asked = adoptions.filter(agreement=OuterRef("asked")).order_by().values("agreement")
        gone = apps.get_model("governance", "AgreementParty")._default_manager.filter(
            agreement=OuterRef(OuterRef("pk")),
            organisation=OuterRef("organisation"),
            left_on__lt=timezone.localdate(),
        )
        yes = Q(state__in=["adopted", "reserved"], objected_at=None)
        decided = Q(state__in=["adopted", "reserved", "not_adopted"], objected_at=None)

        def number(rows: Any) -> Any:
            return Coalesce(Subquery(rows.values(n=Count("pk"))), 0)

        written = sections.filter(agreement=OuterRef("pk")).exclude(kind="").order_by().values("agreement")
        return self.annotate(asked=Coalesce("asked_in", "pk")).annotate(
            section_count=number(written),
            party_count=number(parties.order_by().values("agreement")),
            asked_count=number(asked),
            yes_count=number(asked.filter(yes).exclude(Exists(gone))),
            undecided_count=number(asked.exclude(decided)),
        )


@pghistory.track()
class Agreement(models.Model):
    """One version of an agreement; in force for the parties that have acceded, however few (R3, R13).

    draft → sent (to the municipalities) → ended. «In force» is not a state: the first version is in force by the
    parties' own decisions; a later one from the day it was set in force, when all that it needs had been decided.
    """

    Form = Collaboration.LegalForm

    class Way(models.TextChoices):
        EVERY = "every", _("every party adopts it by its own body")
        RULE = "rule", _("adopted by the rule of the agreement")

    class Rule(models.TextChoices):
        EVERY = "every", _("every party's own body")
        TWO_THIRDS = "two_thirds", _("two thirds of the votes cast in the assembly")
        STEERING = "steering", _("a resolution of the steering group")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent to the municipalities")
        ENDED = "ended", _("ended")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="agreements")
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    form = models.CharField(_("organisational form"), max_length=10, choices=Form, default=Form.AGREEMENT)
    entity_name = models.CharField(_("name of the body it sets up"), max_length=200, blank=True)
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_versions", verbose_name=_("first version")
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version before")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    what_changed = models.TextField(_("what is changed"), blank=True)
    why = models.TextField(_("why it is changed"), blank=True)
    other_changes = models.CharField(_("other changes are adopted by"), max_length=10, choices=Rule, default=Rule.EVERY)
    way = models.CharField(_("how it is adopted"), max_length=5, choices=Way, default=Way.EVERY)
    asked_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("the parties joined by")
    )
    resolution = models.ForeignKey(
        "governance.Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("resolution"),
    )
    resolved_by = models.CharField(_("the resolution that adopts it"), max_length=300, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    resolution_extract = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extract of the record")
    )
    effective_from = models.DateField(_("set in force from"), null=True, blank=True)
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
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
            models.UniqueConstraint(
                Coalesce("first", "id"), condition=Q(state="draft"), name="agreement_one_open_version"
            ),
            models.UniqueConstraint(Coalesce("first", "id"), "number", name="agreement_version_once"),
            models.CheckConstraint(
                name="agreement_later_version_says_what_and_why",
                condition=Q(first=None, follows=None, number=1, asked_in=None)
                | (Q(first__isnull=False, follows__isnull=False, number__gt=1) & ~Q(what_changed="") & ~Q(why="")),
                violation_error_message=_("Write what is changed and why."),
            ),
            models.CheckConstraint(
                name="agreement_ended_has_a_day",
                condition=Q(state="ended", ended_on__isnull=False) | (~Q(state="ended") & Q(ended_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_every_party_is_asked_in_it", condition=Q(way="rule") | Q(asked_in=None)
            ),
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
            pgtrigger.Protect(
                name="never_taken_up_again", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="ended") & ~pgtrigger.Q(new__state="ended"),
            ),
            pgtrigger.Trigger(
                name="text_stays_when_sent", when=pgtrigger.Before, operation=pgtrigger.Update, func=TEXT_STAYS
            ),
            pgtrigger.Trigger(
                name="begins_when_adopted", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                func=BEGINS_WHEN_ADOPTED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        if self.number == 1:
            return self.title
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.collaboration.slug, self.slug])

    @property
    def named(self) -> str:
        """The title, with the number where there are more versions."""
        return str(self)

    @property
    def root(self) -> int:
        """The first version: what the municipalities joined, and leave."""
        return int(self.first_id or self.pk)

    @cached_property
    def answers(self) -> Any:
        """The municipalities' own decisions on this agreement; where the agreed rule adopted it, those from before."""
        return list((self.asked_in or self).adoptions.all())

    @cached_property
    def clauses(self) -> list[Any]:
        """The numbered clauses in order."""
        return sorted(self.sections.all(), key=lambda clause: clause.order)

    @property
    def completeness(self) -> Any:
        """«5 av 8 avsnitt fylt ut» (R14)."""
        written = {section.kind for section in self.sections.all() if section.kind}
        return _("%(n)s of %(all)s sections written") % {"n": len(written), "all": len(SectionKind.values)}

    @cached_property
    def last_days(self) -> dict[int, date]:
        """By party: the last day of those that leave by a decision of their own."""
        return {party.organisation_id: party.left_on for party in self.parties.all() if party.left_on}

    def acceded_on(self, day: date) -> list[Any]:
        """The decisions of those that are parties on the day."""
        return [
            answer
            for answer in self.answers
            if answer.says_yes and self.last_days.get(answer.organisation_id, date.max) >= day
        ]

    @property
    def acceded(self) -> list[Any]:
        return self.acceded_on(timezone.localdate())

    @property
    def gone(self) -> list[Any]:
        """Those that were parties and have left."""
        still = self.acceded
        return [answer for answer in self.answers if answer.says_yes and answer not in still]

    @property
    def undecided(self) -> list[Any]:
        return [adoption for adoption in self.answers if not adoption.is_decided]

    def exits_of(self, organisation: Organisation) -> Any:
        """What a party's own body was asked about leaving, whatever version it joined."""
        adoptions: Any = apps.get_model("governance", "Adoption")._default_manager
        return adoptions.filter(leaves=self.root, organisation=organisation)

    @property
    def in_force_from(self) -> date | None:
        """The first day on which two parties' own decisions were yes, not before the period begins (R13)."""
        if self.follows_id:
            return self.effective_from
        days = sorted(adoption.decided_on for adoption in self.answers if adoption.says_yes)
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
        if self.replaced_on is not None and self.replaced_on <= timezone.localdate():
            return _("replaced by a later version %(day)s") % {"day": f"{self.replaced_on:%d.%m.%Y}"}
        if self.follows_id and self.effective_from is None and self.way == self.Way.RULE:
            return _("not in force: the agreed rule has not adopted it, or it is not set in force")
        counts = {"yes": len(self.acceded), "all": len(self.answers), "open": len(self.undecided)}
        if self.state == self.State.ENDED:
            return _("ended; %(yes)s of %(all)s had acceded") % counts
        if self.is_in_force() and self.gone:
            counts["left"] = len(self.gone)
            return _("in force with %(yes)s of %(all)s; %(left)s have left; %(open)s not clarified") % counts
        if self.is_in_force():
            return _("in force with %(yes)s of %(all)s; %(open)s not clarified") % counts
        if self.in_force_from is None:
            return _("not in force: %(yes)s of %(all)s have acceded; %(open)s not clarified") % counts
        return _("not in force today; %(yes)s of %(all)s have acceded; %(open)s not clarified") % counts

    def is_in_force(self, on: date | None = None) -> bool:
        day = on or timezone.localdate()
        since = self.in_force_from
        ends = [self.ended_on, self.replaced_on, self.period_to + timedelta(days=1) if self.period_to else None]
        over = any(end is not None and end <= day for end in ends)
        return since is not None and since <= day and not over and len(self.acceded_on(day)) >= NEEDED
