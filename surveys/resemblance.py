"""Which municipalities resemble each other in what they use, and two of them side by side (surveys.md 8.4).

Likeness is Jaccard's: of all pairs of area and system that at least one of the two has, the share that both have;
counted over the areas that both have answered, and how many those are always stands beside it. A system that is out of
use, or only planned, is none (``SystemUseQuerySet.in_use``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from surveys.comparison import answers, uses_of
from surveys.models import Area, SystemUse
from surveys.models.inventory import USED_ON
from surveys.progress import IN_ORDER

# A merged system is the one it became.
READ = """
WITH answer AS (
    SELECT inventory.municipality_id AS place, use.area_id,
           CASE WHEN {used} THEN coalesce(product.merged_into_id, product.id) END AS product
      FROM surveys_systemuse use
      JOIN surveys_inventory inventory ON inventory.id = use.inventory_id
      LEFT JOIN surveys_product product ON product.id = use.product_id
     WHERE use.awaits_id IS NULL AND inventory.municipality_id = ANY(%(places)s)
), ours AS (
    SELECT DISTINCT area_id, product FROM answer WHERE place = %(place)s
), size AS (
    SELECT area_id, count(product) AS systems FROM ours GROUP BY area_id
), theirs AS (
    SELECT DISTINCT answer.place, answer.area_id, answer.product FROM answer
      JOIN size ON size.area_id = answer.area_id WHERE answer.place <> %(place)s
), area AS (
    SELECT theirs.place, theirs.area_id, size.systems AS ours, count(theirs.product) AS theirs,
           count(ours.product) AS same
      FROM theirs JOIN size ON size.area_id = theirs.area_id
      LEFT JOIN ours ON ours.area_id = theirs.area_id AND ours.product = theirs.product
     GROUP BY theirs.place, theirs.area_id, size.systems
)
SELECT place, count(*), sum(same), sum(ours + theirs - same) FROM area GROUP BY place
""".replace("{used}", USED_ON)


@dataclass(frozen=True)
class Likeness:
    """How much another municipality resembles one's own."""

    place: Organisation
    areas: int = 0
    same: int = 0
    either: int = 0

    @property
    def share(self) -> Decimal | None:
        """Nothing where the two have answered no area in common, or none of them has a system there."""
        return (Decimal(self.same) / self.either).quantize(Decimal("0.001")) if self.either else None


def resembling(place: Organisation, others: Sequence[Organisation]) -> list[Likeness]:
    """The others, the most alike first; one read."""
    with connection.cursor() as cursor:
        places = [place.pk, *(other.pk for other in others)]
        cursor.execute(READ, {"place": place.pk, "places": places, "day": timezone.localdate()})
        counted = {other: tuple(map(int, counts)) for other, *counts in cursor.fetchall()}
    found = [Likeness(other, *counted.get(other.pk, ())) for other in others if other.pk != place.pk]
    return sorted(found, key=lambda one: (one.share is None, -(one.share or 0), -one.areas))


class Verdict(TextChoices):
    """What two municipalities have in an area."""

    SAME = "samme", _("the same system")
    DIFFERENT = "ulikt", _("different systems")
    ONE = "en", _("only one has a system")
    NEITHER = "ingen", _("neither has a system")
    UNANSWERED = "ubesvart", _("not answered by both")


@dataclass
class Beside:
    """One area of two municipalities."""

    area: Area
    first: list[str]
    second: list[str]
    verdict: Verdict
    example: bool = False


def side_by_side(first: Organisation, second: Organisation) -> list[Beside]:
    """Every area of two municipalities, in the order of the areas."""
    rows = answers(uses_of([first, second]))
    areas = Area.objects.select_related("service_area").order_by(*IN_ORDER)
    return [_beside(area, rows.get((area.pk, first.pk), []), rows.get((area.pk, second.pk), [])) for area in areas]


def _beside(area: Area, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Beside:
    mine, yours = ({_system(use) for use in uses} - {None} for uses in (ours, theirs))
    if not ours or not theirs:
        verdict = Verdict.UNANSWERED
    elif mine and yours:
        verdict = Verdict.SAME if mine & yours else Verdict.DIFFERENT
    else:
        verdict = Verdict.ONE if mine or yours else Verdict.NEITHER
    example = any(use["example"] for use in [*ours, *theirs])
    return Beside(area, [_named(use) for use in ours], [_named(use) for use in theirs], verdict, example)


def _system(use: dict[str, Any]) -> int | None:
    found: int | None = use["product__merged_into"] or use["product_id"]
    return found


def _named(use: dict[str, Any]) -> str:
    return str(use["product__name"] or SystemUse.Answer(use["answer"]).label)
