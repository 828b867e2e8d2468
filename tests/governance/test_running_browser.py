"""A meeting is run in a browser: disqualification and a vote by name, on both widths; and on a line that breaks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from governance.actions import disqualifications, running
from governance.models import (
    Body,
    Disqualification,
    Meeting,
    Organisation,
    Resolution,
    Role,
    RuleProfile,
    TreatmentNote,
)
from tests.browser import SPILLS, acts_for, violations, window
from tests.governance.meeting_helpers import a_case, called
from tests.people import appoint

pytestmark = pytest.mark.django_db(transaction=True)


# The second press comes while the page of the first is still loading.
PRESSES_AGAIN = """() => {
    const send = HTMLFormElement.prototype.submit;
    HTMLFormElement.prototype.submit = function () { send.call(this); setTimeout(() => this.requestSubmit()); };
}"""


@pytest.fixture
def meeting(steering: Body, secretary: Any, directors: Any) -> Meeting:
    """By law, with two cases; Bø's director has told of a connection to the first."""
    facts = RuleProfile.settled("elected") | {"rules": "elected", "decision_rule": "majority"}
    RuleProfile.objects.create(body=steering, **facts)
    found = called(steering, secretary, *[a_case(steering, secretary, title) for title in ("Avtale", "Budsjett")])
    disqualifications.warn(item=found.items.all()[0], statement="Sitter i styret.", by=directors["Bø"])
    return running.start_meeting(meeting=found, by=secretary)


def is_whole(page: Page) -> None:
    assert page.evaluate(SPILLS) <= 0, page.url
    assert violations(page) == [], page.url


def unfolded(page: Page) -> None:
    page.eval_on_selector_all("main details", "all => all.forEach((each) => { each.open = true; })")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_member_steps_down_and_the_others_vote_by_name(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting, width: int
) -> None:
    here = meeting.get_absolute_url()
    question, item = Disqualification.objects.get(), meeting.items.all()[0]
    page, complaints = window(browser, live_server, secretary, f"{here}gjennomfor/", width=width)
    is_whole(page)
    page.goto(f"{live_server.url}{here}sak/{item.pk}/endring/")
    unfolded(page)
    is_whole(page)
    with page.expect_navigation():
        page.locator(f"main a[href='{here}inhabilitet/{question.pk}/']").click()
    is_whole(page)
    page.locator("[name=result][value=disqualified]").check()
    page.locator("[name=ground]").select_option("leads_a_party")
    page.locator("[name=votes_for]").fill("5")
    page.locator("[name=votes_against]").fill("0")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(f"#sak-{item.pk}")).to_contain_text(question.person.name)
    page.goto(f"{live_server.url}{here}sak/{item.pk}/")
    unfolded(page)
    is_whole(page)
    voters = page.locator("[name^=vote_]")
    expect(voters).to_have_count(5)
    for number, vote in enumerate(voters.all()):
        vote.select_option("no" if number == 0 else "yes")
    page.locator("[name=unanimous]").uncheck()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(f"#sak-{item.pk} .ds-tag").first).to_be_visible()
    told = Resolution.objects.get()
    assert (told.method, told.votes_for, told.votes_against, told.present) == ("names", 4, 1, 5)
    assert complaints == []


def test_what_is_typed_on_a_broken_line_is_sent_when_it_is_back(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting
) -> None:
    disqualifications.take_back(question=Disqualification.objects.get(), by=secretary)
    item = meeting.items.all()[0]
    page, _complaints = window(browser, live_server, secretary, f"{meeting.get_absolute_url()}gjennomfor/")
    area, state = page.locator(f"#notat-{item.pk}"), page.locator(f"#notat-{item.pk}-tilstand")
    page.context.set_offline(True)
    area.fill("Saken ble drøftet.")
    expect(state).not_to_be_empty()
    page.locator("button[autofocus]").press("Enter")
    assert not Resolution.objects.exists()
    page.context.set_offline(False)
    expect(page.locator(f"#sak-{item.pk} .ds-tag")).to_be_visible(timeout=15000)
    assert Resolution.objects.get().treatment == "Saken ble drøftet."


def test_forms_wait_for_the_line_and_a_press_is_sent_once(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting
) -> None:
    """Who else took part, the roll call and a change: nothing is lost on a broken line; two presses are one."""
    here = meeting.get_absolute_url()
    page, _complaints = window(browser, live_server, secretary, f"{here}gjennomfor/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("[name=others]").fill("KS Nord-Norge")
    page.context.set_offline(True)
    save = page.locator("form[data-waits]:has([name=others]) button[type=submit]")
    save.click()
    expect(page.locator("[data-line-state]")).not_to_be_empty()
    expect(page.locator("[name=others]")).to_have_value("KS Nord-Norge")
    save.press("Enter")
    page.evaluate(PRESSES_AGAIN)
    page.context.set_offline(False)
    expect(page.locator(".ds-alert").first).to_be_visible(timeout=15000)
    expect(page.locator("[name=others]")).to_have_value("KS Nord-Norge")
    assert len(sent) == 1, sent
    item = meeting.items.all()[0]
    for address in ("oppmote/", f"sak/{item.pk}/endring/"):
        page.goto(f"{live_server.url}{here}{address}")
        forms = page.locator("main form:not([action*='/fjern'])")
        expect(page.locator("main form[data-waits][data-draft]")).to_have_count(forms.count())


def test_a_note_that_was_not_sent_leaves_the_browser_at_sign_out_and_after_a_fortnight(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting
) -> None:
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('note:'))"
    item = meeting.items.all()[0]
    page, _complaints = window(browser, live_server, secretary, f"{meeting.get_absolute_url()}gjennomfor/")
    page.evaluate("localStorage.setItem('note:0:gammelt', JSON.stringify({at: Date.now() - 15 * 864e5, text: 'x'}))")
    page.reload()
    assert page.evaluate(kept) == []
    page.route(f"**{page.locator('[data-note]').first.get_attribute('data-action')}", lambda route: route.abort())
    page.locator(f"#notat-{item.pk}").fill("Forhandlingen med leverandøren.")
    expect(page.locator(f"#notat-{item.pk}-tilstand")).not_to_be_empty()
    assert len(page.evaluate(kept)) == 1
    with page.expect_navigation():
        page.eval_on_selector("form[data-signout]", "form => form.requestSubmit()")
    assert page.evaluate(kept) == []


def test_the_second_who_writes_sees_both_texts(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting
) -> None:
    item = meeting.items.all()[0]
    page, _complaints = window(browser, live_server, secretary, f"{meeting.get_absolute_url()}gjennomfor/")
    running.note_treatment(item=item, text="Den andres ord.", version=0, by=secretary)
    page.locator(f"#notat-{item.pk}").fill("Mine ord.")
    both = page.locator("[data-note] .ds-alert")
    expect(both).to_contain_text("Den andres ord.")
    assert violations(page) == []
    both.get_by_role("button").first.click()
    expect(both).to_have_count(0)
    expect(page.locator(f"#notat-{item.pk}")).to_have_value("Mine ord.")
    expect(page.locator(f"#notat-{item.pk}-tilstand")).to_have_text(re.compile(r"\d\d\.\d\d$"))
    assert TreatmentNote.objects.get().text == "Mine ord."


def test_a_note_says_whom_the_page_was_shown_for(
    browser: Browser, live_server: Any, secretary: Any, meeting: Meeting, sortland: Organisation
) -> None:
    """The minute taker also answers for Sortland, and chooses that in another tab: the note waits until it is right."""
    appoint(secretary.person, Role.CONTACT, sortland)
    item, here = meeting.items.all()[0], f"{live_server.url}{meeting.get_absolute_url()}gjennomfor/"
    page, _complaints = window(browser, live_server, secretary, "/konto/rolle/")
    acts_for(page, f"collaboration:{meeting.body.collaboration_id}")
    page.goto(here)
    area, state = page.locator(f"#notat-{item.pk}"), page.locator(f"#notat-{item.pk}-tilstand")
    area.fill("Saken ble drøftet.")
    expect(state).to_have_text(re.compile(r"\d\d\.\d\d$"))

    other = page.context.new_page()
    other.goto(f"{live_server.url}/konto/rolle/")
    acts_for(other, f"organisation:{sortland.pk}")
    area.fill("Saken ble drøftet lenge.")
    expect(state).to_contain_text("Siden ble vist")
    assert TreatmentNote.objects.get().text == "Saken ble drøftet."

    page.goto(here)
    expect(area).to_have_value("Saken ble drøftet lenge.")
    expect(state).to_have_text(re.compile(r"\d\d\.\d\d$"))
    assert TreatmentNote.objects.get().text == "Saken ble drøftet lenge."
