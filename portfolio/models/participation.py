from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Adoption, Collaboration, Organisation
from portfolio.models import gate_locks
from portfolio.models.projects import Project

YES = [Adoption.State.ADOPTED, Adoption.State.RESERVED]
# The municipality's own decision to leave stands: a yes to leaving, or a no to taking part in the next phase.
LEAVES = Q(withdrawal__objected_at=None) & (
    Q(withdrawal__state__in=YES, leaves_by_no=False)
    | Q(withdrawal__state=Adoption.State.NOT_ADOPTED, leaves_by_no=True)
)


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
WITH = {Status.TAKES_PART, Status.RESERVED, Status.NOTICE}
UNSETTLED = {Status.UNDECIDED, Status.INTERESTED, Status.WAITING}


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any) -> ParticipationQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def whole(self) -> ParticipationQuerySet:
        """With all that the status and the shares are computed from, in the order the municipalities are listed."""
        return self.select_related("organisation", "adoption", "withdrawal").order_by("organisation__sort_key", "pk")

    def taking_part(self, on: date | None = None) -> ParticipationQuerySet:
        """Those that have decided yes themselves, and not left; silence never counts (rule 1)."""
        day = on or timezone.localdate()
        left = LEAVES & Q(leaves_on__lt=day)
        begun = Q(joins_on=None) | Q(joins_on__lte=day)
        said_yes = Q(adoption__state__in=YES, adoption__objected_at=None, adoption__decided_on__lte=day)
        return self.filter(said_yes & begun).exclude(left)

    def not_settled(self) -> ParticipationQuerySet:
        """Those that have said neither yes nor no, nor left: a signal of interest settles nothing."""
        left = LEAVES & Q(leaves_on__isnull=False)
        yes_or_no = Q(adoption__state__in=[*YES, Adoption.State.NOT_ADOPTED], adoption__objected_at=None)
        return self.exclude(yes_or_no).exclude(left)

    def unanswered(self) -> ParticipationQuerySet:
        """Those whose own decision is missing, also where they have signalled interest."""
        return self.filter(adoption__in=Adoption.objects.waiting())

    def asked_by(self, day: date) -> ParticipationQuerySet:
        """Those whose present answer counts on the day: asked by then, or with a decision made before they were."""
        from portfolio.models.earlier_answers import EarlierAnswer  # noqa: PLC0415 -- it points to a participation

        asked_before = Exists(EarlierAnswer.objects.filter(participation=OuterRef("pk")))
        decided_before = Q(adoption__decided_on__lte=day, adoption__objected_at=None) & ~Q(asked_before)
        return self.filter(Q(invited_on__lte=day) | decided_before)

    def with_status(self, day: date) -> ParticipationQuerySet:
        """``status_then``: the status on the day, worked out by the database for many at once."""
        return self.annotate(status_then=status_then(day))

    def waiting_for(self, organisation: Organisation) -> ParticipationQuerySet:
        """Invitations that this municipality has not decided yet."""
        return self.unanswered().filter(organisation=organisation)


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
    interest_on = models.DateField(_("signal given"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    withdrawal = models.OneToOneField(
        Adoption, models.PROTECT, null=True, blank=True, related_name="withdrawn_participation",
        verbose_name=_("decision to leave"),
    )  # fmt: skip
    # The decision to leave is a no to «deltar vi videre?» at a gate, and not a yes to leaving.
    leaves_by_no = models.BooleanField(_("left at a gate"), default=False)
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
                name="participation_signal_has_its_day",
                condition=Q(interest="", interest_on=None) | (~Q(interest="") & Q(interest_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="participation_waits_for_a_reason",
                condition=~Q(interest="waiting") | ~Q(reason=""),
                violation_error_message=_("Write why the municipality waits."),
            ),
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
        triggers = [gate_locks.leaves_by_its_own()]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.project}"

    def get_absolute_url(self) -> str:
        project = self.project
        return reverse("participation", args=[project.collaboration.slug, project.slug, self.organisation.number])

    @property
    def status(self) -> Status:
        return self.status_on(timezone.localdate())

    def status_on(self, day: date) -> Status:
        """From the decision that stands on the day, else from the signal, else not settled."""
        return answered(self, day)

    @property
    def is_bound(self) -> bool:
        """The municipality's own decision to take part stands, whether its time has come, lasts or is over."""
        return decided(self.adoption, timezone.localdate()) in YES

    @property
    def is_leaving(self) -> bool:
        """Its own decision to leave stands: the last day is set, and may be past."""
        return self.status in {Status.NOTICE, Status.LEFT}

    @property
    def pays(self) -> bool:
        """It is bound, from now or from the day it joins, and has not left."""
        return self.is_bound and self.status != Status.LEFT

    @property
    def may_still_join(self) -> bool:
        return self.status not in OUT

    @property
    def covered(self) -> Decimal | None:
        """The amount the municipality's own decision covers."""
        return self.adoption.amount if self.is_bound else None


def answered(answer: Any, day: date) -> Status:
    """What one answer comes to on a day."""
    return status_from(
        decided(answer.adoption, day),
        leaving(decided(answer.withdrawal, day), by_no=answer.leaves_by_no) if answer.withdrawal else "",
        answer.joins_on,
        answer.leaves_on,
        answer.interest if answer.interest_on and answer.interest_on <= day else "",
        day,
    )


def decided(decision: Adoption, day: date) -> str:
    """What the municipality had decided by the day; nothing where it has objected or decides later (rule 1)."""
    made = decision.objected_at is None and decision.decided_on is not None and decision.decided_on <= day
    return decision.state if made else ""


def leaving(decision: str, *, by_no: bool) -> str:
    """The decision to leave as if it was asked «do we leave?»; at a gate the question is «do we go on?»."""
    if not by_no or not decision:
        return decision
    return Adoption.State.ADOPTED if decision == Adoption.State.NOT_ADOPTED else Adoption.State.NOT_ADOPTED


def status_from(
    decision: str, withdrawal: str, joins_on: date | None, leaves_on: date | None, interest: str, day: date
) -> Status:
    """One participation's status: its decisions first, then its signal, and silence is «not settled» (rule 1).

    A municipality that has said yes and joins later waits until its day comes (R25), and one that leaves is with to
    the end of its last day.
    """
    if withdrawal in YES and leaves_on is not None:
        return Status.LEFT if leaves_on < day else Status.NOTICE
    if decision in YES:
        if joins_on and joins_on > day:
            return Status.WAITING
        return Status.RESERVED if decision == Adoption.State.RESERVED else Status.TAKES_PART
    if decision == Adoption.State.NOT_ADOPTED:
        return Status.DECLINED
    if interest:
        return Status.INTERESTED if interest == Participation.Interest.INTERESTED else Status.WAITING
    return Status.UNDECIDED


def status_then(day: date) -> Case:
    """The same as ``status_from``, told to the database."""
    made = Q(adoption__objected_at=None, adoption__decided_on__lte=day)
    leaving = LEAVES & Q(withdrawal__decided_on__lte=day, leaves_on__isnull=False)
    yes = made & Q(adoption__state__in=YES)
    told = Q(interest_on__lte=day)
    return Case(
        When(leaving & Q(leaves_on__lt=day), then=Value(Status.LEFT)),
        When(leaving, then=Value(Status.NOTICE)),
        When(yes & Q(joins_on__gt=day), then=Value(Status.WAITING)),
        When(made & Q(adoption__state=Adoption.State.RESERVED), then=Value(Status.RESERVED)),
        When(yes, then=Value(Status.TAKES_PART)),
        When(made & Q(adoption__state=Adoption.State.NOT_ADOPTED), then=Value(Status.DECLINED)),
        When(told & Q(interest=Participation.Interest.INTERESTED), then=Value(Status.INTERESTED)),
        When(told & Q(interest=Participation.Interest.WAITING), then=Value(Status.WAITING)),
        default=Value(Status.UNDECIDED),
        output_field=models.CharField(),
    )
