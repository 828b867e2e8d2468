"""«Før møtet»: one page for the director with what to answer, the own share, and what if a municipality is not with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from digivesteralen.start.tasks import called, seats
from governance.models import AgendaItem, Appointment, Body, Case, Meeting, Opinion, Organisation
from portfolio import shares
from portfolio.actions.cases import ENDED
from portfolio.models import Participation, Project
from portfolio.overview import Row, rows


@dataclass(frozen=True)
class Question:
    """A case on the agenda, with the own view as it stands, and how many have answered."""

    item: AgendaItem
    own: Opinion | None
    answered: int

    @property
    def asks(self) -> bool:
        return self.item.meeting.written or self.item.case.kind != Case.Kind.ORIENTATION


@dataclass(frozen=True)
class OwnProject:
    """A project the municipality is asked about or takes part in: its share, twice, and without somebody."""

    row: Row
    part: Participation
    without: shares.Line | None

    @property
    def difference(self) -> Decimal | None:
        if self.without is None or self.without.so_far is None or self.row.own is None or self.row.own.so_far is None:
            return None
        return self.without.so_far - self.row.own.so_far


@dataclass(frozen=True)
class Written:
    """Cases that the body decides in writing, and that this seat is asked about."""

    meeting: Meeting
    questions: Sequence[Question]

    @property
    def left(self) -> int:
        return sum(question.own is None for question in self.questions)


@dataclass(frozen=True)
class Page:
    seat: Appointment
    rounds: Sequence[Written]
    meeting: Meeting | None
    questions: Sequence[Question]
    projects: Sequence[OwnProject]
    others: Sequence[Organisation]
    missing: Organisation | None

    @property
    def left(self) -> int:
        return sum(question.asks and question.own is None for question in self.questions)

    @property
    def total_if_all(self) -> Decimal:
        return sum((one.row.own.if_all or Decimal(0) for one in self.projects if one.row.own), Decimal(0))

    @property
    def total_so_far(self) -> Decimal:
        return sum((one.row.own.so_far or Decimal(0) for one in self.projects if one.row.own), Decimal(0))


def pages(user: Any, without: str = "") -> list[Page]:
    """One per seat in a steering group; ``without`` is the number of the municipality one imagines away."""
    return [_page(seat, without) for seat in seats(user) if seat.body and seat.body.kind == Body.Kind.STEERING]


def _page(seat: Appointment, without: str) -> Page:
    assert seat.body is not None and seat.represents is not None
    coming = called(seat.body)
    meeting = next((one for one in coming if not one.written), None)
    others = list(seat.body.collaboration.members().exclude(pk=seat.represents.pk))
    missing = next((other for other in others if other.number == without), None)
    return Page(
        seat=seat,
        rounds=[Written(one, _questions(one, seat)) for one in coming if one.written],
        meeting=meeting,
        questions=_questions(meeting, seat) if meeting else [],
        projects=_projects(seat, missing),
        others=others,
        missing=missing,
    )


def _questions(meeting: Meeting, seat: Appointment) -> list[Question]:
    items = meeting.items.filter(withdrawn=False).select_related("case__body__collaboration", "meeting")
    opinions: dict[int, list[Opinion]] = {}
    for opinion in Opinion.objects.filter(case__items__meeting=meeting):
        opinions.setdefault(opinion.case_id, []).append(opinion)
    found = []
    for item in items:
        given = opinions.get(item.case_id, [])
        own = next((one for one in given if one.organisation_id == seat.represents_id), None)
        found.append(Question(item, own, answered=len(given)))
    return found


def _projects(seat: Appointment, missing: Organisation | None) -> list[OwnProject]:
    assert seat.body is not None
    asked = Project.objects.filter(
        collaboration=seat.body.collaboration, participations__organisation=seat.represents, shared_cost__gt=0
    )
    # Also an idea: the municipality is asked before the project is planned.
    asked = asked.exclude(state__in=ENDED).filter(in_base_budget=False).select_related("collaboration")
    found = rows(asked.in_order(), seat.represents)
    own = []
    for row in found:
        part = next(part for part in row.parts if part.organisation_id == seat.represents_id)
        changed = None
        if missing is not None:
            others = [other for other in row.parts if other.organisation_id != missing.pk]
            changed = shares.financing(row.project, others).of(seat.represents)
        own.append(OwnProject(row, part, changed))
    return own
