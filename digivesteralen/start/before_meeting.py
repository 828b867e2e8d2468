"""«Før møtet»: one page for the director with what to answer, the own share, and what if a municipality is not with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from digivesteralen.start.tasks.task import called, seats
from governance.actions.opinions import is_open
from governance.models import AgendaItem, Appointment, Body, Case, Meeting, Opinion, Organisation
from portfolio import overview, shares
from portfolio.actions.shares import up_to_date
from portfolio.actions.versions import case_of, unanswered
from portfolio.models import Participation, PortfolioVersion, RankingRound

# Projects on the page.
SHOWN = 25


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

    row: overview.Row
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
class Laid:
    """The portfolio as it is laid before the steering group: how many projects, and how many answers are missing."""

    version: PortfolioVersion
    projects: int
    left: int


@dataclass(frozen=True)
class Asked:
    """The secretariat asks the directors to rank, and whether this seat has sent its own."""

    round: RankingRound
    sent: bool


@dataclass(frozen=True)
class Page:
    seat: Appointment
    rounds: Sequence[Written]
    meeting: Meeting | None
    questions: Sequence[Question]
    portfolio: Laid | None
    ranking: Asked | None
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
        portfolio=_portfolio(seat),
        ranking=_ranking(seat),
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


def _portfolio(seat: Appointment) -> Laid | None:
    """The version of the portfolio that waits for this seat's body, with how much is left to answer."""
    assert seat.body is not None and seat.represents is not None
    laid = PortfolioVersion.objects.laid().filter(collaboration=seat.body.collaboration, case__body=seat.body)
    version = laid.select_related("collaboration", "case__body__collaboration").first()
    if version is None:
        return None
    case = case_of(version)
    if not is_open(case):
        return None
    return Laid(version, version.items.count(), unanswered(version, case, seat.represents))


def _ranking(seat: Appointment) -> Asked | None:
    """Only where the directors are asked to rank, and as long as answers are taken."""
    rounds = RankingRound.objects.taking_answers().filter(body=seat.body)
    found = rounds.select_related("collaboration", "meeting").first()
    return Asked(found, found.own_rankings.filter(organisation=seat.represents).exists()) if found else None


def _projects(seat: Appointment, missing: Organisation | None) -> list[OwnProject]:
    """Those it is asked about or takes part in, as far as a page has room; the municipality's own page has them all."""
    assert seat.body is not None and seat.represents is not None
    collaboration = seat.body.collaboration
    up_to_date(collaboration)
    # Also an idea: the municipality is asked before the project is planned.
    asked = overview.listed(collaboration).filter(
        participations__organisation=seat.represents, shared_cost__gt=0, in_base_budget=False
    )
    found = overview.rows(asked.exclude(state__in=overview.ENDED).in_order()[:SHOWN], seat.represents)
    mine = Participation.objects.filter(
        project__in=[row.project for row in found], organisation=seat.represents
    ).select_related("organisation", "adoption__collaboration", "withdrawal")
    parts = {part.project_id: part for part in mine}
    without = _without(found, seat.represents, missing) if missing else {}
    return [OwnProject(row, parts[row.project.pk], without.get(row.project.pk)) for row in found]


def _without(found: Sequence[overview.Row], own: Organisation, missing: Organisation) -> dict[int, shares.Line | None]:
    """«Hva hvis en kommune ikke blir med»: divided here and now, since it is not how things stand."""
    projects = [row.project for row in found]
    prefetch_related_objects(projects, "years")
    others: dict[int, list[Participation]] = {project.pk: [] for project in projects}
    for part in Participation.objects.filter(project__in=projects).exclude(organisation=missing).whole():
        others[part.project_id].append(part)
    counts = shares.Populations({part.organisation_id for parts in others.values() for part in parts})
    return {project.pk: shares.financing(project, others[project.pk], counts).of(own) for project in projects}
