"""The pages of joint procurement in a browser: at both widths nothing spills over, and axe finds nothing."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from surveys.actions import alerts, inventory, procurement
from surveys.models import Area, SystemUse
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(six: list[Organisation], digi: Collaboration, areas: dict[str, Area], it_leader: User) -> Area:
    """Every kind of contract: an end, an option, one that runs, one that renews itself and one that nobody knows."""
    year = timezone.localdate().year
    said: list[dict[str, Any]] = [
        {"contract_end": date(year + 2, 6, 30)},
        {"contract_end": date(year + 1, 6, 30), "options": 2, "option_months": 12},
        {"contract_end": date(year + 3, 12, 31), "binding_until": date(year + 1, 1, 31), "notice_months": 6},
        {"end_running": True, "notice_months": 6, "notice_to": "quarter"},
        {"contract_end": date(year + 1, 3, 31), "renews_months": 12, "notice_months": 6},
        {"end_unknown": True},
    ]
    for place, contract in zip(six, said, strict=True):
        own = inventory.inventory_of(place)
        use = inventory.add_system(
            inventory=own, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=None
        )
        SystemUse.objects.filter(pk=use.pk).update(**{"end_unknown": False} | contract)
    procurement.plan_own_purchase(
        municipality=it_leader.person.organisation, area=areas["Sak/arkiv"], title="Nytt arkiv",
        signs_on=date(year + 1, 1, 31), by=it_leader,
    )  # fmt: skip
    alerts.raise_alerts()
    return areas["Sak/arkiv"]


def test_the_pages_hold_and_everybody_can_read_them(
    filled: Area, secretary: User, it_leader: User, live_server: Any, browser: Browser
) -> None:
    seen = (
        (secretary, reverse("procurement", args=["vesteralen"])),
        (secretary, reverse("procurement_window", args=["vesteralen", filled.pk])),
        (it_leader, reverse("contract_alerts", args=["1870"])),
        (it_leader, reverse("own_purchases", args=["1870"])),
    )
    assert faults_of(browser, live_server, seen, unfolded=False) == []
