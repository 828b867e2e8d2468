"""Who sat in each seat in each case, and whether they were enough: from the attendance and its changes (rule 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    AttendanceChange,
    Body,
    Disqualification,
    Meeting,
    Opinion,
    Person,
    Role,
    RuleProfile,
)
from governance.models.people import AppointmentQuerySet

Kind = AttendanceChange.Kind


ENOUGH: dict[str, Callable[[int], int]] = {
    RuleProfile.Quorum.MAJORITY: lambda seats: seats // 2 + 1,
    RuleProfile.Quorum.HALF: lambda seats: (seats + 1) // 2,
    RuleProfile.Quorum.TWO_THIRDS: lambda seats: (2 * seats + 2) // 3,
    RuleProfile.Quorum.ALL: lambda seats: seats,
}


@dataclass(frozen=True)
class Quorum:
    """How many voting seats were filled in one case, and how many it takes by the body's rules (rule 5)."""

    present: int
    seats: int
    rule: str = RuleProfile.Quorum.MAJORITY

    @property
    def needed(self) -> int:
        return ENOUGH[RuleProfile.Quorum(self.rule)](self.seats)

    @property
    def is_reached(self) -> bool:
        return self.seats > 0 and self.present >= self.needed


@dataclass(frozen=True)
class Sitting:
    """Who sits in one seat in one case, if anybody, and whether on a screen."""

    person: Person | None
    digital: bool = False


EMPTY = Sitting(None)


def _sitting(body: Body, day: date | None) -> AppointmentQuerySet:
    """A conditional seat is there only when the body acts as what the seat is for (B13)."""
    return Appointment.objects.active(day).filter(body=body, only_as__in=["", body.kind])


def voting_seats(body: Body, day: date | None = None) -> models.QuerySet[Appointment]:
    """The seats that vote on the day: the steering seats, or in a group without such the members' own."""
    seats = _sitting(body, day)
    steering = seats.voting()
    chosen = steering if steering.exists() else seats.filter(role=Role.MEMBER)
    return chosen.select_related("person", "represents")


def answering_seats(body: Body, day: date | None = None) -> list[Appointment]:
    """One seat for each municipality that answers in a written treatment; a successor stands for the one who leaves."""
    seats = _sitting(body, day).voting()
    newest = seats.select_related("person", "represents").order_by("since", "pk")
    found = {seat.represents_id: seat for seat in newest}
    return sorted(found.values(), key=_place)


def _place(seat: Appointment) -> str:
    return seat.represents.sort_key if seat.represents else ""


class Presence:
    """The attendance of one meeting, read once, answering for each case; in a written treatment from the answers."""

    def __init__(self, meeting: Meeting) -> None:
        self.rule = meeting.profile.quorum
        self.chair = meeting.chair_id
        self.answered: set[tuple[int, int]] | None = None
        if meeting.written:
            given = Opinion.objects.filter(case__items__meeting=meeting)
            down = Disqualification.objects.filter(item__meeting=meeting, state=Disqualification.State.DISQUALIFIED)
            out = set(down.values_list("item__case", "person"))
            said = given.values_list("case", "organisation", "person")
            self.answered = {(case, place) for case, place, person in said if (case, person) not in out}
        rows: list[Attendance] = list(
            meeting.attendances.select_related("seat__person", "seat__represents", "substitute").prefetch_related(
                models.Prefetch(
                    "changes",
                    AttendanceChange.objects.select_related("item__case__body", "until__case__body", "substitute"),
                )
            )
        )
        self.attendances = [row for row in rows if row.votes_here]
        self.others = [row for row in rows if not row.votes_here]
        self._changes = {row.pk: in_order(row.changes.all()) for row in rows}
        for row in rows:
            _name_those_who_sat(row, self._changes[row.pk])

    def sitting(self, row: Attendance, item: AgendaItem) -> Sitting:
        return sitting(row, self._changes[row.pk], item.position)

    def present_at(self, item: AgendaItem) -> list[Attendance]:
        if self.answered is not None:
            return [row for row in self.attendances if (item.case_id, row.seat.represents_id) in self.answered]
        return [row for row in self.attendances if self.sitting(row, item).person]

    def voters_at(self, item: AgendaItem) -> list[tuple[Attendance, Person]]:
        """The seats that are filled in the case, each with who votes in it."""
        found = [(row, self.sitting(row, item).person) for row in self.attendances]
        return [(row, person) for row, person in found if person is not None]

    def chair_among(self, voters: Iterable[tuple[Attendance, Person]]) -> Attendance | None:
        """The seat of whoever chairs the meeting, or else the body; nobody where that person is not there to vote."""
        for row, person in voters:
            chairs_body = row.seat.is_chair and person.pk == row.seat.person_id
            if person.pk == self.chair if self.chair else chairs_body:
                return row
        return None

    def deciding_on_disqualification(
        self, item: AgendaItem, questioned: Iterable[int]
    ) -> list[tuple[Attendance, Person]]:
        """Who decides whether members are disqualified in the case: those it is not asked about.

        Were they too few for a quorum, all who are there take part (the Public Administration Act § 8).
        """
        asked = set(questioned)
        there = []
        for row in self.attendances:
            before = [one for one in self._changes[row.pk] if not (one.steps_down and one.item_id == item.pk)]
            if (person := sitting(row, before, item.position).person) is not None:
                there.append((row, person))
        others = [(row, person) for row, person in there if person.pk not in asked]
        return others if Quorum(len(others), len(self.attendances), self.rule).is_reached else there

    def at(self, item: AgendaItem) -> Quorum:
        return Quorum(len(self.present_at(item)), len(self.attendances), self.rule)

    def at_opening(self) -> Quorum:
        filled = sum(attendance.is_filled for attendance in self.attendances)
        return Quorum(filled, len(self.attendances), self.rule)

    def changes_at(self, item: AgendaItem) -> list[AttendanceChange]:
        changes = [change for row in (*self.attendances, *self.others) for change in self._changes[row.pk]]
        return [change for change in changes if change.item_id == item.pk]


def in_order(changes: Iterable[AttendanceChange]) -> list[AttendanceChange]:
    """By the case they hold from; a substitute steps in after the seat is empty."""
    return sorted(changes, key=lambda one: (one.item.position, one.kind == Kind.SUBSTITUTE, one.pk or 0))


def sitting(row: Any, changes: list[AttendanceChange], position: int) -> Sitting:
    """Who sits in the seat in the case at this place: the roll call, and of the changes that hold there the last."""
    now = _at_roll_call(row)
    for change in changes:
        begins, ends = change.item.position, change.until.position if change.until else position
        if begins > position:
            break
        if change.steps_down:
            if begins == position:
                return Sitting(change.substitute)
        elif ends >= position:
            now = _after(change, row, now)
    return now


def _at_roll_call(row: Attendance) -> Sitting:
    if row.substitute is not None:
        return Sitting(row.substitute)
    return Sitting(row.seat.person, row.status == Attendance.Status.DIGITAL) if row.is_filled else EMPTY


def _after(change: AttendanceChange, row: Attendance, before: Sitting) -> Sitting:
    if change.kind == Kind.CAME:
        return Sitting(row.seat.person)
    if change.kind == Kind.SUBSTITUTE:
        return Sitting(change.substitute)
    if change.kind == Kind.DIGITAL:
        return Sitting(before.person or row.seat.person, digital=True)
    return EMPTY


def _name_those_who_sat(row: Attendance, changes: list[AttendanceChange]) -> None:
    """Whom each change is about: the member who comes, or who sat in the seat before it."""
    for change in changes:
        if change.kind in (Kind.CAME, Kind.SUBSTITUTE, Kind.DIGITAL):
            change.who = row.seat.person
        else:
            before = [one for one in changes if one is not change and not one.steps_down]
            place = change.item.position
            change.who = sitting(row, before, place).person or sitting(row, before, place - 1).person or row.seat.person
