"""What the tests of inventories share: a small catalogue, neighbours with IT leaders, sheets made on the spot."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from digivesteralen.accounts.models import User
from governance.models import Organisation, Role
from surveys.actions import catalogue, imports, inventory
from surveys.models import Area, ImportJob, Inventory
from tests.people import appoint, person

FILES = Path(__file__).parent.parent / "files"
HEADER = ["Fagområde", "System", "Leverandør", "Avtaleutløp"]
AREAS = {
    "Fellesadministrasjon og støtte": ["Sak/arkiv", "Økonomi/regnskap", "Lønn/HR"],
    "Oppvekst": ["Barnehage/kulturskole", "Skoleadministrasjon"],
    "Helse og omsorg": ["EPJ pleie og omsorg"],
}


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    """Six areas in three service areas, and two systems that everybody knows."""
    made = {
        name: catalogue.define_area(service_area=group, name=name, position=position)
        for group, names in AREAS.items()
        for position, name in enumerate(names)
    }
    catalogue.define_product(name="ACOS WebSak", supplier="Acos AS", area=made["Sak/arkiv"])
    catalogue.define_product(name="Elements", supplier="Sikri", area=made["Sak/arkiv"])
    return made


@pytest.fixture
def hadsels_it_leader(hadsel: Organisation) -> User:
    who = person("IT-leder Hadsel", organisation=hadsel)
    appoint(who, Role.IT_LEADER, hadsel)
    return who.user


@pytest.fixture
def ours(sortland: Organisation) -> Inventory:
    return inventory.inventory_of(sortland)


@pytest.fixture
def hadsels(hadsel: Organisation) -> Inventory:
    return inventory.inventory_of(hadsel)


def sheet(*rows: list[Any], header: list[str] | None = None, name: str = "Systemer") -> bytes:
    """A spreadsheet as somebody would make it in Excel."""
    book = Workbook()
    page = book.active
    page.title = name
    for row in [header or HEADER, *rows]:
        page.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def looked_over(content: bytes, *, by: Any, name: str = "systemer.xlsx", **more: Any) -> ImportJob:
    """A file read and checked with the columns as proposed, ready to be confirmed."""
    job = imports.keep(kind="inventory", content=content, file_name=name, by=by, **more)
    job = imports.read_now(job)
    return imports.check_now(job) if job.state == "read" else job


def faults(job: ImportJob) -> list[tuple[str, str]]:
    """The cells with faults, and the sentences."""
    return [(one["cell"], one["sentence"]) for row in job.rows.errors().in_order() for one in row.messages]
