"""Who has what: the municipalities side by side, by the sharing rule (area, system, supplier, contract end)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Collaboration, Organisation
from surveys.models import Area, SystemUse
from surveys.models.inventory import soon, used_on
from surveys.progress import IN_ORDER

SHARED_BY = 4

# Nothing else of a row leaves its municipality (rule 9): reads for others name these and no more.
SHARED = (
    "pk", "area_id", "answer", "product_id", "product__merged_into", "product__name", "supplier__name", "contract_end",
    "example", "inventory__municipality_id",
)  # fmt: skip
NO_SYSTEM = {
    "answer": SystemUse.Answer.NONE, "product_id": None, "product__merged_into": None, "product__name": None,
    "supplier__name": None, "contract_end": None,
}  # fmt: skip
# A system that was merged into another counts as that one.
SYSTEM = Coalesce("product__merged_into", "product")


@dataclass
class Line:
    """One area in figures: how many have answered, how many have a system, and how many use each."""

    area: Area
    answered: int = 0
    having: int = 0
    made_up: int = 0
    users: dict[int, int] = field(default_factory=dict)

    @property
    def different(self) -> int:
        return len(self.users)

    @property
    def most(self) -> int:
        """How many have the system that most have."""
        return max(self.users.values(), default=0)

    @property
    def is_shared(self) -> bool:
        return self.most >= SHARED_BY

    @property
    def leading(self) -> int | None:
        """The system that most have, if more than one has it and no other has as many."""
        first = [product for product, users in self.users.items() if users == self.most]
        return first[0] if len(first) == 1 and self.most > 1 else None


def uses_of(places: Iterable[Organisation]) -> Any:
    """What these municipalities stand for themselves, also what is gone or only planned: it is an answer."""
    return SystemUse.objects.counted().filter(inventory__municipality__in=[place.pk for place in places])


def lines(places: Iterable[Organisation]) -> list[Line]:
    """Every area, also one that nobody has answered; three reads however many there are."""
    found = {area.pk: Line(area) for area in Area.objects.select_related("service_area").order_by(*IN_ORDER)}
    uses = uses_of(places).order_by()
    today = timezone.localdate()
    there = Q(answer=SystemUse.Answer.SYSTEM) & used_on(today)
    having = Count("inventory", distinct=True, filter=there)
    made_up = Count("pk", filter=Q(example=True))
    answers = uses.values("area_id").annotate(
        answered=Count("inventory", distinct=True), having=having, made_up=made_up
    )
    for row in answers:
        line = found[row["area_id"]]
        line.answered, line.having, line.made_up = row["answered"], row["having"], row["made_up"]
    used = uses.in_use(today).annotate(system=SYSTEM).values("area_id", "system")
    for row in used.annotate(users=Count("inventory", distinct=True)):
        found[row["area_id"]].users[row["system"]] = row["users"]
    return list(found.values())


def sentence(found: Iterable[Line], members: int) -> str:
    """One line that says how alike the municipalities are, instead of an index."""
    answered = [line for line in found if line.answered]
    if not answered or members < 2:  # noqa: PLR2004 -- one alone is like nobody
        return ""
    if members < SHARED_BY:
        shared = sum(1 for line in answered if line.most > 1)
        said = _("In %(shared)s of %(areas)s areas at least two municipalities use the same system.")
    else:
        shared = sum(1 for line in answered if line.is_shared)
        said = _("In %(shared)s of %(areas)s areas at least four municipalities use the same system.")
    return said % {"shared": shared, "areas": len(answered)}


def shared_products(collaboration: Collaboration) -> set[tuple[int, int]]:
    """The systems that at least four municipalities use in the same area, as (area, system)."""
    return {
        (line.area.pk, product)
        for line in lines(collaboration.sharing())
        for product, users in line.users.items()
        if users >= SHARED_BY
    }


@dataclass(frozen=True)
class Cell:
    """One municipality's answer in one area, as the others see it."""

    name: str
    ends: date | None = None
    soon: bool = False
    shared: bool = False
    example: bool = False
    others: int = 0

    @property
    def is_gap(self) -> bool:
        """Said to have none, while others have one."""
        return self.others > 0


@dataclass
class MatrixRow:
    """One area, with a list of answers for each municipality; no answer is an empty list."""

    line: Line
    cells: list[list[Cell]]

    @property
    def area(self) -> Area:
        return self.line.area


def matrix(shown: Sequence[Line], places: Sequence[Organisation]) -> list[MatrixRow]:
    """The rows of these areas, with the answers of these municipalities; one read."""
    by_area = {line.area.pk: line for line in shown}
    cells: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    last = soon()
    for (area, place), uses in answers(uses_of(places).filter(area__in=list(by_area))).items():
        cells[area, place] = [_cell(use, by_area[area], last) for use in uses]
    return [MatrixRow(line, [cells[line.area.pk, place.pk] for place in places]) for line in shown]


def answers(uses: Any) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """What each municipality says of each area today, as (area, municipality); one read.

    Where all its systems there are gone or planned, it says that it has none (``in_use``).
    """
    used = ExpressionWrapper(~Q(answer=SystemUse.Answer.SYSTEM) | used_on(timezone.localdate()), BooleanField())
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    absent = {}
    for use in uses.annotate(used=used).order_by("product__sort_key").values(*SHARED, "used"):
        key = use["area_id"], use["inventory__municipality_id"]
        if use["used"]:
            found[key].append(use)
        else:
            absent[key] = use | NO_SYSTEM
    return found | {key: [use] for key, use in absent.items() if key not in found}


def _cell(use: Mapping[str, Any], line: Line, last: date) -> Cell:
    ends, answer = use["contract_end"], SystemUse.Answer(use["answer"])
    return Cell(
        name=use["product__name"] or str(answer.label),
        ends=ends,
        soon=ends is not None and timezone.localdate() <= ends <= last,
        shared=line.users.get(use["product__merged_into"] or use["product_id"], 0) >= SHARED_BY,
        example=use["example"],
        others=line.having if answer == SystemUse.Answer.NONE else 0,
    )


@dataclass(frozen=True)
class Wanted:
    """Which areas somebody wants to see."""

    text: str = ""
    service_area: Any = None
    supplier: Any = None
    months: int | None = None
    only: str = ""
    place: Organisation | None = None


def narrowed(found: Iterable[Line], places: Sequence[Organisation], wanted: Wanted) -> list[Line]:
    """The areas that are wanted; gaps and missing answers are those of the one municipality, else of anybody."""
    uses = uses_of([wanted.place] if wanted.place else places)
    conditions = [lambda line: not wanted.service_area or line.area.service_area_id == wanted.service_area.pk]
    matching = there = uses.in_use(timezone.localdate())
    if wanted.text:
        matching = matching.filter(Q(product__name__icontains=wanted.text) | Q(supplier__name__icontains=wanted.text))
    if wanted.supplier:
        matching = matching.filter(supplier=wanted.supplier)
    if wanted.months:
        matching = matching.ending_soon(wanted.months)
    if matching is not there:
        conditions.append(_among(matching))
    if wanted.only in ONLY:
        conditions.append(ONLY[wanted.only](uses, 1 if wanted.place else len(places)))
    return [line for line in found if all(fits(line) for fits in conditions)]


def _among(uses: Any) -> Any:
    areas = set(uses.order_by().values_list("area_id", flat=True).distinct())
    return lambda line: line.area.pk in areas


def _gaps(uses: Any, _count: int) -> Any:
    today = timezone.localdate()
    beside = uses.in_use(today).order_by().filter(area=OuterRef("area"), inventory=OuterRef("inventory"))
    absent = Q(answer=SystemUse.Answer.SYSTEM) & ~Exists(beside)
    lacking = _among(uses.filter(Q(answer=SystemUse.Answer.NONE) | absent))
    return lambda line: line.having > 0 and lacking(line)


def _unanswered(uses: Any, count: int) -> Any:
    rows = uses.order_by().values("area_id").annotate(answered=Count("inventory", distinct=True))
    answered = {row["area_id"]: row["answered"] for row in rows}
    return lambda line: answered.get(line.area.pk, 0) < count


ONLY: dict[str, Any] = {
    "ulike": lambda _uses, _count: lambda line: line.different > 1,
    "felles": lambda _uses, _count: lambda line: line.is_shared,
    "hull": _gaps,
    "mangler": _unanswered,
}
