"""What a municipality that has left still reads, in a browser (security.md §7 rule 4)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, expect

from governance.models import Body, Collaboration, Meeting, Membership, Organisation, Role
from governance.permissions import sync
from portfolio.actions import projects
from tests.browser import faults_of, window
from tests.governance.meeting_helpers import a_case, called
from tests.people import appoint, person

pytestmark = pytest.mark.django_db(transaction=True)
THERE = "/kommune/1870/tidligere/vesteralen/"


def test_the_list_and_what_it_leads_to_are_whole_and_say_what_is_made_up(
    browser: Browser, live_server: Any, digi: Collaboration, sortland: Organisation, steering: Body, secretary: Any,
    directors: Any,
) -> None:  # fmt: skip
    reader = person("Leser Sortland", email="leser@sortland.example")
    appoint(reader, Role.CONTACT, sortland)
    case = a_case(steering, secretary, "Felles innlogging")
    meeting = called(steering, secretary, case)
    Meeting.objects.filter(pk=meeting.pk).update(example=True)
    project = projects.register_project(collaboration=digi, title="Felles sakarkiv", by=secretary)
    Membership.objects.filter(organisation=sortland).update(until=timezone.localdate())
    sync()

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        things = (f"moter/{meeting.pk}/", f"saker/{case.pk}/", f"prosjekter/{project.pk}/")
        seen = [(reader.user, f"{THERE}{path}") for path in ("", "?vis=rapporter", *things)]
        assert faults_of(browser, live_server, seen) == []

        page, _complaints = window(browser, live_server, reader.user, THERE)
        expect(
            page.get_by_role("link", name="Felles sakarkiv"), "what there is comes before what is empty"
        ).to_be_visible()
        page.goto(f"{live_server.url}{THERE}moter/{meeting.pk}/")
        expect(page.locator("main").get_by_text("Eksempel", exact=True)).to_be_visible()
        expect(page.get_by_role("row", name="1/26 Felles innlogging")).to_be_visible()
