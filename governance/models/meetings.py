from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance.models import locks
from governance.models.bodies import Body
from governance.models.people import Appointment, Person


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        return self.filter(body__in=Body.objects.visible_to(user))

    def upcoming(self) -> MeetingQuerySet:
        return self.filter(state__in=["planned", "called", "in_progress"]).nearest_first()

    def taking_views(self, at: datetime | None = None) -> MeetingQuerySet:
        """The agenda is out and the cases not treated; a written treatment takes answers until its deadline."""
        now = at or timezone.now()
        return self.filter(Q(written=False) | Q(answer_by__gt=now), state__in=["called", "in_progress"])

    def nearest_first(self) -> MeetingQuerySet:
        """By the moment the views are needed."""
        return self.order_by(Coalesce("answer_by", "starts_at"), "pk")

    def past(self) -> MeetingQuerySet:
        return self.filter(state__in=["held", "remarks", "approved"]).order_by("-year", "-number")

    def minuted_here(self) -> MeetingQuerySet:
        """Without those that are known afterwards, by their number or by what they decided."""
        return self.filter(number_only=False).exclude(called_at=models.F("starts_at"), written=False)

    def awaiting_remarks_from(self, user: Any) -> MeetingQuerySet:
        """Minutes that are out, in the user's own bodies, and not yet answered by the user."""
        answered = models.Exists(
            MinutesRemark.objects.filter(
                meeting=models.OuterRef("pk"), person__user=user, given_at__gte=models.OuterRef("minutes_sent_at")
            )
        )
        bodies = Body.objects.where_may(user, "governance.approve_minutes")
        return self.filter(state="remarks", body__in=bodies).exclude(answered)

    def ready_for_approval(self) -> MeetingQuerySet:
        """Minutes that are out, the days are over, and nobody had a remark."""
        remarked = MinutesRemark.objects.filter(
            meeting=models.OuterRef("pk"), approves=False, given_at__gte=models.OuterRef("minutes_sent_at")
        )
        return self.filter(state="remarks", remarks_by__lt=timezone.localdate()).exclude(models.Exists(remarked))


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a body, or its written treatment between meetings (D8).

    planned → called (agenda sent and frozen, cases numbered) → in_progress → held → remarks (minutes are out)
    → approved; planned and called can become cancelled. A written treatment begins when it is sent and ends when it is
    closed: called → held. Nobody sits together, so who answered is who took part.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CALLED = "called", _("called")
        IN_PROGRESS = "in_progress", _("in progress")
        HELD = "held", _("held")
        REMARKS = "remarks", _("minutes out for remarks")
        APPROVED = "approved", _("minutes approved")
        CANCELLED = "cancelled", _("cancelled")

    NEXT: dict[str, set[str]] = {
        State.PLANNED: {State.CALLED, State.CANCELLED},
        # A written treatment is never in progress: it is called, and then closed.
        State.CALLED: {State.IN_PROGRESS, State.HELD, State.CANCELLED},
        State.IN_PROGRESS: {State.HELD},
        # The next meeting may approve minutes that were never out; minutes with remarks go out again.
        State.HELD: {State.REMARKS, State.APPROVED},
        # What is mended while it is out must go out again, so that nobody approves words they have not read.
        State.REMARKS: {State.REMARKS, State.HELD, State.APPROVED},
        State.APPROVED: set(),
        State.CANCELLED: set(),
    }

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    # The five meetings of the pre-project are known by their number alone (V2).
    number_only = models.BooleanField(_("only the number is known"), default=False)
    written = models.BooleanField(_("written treatment"), default=False)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    why_written = models.TextField(_("why the cases can't wait for a meeting"), blank=True)
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("chair")
    )
    secretary = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="minuted", verbose_name=_("minute taker")
    )
    others = models.TextField(
        _("observers, secretariat and others who took part"), blank=True, help_text=_("One per line.")
    )
    agenda_remarks = models.TextField(_("remarks to the summons and the agenda"), blank=True)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    minutes_sent_at = models.DateTimeField(_("minutes sent out"), null=True, blank=True)
    remarks_by = models.DateField(_("remarks by"), null=True, blank=True)
    approved_at = models.DateTimeField(_("minutes approved"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-year", "-number"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="meeting_number_once_a_year"),
            models.CheckConstraint(
                name="meeting_has_a_time_unless_only_its_number_is_known",
                condition=Q(number_only=True, starts_at=None) | Q(number_only=False, starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_called_has_a_moment",
                condition=Q(number_only=True) | Q(state__in=["planned", "cancelled"]) | Q(called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_approved_has_a_moment",
                condition=Q(number_only=True)
                | Q(state="approved", approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_at=None)),
            ),
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                name="meeting_out_for_remarks_says_until_when",
                condition=~Q(state="remarks") | Q(remarks_by__isnull=False, minutes_sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="written_treatment_has_a_deadline",
                condition=Q(written=True, answer_by__isnull=False, answer_by__gt=models.F("starts_at"))
                | Q(written=False, answer_by=None, why_written=""),
                violation_error_message=_("The deadline must be after the cases are sent."),
            ),
            models.CheckConstraint(
                name="written_treatment_has_no_room",
                condition=Q(written=False) | Q(~Q(state="in_progress"), number_only=False, place=""),
            ),
        ]
        triggers = [locks.approved_meeting(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.body} {self.number}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=self.address)

    @property
    def address(self) -> list[Any]:
        """The words that name the meeting in our addresses."""
        return [self.body.collaboration.slug, self.body.slug, self.number, self.year]

    @property
    def label(self) -> str:
        """«5/2021», the meeting's own number."""
        return f"{self.number}/{self.year}"

    def get_state_display(self) -> Any:  # type: ignore[no-redef]  # Django leaves our own in place
        """In the words of what it is: a written treatment is neither called nor held."""
        state = self.State(self.state)
        if self.written and state == self.State.CALLED:
            return _("out for answers")
        if self.written and state == self.State.HELD:
            return _("closed")
        return state.label

    def takes_answers(self, at: datetime | None = None) -> bool:
        """A written treatment that is out, before its deadline."""
        return self.is_out_for_answers and self.answer_by is not None and (at or timezone.now()) < self.answer_by

    @property
    def is_out_for_answers(self) -> bool:
        return self.written and self.state == self.State.CALLED

    @property
    def due(self) -> Any:
        """The day by which a view is needed: that of the deadline, or of the meeting."""
        return timezone.localdate(self.answer_by) if self.answer_by else self.day

    @property
    def where(self) -> Any:
        return _("written treatment") if self.written else self.place

    @property
    def agenda_is_out(self) -> bool:
        return self.state not in (self.State.PLANNED, self.State.CANCELLED)

    @property
    def was_held(self) -> bool:
        return self.state in (self.State.HELD, self.State.REMARKS, self.State.APPROVED)

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def day(self) -> Any:
        """The date of the meeting in Norway; case numbers take their year from it (rule 4).

        A written treatment has the numbers of the year it was sent in, and decides on the day it is closed.
        """
        if self.written and self.ends_at:
            return timezone.localdate(self.ends_at)
        return timezone.localdate(self.starts_at) if self.starts_at else None

    @property
    def from_before(self) -> bool:
        """Its resolutions were written down afterwards: the day is known, the time of day and who met are not.

        A summons goes out before its meeting, so only such a meeting is called at the moment it begins.
        """
        return not self.written and self.called_at is not None and self.called_at == self.starts_at

    @property
    def when(self) -> str:
        """«12. desember 2026 kl. 09.00–11.00»; the day alone when no more is known."""
        if self.starts_at is None or self.from_before:
            return wording.day(self.starts_at)
        if self.written:
            return gettext("answers by %(moment)s") % {"moment": wording.moment(self.answer_by)}
        until = f"–{timezone.localtime(self.ends_at):%H.%M}" if self.ends_at else ""
        return f"{wording.moment(self.starts_at)}{until}"


@pghistory.track()
class Attendance(models.Model):
    """How one seat was filled in one meeting, and by whom when a substitute met (D5)."""

    class Status(models.TextChoices):
        PRESENT = "present", _("present")
        DIGITAL = "digital", _("took part digitally")
        EXCUSED = "excused", _("sent apologies")
        ABSENT = "absent", _("did not meet")
        # In a written treatment, from the answers alone.
        ANSWERED = "answered", _("answered in writing")
        SILENT = "silent", _("did not answer")

    IN_A_ROOM = (Status.PRESENT, Status.DIGITAL, Status.EXCUSED, Status.ABSENT)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Appointment, models.PROTECT, related_name="attendances", verbose_name=_("seat"))
    status = models.CharField(_("attendance"), max_length=8, choices=Status)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="met_for", verbose_name=_("substitute")
    )

    class Meta:
        ordering = ["seat__represents__sort_key", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_a_seat"),
            models.CheckConstraint(
                name="substitute_meets_for_an_absent_member",
                condition=Q(substitute=None) | Q(status__in=["excused", "absent"]),
                violation_error_message=_("A substitute can only meet for a member who is not there."),
            ),
        ]
        triggers = [locks.part_of_approved_minutes("SELECT {row}.meeting_id")]

    def __str__(self) -> str:
        return f"{self.seat.person}: {self.get_status_display()}"

    @property
    def is_filled(self) -> bool:
        """Somebody sat in the seat when the meeting opened."""
        took_part = (self.Status.PRESENT, self.Status.DIGITAL, self.Status.ANSWERED)
        return self.substitute_id is not None or self.status in took_part

    @property
    def who_met(self) -> Person | None:
        if self.substitute_id is not None:
            return self.substitute
        return self.seat.person if self.is_filled else None


@pghistory.track()
class AttendanceChange(models.Model):
    """Somebody left or came back before a case, or stepped down in it; quorum per case follows (rule 5)."""

    class Kind(models.TextChoices):
        LEFT = "left", _("left before the case")
        CAME = "came", _("came before the case")
        DISQUALIFIED = "disqualified", _("disqualified in the case")

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="changes")
    item = models.ForeignKey("governance.AgendaItem", models.CASCADE, related_name="attendance_changes")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    ground = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        ordering = ["item__position", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["attendance", "item", "kind"], name="attendance_change_once")]
        triggers = [
            locks.part_of_approved_minutes(
                "SELECT meeting_id FROM governance_attendance WHERE id = {row}.attendance_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendance.seat.person}: {self.get_kind_display()}"


@pghistory.track()
class MinutesRemark(models.Model):
    """A member's remark to the minutes, or that there is none, within the days for remarks (D11)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="minutes_remarks")
    text = models.TextField(_("remark"), blank=True)
    approves = models.BooleanField(_("approves the minutes"), default=False)
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        ordering = ["given_at"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="minutes_remark_once"),
            models.CheckConstraint(name="minutes_remark_says_something", condition=Q(approves=True) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text or '–'}"


@pghistory.track()
class MinutesCorrection(models.Model):
    """What was wrong in approved minutes, and why; the minutes themselves stay as they were (rule 7)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections")
    text = models.TextField(_("correction"))
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))

    class Meta:
        ordering = ["made_at"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.CheckConstraint(name="minutes_correction_says_why", condition=~Q(text="") & ~Q(reason=""))
        ]
        triggers = [locks.never_deleted(), locks.never_changed()]

    def __str__(self) -> str:
        return self.text
