"""Files made to harm, uploaded on the product's own page and read by its own job (security.md T01–T05)."""

import resource
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from digivesteralen.accounts.models import User
from digivesteralen.audit.history import event_model
from digivesteralen.documents import jobs
from surveys.models import ImportJob, SystemUse
from tests.spreadsheets import hostile

OWN = "/kommune/1870/systemer/import/"
NAME = "systemer.xlsx"


def far(address: str) -> bytes:
    return hostile.sheet_of(f'<row r="1">{hostile.text_cell("A1")}</row><row r="9">{hostile.text_cell(address)}</row>')


def twins() -> bytes:
    """Two sheets with the same headers."""

    def fill(sheet: Any) -> None:
        for one in (sheet, sheet.parent.create_sheet("Også")):
            one.append(["Fagområde", "System"])
            one.append(["Sak/arkiv", "Elements"])

    return hostile.workbook(fill)


FILES: dict[str, Callable[[], bytes]] = {
    "a bomb": lambda: hostile.bomb(120),
    "a bomb that lies": lambda: hostile.lying_bomb(100),
    "a column far out": lambda: far("XFD1048576"),
    "more rows than there are": lambda: hostile.sheet_of(
        "".join(f'<row r="{n}">{hostile.text_cell(f"A{n}")}</row>' for n in range(1, 20_502))
    ),
    "definitions": lambda: hostile.with_dtd('<!ENTITY x "lol">'),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_made_to_harm_is_refused_with_its_name_and_nothing_is_written(
    client: Client, it_leader: User, areas: Any, what: str
) -> None:
    """The page answers, the import stands as not readable with who tried, and this process has not read it itself."""
    client.force_login(it_leader)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = FILES[what]()
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    page = client.post(OWN, {"file": SimpleUploadedFile(NAME, content)}, follow=True)
    job = ImportJob.objects.get()
    if job.work_id:
        jobs.run(job.work_id)
        job.refresh_from_db()
        page = client.get(job.get_absolute_url())

    assert (page.status_code, job.state) == (200, ImportJob.State.REFUSED)
    assert NAME in job.error and escape(job.error) in page.content.decode()
    assert not SystemUse.objects.exists() and not job.rows.exists()
    told = event_model(ImportJob).objects.filter(pgh_obj_id=job.pk, state=ImportJob.State.REFUSED).get()
    assert told.pgh_context["user"] == it_leader.pk
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before - made < 50 * 1024


def test_of_two_sheets_with_the_same_headers_the_person_is_told_which_was_not_read(
    client: Client, it_leader: User, areas: Any
) -> None:
    client.force_login(it_leader)
    client.post(OWN, {"file": SimpleUploadedFile(NAME, twins())})
    jobs.run(ImportJob.objects.get().work_id)

    page = client.get(ImportJob.objects.get().get_absolute_url()).content.decode()

    assert "Lest fra arket «Sheet». Ikke lest: «Også». Samle radene i ett ark for å få med alle." in page
