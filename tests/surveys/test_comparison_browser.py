"""The pages that compare, in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Collaboration
from surveys.actions import convergence, inventory
from surveys.models import Area
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = [
    "", "systemer/", "systemer/?bare=hull&maneder=36", "systemer/liste/", "systemer/utlop/", "systemer/likhet/?niva=",
    "systemer/likhet/maling/", "systemer/ligner/", "systemer/sammenlign/", "systemer/kvalitet/",
]  # fmt: skip


@pytest.fixture
def filled(digi: Collaboration, areas: dict[str, Area], survey_admin: User) -> Collaboration:
    soon = timezone.localdate() + timedelta(days=100)
    for number, place in enumerate(digi.members()):
        where = inventory.inventory_of(place)
        for area in list(areas.values())[:4]:
            inventory.add_system(
                inventory=where, area=area, product=["Elements", "Et system med et langt navn"][number % 2],
                supplier="Leverandøren", contract_end=soon, by=None,
            )  # fmt: skip
        inventory.answer_area(inventory=where, area=areas["EPJ pleie og omsorg"], answer="none", by=None)
        if not number:
            inventory.add_system(
                inventory=where, area=areas["EPJ pleie og omsorg"], product="Gerica", end_unknown=True, by=None
            )
    convergence.keep(collaboration=digi, title="Første kartlegging", on=date(2024, 3, 12), by=survey_admin)
    return digi


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, survey_admin: User, filled: Collaboration
) -> None:
    seen = [(survey_admin, f"/vesteralen/kartlegging/{path}") for path in PATHS]
    assert faults_of(browser, live_server, seen) == []
