"""Writing a case in a browser: the editor, what Word pastes, and a text that is not lost."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from governance.actions import cases
from governance.models import Body, Case, CaseDraft, Organisation, Role
from tests.browser import SPILLS, acts_for, violations, window
from tests.people import appoint

pytestmark = pytest.mark.django_db(transaction=True)
WORD = (Path(__file__).parents[1] / "files/word-paste.html").read_text()
PASTE = """(area, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", "x");
    area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def draft(steering: Body, secretary: Any) -> Case:
    return cases.make_case(body=steering, title="Felles innlogging", information="En linje.\n\nTo.", by=secretary)


def writing(browser: Browser, live_server: Any, user: Any, case: Case, **how: Any) -> tuple[Page, list[str]]:
    return window(browser, live_server, user, f"/vesteralen/saker/{case.pk}/rediger/", **how)


def test_what_word_pastes_becomes_headings_lists_and_tables(
    browser: Browser, live_server: Any, secretary: Any, draft: Case
) -> None:
    page, complaints = writing(browser, live_server, secretary, draft)
    text = page.get_by_role("textbox", name="Saksopplysninger")
    text.click()
    page.keyboard.press("Control+a")
    text.evaluate(PASTE, WORD)
    expect(text.get_by_role("heading", name="Bakgrunn")).to_be_visible()
    expect(text.locator("ul > li > ul > li")).to_have_text(["Skole"])
    expect(text.locator("ol > li")).to_have_text(["Kartlegge", "Anskaffe"])
    expect(text.locator("td")).to_have_text(["Kommune", "", "Sortland", "10 514"])
    with page.expect_navigation():
        page.get_by_role("button", name="Lagre saken").click()
    expect(page.get_by_role("heading", name="Bakgrunn")).to_be_visible()
    stored = Case.objects.get().information
    assert "<ul><li><p>Sortland</p><ul><li><p>Skole</p></li></ul></li><li><p>Hadsel</p></li></ul>" in stored
    assert "mso" not in stored and "·" not in stored and "colspan" not in stored
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_editor_is_reached_and_used_by_the_keyboard(
    browser: Browser, live_server: Any, secretary: Any, draft: Case, width: int
) -> None:
    page, complaints = writing(browser, live_server, secretary, draft, width=width)
    text = page.get_by_role("textbox", name="Saksopplysninger")
    bar = page.get_by_role("toolbar").first
    text.get_by_text("To.").click()
    expect(text).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    expect(bar.get_by_role("button", name="Fet")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Viktig")
    page.keyboard.press("Shift+Tab")
    expect(bar.get_by_role("button", name="Fet")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Kursiv")).to_be_focused()
    bar.get_by_role("button", name="Punktliste").click()
    expect(text.locator("ul > li > p > strong")).to_have_text("Viktig")
    assert violations(page) == [] and page.evaluate(SPILLS) <= 0 and complaints == []
    with page.expect_navigation():
        page.get_by_role("button", name="Lagre saken").click()
    expect(page.locator("strong", has_text="Viktig")).to_be_visible()
    assert violations(page) == [] and page.evaluate(SPILLS) <= 0 and complaints == []
    assert (
        Case.objects.get().information == "<p>En linje.</p><p>To.</p><ul><li><p><strong>Viktig</strong></p></li></ul>"
    )


def test_without_script_the_box_is_a_box(browser: Browser, live_server: Any, secretary: Any, draft: Case) -> None:
    page, _complaints = writing(browser, live_server, secretary, draft, java_script_enabled=False)
    page.get_by_label("Saksopplysninger").fill("Nytt\n\nog mer")
    with page.expect_navigation():
        page.get_by_role("button", name="Lagre saken").click()
    assert Case.objects.get().information == "Nytt\n\nog mer"


def test_what_is_written_is_kept_while_the_line_is_broken_and_goes_through_afterwards(
    browser: Browser, live_server: Any, secretary: Any, draft: Case
) -> None:
    page, _complaints = writing(browser, live_server, secretary, draft)
    state = page.locator("[data-draft-state]")
    page.get_by_label("Tittel", exact=True).fill("Ny tittel")
    expect(state).to_contain_text("Lagret kl.")
    page.context.set_offline(True)
    page.get_by_label("Tittel", exact=True).fill("Nyere tittel")
    expect(state).to_contain_text("Ikke lagret – prøver igjen")
    page.context.set_offline(False)
    expect(state).to_contain_text("Lagret kl.")
    page.reload()
    expect(page.get_by_label("Tittel", exact=True)).to_have_value("Nyere tittel")
    expect(page.get_by_text("Kladden din er hentet fram")).to_be_visible()
    assert violations(page) == []
    assert Case.objects.get().title == "Felles innlogging"


def test_a_draft_that_is_refused_says_why_and_is_not_sent_again_for_ever(
    browser: Browser, live_server: Any, secretary: Any, draft: Case, sortland: Organisation
) -> None:
    """Who also answers for Sortland chooses that in another tab, while the case is written in this one."""
    appoint(secretary.person, Role.CONTACT, sortland)
    ours = f"collaboration:{draft.body.collaboration_id}"
    page, _complaints = window(browser, live_server, secretary, "/konto/rolle/")
    acts_for(page, ours)
    page.goto(f"{live_server.url}/vesteralen/saker/{draft.pk}/rediger/")
    state, title = page.locator("[data-draft-state]"), page.get_by_label("Tittel", exact=True)
    title.fill("Ny tittel")
    expect(state).to_contain_text("Lagret kl.")

    other = page.context.new_page()
    other.goto(f"{live_server.url}/konto/rolle/")
    acts_for(other, f"organisation:{sortland.pk}")
    title.fill("Nyere tittel")
    expect(state).to_contain_text("Siden ble vist")

    other.goto(f"{live_server.url}/konto/rolle/")
    acts_for(other, ours)
    title.press_sequentially("!")
    expect(state).to_contain_text("Lagret kl.")
    assert CaseDraft.objects.get().texts["title"] == "Nyere tittel!"
