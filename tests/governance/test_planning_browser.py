"""The year plan, a sent agenda and the own answer in a browser: at the desk and on a phone, and axe finds nothing."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.actions import fixed_cases
from governance.models import Body, Meeting
from tests.browser import faults_of, window
from tests.governance.meeting_helpers import a_case, a_meeting, called

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planned(steering: Body, secretary: User, directors: dict[str, User]) -> Meeting:
    """A meeting that is called, one to come with a fixed case as a draft, and a fixed case that nobody waits for."""
    meeting = called(steering, secretary, a_case(steering, secretary), a_case(steering, secretary, "To"), in_days=10)
    for month, title in ((None, "Orientering fra sekretariatet"), (3, "Regnskap og revidert budsjett")):
        fixed_cases.fix_case(body=steering, month=month, title=title, by=secretary)
    a_meeting(steering, secretary, in_days=40, place="Stokmarknes")
    return meeting


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, director: User, planned: Meeting
) -> None:
    to_come = Meeting.objects.get(state=Meeting.State.PLANNED)
    item = planned.items.earliest("position")
    seen = [
        (director, reverse("year_plan", args=["vesteralen"])),
        (secretary, reverse("year_plan", args=["vesteralen"])),
        (secretary, reverse("new_fixed", args=["vesteralen"])),
        (secretary, reverse("new_series", args=["vesteralen"])),
        (secretary, reverse("agenda", args=to_come.address)),
        (secretary, reverse("copy_agenda", args=to_come.address)),
        (secretary, reverse("change_sent", args=[*planned.address, item.pk])),
        (secretary, reverse("agenda", args=planned.address)),
        (secretary, planned.get_absolute_url()),
        (director, planned.get_absolute_url()),
        (director, reverse("answer_summons", args=planned.address)),
        (director, reverse("own_calendar")),
        (secretary, reverse("numbering", args=["vesteralen", "styringsgruppen"])),
    ]
    assert faults_of(browser, live_server, seen, unfolded=False) == []


def test_a_series_is_planned_from_the_rule_to_the_year_plan(
    browser: Browser, live_server: Any, secretary: User, steering: Body
) -> None:
    year = timezone.localdate().year + 1
    page, complaints = window(browser, live_server, secretary, reverse("new_series", args=["vesteralen"]))
    page.locator("[name=since]").fill(f"01.01.{year}")
    page.locator("[name=until]").fill(f"31.12.{year}")
    page.locator("[name=begins]").fill("09:00")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("[name=day_3]")).to_be_visible()
    assert not Meeting.objects.exists()
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("main li a", has_text="Styringsgruppen")).to_have_count(4)
    assert complaints == []
