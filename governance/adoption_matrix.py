"""«Saker og kommuner»: what each municipality has answered in each matter, with sums both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from governance.adoption_states import Shown, shown
from governance.models import Adoption, Collaboration
from governance.models.adoptions import AdoptionQuerySet

MUNICIPALITIES_PER_PAGE = 50
# A workbook of more cells than this takes longer to write than anybody waits for.
MOST_CELLS = 100_000
READ = ["key", "organisation", "state", "objected_at", "scheduled_on", "answer_by", "amount", "hours", "example"]


# With more municipalities than this they stand down the page, where there is room, and the matters across.
MOST_ACROSS = 12


@dataclass(frozen=True)
class Cell:
    """One municipality's answer in one matter."""

    adoption: Adoption
    state: Shown
    url: str


@dataclass(frozen=True)
class Head:
    """A row or a column: a matter or a municipality, with its sums."""

    words: str
    url: str
    numbers: dict[str, Any]
    example: bool = False


@dataclass(frozen=True)
class Matrix:
    """One page of the matrix; the sums are over all of it, not over the page."""

    collaboration: Collaboration
    matters: Page[Any]
    municipalities: Page[Any]
    cells: dict[tuple[str, int], Cell]
    numbers: dict[str, Any]

    @property
    def turned(self) -> bool:
        return self.municipalities.paginator.count > MOST_ACROSS

    @property
    def across(self) -> list[Head]:
        return self._matters() if self.turned else self._municipalities()

    @property
    def lines(self) -> list[tuple[Head, list[Cell | None]]]:
        """Each row with its cells, in the order of the columns."""
        keys = [row["key"] for row in self.matters]
        places = [row["organisation"] for row in self.municipalities]
        if self.turned:
            return [
                (head, [self.cells.get((key, place)) for key in keys])
                for head, place in zip(self._municipalities(), places, strict=True)
            ]
        return [
            (head, [self.cells.get((key, place)) for place in places])
            for head, key in zip(self._matters(), keys, strict=True)
        ]

    @property
    def matter_steps(self) -> Iterable[int | str]:
        return steps(self.matters)

    @property
    def municipality_steps(self) -> Iterable[int | str]:
        return steps(self.municipalities)

    def _matters(self) -> list[Head]:
        slug = self.collaboration.slug
        return [
            Head(row["title"], reverse("matter", args=[slug, row["key"]]), row, row["made_up"]) for row in self.matters
        ]

    def _municipalities(self) -> list[Head]:
        url = reverse("adoptions", args=[self.collaboration.slug])
        return [
            Head(row["organisation__name"], f"{url}?organisation={row['organisation']}", row)
            for row in self.municipalities
        ]


def steps(page: Page[Any]) -> Iterable[int | str]:
    """The page numbers worth showing, with gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


def whole(adoptions: AdoptionQuerySet, matched: QuerySet[Adoption]) -> AdoptionQuerySet:
    """All answers in the crossing of the matters and the municipalities that a filter found."""
    found = matched.order_by()
    return adoptions.filter(key__in=found.values("key"), organisation__in=found.values("organisation"))


def matrix(
    collaboration: Collaboration, adoptions: AdoptionQuerySet, matters: str | None, municipalities: str | None
) -> Matrix:
    """One page of each; the number of queries is the same however many there are."""
    rows = Paginator(adoptions.by_matter(), tables.PER_PAGE).get_page(matters)
    heads = Paginator(adoptions.by_municipality(), MUNICIPALITIES_PER_PAGE).get_page(municipalities)
    keys, places = [row["key"] for row in rows], [head["organisation"] for head in heads]
    crossing = adoptions.filter(key__in=keys, organisation__in=places).only(*READ).order_by()
    # One page has more than a thousand answers, whose addresses differ in their number alone.
    url = reverse("adoptions", args=[collaboration.slug])
    cells = {(one.key, one.organisation_id): Cell(one, shown(one), f"{url}{one.pk}/") for one in crossing}
    return Matrix(collaboration, rows, heads, cells, adoptions.numbers())


def size(adoptions: AdoptionQuerySet) -> int:
    """How many cells the whole matrix has."""
    return adoptions.by_matter().count() * adoptions.by_municipality().count()


def sheets(adoptions: AdoptionQuerySet) -> list[SheetSpec]:
    """The whole matrix as a workbook: the states, and what the yeses cover."""
    rows, heads = list(adoptions.by_matter()), list(adoptions.by_municipality())
    cells = {(one.key, one.organisation_id): one for one in adoptions.only(*READ).order_by()}
    return [
        _states(rows, heads, cells),
        _sums(_("Amount covered, NOK"), "amount", "money", rows, heads, cells, adoptions.numbers()),
        _sums(_("Hours covered"), "hours", "work", rows, heads, cells, adoptions.numbers()),
    ]


def _states(rows: Sequence[Any], heads: Sequence[Any], cells: dict[Any, Adoption]) -> SheetSpec:
    header = [_("Matter"), _("Sent"), _("Answer by"), *(head["organisation__name"] for head in heads)]
    counted = [_("Asked"), _("Decided by the municipality"), _("Past the deadline")]
    lines: list[list[Any]] = [
        [row["title"], row["sent_on"], row["nearest"], *_across(row, heads, cells), *_counted(row)] for row in rows
    ]
    foot: list[list[Any]] = [
        [words, None, None, *(_counted(head)[place] for head in heads), None, None, None]
        for place, words in enumerate(counted)
    ]
    return SheetSpec(_("Answers"), [*header, *counted], [*lines, *foot])


def _across(row: Any, heads: Sequence[Any], cells: dict[Any, Adoption]) -> Iterable[str]:
    for head in heads:
        adoption = cells.get((row["key"], head["organisation"]))
        words = shown(adoption).words if adoption else _("not asked")
        yield f"{words} ({_('example')})" if adoption and adoption.example else words


def _counted(numbers: dict[str, Any]) -> list[int]:
    return [numbers["asked"], numbers["decided"], numbers["late"]]


def _sums(
    title: str,
    field: str,
    total: str,
    rows: Sequence[Any],
    heads: Sequence[Any],
    cells: dict[Any, Adoption],
    numbers: dict[str, Any],
) -> SheetSpec:
    header = [_("Matter"), *(head["organisation__name"] for head in heads), _("Total")]
    lines: list[list[Any]] = [
        [row["title"], *(_number(cells.get((row["key"], head["organisation"])), field) for head in heads), row[total]]
        for row in rows
    ]
    foot: list[Any] = [_("Total"), *(head[total] for head in heads), numbers[total]]
    return SheetSpec(title, header, [*lines, foot])


def _number(adoption: Adoption | None, field: str) -> Any:
    """What counts: an amount the municipality objects to does not."""
    return getattr(adoption, field) if adoption is not None and adoption.is_decided else None
