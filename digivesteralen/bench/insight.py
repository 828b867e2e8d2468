"""What the inventories tell, over all of them: the pages that compare, and how alike the municipalities are."""

from __future__ import annotations

from digivesteralen.bench.measuring import Row, counted, timed
from digivesteralen.bench.pages import Page, in_, measured
from digivesteralen.bench.world import WHOLE, World
from surveys import convergence
from surveys.models import AreaConvergence, SystemUse
from surveys.windows import windows

MOST_MILLISECONDS, MOST_SECONDS = 200, 1
PAGES = [
    Page("matrix of areas and municipalities", in_("inventory_matrix")),
    Page("... narrowed", lambda world: f"{in_('inventory_matrix')(world)}?bare=hull&maneder=36&sort=-different"),
    Page("how alike the municipalities are", in_("inventory_alike")),
    Page("who resembles whom", in_("inventory_resembling"), director=True),
    Page("two municipalities side by side", in_("inventory_pair"), director=True),
    Page("how good the answers are", in_("inventory_quality")),
    Page("contracts that end", in_("inventory_expiry")),
]
WINDOWS_WITHIN = 2


def measure(world: World, smaller: World, *, runs: int) -> list[Row]:
    return [
        *measured(PAGES, world, smaller, runs=runs, most=MOST_MILLISECONDS),
        _index(world, runs),
        _windows(world, smaller, runs),
    ]


def _index(world: World, runs: int) -> Row:
    """The index of every area at every level, in one read."""
    places, levels = [place.pk for place in world.municipalities], AreaConvergence.Level.values
    with counted() as questions:
        convergence.per_area(places, levels)
    took = timed(lambda: convergence.per_area(places, levels), runs)
    whole = len(places) >= WHOLE
    return Row(
        "convergence of all areas, three levels", took, queries=questions.queries,
        target=f"< {MOST_SECONDS} s" if whole else "", good=took < MOST_SECONDS if whole else None,
    )  # fmt: skip


def _windows(world: World, smaller: World, runs: int) -> Row:
    """Every window over all contracts: who can join, from when, and whether it takes an option."""
    with counted() as here:
        windows(world.collaboration)
    with counted() as there:
        windows(smaller.collaboration)
    took = timed(lambda: windows(world.collaboration), runs)
    whole, good = len(world.municipalities) >= WHOLE, here.queries <= there.queries
    uses = SystemUse.objects.of(world.collaboration).count()
    return Row(
        f"windows of joint procurement over {uses} uses", took, queries=here.queries, queries_small=there.queries,
        target=f"no more queries, < {WINDOWS_WITHIN} s" if whole else "no more queries",
        good=good and (not whole or took < WINDOWS_WITHIN),
    )  # fmt: skip
