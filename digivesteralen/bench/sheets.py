"""An inventory sheet of 20 columns all the way in; against a default dry run of django-import-export."""

from __future__ import annotations

import hashlib
import io
from datetime import date

import tablib
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget
from openpyxl import Workbook

from digivesteralen.bench.measuring import MIB, Row, forget_the_peak, peak, timed
from digivesteralen.bench.world import WHOLE, World
from surveys.actions import imports
from surveys.models import Area, Inventory, Product, Supplier, SystemUse

ROWS, QUICK, MANY = 2_000, 200, 20_000
SUPPLIERS = 90
TIMES_AS_FAST = 10
MANY_IN, MANY_WITHIN = 30, 300  # seconds, MiB
HEADER = {
    "Kommune": "inventory", "Fagområde": "area", "System": "product", "Leverandør": "supplier",
    "Avtaleutløp": "contract_end", "Avtaletype": "contract_type", "Bundet til": "binding_until",
    "Oppsigelsestid": "notice_months", "Opsjoner": "options", "Lengde på opsjon": "option_months",
    "Årlig kostnad": "annual_cost", "Versjon": "release", "Driftes av": "operation", "Systemeier": "owner",
    "Systemansvarlig": "responsible", "Antall brukere": "users", "Kritikalitet": "criticality",
    "Personopplysninger": "personal_data", "Tatt i bruk": "live_on", "Merknad": "remark",
}  # fmt: skip
BY_NAME = {
    "inventory": ForeignKeyWidget(Inventory, "municipality__number"),
    "area": ForeignKeyWidget(Area, "name"),
    "product": ForeignKeyWidget(Product, "name"),
    "supplier": ForeignKeyWidget(Supplier, "name"),
}


class DefaultResource(ModelResource):
    """What the library's own guide leads to: a resource that finds the row by its key, and everything else as it is."""

    class Meta:
        model = SystemUse
        fields = tuple(HEADER.values())
        import_id_fields = ("inventory", "area", "product")

    def __init__(self) -> None:
        super().__init__()
        for header, name in HEADER.items():
            self.fields[name].column_name = header
            if name in BY_NAME:
                self.fields[name] = Field(attribute=name, column_name=header, widget=BY_NAME[name])


def measure(world: World, *, quick: bool) -> list[Row]:
    rows = _compared(world, QUICK if quick else ROWS, judged=not quick)
    if len(world.municipalities) >= WHOLE and not quick:
        rows += _compared(world, MANY, judged=True)
    return rows


def _compared(world: World, count: int, *, judged: bool) -> list[Row]:
    """The same file by both ways; what the library looks for by name is in the catalogue."""
    content = sheet(world, count)
    default = timed(lambda: _default_dry_run(content, count))
    took, memory = _import(world, content, count)
    faster = default / took
    good = faster >= TIMES_AS_FAST and (count < MANY or (took < MANY_IN and memory < MANY_WITHIN * MIB))
    target = f"< {MANY_IN} s, < {MANY_WITHIN} MiB, " if count >= MANY else ""
    return [
        Row(f"default dry run of django-import-export, {count} rows", default, 1.0),
        Row(
            f"import of {count} rows of {len(HEADER)} columns ({faster:.1f} times as fast)", took, took / default,
            memory=memory, target=f"{target}at least {TIMES_AS_FAST} times as fast", good=good if judged else None,
        ),
    ]  # fmt: skip


def _import(world: World, content: bytes, count: int) -> tuple[float, int]:
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


def _default_dry_run(content: bytes, count: int) -> None:
    result = DefaultResource().import_data(tablib.Dataset().load(content, format="xlsx"), dry_run=True)
    if result.totals["new"] != count:
        raise RuntimeError(f"The library did not take what the sheet holds: {dict(result.totals)}.")


def sheet(world: World, count: int) -> bytes:
    """The areas in turn, with systems that are in the catalogue and that nobody has there."""
    areas = [area.name for area in Area.objects.all()]
    number = world.municipalities[0].number
    names = _systems(-(-count // len(areas)), count)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Systemer")
    sheet.append(list(HEADER))
    for n in range(count):
        sheet.append(
            [
                number, areas[n % len(areas)], names[n // len(areas)], f"Leverandør {n % SUPPLIERS}", date(2028, 1, 31),
                "ssa_l", date(2027, 6, 30), 3, 2, 12, 1_000 + n * 10, f"{n % 12}.{n % 7}", "supplier",
                f"Virksomhetsleder {n % 40}", f"Fagansvarlig {n % 30}", n % 900, "high", "personal",
                date(2020, 1, n % 28 + 1), f"Avtale {n} ligger i arkivet",
            ]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _systems(count: int, seed: int) -> list[str]:
    """Systems of the catalogue, of names that resemble no other; and suppliers."""
    suppliers = [f"Leverandør {n}" for n in range(SUPPLIERS)]
    Supplier.objects.bulk_create(
        (Supplier(name=name, key=name.casefold()) for name in suppliers), ignore_conflicts=True
    )
    names = [hashlib.sha256(f"{seed} {n}".encode()).hexdigest()[:16] for n in range(count)]
    Product.objects.bulk_create(Product(name=name, key=name) for name in names)
    return names
