from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Adoption, Collaboration, Organisation
from portfolio.models.projects import Project

YES = [Adoption.State.ADOPTED, Adoption.State.RESERVED]


class Status(models.TextChoices):
    """What follows from the municipality's own decision; the one vocabulary for taking part (design, rules)."""

    UNDECIDED = "undecided", _("not settled")
    INTERESTED = "interested", _("interested (not binding)")
    WAITING = "waiting", _("waits")
    TAKES_PART = "takes_part", _("takes part")
    RESERVED = "reserved", _("takes part with reservations")
    DECLINED = "declined", _("does not take part")
    NOTICE = "notice", _("has given notice")
    LEFT = "left", _("has left")


OUT = {Status.DECLINED, Status.LEFT}


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any) -> ParticipationQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def whole(self) -> ParticipationQuerySet:
        """With all that the status and the shares are computed from, in the order the municipalities are listed."""
        return self.select_related("organisation", "adoption", "withdrawal").order_by("organisation__sort_key", "pk")

    def taking_part(self, on: date | None = None) -> ParticipationQuerySet:
        """Those that have decided yes themselves, and not left; silence never counts (rule 1)."""
        day = on or timezone.localdate()
        left = Q(withdrawal__state__in=YES, withdrawal__objected_at=None, leaves_on__lte=day)
        begun = Q(joins_on=None) | Q(joins_on__lte=day)
        said_yes = Q(adoption__state__in=YES, adoption__objected_at=None, adoption__decided_on__lte=day)
        return self.filter(said_yes & begun).exclude(left)

    def not_settled(self) -> ParticipationQuerySet:
        """Those that have said neither yes nor no, nor left: a signal of interest settles nothing."""
        left = Q(withdrawal__state__in=YES, withdrawal__objected_at=None, leaves_on__isnull=False)
        yes_or_no = Q(adoption__state__in=[*YES, Adoption.State.NOT_ADOPTED], adoption__objected_at=None)
        return self.exclude(yes_or_no).exclude(left)

    def waiting_for(self, organisation: Organisation) -> ParticipationQuerySet:
        """Invitations that this municipality has not treated yet."""
        return self.filter(organisation=organisation, adoption__state__in=["open", "scheduled"])


@pghistory.track()
class Participation(models.Model):
    """A municipality invited to a project. Whether it takes part is not stored: it follows from its decision (R7)."""

    class Interest(models.TextChoices):
        INTERESTED = "interested", _("interested (not binding)")
        WAITING = "waiting", _("waits")

    project = models.ForeignKey(Project, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("municipality")
    )
    invited_on = models.DateField(_("invited"))
    adoption = models.OneToOneField(Adoption, models.PROTECT, related_name="participation")
    interest = models.CharField(_("interest"), max_length=10, choices=Interest, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    withdrawal = models.OneToOneField(
        Adoption, models.PROTECT, null=True, blank=True, related_name="withdrawn_participation",
        verbose_name=_("decision to leave"),
    )  # fmt: skip
    joins_on = models.DateField(_("takes part from"), null=True, blank=True)
    leaves_on = models.DateField(_("last day"), null=True, blank=True)
    use = models.DecimalField(_("use"), max_digits=12, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("amount written in, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    internal_cost = models.DecimalField(_("internal cost, NOK"), max_digits=14, decimal_places=2, null=True, blank=True)
    internal_spent = models.DecimalField(
        _("internal cost so far, NOK"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participation")
        ordering = ["organisation__sort_key"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="participation_once"),
            models.CheckConstraint(
                name="participation_leaves_by_a_decision",
                condition=Q(withdrawal=None, leaves_on=None) | Q(withdrawal__isnull=False, leaves_on__isnull=False),
            ),
            models.CheckConstraint(
                name="participation_amount_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="participation_internal_cost_not_negative",
                condition=Q(internal_cost=None) | Q(internal_cost__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="participation_internal_spent_not_negative",
                condition=Q(internal_spent=None) | Q(internal_spent__gte=0),
                violation_error_message=_("The amount can't be below zero."),
            ),
            models.CheckConstraint(
                name="participation_use_not_negative",
                condition=Q(use=None) | Q(use__gte=0),
                violation_error_message=_("The use can't be below zero."),
            ),
            models.CheckConstraint(
                name="participation_leaves_after_it_joins",
                condition=Q(joins_on=None) | Q(leaves_on=None) | Q(leaves_on__gte=models.F("joins_on")),
                violation_error_message=_("The last day must be on or after the day the municipality joins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.project}"

    @property
    def status(self) -> Status:
        return self.status_on(timezone.localdate())

    def status_on(self, day: date) -> Status:
        """From the decision that stands on the day, else from the signal, else not settled.

        A municipality that has said yes and joins later waits until its day comes (R25).
        """
        if self.withdrawal is not None and _stands(self.withdrawal, day) and self.leaves_on is not None:
            return Status.LEFT if self.leaves_on <= day else Status.NOTICE
        if _stands(self.adoption, day):
            if self.joins_on and self.joins_on > day:
                return Status.WAITING
            return Status.RESERVED if self.adoption.state == Adoption.State.RESERVED else Status.TAKES_PART
        if _made(self.adoption, day) and self.adoption.state == Adoption.State.NOT_ADOPTED:
            return Status.DECLINED
        if self.interest:
            return Status.INTERESTED if self.interest == self.Interest.INTERESTED else Status.WAITING
        return Status.UNDECIDED

    @property
    def pays(self) -> bool:
        """Its own decision binds it, from now or from the day it joins, and it has not left."""
        return _stands(self.adoption, timezone.localdate()) and self.status != Status.LEFT

    @property
    def may_still_join(self) -> bool:
        return self.status not in OUT

    def is_in(self, year: int) -> bool:
        """Whether any day of the year lies between the day it joins and its last."""
        joined = self.joins_on is None or self.joins_on.year <= year
        left = self.withdrawal is not None and _stands(self.withdrawal, timezone.localdate()) and self.leaves_on
        return joined and not (left and left.year < year)

    @property
    def covered(self) -> Decimal | None:
        """The amount the municipality's own decision covers."""
        return self.adoption.amount if _stands(self.adoption, timezone.localdate()) else None


def _made(decision: Adoption, day: date) -> bool:
    return decision.objected_at is None and decision.decided_on is not None and decision.decided_on <= day


def _stands(decision: Adoption, day: date) -> bool:
    return decision.state in YES and _made(decision, day)
