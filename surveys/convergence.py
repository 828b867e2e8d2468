"""How alike the municipalities are in what they use: the index of an area, and of all areas together (8.2).

Definitions. N municipalities are asked about an area; k of them have answered, «no system» and «not relevant» too; n
of the k have a system there. Only those n are compared: one that has no system is neither like nor unlike the rest, and
would otherwise make an area in which two use different systems look alike. A system that is out of use, or only
planned, is none (``SystemUseQuerySet.in_use``). A municipality with m systems gives 1/m to
each, and p is what a system gets of the n, so that all p add up to 1.

    H = Σ p²      C = max(0, (H − 1/n) / (1 − 1/n))      effective number = 1/H      largest share = max p

C is 0 when all are different and 1 when all are the same; with fewer than two it is not defined. The coverage, k of N,
stands beside it always, since an area that few have answered looks more alike than it is. All areas together: the
mean of C over the areas where it is defined, each counted the same, or by the costs that the municipalities share.

Counted by system (a merged one as the one it became), by product family (a module, and a system without family, as
what it belongs to), or by supplier (one that was taken over as the one that took over; a system whose supplier nobody
knows is its own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.utils import timezone

from surveys.models import AreaConvergence
from surveys.models.inventory import USED_ON

Level = AreaConvergence.Level
FOUR, TWO = Decimal("0.0001"), Decimal("0.01")

# One row for each area, level and thing that is used there; one without a level where none has a system.
READ = """
WITH answer AS (
    SELECT use.area_id, inventory.municipality_id, use.answer = 'system' AND {used} AS there, use.product_id,
           use.supplier_id, use.example, CASE WHEN use.shares_cost AND {used} THEN use.annual_cost END AS cost
      FROM surveys_systemuse use
      JOIN surveys_inventory inventory ON inventory.id = use.inventory_id
     WHERE use.awaits_id IS NULL AND inventory.municipality_id = ANY(%(places)s)
), area AS (
    SELECT area_id, count(DISTINCT municipality_id) AS answered, sum(cost) AS cost, bool_or(example) AS example,
           count(DISTINCT municipality_id) FILTER (WHERE there) AS having_one
      FROM answer GROUP BY area_id
), named AS (
    SELECT product.id AS product_id, level.name AS level, level.thing,
           level.name = 'supplier' AS by_supplier, coalesce(main.id, product.id) AS main_id
      FROM surveys_product product
      LEFT JOIN surveys_product main ON main.id = product.merged_into_id
      LEFT JOIN surveys_product whole ON whole.id = coalesce(main.module_of_id, product.module_of_id)
      LEFT JOIN surveys_supplier supplier ON supplier.id = coalesce(main.supplier_id, product.supplier_id)
     CROSS JOIN LATERAL (VALUES
        ('product', 'p' || coalesce(main.id, product.id)),
        ('family', coalesce('f' || coalesce(main.family_id, product.family_id, whole.family_id),
                            'p' || coalesce(whole.id, main.id, product.id))),
        ('supplier', coalesce('s' || coalesce(supplier.successor_id, supplier.id),
                              'p' || coalesce(main.id, product.id)))
     ) AS level (name, thing)
     WHERE level.name = ANY(%(levels)s)
), used AS (
    SELECT DISTINCT answer.area_id, answer.municipality_id, named.level,
           CASE WHEN named.by_supplier
                THEN coalesce('s' || coalesce(own.successor_id, own.id), named.thing) ELSE named.thing END AS thing
      FROM answer
      JOIN named ON named.product_id = answer.product_id AND answer.there
      LEFT JOIN surveys_supplier own ON own.id = answer.supplier_id
), part AS (
    SELECT area_id, level, thing,
           1.0::float8 / count(*) OVER (PARTITION BY area_id, level, municipality_id) AS part
      FROM used
), share AS (
    SELECT area_id, level, thing, sum(part) AS share FROM part GROUP BY area_id, level, thing
)
SELECT area.area_id, area.answered, area.having_one, area.cost, area.example, share.level, share.share
  FROM area LEFT JOIN share ON share.area_id = area.area_id
 ORDER BY area.area_id, share.level, share.share DESC, share.thing
""".replace("{used}", USED_ON)


@dataclass(frozen=True)
class Measured:
    """The index of one area and what it is made of."""

    index: Decimal
    effective: Decimal
    largest: Decimal


def index(shares: Iterable[float]) -> Measured | None:
    """From how much of each system is used, counted in municipalities; nothing with fewer than two of them."""
    parts = [float(share) for share in shares]
    having = sum(parts)
    if having < 1.5:  # noqa: PLR2004 -- between one municipality and two, whatever the parts are rounded to
        return None
    concentration = sum((part / having) ** 2 for part in parts)
    alike = max(0.0, (concentration - 1 / having) / (1 - 1 / having))
    return Measured(_rounded(alike, FOUR), _rounded(1 / concentration, TWO), _rounded(max(parts) / having, FOUR))


@dataclass(frozen=True)
class AreaIndex:
    """How alike the municipalities are in one area."""

    area_id: int
    answered: int
    having: int
    measured: Measured | None
    cost: Decimal | None = None
    example: bool = False

    @property
    def index(self) -> Decimal | None:
        return self.measured.index if self.measured else None


def per_area(places: Collection[int], levels: Sequence[str] = (Level.PRODUCT,)) -> dict[str, list[AreaIndex]]:
    """Every area that somebody of these municipalities has answered, for each level; one read."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"places": list(places), "levels": list(levels), "day": timezone.localdate()})
        rows = cursor.fetchall()
    found: dict[str, list[AreaIndex]] = {str(level): [] for level in levels}
    for (area, answered, having, cost, example), group in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        shares: dict[str, list[float]] = {}
        for row in group:
            shares.setdefault(row[5], []).append(row[6])
        for level, areas in found.items():
            areas.append(AreaIndex(area, answered, having, index(shares.get(level, ())), cost, example))
    return found


@dataclass(frozen=True)
class Whole:
    """All areas together, with the coverage that always stands beside the index."""

    index: Decimal | None
    areas: int
    answered: int
    asked: int

    @property
    def coverage(self) -> Decimal:
        return _rounded(self.answered / self.asked, FOUR) if self.asked else Decimal(0)


def whole(areas: Iterable[AreaIndex], *, members: int, asked_areas: int, by_cost: bool = False) -> Whole:
    """The mean over the areas that have an index; the coverage over all areas that the members are asked about."""
    areas = list(areas)
    defined = [(one.index, (one.cost or 0) if by_cost else 1) for one in areas if one.index is not None]
    weight = sum(weight for _index, weight in defined)
    mean = sum(index * weight for index, weight in defined) / weight if weight else None
    return Whole(
        index=None if mean is None else Decimal(mean).quantize(FOUR),
        areas=sum(1 for _index, weight in defined if weight),
        answered=sum(one.answered for one in areas),
        asked=members * asked_areas,
    )


def _rounded(value: float, to: Decimal) -> Decimal:
    return Decimal(value).quantize(to)
