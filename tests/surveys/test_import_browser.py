"""The steps of an import in a browser: at both widths nothing spills over, and axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from digivesteralen.documents import jobs
from governance.models import Collaboration, Organisation
from surveys.actions import import_erasing, imports
from surveys.models import ImportJob, SystemUse
from tests.browser import UNFOLD, faults_of, window
from tests.surveys.inventory_people import HEADER, looked_over, sheet

pytestmark = pytest.mark.django_db(transaction=True)
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [["Sak/arkiv", "ACOS WebSak", "Acos AS", "31.12.2027"], ["Romfart", "Elements", "Sikri", "snart"]]


@pytest.fixture
def pages(digi: Collaboration, sortland: Organisation, areas: Any, it_leader: Any) -> list[str]:
    """An import in each of its states, and what stands around them."""
    made = [
        looked_over(sheet(*ROWS), by=it_leader, name=f"systemer {n}.xlsx", collaboration=digi, municipality=sortland)
        for n in range(4)
    ]
    connecting, previewed, written, erased = made
    columns = connecting.mapping["columns"]
    imports.connect(job=connecting, version=None, columns=columns, remember_as="Vårt skjema", by=it_leader)
    written = imports.apply(job=written, by=it_leader)
    imports.ask_to_apply(job=imports.check_now(previewed), version=None, by=it_leader)
    import_erasing.erase(job=erased, by=it_leader)
    waits = looked_over(sheet(*ROWS), by=it_leader, name="nye.xlsx", collaboration=digi, municipality=sortland)
    steps = [one.get_absolute_url() for one in (previewed, written, erased, waits)]
    log = f"/{digi.slug}/kartlegging/import/"
    return [*steps, f"{connecting.get_absolute_url()}kolonner/", f"{written.get_absolute_url()}slett/", log]


def test_nothing_spills_and_axe_finds_nothing(
    browser: Browser, live_server: Any, pages: list[str], it_leader: Any
) -> None:
    assert faults_of(browser, live_server, [(it_leader, path) for path in pages], unfolded=False) == []
    assert ImportJob.objects.filter(state="applying").count() == 1


HOSTILE = '<img src="x" onerror="window.ran = 1"><script>window.ran = 1</script>'
MARKUP = "img[src='x'], main script, [onerror], [onclick]"


def test_what_a_file_says_is_text_on_every_step(
    browser: Browser, live_server: Any, digi: Collaboration, sortland: Organisation, areas: Any, it_leader: Any
) -> None:
    """T09: a script in headers, cells, the sheet's name and the file's, uploaded, looked over and written."""
    rows = [["Sak/arkiv", HOSTILE, HOSTILE, "31.12.2027", HOSTILE], [HOSTILE, "Elements", "Sikri", HOSTILE, HOSTILE]]
    content = sheet(*rows, header=[*HEADER, HOSTILE], name="<b onclick=ran()>")
    page, complaints = window(browser, live_server, it_leader, "/kommune/1870/systemer/import/")
    page.locator("input[type=file]").set_input_files({"name": f"{HOSTILE}.xlsx", "mimeType": MIME, "buffer": content})
    page.locator("main form:has(input[type=file]) button[type=submit]").click()
    page.wait_for_url("**/kartlegging/import/*-*/")

    def seen(path: str) -> str:
        page.goto(live_server.url + path)
        page.evaluate(UNFOLD)
        assert page.locator(MARKUP).count() == 0, path
        assert page.evaluate("window.ran") is None, path
        return page.locator("main").inner_text()

    job = ImportJob.objects.get()
    jobs.run(job.work_id)
    here = job.get_absolute_url()
    assert HOSTILE in seen(here), "its header, beside the choice of what it is"
    job = imports.check_now(ImportJob.objects.get())
    told = seen(here)
    assert told.count(HOSTILE) >= 3, "the system, the area that is none, and the day that is none"
    assert "<b onclick=ran()>" in told, "the name of the sheet"
    seen(f"{here}navn/")
    imports.apply(job=job, by=it_leader)
    for path in (here, f"/{digi.slug}/kartlegging/import/", "/kommune/1870/systemer/"):
        seen(path)
    assert SystemUse.objects.get().product.name == HOSTILE
    assert complaints == []
