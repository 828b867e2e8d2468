"""An inventory sheet of thousands of rows: read, checked, looked over and written; against saving row by row."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import Workbook

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import WHOLE, World
from surveys.actions import imports
from surveys.models import Area, Inventory, Product, SystemUse

ROWS, QUICK, MANY = 2_000, 200, 20_000
TIMES_AS_FAST = 10
MANY_IN, MANY_WITHIN = 30, 300  # seconds, MiB
HEADER = ["Fagområde", "System", "Leverandør", "Avtaleutløp"]


def measure(world: World, *, quick: bool) -> list[Row]:
    count = QUICK if quick else ROWS
    one_by_one = timed(lambda: _save_one_by_one(world, count))
    took, memory = _import(world, count)
    faster = one_by_one / took
    rows = [
        Row(f"{count} rows saved one by one", one_by_one, 1.0),
        Row(
            f"import of {count} rows ({faster:.1f} times as fast)", took, took / one_by_one, memory=memory,
            target=f"at least {TIMES_AS_FAST} times as fast",
            good=None if quick else faster >= TIMES_AS_FAST,
        ),
    ]  # fmt: skip
    if len(world.municipalities) >= WHOLE and not quick:
        took, memory = _import(world, MANY)
        good = took < MANY_IN and memory < MANY_WITHIN * MIB
        target = f"< {MANY_IN} s, < {MANY_WITHIN} MiB"
        rows.append(Row(f"import of {MANY} rows", took, memory=memory, target=target, good=good))
    return rows


def _import(world: World, count: int) -> tuple[float, int]:
    content = _sheet(count)
    before = SystemUse.objects.count()
    forget_the_peak()
    took = timed(lambda: _all_the_way(world, content))
    if SystemUse.objects.count() != before + count:
        raise RuntimeError("The import did not write what the sheet holds.")
    return took, peak()


def _all_the_way(world: World, content: bytes) -> None:
    job = imports.keep(
        kind="inventory", content=content, file_name="systemer.xlsx", collaboration=world.collaboration,
        municipality=world.municipalities[0], on_behalf=True, by=world.secretary,
    )  # fmt: skip
    job = imports.check_now(imports.read_now(job))
    imports.apply(job=job, by=None)


def _sheet(count: int) -> bytes:
    """The areas in turn, with systems that nobody had before."""
    areas = [area.name for area in Area.objects.all()]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Systemer")
    sheet.append(HEADER)
    for number in range(count):
        system = f"System {count}-{number // len(areas)}"
        sheet.append([areas[number % len(areas)], system, f"Leverandør {number % 90}", date(2028, 1, 31)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _save_one_by_one(world: World, count: int) -> None:
    areas, systems = list(Area.objects.all()), list(Product.objects.all()[:50])
    places = Inventory.objects.filter(municipality__in=world.municipalities)
    taken = set(SystemUse.objects.filter(inventory__in=places).values_list("inventory", "area", "product"))
    free = (
        (place, area, system)
        for place in places
        for area in areas
        for system in systems
        if (place.pk, area.pk, system.pk) not in taken
    )
    for _number, (place, area, system) in zip(range(count), free, strict=False):
        SystemUse(inventory=place, area=area, product=system, end_unknown=True, example=True).save()
