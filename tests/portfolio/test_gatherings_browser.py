"""The pages of gatherings in a browser: whole and accessible at both widths, and a place taken in three presses."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import evaluations, gatherings, registrations
from portfolio.gathering_mail import evaluation_token
from tests.browser import faults_of, window
from tests.portfolio.gathering_helpers import a_gathering, a_programme, begun

pytestmark = pytest.mark.django_db(transaction=True)


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, digi: Collaboration, director: User, secretary: User, sortland: Organisation
) -> None:
    programme = a_programme(digi, secretary)
    held = a_gathering(programme, secretary, text="10.00 Start")
    anne = registrations.register_participant(
        gathering=held, municipality=sortland, name="Anne", email="anne@test.example", by=director
    )
    begun(held)
    registrations.note_attendance(gathering=held, came=[anne.pk], by=secretary)
    evaluations.evaluate(gathering=gatherings.hold_gathering(gathering=held, by=secretary), by=secretary)
    coming = a_gathering(programme, secretary, title="Andre samling", capacity=1)
    seen = [
        (director, here("gatherings")),
        (director, here("gathering", coming.pk)),
        (director, here("register_participants", coming.pk, "1870")),
        (secretary, here("programme", programme.slug)),
        (secretary, here("programme_attendance", programme.slug)),
        (secretary, here("gathering_participants", held.pk)),
        (secretary, here("change_gathering", coming.pk)),
        (director, reverse("answer_evaluation", args=[evaluation_token(anne.pk)])),
    ]
    assert faults_of(browser, live_server, seen) == []


def test_a_director_registers_somebody_and_withdraws_again(
    browser: Browser, live_server: Any, digi: Collaboration, director: User, secretary: User
) -> None:
    coming = a_gathering(a_programme(digi, secretary), secretary)
    page, complaints = window(browser, live_server, director, here("gathering", coming.pk))
    page.get_by_role("link", name="Meld på deltakere").click()
    page.get_by_label("Navn", exact=True).fill("Kari Eksempel")
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text("Kari Eksempel er påmeldt.")).to_be_visible()
    page.get_by_role("link", name="Meld av").click()
    page.get_by_role("button", name="Meld av").click()
    expect(page.get_by_text("navnet er slettet")).to_be_visible()
    assert complaints == []
    page.context.close()
