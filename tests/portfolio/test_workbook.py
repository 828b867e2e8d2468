"""The portfolio in Excel: what other portals got wrong and mended one by one (ui §9), each point a test here."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import benefits, milestones, participation, projects
from portfolio.actions.shares import recalculate
from portfolio.models import FocusArea, Participation, Project, ProjectYear

Parts = dict[str, Participation]
Sheet = list[dict[str, Any]]


@pytest.fixture
def taken_out(client: Client) -> Callable[..., dict[str, Sheet]]:
    """The workbook as somebody takes it out: each sheet as rows by the names of its columns."""

    def take(user: User, **query: Any) -> dict[str, Sheet]:
        client.force_login(user)
        answer = client.get(reverse("portfolio", args=["vesteralen"]), {**query, "format": "xlsx"})
        assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        return {sheet.title: rows(sheet) for sheet in book.worksheets}

    return take


def rows(sheet: Any) -> Sheet:
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def known(project: Project, secretary: User) -> Project:
    """A project of which everything is registered."""
    projects.change_project(
        project=project, version=None, starts_on=date(2026, 9, 1), ends_on=date(2027, 12, 31), by=secretary
    )
    milestones.add_milestone(project=project, title="Pilot", planned_on=date(2027, 3, 1), by=secretary)
    benefits.add_benefit(project=project, gain="Færre skjema", target="31 av 84", by=secretary)
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def unknown(digi: Collaboration, secretary: User) -> Project:
    """A project of which nothing but the name is known."""
    return projects.register_project(collaboration=digi, title="Kurs", example=True, by=secretary)


def by_title(sheet: Sheet, title: str) -> dict[str, Any]:
    return next(row for row in sheet if row["Prosjekt"] == title)


def test_the_export_honours_the_filter_in_every_sheet(
    taken_out: Any, director: User, known: Project, invited: Parts, unknown: Project
) -> None:
    book = taken_out(director, state="planning")
    assert {row["Prosjekt"] for sheet in ("Portefølje", "Andeler", "Gevinster") for row in book[sheet]} == {
        "Felles skjema"
    }
    assert taken_out(director, state="idea")["Gevinster"] == []


def test_the_export_says_when_and_of_what_it_was_taken_out(taken_out: Any, director: User, known: Project) -> None:
    about = {row["Hva"]: row["Verdi"] for row in taken_out(director, state="planning")["Om filen"]}
    assert about["Utvalg"] == "Fase: planlegges"
    assert isinstance(about["Per"], datetime)


def test_words_are_those_of_the_page_and_not_codes(
    taken_out: Any, director: User, known: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Sortland"], 600_000)
    book = taken_out(director)
    row = by_title(book["Portefølje"], "Felles skjema")
    assert (row["Fase"], row["Type"], row["Betales av basisbudsjettet"]) == ("planlegges", "prosjekt", "nei")
    assert row["Deltar"] == "Sortland"
    assert row["Sortland: deltakelse"] == "deltar"
    assert {row["Deltakelse"] for row in book["Andeler"]} == {"deltar", "ikke avklart"}


def test_days_are_real_days(taken_out: Any, director: User, known: Project) -> None:
    row = by_title(taken_out(director)["Portefølje"], "Felles skjema")
    assert row["Starter"] == datetime(2026, 9, 1)  # noqa: DTZ001 -- Excel knows no time zones
    assert row["Slutter"] == datetime(2027, 12, 31)  # noqa: DTZ001
    assert row["Milepæl dato"] == datetime(2027, 3, 1)  # noqa: DTZ001


def test_a_day_that_is_known_to_the_season_alone_says_so(
    taken_out: Any, director: User, secretary: User, known: Project
) -> None:
    projects.change_project(project=known, version=None, starts_precision="season", by=secretary)
    assert by_title(taken_out(director)["Portefølje"], "Felles skjema")["Periode slik den er kjent"].startswith(
        "høsten 2026"
    )


def test_twelve_is_12_and_an_amount_is_a_number(
    taken_out: Any, director: User, secretary: User, known: Project
) -> None:
    projects.change_project(
        project=known, version=None, hours=Decimal("12.0"), shared_cost=Decimal("12.50"), by=secretary
    )
    row = by_title(taken_out(director)["Portefølje"], "Felles skjema")
    assert (row["Egeninnsats (timer)"], type(row["Egeninnsats (timer)"])) == (12, int)
    assert row["Felles kostnad (kr)"] == 12.5


def test_a_missing_day_and_a_missing_amount_are_blank_and_break_nothing(
    taken_out: Any, director: User, unknown: Project
) -> None:
    row = by_title(taken_out(director)["Portefølje"], "Kurs")
    blank = ["Starter", "Slutter", "Status per", "Felles kostnad (kr)", "Uten dekning (kr)", "Milepæl dato"]
    assert [row[name] for name in blank] == [None] * 6
    assert row["Status"] == "ikke rapportert"


def test_nought_is_not_blank(taken_out: Any, director: User, secretary: User, known: Project, invited: Parts) -> None:
    projects.change_project(project=known, version=None, shared_cost=Decimal(0), by=secretary)
    row = by_title(taken_out(director)["Portefølje"], "Felles skjema")
    nought = ["Felles kostnad (kr)", "Til fordeling (kr)", "Uten dekning (kr)", "Antall som deltar", "Tilskudd (kr)"]
    assert [row[name] for name in nought] == [0] * 5


def test_amounts_sort_as_numbers_under_a_format_that_shows_thousands(
    client: Client, director: User, known: Project, invited: Parts
) -> None:
    client.force_login(director)
    answer = client.get(reverse("portfolio", args=["vesteralen"]), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Andeler"]
    cells = sheet["F"][1:]
    assert {cell.data_type for cell in cells} == {"n"}
    assert {cell.number_format for cell in cells} == {"#,##0"}
    assert sheet.auto_filter.ref == f"A1:L{sheet.max_row}"


def test_there_is_no_silent_cap(taken_out: Any, director: User, digi: Collaboration, area: FocusArea) -> None:
    Project.objects.bulk_create(
        Project(collaboration=digi, number=n, slug=f"p-{n}", title=f"P {n}", focus_area=area) for n in range(1, 1203)
    )
    assert len(taken_out(director)["Portefølje"]) == 1202


def test_benefits_go_along(taken_out: Any, director: User, known: Project) -> None:
    assert taken_out(director)["Gevinster"] == [
        {
            "Nummer": known.number, "Prosjekt": "Felles skjema", "Gevinst": "Færre skjema",
            "Eier": "hver kommune som deltar", "Mål": "31 av 84", "Eksempel": None,
        }
    ]  # fmt: skip


def test_every_municipality_has_its_share_twice_and_they_add_up(
    taken_out: Any, director: User, known: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Bø"], 250_000)
    decides(invited["Hadsel"], 300_000)
    shares = taken_out(director)["Andeler"]
    assert [row["Kommune"] for row in shares] == ["Andøy", "Bø", "Hadsel", "Lødingen", "Sortland", "Øksnes"]
    assert sum(row["Hvis alle inviterte blir med (kr)"] for row in shares) == 600_000
    assert sum(row["Med dem som har sagt ja (kr)"] or 0 for row in shares) == 600_000
    bo = shares[1]
    assert (bo["Kommunenummer"], bo["Vedtaket dekker (kr)"], bo["Ut over vedtaket (kr)"]) == ("1867", 250_000, 50_000)


def test_the_years_have_a_sheet_where_there_are_years(
    taken_out: Any, director: User, known: Project, invited: Parts
) -> None:
    assert "Per år" not in taken_out(director)
    for year, cost in ((2026, 200_000), (2027, 400_000)):
        ProjectYear.objects.create(project=known, year=year, cost=Decimal(cost))
    recalculate([known])
    years = taken_out(director)["Per år"]
    assert [(row["År"], row["Hvis alle inviterte blir med (kr)"]) for row in years[:2]] == [
        (2026, pytest.approx(33_333.33, abs=0.01)), (2027, pytest.approx(66_666.67, abs=0.01)),
    ]  # fmt: skip
    assert sum(row["Hvis alle inviterte blir med (kr)"] for row in years) == pytest.approx(600_000)


def test_what_is_made_up_says_so_in_every_sheet(
    taken_out: Any, director: User, secretary: User, unknown: Project, six: list[Organisation]
) -> None:
    participation.invite(project=unknown, organisations=six, by=secretary)
    benefits.add_benefit(project=unknown, gain="Kunnskap", example=True, by=secretary)
    book = taken_out(director)
    assert {row["Eksempel"] for name in ("Portefølje", "Andeler", "Gevinster") for row in book[name]} == {"ja"}


def test_more_projects_ask_no_more_of_the_database(
    taken_out: Any, director: User, digi: Collaboration, area: FocusArea, known: Project, invited: Parts,
    django_assert_num_queries: Any, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    taken_out(director)
    with django_assert_max_num_queries(40) as few:
        taken_out(director)
    Project.objects.bulk_create(
        Project(collaboration=digi, number=n, slug=f"p-{n}", title=f"P {n}", focus_area=area) for n in range(10, 300)
    )
    with django_assert_num_queries(len(few)):
        taken_out(director)


def test_an_outsider_takes_out_nothing(client: Client, outsider: User, known: Project) -> None:
    client.force_login(outsider)
    assert client.get(reverse("portfolio", args=["vesteralen"]), {"format": "xlsx"}).status_code == 404
