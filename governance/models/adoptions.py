from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.aggregates import BoolAnd
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import containers
from digivesteralen.documents.models import Document
from governance.models.agreements import Agreement
from governance.models.cases import Case, points_of
from governance.models.collaborations import Collaboration
from governance.models.delegations import Delegation
from governance.models.exemption import open_today
from governance.models.organisations import Organisation
from governance.models.people import Appointment, Role

DECIDED = ["adopted", "reserved", "not_adopted"]
# What the municipality has decided and stands behind; an objection takes it back (rule 1).
STANDS = Q(state__in=DECIDED, objected_at=None)
COVERED_BY_ITS_DELEGATION = """
    IF NEW.delegation_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM governance_delegation WHERE id = NEW.delegation_id AND organisation_id = NEW.organisation_id
        AND objected_at IS NULL AND (NOT on_behalf OR confirmed_at IS NOT NULL)
        AND NEW.decided_on >= since AND (until IS NULL OR NEW.decided_on <= until)
        AND (ceiling IS NULL OR COALESCE(NEW.amount, 0) <= ceiling)
    ) THEN RAISE EXCEPTION 'The delegation does not cover this decision.'; END IF;
    RETURN NEW;
"""


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def visible_to(self, user: Any) -> AdoptionQuerySet:
        """Those of the collaborations one sees; in an exempt case only for those who see it, and the own (rule 8)."""
        open_to_all = Q(case=None) | open_today("case__")
        own = Q(organisation__in=containers(Organisation, user, "governance.decide_for_municipality"))
        return self.filter(collaboration__in=containers(Collaboration, user, "governance.view_collaboration")).filter(
            open_to_all | own | Q(case__in=Case.objects.visible_to(user))
        )

    def readable_by(self, user: Any) -> AdoptionQuerySet:
        """Besides, what one's own municipality has decided: it reads that also when it has left (§7 rule 4)."""
        seen = Q(pk__in=Adoption.objects.visible_to(user).values("pk"))
        return self.filter(seen | Q(STANDS, pk__in=Adoption.objects.of_those_who_decide(user).values("pk")))

    def of_those_who_decide(self, user: Any) -> AdoptionQuerySet:
        """The municipalities' matters that this user may register decisions for."""
        return self.filter(organisation__in=containers(Organisation, user, "governance.decide_for_municipality"))

    def about(self, collaboration: Collaboration, key: str) -> AdoptionQuerySet:
        """One matter, as it was put to each municipality."""
        return self.filter(collaboration=collaboration, key=key)

    def newest_first(self) -> AdoptionQuerySet:
        return self.order_by("-asked_on", "matter", "organisation__sort_key")

    def waiting(self) -> AdoptionQuerySet:
        """Not decided; a registration the municipality has objected to counts as not decided."""
        return self.exclude(STANDS)

    def late(self) -> AdoptionQuerySet:
        return self.waiting().filter(answer_by__lt=timezone.localdate())

    def scheduled(self) -> AdoptionQuerySet:
        return self.filter(state="scheduled")

    def untreated(self) -> AdoptionQuerySet:
        """Neither decided nor put on an agenda of the municipality's own."""
        return self.waiting().exclude(state="scheduled")

    def decided(self) -> AdoptionQuerySet:
        return self.filter(STANDS)

    def adopted(self) -> AdoptionQuerySet:
        return self.decided().filter(state="adopted")

    def reserved(self) -> AdoptionQuerySet:
        return self.decided().filter(state="reserved")

    def not_adopted(self) -> AdoptionQuerySet:
        return self.decided().filter(state="not_adopted")

    def to_confirm(self) -> AdoptionQuerySet:
        """Registered by the secretariat, and not yet confirmed or objected to by the municipality."""
        return self.filter(on_behalf=True, confirmed_at=None, objected_at=None)

    def yes(self) -> AdoptionQuerySet:
        """What a municipality has decided with yes and not objected to; silence never counts (rule 1)."""
        return self.filter(state__in=["adopted", "reserved"], objected_at=None)

    def numbers(self) -> dict[str, Any]:
        """The numbers that count, over all of these."""
        return self.aggregate(**counts())

    def by_matter(self) -> models.QuerySet[Adoption, dict[str, Any]]:
        """One row per matter with its numbers, the newest first."""
        return (
            self.order_by()
            .values("key")
            .annotate(
                title=Max("matter"),
                sent_on=Min("asked_on"),
                nearest=Min("answer_by", filter=~STANDS),
                made_up=BoolAnd("example"),
                **counts(),
            )
            .order_by("-sent_on", "title", "key")
        )

    def by_municipality(self) -> models.QuerySet[Adoption, dict[str, Any]]:
        """One row per municipality with its numbers, in Norwegian order."""
        place = ["organisation", "organisation__name", "organisation__number", "organisation__sort_key"]
        return self.order_by().values(*place).annotate(**counts()).order_by("organisation__sort_key", "organisation")

    def reachable(self) -> AdoptionQuerySet:
        """Those of municipalities where somebody who may answer has an e-mail address."""
        people = Appointment.objects.active().filter(role__in=[Role.DIRECTOR, Role.CONTACT]).exclude(person__email="")
        return self.filter(organisation__in=people.values("organisation"))


def counts() -> dict[str, Any]:
    """Vedtatt, med forbehold, ikke vedtatt, til behandling, ikke behandlet, over fristen; and what the yeses cover."""
    waiting, stands = ~STANDS, STANDS
    return {
        "asked": Count("pk"),
        "decided": Count("pk", filter=stands),
        "adopted": Count("pk", filter=stands & Q(state="adopted")),
        "reserved": Count("pk", filter=stands & Q(state="reserved")),
        "not_adopted": Count("pk", filter=stands & Q(state="not_adopted")),
        "scheduled": Count("pk", filter=Q(state="scheduled")),
        "untreated": Count("pk", filter=waiting & ~Q(state="scheduled")),
        "late": Count("pk", filter=waiting & Q(answer_by__lt=timezone.localdate())),
        "money": Sum("amount", filter=stands),
        "work": Sum("hours", filter=stands),
    }


@pghistory.track()
class Adoption(models.Model):
    """«Kommunens vedtak»: one municipality's own treatment of one matter; nobody decides for it (R1, R3, X4).

    open → scheduled → adopted | reserved | not_adopted. Registered by its own people, or on behalf with the extract.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not treated")
        SCHEDULED = "scheduled", _("to be treated")
        ADOPTED = "adopted", _("adopted")
        RESERVED = "reserved", _("adopted with reservations")
        NOT_ADOPTED = "not_adopted", _("not adopted")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="adoptions")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="adoptions", verbose_name=_("municipality")
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="adoptions")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="adoptions")
    leaves = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="exits", verbose_name=_("leaves the agreement")
    )
    dissolves = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dissolutions",
        verbose_name=_("dissolves the agreement"),
    )
    key = models.SlugField(_("address of the matter"), max_length=60, default="", db_index=False)
    matter = models.CharField(_("matter"), max_length=200)
    proposal = models.TextField(_("proposed resolution"), blank=True)
    asked_on = models.DateField(_("sent to the municipality"), default=timezone.localdate)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    state = models.CharField(_("treatment in the municipality"), max_length=12, choices=State, default=State.OPEN)
    scheduled_on = models.DateField(_("to be treated on"), null=True, blank=True)
    decided_by = models.CharField(
        _("who decided"), max_length=100, blank=True, help_text=_("For example «kommunestyret».")
    )
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    case_number = models.CharField(_("case number"), max_length=20, blank=True, help_text=_("For example «63/19»."))
    treatment = models.TextField(_("treatment of the case"), blank=True)
    text = models.TextField(_("text of the decision"), blank=True)
    vote = models.CharField(_("vote"), max_length=100, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    amount = models.DecimalField(_("amount covered, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    hours = models.DecimalField(_("hours covered"), max_digits=9, decimal_places=1, null=True, blank=True)
    budget_year = models.PositiveSmallIntegerField(
        _("budget year"), null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    link = models.URLField(
        _("link to the record"), max_length=500, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("by delegation")
    )
    extract = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extract of the record")
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    on_behalf = models.BooleanField(_("registered on behalf of the municipality"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed by the municipality"), null=True, blank=True)
    objected_at = models.DateTimeField(_("objected to by the municipality"), null=True, blank=True)
    objection = models.TextField(_("objection"), blank=True)
    correction = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a municipality")
        verbose_name_plural = _("decisions of the municipalities")
        ordering = ["organisation__sort_key", "pk"]
        default_permissions = ()
        triggers = [
            # What nobody has begun to treat was perhaps asked by mistake, and can be taken back.
            pgtrigger.Protect(
                name="never_deleted",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="open") | pgtrigger.Q(old__registered_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="is_about_the_same", fields=["collaboration", "organisation", "key", "leaves", "dissolves"]
            ),
            pgtrigger.Trigger(
                name="covered_by_its_delegation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=COVERED_BY_ITS_DELEGATION,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "key", "organisation"], name="adoption_once_a_matter"),
            models.CheckConstraint(name="adoption_is_about_something", condition=~Q(key="")),
            models.UniqueConstraint(
                fields=["organisation", "case"], condition=Q(case__isnull=False), name="adoption_once_a_case"
            ),
            models.UniqueConstraint(
                fields=["organisation", "agreement"],
                condition=Q(agreement__isnull=False),
                name="adoption_once_an_agreement",
            ),
            models.CheckConstraint(
                name="adoption_decided_says_who_when_and_where",
                condition=(
                    Q(
                        state__in=DECIDED,
                        decided_on__isnull=False,
                        registered_at__isnull=False,
                        registered_by__isnull=False,
                    )
                    & ~Q(decided_by="")
                    & ~Q(case_number="")
                )
                | Q(
                    state__in=["open", "scheduled"],
                    decided_on=None,
                    amount=None,
                    hours=None,
                    budget_year=None,
                    link="",
                    delegation=None,
                ),
                violation_error_message=_("Write who decided, the date and the case number."),
            ),
            models.CheckConstraint(
                name="adoption_is_not_decided_in_the_future",
                condition=Q(decided_on=None) | Q(decided_on__lte=TruncDate("registered_at")),
                violation_error_message=_("The date of the decision is in the future. Register it when it is made."),
            ),
            models.CheckConstraint(
                name="adoption_on_behalf_has_an_extract",
                condition=Q(on_behalf=False) | Q(extract__isnull=False, delegation=None),
                violation_error_message=_("Attach the extract when you register on behalf of a municipality."),
            ),
            models.CheckConstraint(
                name="adoption_scheduled_has_a_day", condition=~Q(state="scheduled") | Q(scheduled_on__isnull=False)
            ),
            models.CheckConstraint(
                name="adoption_reserved_has_conditions",
                condition=~Q(state="reserved") | ~Q(conditions=""),
                violation_error_message=_("Write the reservation."),
            ),
            models.CheckConstraint(
                name="adoption_amount_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="adoption_hours_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message=_("The hours can't be below zero."),
            ),
            models.CheckConstraint(
                name="adoption_budget_year_is_a_year",
                condition=Q(budget_year=None) | Q(budget_year__range=(2000, 2100)),
                violation_error_message=_("Write the budget year with four digits."),
            ),
            models.CheckConstraint(
                name="adoption_link_is_encrypted",
                condition=Q(link="") | Q(link__startswith="https://"),
                violation_error_message=_("Write an address that begins with https://."),
            ),
            models.CheckConstraint(
                name="adoption_refused_covers_nothing",
                condition=~Q(state="not_adopted") | Q(amount=None, hours=None, budget_year=None),
                violation_error_message=_("A decision not to take part covers no amount and no hours."),
            ),
            models.CheckConstraint(
                name="adoption_answered_once_by_the_municipality",
                condition=Q(confirmed_at=None, objected_at=None)
                | (Q(on_behalf=True) & (Q(confirmed_at=None) | Q(objected_at=None))),
            ),
            models.CheckConstraint(
                name="adoption_objection_has_a_reason", condition=Q(objected_at=None) | ~Q(objection="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.matter}"

    def get_absolute_url(self) -> str:
        return reverse("adoption", args=[self.collaboration.slug, self.pk])

    @property
    def draft_key(self) -> str:
        """What the browser keeps an unsaved text under."""
        return f"adoption-{self.pk}"

    @property
    def proposed_points(self) -> list[str]:
        return points_of(self.proposal)

    @property
    def is_decided(self) -> bool:
        """Decided by the municipality; what it has objected to is not (rule 1)."""
        return self.state in DECIDED and self.objected_at is None

    @property
    def says_yes(self) -> bool:
        return self.is_decided and self.state != self.State.NOT_ADOPTED

    @property
    def awaits_confirmation(self) -> bool:
        return self.on_behalf and self.confirmed_at is None and self.objected_at is None

    @property
    def remark(self) -> Any:
        """What the state alone does not say."""
        if self.objected_at:
            return _("the municipality objects: counts as not decided")
        if self.awaits_confirmation:
            return _("on behalf of the municipality, not confirmed")
        if self.is_late:
            return _("past the deadline")
        if self.on_behalf:
            return _("on behalf of the municipality, confirmed")
        return ""

    @property
    def is_late(self) -> bool:
        return not self.is_decided and self.answer_by is not None and self.answer_by < timezone.localdate()

    @property
    def as_proposed(self) -> bool:
        """The decision has the very words of the proposal (X3)."""
        return self.is_decided and bool(self.text.strip()) and self.text.split() == self.proposal.split()
