from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.meetings import Meeting
from governance.models.people import Appointment, Person


@pghistory.track()
class Attendance(models.Model):
    """The first roll call: how one seat was filled when the meeting opened (D5). What happened since are changes.

    Observers, speakers without a vote and the secretariat have a row too, which counts for no quorum.
    """

    class Status(models.TextChoices):
        PRESENT = "present", _("present")
        DIGITAL = "digital", _("took part digitally")
        EXCUSED = "excused", _("sent apologies")
        ABSENT = "absent", _("did not meet")
        UNCALLED = "uncalled", _("not summoned")
        # In a written treatment, from the answers alone.
        ANSWERED = "answered", _("answered in writing")
        SILENT = "silent", _("did not answer")

    IN_A_ROOM = (Status.PRESENT, Status.DIGITAL, Status.EXCUSED, Status.ABSENT, Status.UNCALLED)
    NOT_THERE = (Status.EXCUSED, Status.ABSENT, Status.UNCALLED)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Appointment, models.PROTECT, related_name="attendances", verbose_name=_("seat"))
    status = models.CharField(_("attendance"), max_length=8, choices=Status)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="met_for", verbose_name=_("substitute")
    )
    passed_over = models.CharField(_("substitutes before in the order who did not meet"), max_length=300, blank=True)
    votes_here = models.BooleanField(_("has a vote"), default=True)

    class Meta:
        verbose_name = _("attendance")
        ordering = ["seat__represents__sort_key", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_a_seat"),
            models.CheckConstraint(
                name="substitute_meets_for_an_absent_member",
                condition=Q(substitute=None) | Q(status__in=["excused", "absent", "uncalled"]),
                violation_error_message=_("A substitute can only meet for a member who is not there."),
            ),
            models.CheckConstraint(
                name="only_a_voting_seat_has_a_substitute", condition=Q(votes_here=True) | Q(substitute=None)
            ),
        ]
        triggers = [locks.part_of_approved_minutes("SELECT {row}.meeting_id"), locks.seat_in_its_period()]

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
    """What happened to a seat after the roll call: quorum per case follows from these (rule 5, D5).

    It holds from its case: to the end of the meeting, or ``until`` and including another. Where two hold at once, the
    one that began last does. Who is disqualified or released steps down in that one case.
    """

    class Kind(models.TextChoices):
        LEFT = "left", _("left before the case")
        CAME = "came", _("came before the case")
        DIGITAL = "digital", _("took part digitally from the case")
        LEAVE = "leave", _("has leave from the case")
        SUBSTITUTE = "substitute", _("a substitute meets from the case")
        DISQUALIFIED = "disqualified", _("disqualified in the case")
        RELEASED = "released", _("released in the case for personal reasons")

    FOR_A_TIME = (Kind.DIGITAL, Kind.LEAVE, Kind.SUBSTITUTE)
    STEPS_DOWN = (Kind.DISQUALIFIED, Kind.RELEASED)

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="changes")
    item = models.ForeignKey("governance.AgendaItem", models.CASCADE, related_name="attendance_changes")
    until = models.ForeignKey(
        "governance.AgendaItem", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("until case")
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    substitute = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="stepped_in", verbose_name=_("substitute")
    )
    passed_over = models.CharField(_("substitutes before in the order who did not meet"), max_length=300, blank=True)
    ground = models.CharField(_("ground"), max_length=200, blank=True)
    # Who sat in the seat before it happened, set by what has read the whole attendance.
    who: Person | None = None

    class Meta:
        verbose_name = _("change of attendance")
        ordering = ["item__position", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [
            models.UniqueConstraint(fields=["attendance", "item", "kind"], name="attendance_change_once"),
            models.CheckConstraint(
                name="only_some_changes_have_an_end",
                condition=Q(until=None) | Q(kind__in=["digital", "leave", "substitute"]),
            ),
            models.CheckConstraint(
                name="substitute_change_names_the_substitute",
                condition=Q(kind="substitute", substitute__isnull=False)
                | Q(kind__in=["disqualified", "released"])
                | (~Q(kind="substitute") & Q(substitute=None)),
                violation_error_message=_("Choose the substitute who meets."),
            ),
        ]
        triggers = [
            locks.part_of_approved_minutes(
                "SELECT meeting_id FROM governance_attendance WHERE id = {row}.attendance_id"
            ),
            locks.change_in_its_own_meeting(),
        ]

    def __str__(self) -> str:
        return f"{self.attendance.seat.person}: {self.get_kind_display()}"

    @property
    def steps_down(self) -> bool:
        return self.kind in self.STEPS_DOWN

    @property
    def about(self) -> Person:
        """Whom it is about: `Presence` knows who sat in the seat; without it the member or the first substitute."""
        return self.who or self.attendance.who_met or self.attendance.seat.person

    @property
    def words(self) -> str:
        """«Kari Nordmann: permisjon fra saken, til og med sak 4/26»."""
        told = [f"{self.about}: {self.get_kind_display()}"]
        if self.kind == self.Kind.SUBSTITUTE:
            told = [gettext("%(name)s meets for %(member)s") % {"name": self.substitute, "member": self.about}]
        if self.until is not None:
            told.append(gettext("until and including case %(number)s") % {"number": self.until.case.number})
        if self.substitute is not None and self.steps_down:
            told.append(gettext("%(name)s meets") % {"name": self.substitute})
        ground = f" ({self.ground})" if self.ground else ""
        passed = gettext("before in the order, and not there: %(names)s") % {"names": self.passed_over}
        return ", ".join(told) + ground + (f"; {passed}" if self.passed_over else "")
