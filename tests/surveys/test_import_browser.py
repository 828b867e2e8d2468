"""The steps of an import in a browser: at both widths nothing spills over, and axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from governance.models import Collaboration, Organisation
from surveys.actions import import_erasing, imports
from surveys.models import ImportJob
from tests.browser import faults_of
from tests.surveys.inventory_people import looked_over, sheet

pytestmark = pytest.mark.django_db(transaction=True)
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
