"""The facts the demo loads: what the founding documents say, and the example layer, read from `data/`.

Only reads files. What the facts become in the portal is decided where they are loaded.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
YES_NO = {"ja": True, "nei": False}


@dataclass(frozen=True, slots=True)
class MunicipalityFact:
    """A municipality as the registers had it; an empty figure is an unknown one."""

    collaboration: str  # vesteralen, trondelag, or nabo: in a region without being a member
    number: str
    name: str
    official_name: str
    organisation_number: str
    county_number: str
    county: str
    valid_from: date | None
    valid_to: date | None  # the first day the number no longer held
    language: str
    website: str
    centre: str
    population: dict[date, int]
    successors: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogueFact:
    """A specialist system known in Norwegian municipalities, under its service area and functional area."""

    service_area: str
    functional_area: str
    product: str
    supplier: str


@dataclass(frozen=True, slots=True)
class SystemUseFact:
    """One row of the example inventory: a municipality uses a system. Never what it really uses."""

    municipality: str
    service_area: str
    functional_area: str
    system: str
    supplier: str
    contract_end: date | None
    end_unknown: bool
    operated_by: str
    example: bool
    contract: dict[str, Any]


def municipalities(collaboration: str | None = None) -> list[MunicipalityFact]:
    """Every municipality of the demo, or those of one collaboration."""
    found = [
        MunicipalityFact(
            collaboration=row["samarbeid"],
            number=row["kommunenummer"],
            name=row["navn"],
            official_name=row["offisielt_navn"],
            organisation_number=row["organisasjonsnummer"],
            county_number=row["fylkesnummer"],
            county=row["fylke"],
            valid_from=_date(row["gyldig_fra"]),
            valid_to=_date(row["gyldig_til"]),
            language=row["malform"],
            website=row["nettsted"],
            centre=row["administrasjonssenter"],
            population=_population(row),
            successors=_several(row["etterfolgere"]),
            regions=_several(row["regioner"]),
        )
        for row in _rows("municipalities.csv")
    ]
    return [one for one in found if collaboration in (None, one.collaboration)]


def catalogue() -> list[CatalogueFact]:
    """The systems an IT leader is offered when filling in the inventory."""
    return [
        CatalogueFact(row["tjenesteområde"], row["fagområde"], row["produkt"], row["leverandør"])
        for row in _rows("catalogue.csv")
    ]


def inventory(number: str | None = None) -> list[SystemUseFact]:
    """The example inventory, whole or of one municipality."""
    found = [
        SystemUseFact(
            municipality=row["kommunenummer"],
            service_area=row["tjenesteområde"],
            functional_area=row["fagområde"],
            system=row["system"],
            supplier=row["leverandør"],
            contract_end=_date(row["avtaleutløp"]),
            end_unknown=YES_NO[row["vet_ikke"]],
            operated_by=row["driftes_av"],
            example=YES_NO[row["eksempel"]],
            contract=_contract(row),
        )
        for row in _rows("inventory.csv")
    ]
    return [one for one in found if number in (None, one.municipality)]


def _contract(row: dict[str, str]) -> dict[str, Any]:
    """What the row says of binding, notice, options and renewal, by the names of the columns in the portal."""
    whole = {
        "notice_months": "oppsigelse_mnd", "options": "opsjoner", "option_months": "opsjon_mnd",
        "renews_months": "fornyes_mnd",
    }  # fmt: skip
    said: dict[str, Any] = {name: int(row[column]) for name, column in whole.items() if row[column]}
    if row["bindende_til"]:
        said["binding_until"] = _date(row["bindende_til"])
    if row["oppsigelse_til"]:
        said["notice_to"] = row["oppsigelse_til"]
    return said


def vesteralen() -> dict[str, Any]:
    """DigiVesterålen at the end of its pre-project."""
    return _toml("vesteralen.toml")


def trondelag() -> dict[str, Any]:
    """DiguT Trøndelag: strategy, resolution and Holtålen's decision."""
    return _toml("trondelag.toml")


def registers() -> dict[str, Any]:
    """Lines of the registers in the present-day layer; nothing in it is real."""
    return _toml("registers.toml")


def example() -> dict[str, Any]:
    """The present-day layer; nothing in it is real."""
    return _toml("example.toml")


def agreements() -> dict[str, Any]:
    """A second version, a task body under way, an assessment; all of it made up."""
    return _toml("agreements.toml")


def follow_up() -> dict[str, Any]:
    """Risks and log entries: those of the pre-project are told in the report, the others are made up."""
    return _toml("follow_up.toml")


def report() -> dict[str, Any]:
    """The authored chapters of the final report."""
    return _toml("report.toml")


def sources() -> list[dict[str, Any]]:
    """Where each data file comes from, and when it was made."""
    found: list[dict[str, Any]] = _toml("sources.toml")["file"]
    return found


def paragraphs(text: str) -> list[str]:
    """The paragraphs of an authored text, which an empty line parts."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def day(loaded: date, days: int, *, same_year: bool = False) -> date:
    """A working day `days` from the day of loading; `same_year` keeps a past one inside that year."""
    found = loaded + timedelta(days=days)
    if same_year:
        found = max(found, date(loaded.year, 1, 1))
    if found.weekday() < 5:
        return found
    monday = found + timedelta(days=7 - found.weekday())
    friday = found - timedelta(days=found.weekday() - 4)
    # What is past stays past, and stays in its year; on New Year's weekend no working day fits both.
    if days >= 0:
        return monday
    if same_year and friday.year < loaded.year:
        return min(monday, loaded)
    return friday


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";", strict=True)


@cache
def _toml(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _population(row: dict[str, str]) -> dict[date, int]:
    columns = [name for name in row if name.startswith("folketall_") and row[name]]
    return {date(int(name.removeprefix("folketall_")), 1, 1): int(row[name]) for name in columns}
