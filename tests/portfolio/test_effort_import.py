"""Hours from a spreadsheet: looked over first, written with the verb of the page, and taken back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.spreadsheets import writing
from digivesteralen.spreadsheets.writing import SheetSpec
from governance.models import Collaboration, Organisation
from portfolio import periods
from portfolio.actions import effort
from portfolio.effort_rules import Told
from portfolio.models import Effort, Participation, Project
from surveys.actions import imports
from surveys.models import ImportJob
from tests.portfolio.money import here, workbook

HEADER = ["Kommune", "Prosjekt", "Periode", "Timer", "Timesats", "Anslag"]
LAST_YEAR = timezone.localdate().year - 1
HALF = f"1. halvår {LAST_YEAR}"


@pytest.fixture
def looked_over(digi: Collaboration, secretary: User) -> Callable[..., ImportJob]:
    """A sheet uploaded by the secretariat, read and checked."""

    def look(*rows: list[Any], header: list[Any] = HEADER, by: User = secretary, municipality: Any = None) -> ImportJob:
        content = writing.workbook([SheetSpec("Timer", header, rows)])
        job = imports.keep(
            kind="effort", content=content, file_name="timer.xlsx", collaboration=digi, municipality=municipality, by=by
        )
        return imports.check_now(imports.read_now(job))

    return look


@pytest.fixture
def joined(invited: dict[str, Participation], decides: Any) -> Participation:
    return decides(invited["Sortland"], 100_000, hours=Decimal(100))


def sentences(job: ImportJob) -> str:
    return " ".join(message["sentence"] for row in job.rows.in_order() for message in row.messages)


def test_new_changed_unchanged_and_wrong(
    looked_over: Any, digi: Collaboration, sortland: Organisation, bo: Organisation, secretary: User
) -> None:
    half = periods.half_years(LAST_YEAR)[0]
    for place, hours in ((sortland, 100), (bo, 50)):
        told = Told(organisation=place, period=half, hours=Decimal(hours))
        effort.tell_hours(collaboration=digi, told=[told], by=secretary)
    job = looked_over(
        ["Sortland", None, HALF, 120, None, "ja"],
        ["Bø", None, HALF, 50, None, None],
        ["1866", None, HALF, 70, 612.5, None],
        ["Andøy", None, HALF, "mange", None, None],
        ["Øksnes", None, HALF, None, None, None],
    )
    assert job.counts == {"new": 1, "changed": 1, "unchanged": 2, "errors": 1}
    imports.apply(job=job, by=secretary)
    assert {(told.organisation.name, told.hours, told.estimated) for told in Effort.objects.all()} == {
        ("Sortland", 120, True), ("Bø", 50, False), ("Hadsel", 70, False),
    }  # fmt: skip
    assert Effort.objects.get(organisation__number="1866").rate == Decimal("612.50")
    assert all(told.on_behalf for told in Effort.objects.all())


def test_everything_is_as_it_was_after_undoing(
    looked_over: Any, digi: Collaboration, sortland: Organisation, director: User, secretary: User
) -> None:
    told = Told(organisation=sortland, period=periods.half_years(LAST_YEAR)[0], hours=Decimal(100), estimated=True)
    effort.tell_hours(collaboration=digi, told=[told], by=director)
    job = looked_over(["Sortland", None, HALF, 120, 600, None], ["Bø", None, HALF, 50, None, None])
    imports.apply(job=job, by=secretary)
    imports.undo(job=job, by=secretary)
    back = Effort.objects.get()
    assert (back.hours, back.rate, back.estimated, back.on_behalf) == (100, None, True, False)
    assert back.registered_by == director


def test_hours_told_anew_stop_the_undoing(
    looked_over: Any, digi: Collaboration, bo: Organisation, secretary: User
) -> None:
    job = looked_over(["Bø", None, HALF, 50, None, None])
    imports.apply(job=job, by=secretary)
    told = Told(organisation=bo, period=periods.half_years(LAST_YEAR)[0], hours=Decimal(60))
    effort.tell_hours(collaboration=digi, told=[told], by=secretary)
    with pytest.raises(NotAllowedNow):
        imports.undo(job=job, by=secretary)
    assert Effort.objects.get().hours == 60


def test_what_changed_meanwhile_is_looked_over_once_more(
    looked_over: Any, digi: Collaboration, bo: Organisation, secretary: User
) -> None:
    job = looked_over(["Sortland", None, HALF, 50, None, None])
    told = Told(organisation=bo, period=periods.half_years(LAST_YEAR)[0], hours=Decimal(60))
    effort.tell_hours(collaboration=digi, told=[told], by=secretary)
    with pytest.raises(NotAllowedNow):
        imports.apply(job=job, by=secretary)
    assert Effort.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["Tromsø", None, HALF, 10, None, None], "municipality"),
        ([None, None, HALF, 10, None, None], "municipality"),
        (["Sortland", "Finnes ikke", HALF, 10, None, None], "project"),
        (["Sortland", "Felles skjema", HALF, 10, None, None], "period"),
        (["Sortland", None, "i fjor", 10, None, None], "period"),
        (["Sortland", None, f"1. halvår {LAST_YEAR + 2}", 10, None, None], "period"),
        (["Sortland", None, HALF, -10, None, None], "period"),
        (["Sortland", None, HALF, 10.25, None, None], "hours"),
        (["Sortland", None, HALF, 10, 0, None], "rate"),
        (["Sortland", None, HALF, 10, None, "kanskje"], "estimated"),
    ],
)
def test_each_fault_is_told_at_its_cell(looked_over: Any, invited: Any, row: list[Any], column: str) -> None:
    job = looked_over(row)
    assert job.counts["errors"] == 1
    message = job.rows.get().messages[0]
    letter = next(letter for letter, field in job.mapping["columns"].items() if field == column)
    assert message["cell"] == f"{letter}2" and message["level"] == "error"


def test_a_month_in_a_half_year_that_is_told(looked_over: Any, secretary: User) -> None:
    job = looked_over(["Sortland", None, HALF, 10, None, None], ["Sortland", None, f"mars {LAST_YEAR}", 3, None, None])
    assert job.counts["errors"] == 1


def test_the_same_hours_twice_in_a_sheet(looked_over: Any) -> None:
    job = looked_over(["Sortland", None, HALF, 10, None, None], ["1870", None, HALF, 11, None, None])
    assert job.counts["errors"] == 1 and "2" in sentences(job)


def test_a_project_by_its_title_or_its_number(looked_over: Any, joined: Any, project: Project, secretary: User) -> None:
    month = periods.this_month().starts_on
    job = looked_over(["Sortland", "felles  skjema", month, 10, None, None])
    assert job.counts["new"] == 1
    job = looked_over(["Sortland", project.number, month, 10, None, None])
    imports.apply(job=job, by=secretary)
    assert Effort.objects.get().project == project


def test_a_municipality_uploads_its_own_and_no_other(
    looked_over: Any, director: User, sortland: Organisation, secretary: User
) -> None:
    header = ["Periode", "Timer"]
    job = looked_over([HALF, 10], header=header, by=director, municipality=sortland)
    imports.apply(job=job, by=director)
    told = Effort.objects.get()
    assert (told.organisation, told.on_behalf) == (sortland, False)
    rows = [["Bø", None, HALF, 10, None, None], ["Sortland", None, HALF, 12, None, None]]
    job = looked_over(*rows, by=director, municipality=sortland)
    assert job.counts["errors"] == 1 and "Bø (A2)" in job.error
    with pytest.raises(NotAllowedNow):
        imports.apply(job=job, by=director)
    assert Effort.objects.get().hours == 10


def test_who_may_not_tell_may_not_import(looked_over: Any, auditor: User) -> None:
    job = looked_over(["Bø", None, HALF, 10, None, None])
    with pytest.raises(PermissionDenied):
        imports.apply(job=job, by=auditor)
    assert not Effort.objects.exists()


def test_a_sheet_without_hours_is_refused_with_what_it_needs(looked_over: Any, digi: Any, secretary: User) -> None:
    content = writing.workbook([SheetSpec("Ark", ["Dato", "Tekst"], [["x", "y"]])])
    job = imports.keep(kind="effort", content=content, file_name="x.xlsx", collaboration=digi, by=secretary)
    job = imports.read_now(job)
    assert job.state == ImportJob.State.REFUSED and "«Ark»" in job.error


def test_what_is_downloaded_can_be_uploaded_again(
    go: Any, looked_over: Any, digi: Collaboration, sortland: Organisation, director: User, secretary: User
) -> None:
    told = Told(organisation=sortland, period=periods.half_years(LAST_YEAR)[0], hours=Decimal("100.5"), estimated=True)
    effort.tell_hours(collaboration=digi, told=[told], by=director)
    sheet = workbook(go(director).get(f"{here('effort')}?ar={LAST_YEAR}&format=xlsx")).worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert looked_over(*rows, header=header).counts == {"new": 0, "changed": 0, "unchanged": 1, "errors": 0}


def test_the_steps_on_the_pages(go: Any, secretary: User, director: User, auditor: User, sortland: Any) -> None:
    assert go(auditor).get(here("effort_import")).status_code == 403
    for who, place in ((director, sortland), (secretary, None)):
        assert workbook(go(who).get(f"{here('effort_import')}?format=xlsx")).active["C1"].value
        content = writing.workbook([SheetSpec("Timer", HEADER, [["Sortland", None, HALF, 10, None, None]])])
        upload = SimpleUploadedFile("timer.xlsx", content)
        answer = go(who).post(here("effort_import"), {"file": upload})
        job = ImportJob.objects.latest("asked_at")
        assert answer.url == job.get_absolute_url() and job.municipality == place
        imports.check_now(imports.read_now(job))
        assert go(who).get(job.get_absolute_url()).status_code == 200
        assert go(secretary if who is director else director).get(job.get_absolute_url()).status_code == 404


def test_a_sheet_that_could_not_be_read_leads_back_here(go: Any, secretary: User, digi: Collaboration) -> None:
    content = writing.workbook([SheetSpec("Ark", ["Dato"], [["x"]])])
    job = imports.keep(kind="effort", content=content, file_name="x.xlsx", collaboration=digi, by=secretary)
    imports.read_now(job)
    assert here("effort_import") in go(secretary).get(job.get_absolute_url()).content.decode()
