from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import dates
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import locks
from governance.models.bodies import Body
from governance.models.cases import Case
from governance.models.meetings import Meeting


@pghistory.track()
class AgendaItem(models.Model):
    """A case's place on the agenda of one meeting: proposed while its case is being prepared, then made ready (D9).

    Once the agenda is sent it is only supplemented: added late, taken out or put off with a reason, taken in another
    order. None of it is wiped out, and each gives a new edition of the summons (rule 7).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    late = models.BooleanField(_("late case"), default=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    postponed = models.BooleanField(_("postponed"), default=False)
    moved = models.BooleanField(_("changed order"), default=False)
    reason = models.CharField(_("reason for the change"), max_length=300, blank=True)
    fixed = models.ForeignKey(
        "governance.FixedItem", models.SET_NULL, null=True, blank=True, related_name="items", editable=False
    )

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="postponed_item_is_out_of_the_agenda", condition=Q(postponed=False) | Q(withdrawn=True)
            ),
        ]
        triggers = [
            # Which fixed case it came of is not told in the minutes: that may come back no more.
            locks.part_of_approved_minutes(
                "SELECT {row}.meeting_id",
                unless_same=("meeting_id", "case_id", "position", "late", "withdrawn", "postponed", "moved", "reason"),
            ),
            locks.sent_agenda_keeps_its_items(),
            locks.sent_agenda_stands(),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.case}"

    @property
    def words(self) -> Any:
        """How the case stands on this agenda (D9)."""
        if self.postponed:
            return _("postponed")
        if self.withdrawn:
            return _("withdrawn")
        if self.meeting.agenda_is_out:
            return self.case.get_stage_display()
        return pgettext_lazy("on an agenda", "proposed") if self.case.stage == Case.Stage.DRAFT else _("made ready")


@pghistory.track()
class FixedItem(models.Model):
    """A case that stands on the agenda of a body every year: by the month, by the number of the meeting, or always.

    «Accounts and revised budget in March»; it becomes a case of its own when the meeting is made.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="fixed_items", verbose_name=_("body"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    nth = models.PositiveSmallIntegerField(_("meeting of the year"), null=True, blank=True)
    kind = models.CharField(_("kind of case"), max_length=12, choices=Case.Kind, default=Case.Kind.DECISION)
    title = models.CharField(_("title"), max_length=200)
    proposal = models.TextField(_("proposed resolution"), blank=True, help_text=_("One point per line."))
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("fixed case")
        verbose_name_plural = _("fixed cases")
        ordering = ["month", "nth", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.CheckConstraint(
                name="fixed_item_by_month_or_meeting",
                condition=Q(month=None) | Q(nth=None),
                violation_error_message=_("Choose a month or the number of a meeting, not both."),
            ),
            models.CheckConstraint(
                name="fixed_item_month_is_a_month",
                condition=Q(month=None) | Q(month__range=(1, 12)),
                violation_error_message=_("Choose a month from January to December."),
            ),
            models.CheckConstraint(
                name="fixed_item_counts_from_one",
                condition=Q(nth=None) | Q(nth__gte=1),
                violation_error_message=_("Meetings are counted from 1."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def when(self) -> Any:
        if self.month:
            return dates.MONTHS[self.month]
        return _("meeting %(nth)s of the year") % {"nth": self.nth} if self.nth else _("every meeting")

    def belongs_to(self, meeting: Meeting) -> bool:
        if self.month:
            return bool(meeting.day and meeting.day.month == self.month)
        return self.nth in (None, meeting.number)
