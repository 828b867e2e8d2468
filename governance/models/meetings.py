from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.bodies import Body
from governance.models.people import Appointment, Person


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        return self.filter(body__in=Body.objects.visible_to(user))

    def upcoming(self) -> MeetingQuerySet:
        return self.filter(state__in=["planned", "called", "in_progress"]).order_by("starts_at")

    def past(self) -> MeetingQuerySet:
        return self.filter(state__in=["held", "remarks", "approved"]).order_by("-year", "-number")


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a body.

    planned → called (agenda sent and frozen, cases numbered) → in_progress → held → remarks (minutes are out) → approved;
    planned and called can become cancelled.
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
        State.CALLED: {State.IN_PROGRESS, State.CANCELLED},
        State.IN_PROGRESS: {State.HELD},
        State.HELD: {State.REMARKS},
        State.REMARKS: {State.APPROVED},
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
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("chair")
    )
    secretary = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="minuted", verbose_name=_("minute taker")
    )
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    remarks_by = models.DateField(_("remarks by"), null=True, blank=True)
    approved_at = models.DateTimeField(_("minutes approved"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-year", "-number"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="meeting_number_once_a_year"),
            models.CheckConstraint(
                name="meeting_has_a_time_unless_only_its_number_is_known",
                condition=Q(number_only=True, starts_at=None) | Q(number_only=False, starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_called_has_a_moment",
                condition=Q(number_only=True)
                | Q(state__in=["planned", "cancelled"])
                | Q(called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_approved_has_a_moment",
                condition=Q(number_only=True) | (Q(state="approved") & Q(approved_at__isnull=False)) | (~Q(state="approved") & Q(approved_at=None)),
            ),
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The meeting must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.body.collaboration.slug, self.body.slug, self.number, self.year])

    @property
    def day(self) -> Any:
        """The date of the meeting in Norway; case numbers take their year from it (rule 4)."""
        return timezone.localdate(self.starts_at) if self.starts_at else None


@pghistory.track()
class Attendance(models.Model):
    """How one seat was filled in one meeting, and by whom when a substitute met (D5)."""

    class Status(models.TextChoices):
        PRESENT = "present", _("present")
        DIGITAL = "digital", _("took part digitally")
        EXCUSED = "excused", _("sent apologies")
        ABSENT = "absent", _("did not meet")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Appointment, models.PROTECT, related_name="attendances", verbose_name=_("seat"))
    status = models.CharField(_("attendance"), max_length=8, choices=Status)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="met_for", verbose_name=_("substitute")
    )

    class Meta:
        ordering = ["seat__represents__sort_key", "pk"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_a_seat"),
            models.CheckConstraint(
                name="substitute_meets_for_an_absent_member",
                condition=Q(substitute=None) | Q(status__in=["excused", "absent"]),
                violation_error_message=_("A substitute can only meet for a member who is not there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat.person}: {self.get_status_display()}"


@pghistory.track()
class AttendanceEvent(models.Model):
    """Somebody left or came back before a case, or stepped down in it; quorum per case follows (rule 5)."""

    class Kind(models.TextChoices):
        LEFT = "left", _("left before the case")
        CAME = "came", _("came before the case")
        DISQUALIFIED = "disqualified", _("disqualified in the case")

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="events")
    item = models.ForeignKey("governance.AgendaItem", models.CASCADE, related_name="attendance_events")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    ground = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        ordering = ["item__position", "pk"]
        default_permissions: tuple[str, ...] = ()
        constraints = [models.UniqueConstraint(fields=["attendance", "item", "kind"], name="attendance_event_once")]

    def __str__(self) -> str:
        return f"{self.attendance.seat.person}: {self.get_kind_display()}"


@pghistory.track()
class MinutesRemark(models.Model):
    """A member's remark to the minutes, or that there is none, within the days for remarks (D11)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="minutes_remarks")
    text = models.TextField(_("remark"), blank=True)
    approves = models.BooleanField(_("approves the minutes"), default=False)
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        ordering = ["given_at"]
        default_permissions: tuple[str, ...] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="minutes_remark_once"),
            models.CheckConstraint(name="minutes_remark_says_something", condition=Q(approves=True) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text or '–'}"
