"""What is weighed: projects that have not ended and ideas under way, in the order of the secretariat (R22).

Thousands are read as a few columns each and put in order here; a page then shows as many as one can look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Sum
from django.urls import reverse

from governance.models import Collaboration
from portfolio.idea_tables import STATE_COLORS as IDEA_COLORS
from portfolio.models import Assessment, CriteriaSet, Project, Score
from portfolio.models.criteria import WHOLE
from portfolio.models.ideas import IdeaState
from portfolio.overview import ENDED, STATE_COLORS

PROJECT, IDEA = "prosjekt", "ide"
# Those that are not prioritised, or answered otherwise, compete for nothing.
IDEAS = [IdeaState.NEW, IdeaState.DETAIL, IdeaState.HERE]
LAST = 10**9


@dataclass(frozen=True)
class Entry:
    """One candidate with its place among all; ``candidate`` and ``kept`` are its row and stored place.

    Both are 0 until somebody moves, scores or saves anything.
    """

    collaboration: str
    kind: str
    number: int
    slug: str | int
    title: str
    state: str
    area: int | None
    area_name: str
    area_place: int
    example: bool
    candidate: int
    kept: int
    place: int = 0

    @property
    def key(self) -> str:
        """As it stands in an address: kind and number."""
        return f"{self.kind}-{self.number}"

    @property
    def url(self) -> str:
        return reverse("project" if self.kind == PROJECT else "idea", args=[self.collaboration, self.slug])

    @property
    def state_word(self) -> str:
        state = Project.State(self.state) if self.kind == PROJECT else IdeaState(self.state)
        return str(state.label)

    @property
    def color(self) -> str:
        if self.kind == PROJECT:
            return STATE_COLORS[Project.State(self.state)]
        return IDEA_COLORS[IdeaState(self.state)]


def in_order(collaboration: Collaboration) -> list[Entry]:
    """All candidates: as they were placed, then as the last approved version had them, then by focus area."""
    latest = latest_places(collaboration)
    pairs = [(entry, latest.get(pk, LAST)) for pk, entry in _projects(collaboration)]
    pairs += [(entry, LAST) for entry in _ideas(collaboration)]
    pairs.sort(key=lambda pair: _before(*pair))
    return [replace(entry, place=place) for place, (entry, _latest) in enumerate(pairs, 1)]


def latest_places(collaboration: Collaboration) -> dict[int, int]:
    """The places of the portfolio version that was approved last, by project."""
    version = collaboration.portfolio_versions.approved().first()
    return dict(version.items.values_list("project", "position")) if version else {}


def _before(entry: Entry, latest: int) -> tuple[Any, ...]:
    return (entry.kept or LAST, entry.kind != PROJECT, latest, entry.area_place, entry.number)


def _projects(collaboration: Collaboration) -> Iterable[tuple[int, Entry]]:
    columns = [
        "pk", "number", "slug", "title", "state", "focus_area", "focus_area__short_name", "focus_area__position",
        "example", "candidate__pk", "candidate__place",
    ]  # fmt: skip
    alive = collaboration.projects.exclude(state__in=ENDED).order_by().values_list(*columns)
    for pk, number, slug, title, state, area, name, position, example, candidate, kept in alive:
        place = LAST if position is None else position
        yield (
            pk,
            Entry(
                collaboration.slug, PROJECT, number, slug, title, state, area, name or "", place, example,
                candidate or 0, kept or 0,
            ),
        )  # fmt: skip


def _ideas(collaboration: Collaboration) -> Iterable[Entry]:
    """An idea is named by its key, since its number begins anew each year."""
    columns = [
        "pk", "title", "state", "focus_area", "focus_area__short_name", "focus_area__position", "example",
        "candidate__pk", "candidate__place",
    ]  # fmt: skip
    open_ones = collaboration.ideas.filter(state__in=IDEAS).order_by().values_list(*columns)
    for pk, title, state, area, name, position, example, candidate, kept in open_ones:
        place = LAST if position is None else position
        yield Entry(
            collaboration.slug, IDEA, pk, pk, title, state, area, name or "", place, example, candidate or 0, kept or 0
        )


# --- points -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Points:
    """What a candidate has been given by one edition: the weighted sum once every criterion is scored, else nothing."""

    given: int
    asked: int
    total: Decimal | None
    adjustment: Decimal

    @property
    def is_adjusted(self) -> bool:
        return self.adjustment != 0


def points(edition: CriteriaSet | None, candidates: Sequence[int] | None = None) -> dict[int, Points]:
    """By candidate; a sum is never made of some of the criteria."""
    if edition is None:
        return {}
    assessments = Assessment.objects.filter(edition=edition)
    scores = Score.objects.filter(assessment__edition=edition)
    if candidates is not None:
        assessments = assessments.filter(candidate__in=candidates)
        scores = scores.filter(assessment__candidate__in=candidates)
    weighed = Sum(F("value") * F("criterion__weight"), output_field=DecimalField(max_digits=9, decimal_places=2))
    by_candidate = scores.order_by().values("assessment__candidate").annotate(count=Count("pk"), weighed=weighed)
    sums = {one["assessment__candidate"]: (one["count"], one["weighed"]) for one in by_candidate}
    asked = edition.criteria.count()
    return {
        candidate: _points(*sums.get(candidate, (0, Decimal(0))), asked, adjustment)
        for candidate, adjustment in assessments.values_list("candidate", "adjustment")
    }


def _points(given: int, weighed: Decimal, asked: int, adjustment: Decimal) -> Points:
    total = weighed / WHOLE + adjustment if given == asked else None
    return Points(given, asked, total, adjustment)


def by_points(entries: Sequence[Entry], found: dict[int, Points]) -> list[Entry]:
    """The most points first; those without a sum keep their order after the rest, and a tie is left as it was."""

    def worth(entry: Entry) -> tuple[bool, Decimal]:
        given = found.get(entry.candidate)
        total = given.total if given else None
        return (total is None, -(total or Decimal(0)))

    return sorted(entries, key=worth)
