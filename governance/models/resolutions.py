from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.agenda import AgendaItem
from governance.models.bodies import Body
from governance.models.meetings import Meeting
from governance.models.outcomes import ADOPTED, ELECTIONS, Method, Outcome


def _counted(name: str) -> Coalesce:
    return Coalesce(F(name), 0)


@pghistory.track()
class Resolution(models.Model):
    """What the body decided in a case, in numbered points; binds no municipality by itself (R1).

    How many voting seats were filled and how many it takes are worked out from the attendance, and never typed in; they
    stand here so that the database refuses a resolution without quorum and more votes than seats (rule 5). They are
    empty where nobody knows who met, in what was written down from before the portal.
    """

    Outcome = Outcome
    Method = Method

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="resolution")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    treatment = models.TextField(_("treatment"), blank=True)
    method = models.CharField(_("how they voted"), max_length=12, choices=Method, default=Method.CONSENSUS)
    unanimous = models.BooleanField(_("unanimous"), default=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    votes_blank = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    alternative = models.TextField(_("the other proposal"), blank=True)
    chair_decided = models.BooleanField(_("the chair's vote decided"), default=False)
    present = models.PositiveSmallIntegerField(_("voting seats filled"), null=True, blank=True, editable=False)
    needed = models.PositiveSmallIntegerField(_("seats needed"), null=True, blank=True, editable=False)
    objections = models.PositiveSmallIntegerField(_("members who object to deciding a late case"), default=0)
    chair_objects = models.BooleanField(_("the chair objects to deciding a late case"), default=False)
    forwarded_body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("forwarded to")
    )
    forwarded_to = models.CharField(_("receiver outside the portal"), max_length=200, blank=True)
    postponed_to = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("postponed to")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("resolution")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.CheckConstraint(
                name="votes_are_counted_together",
                condition=Q(votes_for=None, votes_against=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False),
                violation_error_message=_("Write both the votes for and the votes against, or none of them."),
            ),
            models.CheckConstraint(
                name="unanimous_has_no_votes_against",
                condition=Q(unanimous=False) | Q(votes_against=None) | Q(votes_against=0),
                violation_error_message=_("A unanimous resolution has no votes against."),
            ),
            models.CheckConstraint(
                name="chair_decides_only_where_they_disagree",
                condition=Q(chair_decided=False) | Q(unanimous=False),
                violation_error_message=_("The chair's vote decides only where the body disagrees."),
            ),
            models.CheckConstraint(
                name="no_more_votes_than_seats_filled",
                condition=Q(present=None)
                | Q(present__gte=_counted("votes_for") + _counted("votes_against") + _counted("votes_blank")),
                violation_error_message=_("There are more votes than voting seats that are filled."),
            ),
            models.CheckConstraint(
                name="nothing_is_decided_without_quorum",
                condition=Q(outcome="postponed") | Q(present=None) | Q(needed=None) | Q(present__gte=F("needed")),
                violation_error_message=_("The body has no quorum in this case. Postpone it, or call in a substitute."),
            ),
            models.CheckConstraint(
                name="forwarded_says_to_whom",
                condition=Q(outcome="forwarded", forwarded_body__isnull=False, forwarded_to="")
                | (Q(outcome="forwarded", forwarded_body=None) & ~Q(forwarded_to=""))
                | (~Q(outcome="forwarded") & Q(forwarded_body=None, forwarded_to="")),
                violation_error_message=_("Say which body the case is forwarded to."),
            ),
            models.CheckConstraint(
                name="only_postponed_to_a_meeting",
                condition=Q(postponed_to=None) | Q(outcome="postponed"),
            ),
        ]
        triggers = [
            locks.part_of_approved_minutes("SELECT meeting_id FROM governance_agendaitem WHERE id = {row}.item_id"),
            locks.outcome_stands_when_the_meeting_is_over(),
        ]

    def __str__(self) -> str:
        return f"{self.item.case}: {self.get_outcome_display()}"

    @property
    def open_name(self) -> str:
        """As anybody may read it, also of a case that is exempt."""
        return f"{self.item.case.open_name}: {self.get_outcome_display()}"

    @property
    def is_adopted(self) -> bool:
        return self.outcome in ADOPTED

    @property
    def color(self) -> str:
        """Of the tag that tells the outcome: green where the case is settled as it was meant."""
        return "success" if self.is_adopted or self.outcome == self.Outcome.NOTED else "warning"

    @property
    def is_election(self) -> bool:
        return self.method in ELECTIONS

    @property
    def goes_to_municipalities(self) -> bool:
        """A recommendation, or an adopted case that asks them: each municipality then decides for itself (R1)."""
        return self.is_sent_on(self.item.case)

    def is_sent_on(self, case: Any) -> bool:
        """The same for one who already has the case at hand."""
        return self.outcome == self.Outcome.RECOMMENDED or (case.asks_municipalities and self.is_adopted)


@pghistory.track()
class TreatmentNote(models.Model):
    """What the minute taker writes in a case while it is treated; it becomes the resolution's «treatment»."""

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="note")
    text = models.TextField(_("treatment"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("note on the treatment")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        triggers = [
            locks.part_of_approved_minutes("SELECT meeting_id FROM governance_agendaitem WHERE id = {row}.item_id")
        ]

    def __str__(self) -> str:
        return f"{self.item.case}: {self.text[:40]}"
