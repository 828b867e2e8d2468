"""Who takes part in what, as it stood on a day: municipality by project, counted in the database (R7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from governance.models import Collaboration, Organisation
from portfolio.models import EarlierAnswer, Participation, Project, Share, Status
from portfolio.models.participation import WITH
from portfolio.overview import STATUS_COLORS

COLUMNS = (
    "of_project", "of_place", "status_then", "adoption_id", "answer_by", "decided_on", "objected_at", "joins", "leaves",
)  # fmt: skip


class Cell(NamedTuple):
    """What one municipality has said of one project, ready to be read."""

    project: int
    place: int
    status: Status
    adoption: int
    answer_by: date | None
    late: bool
    joins_on: date | None
    leaves_on: date | None
    reopened: bool
    url: str

    @property
    def label(self) -> str:
        return str(self.status.label)

    @property
    def color(self) -> str:
        return STATUS_COLORS[self.status]


class Only(NamedTuple):
    """What an answer must be to be looked for, and what has to be looked up to know it."""

    condition: Q
    status: bool
    decision: bool


class Sums(NamedTuple):
    """One row or one column added up."""

    invited: int = 0
    with_us: int = 0
    unsettled: int = 0
    reopened: int = 0
    money: Decimal | None = None


@dataclass(frozen=True)
class Row:
    """One project: a cell for each municipality that is shown, and the sum over all that are invited."""

    project: Project
    cells: Sequence[Cell | None]
    sums: Sums


class Standing:
    """The answers of a collaboration's projects on one day; today they are read as they are kept."""

    def __init__(self, collaboration: Collaboration, projects: QuerySet[Project], day: date) -> None:
        self.collaboration, self.projects, self.day = collaboration, projects, day

    @cached_property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    def answers(self, *, status: bool = True, decision: bool = True, **which: Any) -> list[QuerySet[Any]]:
        """The rows that say something of the day, with the same names whichever table they stand in.

        What is not asked for is not looked up: the sums of two thousand projects go through as few tables as they can.
        """
        if self.is_today and status:
            more = _decision("participation__") if decision else {}
            kept = Share.objects.annotate(of_project=F("project"), of_place=F("organisation"), status_then=F("status"))
            return [kept.annotate(**more).filter(**which)]
        asked: Any = Participation.objects.asked_by(self.day)
        earlier: Any = EarlierAnswer.objects.standing_on(self.day)
        if status:
            asked, earlier = asked.with_status(self.day), earlier.with_status(self.day)
        more = _decision("") if decision else {}
        place = {"of_project": F("project"), "of_place": F("organisation")}
        place_then = {"of_project": F("participation__project"), "of_place": F("participation__organisation")}
        return [
            asked.annotate(**place, **more).filter(**which),
            earlier.annotate(**place_then, **more).filter(**which),
        ]

    def narrowed(self, only: Only | None, status: str, place: Organisation | None) -> QuerySet[Project]:
        """The projects with an answer that fits, of the municipality or of anybody."""
        which: dict[str, Any] = {"of_project": OuterRef("pk"), **({"of_place": place.pk} if place else {})}
        which |= {"status_then": status} if status else {}
        looks_at = {
            "status": bool(status) or only is None or only.status,
            "decision": only is not None and only.decision,
        }
        fits = Q()
        for found in self.answers(**looks_at, **which):
            fits |= Q(Exists(found.filter(only.condition) if only else found))
        return self.projects.filter(fits)

    @property
    def undecided(self) -> Q:
        """The municipality had decided nothing that it stands behind by the day."""
        return Q(decided_on=None) | Q(decided_on__gt=self.day) | Q(objected_at__isnull=False)

    @property
    def late(self) -> Only:
        """Past the deadline on the day, without a decision by then."""
        return Only(self.undecided & Q(answer_by__lt=self.day), status=False, decision=True)

    @property
    def unsettled(self) -> Only:
        """Without a yes or a no of its own; one that has said yes and joins later is settled."""
        silent = Q(status_then__in=[Status.UNDECIDED, Status.INTERESTED])
        waits = Q(status_then=Status.WAITING) & (Q(pays=False) if self.is_today else self.undecided)
        return Only(silent | waits, status=True, decision=not self.is_today)

    @property
    def reopened(self) -> Only:
        """«Må avklares på nytt»; known for today."""
        return Only(Q(excess__gt=0), status=True, decision=False)

    def rows(self, projects: Sequence[Project], places: Sequence[Organisation]) -> list[Row]:
        cells = {(cell.project, cell.place): cell for cell in self.cells(projects, places)}
        sums = self._added_up("of_project", of_project__in=[project.pk for project in projects])
        return [
            Row(project, [cells.get((project.pk, place.pk)) for place in places], sums.get(project.pk, Sums()))
            for project in projects
        ]

    def cells(self, projects: Sequence[Project], places: Sequence[Organisation]) -> Iterator[Cell]:
        """As plain rows: a page of 25 projects and 20 municipalities is 500 of them."""
        which: dict[str, Any] = {
            "of_project__in": [one.pk for one in projects],
            "of_place__in": [one.pk for one in places],
        }
        address = reverse("adoption", args=[self.collaboration.slug, 0])
        more = ["excess"] if self.is_today else []
        for found in self.answers(**which):
            for row in found.values_list(*COLUMNS, *more):
                yield self._cell(row, address)

    def _cell(self, row: tuple[Any, ...], address: str) -> Cell:
        project, place, status, adoption, answer_by, decided_on, objected_at, joins_on, leaves_on, *excess = row
        decided = objected_at is None and decided_on is not None and decided_on <= self.day
        status = Status(status)
        return Cell(
            project=project,
            place=place,
            status=status,
            adoption=adoption,
            answer_by=None if decided else answer_by,
            late=not decided and answer_by is not None and answer_by < self.day,
            joins_on=joins_on if decided and joins_on and joins_on > self.day else None,
            leaves_on=leaves_on if status in {Status.NOTICE, Status.LEFT} else None,
            reopened=bool(excess and excess[0]),
            url=address.replace("/0/", f"/{adoption}/"),
        )

    def columns(self, places: Sequence[Organisation]) -> list[Sums]:
        """Each municipality over all the projects that the filters leave, not only those on this page."""
        which: dict[str, Any] = {
            "of_project__in": self.projects.order_by().values("pk"),
            "of_place__in": [place.pk for place in places],
        }
        if not self.is_today:
            # The decision is the municipality's own: said twice, so that the others' need not be looked through.
            which["adoption__organisation__in"] = which["of_place__in"]
        found = self._added_up("of_place", **which)
        return [found.get(place.pk, Sums()) for place in places]

    def _added_up(self, by: str, **which: Any) -> dict[int, Sums]:
        counted: dict[str, Aggregate] = {
            "invited": Count("pk"),
            "with_us": Count("pk", filter=Q(status_then__in=WITH)),
            "unsettled": Count("pk", filter=self.unsettled.condition),
        }
        if self.is_today:
            counted |= {"reopened": Count("pk", filter=Q(excess__gt=0)), "money": Sum("so_far", filter=Q(pays=True))}
        found: dict[int, Sums] = {}
        for answers in self.answers(decision=self.unsettled.decision, **which):
            for row in answers.order_by().values(by).annotate(**counted):
                key = row.pop(by)
                found[key] = _both(found[key], Sums(**row)) if key in found else Sums(**row)
        return found


def _decision(prefix: str) -> dict[str, F]:
    """The names of the decision that each kind of answer stands on."""
    return {
        "answer_by": F(f"{prefix}adoption__answer_by"),
        "decided_on": F(f"{prefix}adoption__decided_on"),
        "objected_at": F(f"{prefix}adoption__objected_at"),
        "joins": F(f"{prefix}joins_on"),
        "leaves": F(f"{prefix}leaves_on"),
        **({"adoption_id": F(f"{prefix}adoption")} if prefix else {}),
    }


def _both(one: Sums, other: Sums) -> Sums:
    return Sums(
        one.invited + other.invited, one.with_us + other.with_us, one.unsettled + other.unsettled,
        one.reopened + other.reopened, one.money,
    )  # fmt: skip
