"""The main pages, each as the one who uses it most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.test import Client
from django.urls import reverse

from digivesteralen.bench.measuring import Row, counted, timed
from digivesteralen.bench.world import WHOLE, World

MOST_MILLISECONDS = 100
NARROWED = "participation=takes_part&state=planning&sort=share"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Page:
    """A page, where it is in a given world, and who opens it."""

    what: str
    address: Callable[[World], str]
    director: bool = False


def in_(name: str, *more: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.collaboration.slug, *more])


REFERENCE = Page("a plain page (own profile)", lambda world: reverse("profile"))
PAGES = [
    Page("start, director", lambda world: reverse("start"), director=True),
    Page("start, secretariat", lambda world: reverse("start")),
    Page("collaboration", in_("collaboration")),
    Page("portfolio", in_("portfolio")),
    Page("portfolio, director", in_("portfolio"), director=True),
    Page("portfolio, filtered", lambda world: f"{in_('portfolio')(world)}?{NARROWED}"),
    Page("timeline", in_("timeline")),
    Page("prioritisation", in_("order")),
    Page("prioritisation, director", in_("order"), director=True),
    Page("saved rankings", in_("rankings")),
    Page("one municipality", lambda world: in_("portfolio_municipality", world.municipalities[0].number)(world)),
    Page("project", lambda world: world.project.get_absolute_url(), director=True),
    Page("meetings", in_("meetings")),
    Page("cases", in_("cases")),
    Page("a case", lambda world: world.case.get_absolute_url(), director=True),
    Page("a meeting", lambda world: world.held.get_absolute_url(), director=True),
    Page("minutes being written", lambda world: reverse("minutes", args=world.held.address)),
    Page("the municipalities' decisions", in_("adoptions")),
    Page("... as a matrix", in_("adoption_matrix")),
    Page("... as a map", in_("adoption_map")),
    Page("agreements", in_("agreements")),
    Page("systems of all", in_("inventory_matrix")),
    Page("an inventory", lambda world: world.inventory.get_absolute_url(), director=True),
    Page("survey results", lambda world: world.survey.get_absolute_url()),
    Page("reports", in_("reports")),
]


def measure(world: World, smaller: World, *, runs: int) -> list[Row]:
    plain = timed(_opener(REFERENCE, world), runs)
    reference = Row(REFERENCE.what, plain, 1.0, _queries(REFERENCE, world), _queries(REFERENCE, smaller))
    return [reference, *measured(PAGES, world, smaller, runs=runs, most=MOST_MILLISECONDS)]


def measured(pages: Sequence[Page], world: World, smaller: World, *, runs: int, most: int) -> list[Row]:
    for place in (world, smaller):
        # The first visit of the day brings the person's groups up to date.
        for who in (REFERENCE, replace(REFERENCE, director=True)):
            _opener(who, place)()
    plain = timed(_opener(REFERENCE, world), runs)
    return [_row(page, world, smaller, plain, runs, most) for page in pages]


def _row(page: Page, world: World, smaller: World, plain: float, runs: int, most: int) -> Row:
    seconds = timed(_opener(page, world), runs)
    here, there = _queries(page, world), _queries(page, smaller)
    target, good = "no more queries", here <= there
    if len(world.municipalities) >= WHOLE:
        target, good = f"{target}, < {most} ms", good and seconds * 1000 < most
    return Row(page.what, seconds, seconds / plain, here, there, target=target, good=good)


def _queries(page: Page, world: World) -> int:
    visit = _opener(page, world)
    with counted() as count:
        visit()
    return count.queries


def _opener(page: Page, world: World) -> Callable[[], None]:
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(world.director if page.director else world.secretary, backend=BACKEND)
    address = page.address(world)

    def open_it() -> None:
        status = client.get(address).status_code
        if status != 200:
            raise RuntimeError(f"{address} answers {status}.")

    return open_it
