"""Who sat in the room in each case, and whether they were enough; computed from attendance and its changes (rule 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone

from governance.models import AgendaItem, Appointment, Attendance, AttendanceChange, Body, Meeting, Opinion, Role


@dataclass(frozen=True)
class Quorum:
    """How many voting seats were filled in one case, and how many it takes: more than half.

    Half is enough in an elected body (the Local Government Act § 11-9).
    """

    present: int
    seats: int
    elected: bool = False

    @property
    def needed(self) -> int:
        return (self.seats + 1) // 2 if self.elected else self.seats // 2 + 1

    @property
    def is_reached(self) -> bool:
        return self.seats > 0 and self.present >= self.needed


def voting_seats(body: Body, day: date | None = None) -> models.QuerySet[Appointment]:
    """The seats that vote on the day: the steering seats, or in a group without such the members' own."""
    seats = Appointment.objects.active(day or timezone.localdate()).filter(body=body)
    steering = seats.voting()
    chosen = steering if steering.exists() else seats.filter(role=Role.MEMBER)
    return chosen.select_related("person", "represents")


def answering_seats(body: Body, day: date | None = None) -> list[Appointment]:
    """One seat for each municipality that answers in a written treatment; a successor stands for the one who leaves."""
    seats = Appointment.objects.active(day or timezone.localdate()).filter(body=body).voting()
    newest = seats.select_related("person", "represents").order_by("since", "pk")
    found = {seat.represents_id: seat for seat in newest}
    return sorted(found.values(), key=_place)


def _place(seat: Appointment) -> str:
    return seat.represents.sort_key if seat.represents else ""


class Presence:
    """The attendance of one meeting, read once, answering for each case; in a written treatment from the answers."""

    def __init__(self, meeting: Meeting) -> None:
        self.elected = meeting.body.rules == Body.Rules.ELECTED
        self.answered: set[tuple[int, int]] | None = None
        if meeting.written:
            given = Opinion.objects.filter(case__items__meeting=meeting)
            self.answered = set(given.values_list("case", "organisation"))
        self.attendances: list[Attendance] = list(
            meeting.attendances.select_related("seat__person", "seat__represents", "substitute").prefetch_related(
                models.Prefetch("changes", AttendanceChange.objects.select_related("item__case"))
            )
        )

    def present_at(self, item: AgendaItem) -> list[Attendance]:
        if self.answered is not None:
            return [row for row in self.attendances if (item.case_id, row.seat.represents_id) in self.answered]
        return [attendance for attendance in self.attendances if _was_there(attendance, item.position)]

    def at(self, item: AgendaItem) -> Quorum:
        return Quorum(len(self.present_at(item)), len(self.attendances), self.elected)

    def at_opening(self) -> Quorum:
        filled = sum(attendance.is_filled for attendance in self.attendances)
        return Quorum(filled, len(self.attendances), self.elected)

    def changes_at(self, item: AgendaItem) -> list[AttendanceChange]:
        changes = [change for attendance in self.attendances for change in attendance.changes.all()]
        return [change for change in changes if change.item_id == item.pk]

    def not_enough_for(self, items: Iterable[AgendaItem]) -> list[AgendaItem]:
        return [item for item in items if not self.at(item).is_reached]


def _was_there(attendance: Attendance, position: int) -> bool:
    there = attendance.is_filled
    kinds = AttendanceChange.Kind
    for change in sorted(attendance.changes.all(), key=lambda change: change.item.position):
        if change.item.position > position:
            break
        if change.kind == kinds.DISQUALIFIED:
            if change.item.position == position:
                return False
        else:
            there = change.kind == kinds.CAME
    return there
