"""The IT leader's round in a browser, from opening to delivery; every page whole and accessible at both widths."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from surveys.actions import covering, inventory
from surveys.models import Area, ConfirmationRound, Inventory
from tests.browser import faults_of, window

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "/kommune/1870/systemer/"
ALL = "/vesteralen/kartlegging/"


def test_the_it_leaders_round_from_opening_to_delivery(
    browser: Browser, live_server: Any, digi: Collaboration, secretary: User, it_leader: User, ours: Inventory,
    areas: dict[str, Area], sortland: Organisation,
) -> None:  # fmt: skip
    for area, product in (("Sak/arkiv", "Elements"), ("Lønn/HR", "Visma HRM")):
        inventory.add_system(inventory=ours, area=areas[area], product=product, end_unknown=True, by=None)
    covering.register_it_collaboration(
        collaboration=digi, name="Vesterålen IT", municipalities=[sortland], since=date(2026, 1, 1), by=secretary
    )
    page, complaints = window(browser, live_server, secretary, f"{ALL}runder/ny/")
    page.get_by_role("textbox").nth(0).fill("Systemer 2026")
    page.locator("[name=answer_by]").fill("31.12.2099")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Systemer 2026")
    runde = ConfirmationRound.objects.get()
    page.context.close()

    page, more = window(browser, live_server, it_leader, f"{OWN}runde/{runde.pk}/")
    expect(page.locator("button[autofocus]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h2#linjer")).to_be_visible()
    expect(page.locator("button[autofocus]")).to_be_focused()
    correct = page.locator(f"a[href*='?runde={runde.pk}']").filter(has_text="Visma HRM")
    correct.click()
    page.locator("[name=end_unknown]").uncheck()
    page.locator("[name=contract_end]").fill("30.06.2031")
    with page.expect_navigation():
        page.locator("main form[data-draft] button[type=submit]").first.click()
    expect(page.locator("h2#linjer")).to_be_visible()
    assert sorted(runde.confirmations.values_list("outcome", flat=True)) == ["corrected", "same"]
    page.goto(live_server.url + f"{OWN}lever/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/kvittering/")
    ours.refresh_from_db()
    assert ours.state == Inventory.State.SUBMITTED
    assert [*complaints, *more] == []
    page.context.close()


def test_the_pages_are_whole_and_accessible(
    browser: Browser, live_server: Any, digi: Collaboration, secretary: User, it_leader: User, ours: Inventory,
    areas: dict[str, Area], sortland: Organisation,
) -> None:  # fmt: skip
    use = inventory.add_system(
        inventory=ours, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, hosting="cloud", by=None
    )
    for _time in range(2):
        inventory.submit(inventory=ours, version=None, by=it_leader)
        inventory.reopen(inventory=ours, version=None, by=it_leader)
    made = covering.register_it_collaboration(
        collaboration=digi, name="Vesterålen IT", municipalities=[sortland], since=date(2026, 1, 1), by=secretary
    )
    runde = ConfirmationRound.objects.create(
        collaboration=digi, title="2026", opens_on="2026-01-01", answer_by="2099-01-01", opened_by=secretary
    )
    seen = [
        (it_leader, f"{OWN}runde/{runde.pk}/"),
        (it_leader, OWN),
        (it_leader, f"{OWN}nytt/"),
        (it_leader, f"{OWN}{use.pk}/"),
        (it_leader, f"{OWN}som-andre/"),
        (it_leader, f"{OWN}leveringer/"),
        (secretary, f"{ALL}runder/"),
        (secretary, f"{ALL}runder/{runde.pk}/"),
        (secretary, f"{ALL}deling/"),
        (secretary, f"{ALL}it-samarbeid/{made.pk}/"),
        (secretary, f"{ALL}it-samarbeid/ny/"),
    ]
    assert faults_of(browser, live_server, seen) == []
