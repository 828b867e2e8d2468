from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import allowed
from governance.models import locks
from governance.models.bodies import Body
from governance.models.cases import Case, told_on
from governance.models.collaborations import Collaboration
from governance.models.organisations import Organisation
from governance.models.proposals import Proposal


class StepState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("proposal", "received")
    CONSIDERED = "considered", pgettext_lazy("proposal", "being considered")
    FORWARDED = "forwarded", pgettext_lazy("proposal", "sent on")
    RETURNED = "returned", pgettext_lazy("proposal", "sent back")
    ADOPTED = "adopted", pgettext_lazy("proposal", "adopted")
    NOT_SUPPORTED = "not_supported", pgettext_lazy("proposal", "not supported")


class Solved(models.TextChoices):
    """Where what was proposed is to be solved: the answer of an idea (R36)."""

    HERE = "here", _("is solved here")
    EACH = "each", _("in each municipality")
    PARENT = "parent", _("is lifted to the collaboration above")
    NATIONAL = "national", _("nationally")
    NOT_NOW = "not_now", _("not now")


OPEN = [StepState.RECEIVED, StepState.CONSIDERED]
CLOSED = [StepState.FORWARDED, StepState.RETURNED, StepState.ADOPTED, StepState.NOT_SUPPORTED]
# What a step may become; who has answered has answered.
TRANSITIONS: dict[str, list[str]] = {
    StepState.RECEIVED: [StepState.CONSIDERED, *CLOSED],
    StepState.CONSIDERED: [*CLOSED],
    **dict.fromkeys(CLOSED, []),
}
NEEDS_REASON = [StepState.FORWARDED, StepState.RETURNED, StepState.NOT_SUPPORTED]
# Which answers of «where is it solved» go with which outcome.
SOLVED_BY: dict[StepState, list[str]] = {
    StepState.ADOPTED: [Solved.HERE, Solved.EACH, Solved.NATIONAL],
    StepState.NOT_SUPPORTED: [Solved.EACH, Solved.NATIONAL, Solved.NOT_NOW],
    StepState.FORWARDED: ["", Solved.PARENT],
    StepState.RETURNED: [""],
}


class ProposalStepQuerySet(models.QuerySet["ProposalStep"]):
    def open(self) -> ProposalStepQuerySet:
        return self.filter(state__in=OPEN)

    def waiting_on(self, user: Any) -> ProposalStepQuerySet:
        """Open steps that the person may answer: the secretariat's, and those of bodies where the person proposes.

        What lies in a steering group is answered by its resolution, or registered by the secretariat.
        """
        prepares = allowed(Collaboration.objects.all(), user, "governance.prepare_meetings")
        own = Body.objects.where_may(user, "governance.propose_case").exclude(kind=Body.Kind.STEERING)
        return self.open().filter(Q(collaboration__in=prepares) | Q(body__in=own))


def _moves() -> str:
    """The table of transitions as a condition in SQL."""
    pairs = [f"('{old}', '{new}')" for old, after in TRANSITIONS.items() for new in after]
    return ", ".join(pairs)


@pghistory.track()
class ProposalStep(models.Model):
    """One tier's treatment of a proposal: when it came, what was said, why, by whom and for whom (c6).

    A tier is a body, a collaboration's secretariat (no body), or somebody outside the installation, whose answer the
    collaboration that sent it there registers.
    """

    State = StepState
    Solved = Solved

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="proposal_steps")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="proposal_steps")
    outside = models.CharField(_("receiver outside the portal"), max_length=200, blank=True)
    came_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="led_to")
    state = models.CharField(_("state"), max_length=13, choices=StepState, default=StepState.RECEIVED)
    received_on = models.DateField(_("received"), default=timezone.localdate)
    deadline = models.DateField(_("answer by"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    solved = models.CharField(_("where it is solved"), max_length=10, choices=Solved, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    afterwards = models.BooleanField(_("registered afterwards"), default=False)
    represents = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents")
    )
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="proposal_step", verbose_name=_("case")
    )

    objects = ProposalStepQuerySet.as_manager()
    # Its words may be those of a case that is exempt by now (rule 8).
    not_in_history = frozenset({"reason"})

    class Meta:
        verbose_name = _("step of a proposal")
        ordering = ["proposal", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="proposal_step_in_order"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state__in=OPEN), name="proposal_lies_at_one_place"
            ),
            models.CheckConstraint(name="proposal_step_at_one_place", condition=Q(outside="") | Q(body=None)),
            models.CheckConstraint(
                name="proposal_step_gives_a_reason",
                condition=~Q(state__in=NEEDS_REASON) | ~Q(reason=""),
                violation_error_message=_("Write the reason: it goes to those who sent the proposal."),
            ),
            models.CheckConstraint(
                name="proposal_step_is_answered_by_somebody",
                condition=Q(state__in=OPEN, answered_on=None)
                | Q(state__in=CLOSED, answered_on__gte=models.F("received_on"), handled_by__isnull=False),
                violation_error_message=_("An answer has a day, on or after the day the proposal came, and a person."),
            ),
            models.CheckConstraint(
                name="proposal_step_answers_where_it_is_solved",
                condition=models.Q(state__in=OPEN)
                | models.Q(
                    *[Q(state=state, solved__in=answers) for state, answers in SOLVED_BY.items()],
                    _connector=models.Q.OR,
                ),
                violation_error_message=_("Say where it is solved."),
            ),
            models.CheckConstraint(
                name="proposal_step_deadline_after_it_came",
                condition=Q(deadline=None) | Q(deadline__gte=models.F("received_on")),
                violation_error_message=_("The deadline must be on or after the day the proposal came."),
            ),
        ]
        triggers = [
            locks.never_deleted(),
            locks.keeps(
                ("proposal_id", "position", "collaboration_id", "body_id", "outside", "came_from_id", "received_on"),
                name="place_stays",
            ),
            pgtrigger.Trigger(
                name="answered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_moves()})
                    OR OLD.state IN ({", ".join(f"'{state}'" for state in CLOSED)}) AND OLD IS DISTINCT FROM NEW
                    THEN RAISE EXCEPTION 'This tier has answered the proposal: what it said stands.'; END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="body_of_its_collaboration",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.body_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM governance_body WHERE id = NEW.body_id AND collaboration_id = NEW.collaboration_id
                    ) THEN RAISE EXCEPTION 'The body belongs to another collaboration.'; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_state_display()}"

    @property
    def place(self) -> str:
        """The tier in words."""
        if self.outside:
            return self.outside
        if self.body:
            return self.body.name
        return gettext("The secretariat of %(collaboration)s") % {"collaboration": self.collaboration}

    @property
    def state_in_words(self) -> str:
        """Somebody outside the portal has it: whether it is considered there is not known."""
        if self.outside and self.is_open:
            return gettext("the answer is not registered")
        return str(self.get_state_display())

    @property
    def open_reason(self) -> str:
        """What all may read: whoever reads the case has the link to it."""
        return told_on(self.reason, self.case)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def solved_in_words(self) -> str:
        """«Løftes til DigiNordland», where it is known what stands above."""
        above = self.collaboration.parent
        if self.solved == Solved.PARENT and above:
            return gettext("is lifted to %(collaboration)s") % {"collaboration": above}
        return str(self.get_solved_display()) if self.solved else ""
