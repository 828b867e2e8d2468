"""The pages in a real browser: nothing spills over, axe finds nothing, text is never lost."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, expect

from digivesteralen.accounts.models import User
from tests.browser import SPILLS, WIDTHS, faults_of, opened, violations
from tests.ui.test_pages import request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("path", ["/komponenter/", "/konto/login/", "/tilgjengelighet/", "/personvern/"])
def test_nothing_spills_over_and_axe_finds_nothing(live_server: Any, browser: Browser, path: str) -> None:
    seen = [(None, path)]
    assert faults_of(browser, live_server, seen, unfolded=False, dark=True, widths=(1280, 390, 320)) == []


def test_the_menu_and_the_dialog_open_and_are_clean(live_server: Any, browser: Browser) -> None:
    page, complaints = opened(browser, live_server.url + "/komponenter/")
    page.get_by_role("button", name="Språk og farger").or_(page.get_by_role("button", name="Language")).first.click()
    expect(page.locator("#brukermeny")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-dialog=bekreft]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert complaints == []


def test_errors_take_focus_and_lead_to_their_fields(live_server: Any, browser: Browser) -> None:
    page, complaints = opened(browser, live_server.url + "/komponenter/")
    page.locator("form[data-draft] button[type=submit]").first.click()
    summary = page.locator("ds-error-summary")
    summary.wait_for()
    expect(summary).to_be_focused()
    assert page.title().startswith(("Feil:", "Error:"))
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_title")).to_be_focused()
    assert violations(page) == []
    assert complaints == []


def test_a_form_pressed_twice_is_sent_once(live_server: Any, browser: Browser) -> None:
    page, _complaints = opened(browser, live_server.url + "/konto/login/")
    stopped = page.evaluate("""() => {
        const told = [], form = document.querySelector("form[method=post]");
        document.addEventListener("submit", (event) => told.push(event.defaultPrevented));
        const press = () => form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
        press(); press();
        return told;
    }""")
    assert stopped == [False, True]


def test_text_that_was_not_saved_is_offered_back(live_server: Any, browser: Browser) -> None:
    page, _complaints = opened(browser, live_server.url + "/komponenter/")
    page.locator("#id_reason").press_sequentially("Viktig begrunnelse")
    expect(page.locator("[data-draft-state]")).not_to_be_empty()
    page.reload()
    assert page.locator("#id_reason").input_value() == ""
    offer = page.locator("form[data-draft] [role=status].ds-alert")
    offer.get_by_role("button").first.click()
    expect(page.locator("#id_reason")).to_have_value("Viktig begrunnelse")


def test_what_is_put_back_touches_no_other_field(live_server: Any, browser: Browser) -> None:
    """Somebody else may have changed it meanwhile."""
    page, _complaints = opened(browser, live_server.url + "/komponenter/")
    page.locator("#id_reason").press_sequentially("Viktig begrunnelse")
    expect(page.locator("[data-draft-state]")).not_to_be_empty()
    page.reload()
    page.locator("#id_title").evaluate("(field) => { field.value = 'Tittelen til en annen'; }")
    page.locator("form[data-draft] [role=status].ds-alert").get_by_role("button").first.click()

    expect(page.locator("#id_reason")).to_have_value("Viktig begrunnelse")
    expect(page.locator("#id_title")).to_have_value("Tittelen til en annen")


def test_text_that_was_saved_is_not_offered_back(live_server: Any, browser: Browser) -> None:
    page, _complaints = opened(browser, live_server.url + "/komponenter/")
    page.locator("#id_title").press_sequentially("Felles arkiv")
    page.locator("#id_reason").press_sequentially("Fordi")
    page.locator("#id_kind_0").check()
    page.locator("#id_groups_0").check()
    with page.expect_navigation():
        page.locator("form[data-draft] button[type=submit]").first.click()
    assert page.locator("ds-error-summary").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_day_is_said_in_words_while_one_writes(live_server: Any, browser: Browser) -> None:
    page, _complaints = opened(browser, live_server.url + "/komponenter/")
    page.locator("#id_deadline").fill("12.12.2026")
    expect(page.locator("[data-date-words]")).to_have_text("lørdag 12. desember 2026")
    page.locator("#id_deadline").fill("31.02.2026")
    expect(page.locator("[data-date-words]")).to_have_text("")


def test_a_chart_is_copied_as_picture_and_table(live_server: Any, browser: Browser) -> None:
    page, complaints = opened(
        browser, live_server.url + "/komponenter/", scheme="dark", permissions=["clipboard-read", "clipboard-write"]
    )
    figure = page.locator("[data-chart]").first
    figure.locator("summary").click()
    figure.locator("[data-copy-chart]").click()
    expect(figure.locator("[data-copied]")).not_to_be_empty()
    kinds = page.evaluate("navigator.clipboard.read().then((items) => items[0].types)")
    assert {"text/html", "image/png"} <= set(kinds)
    html = page.evaluate(
        "navigator.clipboard.read().then((items) => items[0].getType('text/html')).then((blob) => blob.text())"
    )
    assert "data:image/png" in html
    assert "340" in html
    assert complaints == []


def test_pages_work_without_scripts(live_server: Any, browser: Browser) -> None:
    page, _complaints = opened(browser, live_server.url + "/komponenter/", java_script_enabled=False)
    with page.expect_navigation():
        page.get_by_role("button", name="Prosjekt").or_(page.get_by_role("button", name="Project")).first.click()
    assert "sort=name" in page.url
    expect(page.locator("[data-label]").first).to_be_visible()


def test_profile_pages_of_sign_in_are_clean(live_server: Any, browser: Browser) -> None:
    user = User.objects.create_user("kari@example.org", "et-langt-passord", name="Kari Eksempel")
    seen = [(user, path) for path in ("/konto/2fa/", "/konto/password/change/", "/konto/logout/")]
    assert faults_of(browser, live_server, seen, unfolded=False, widths=(320,)) == []


@pytest.mark.parametrize("status", ["403", "403_csrf", "404", "405", "409", "500", "503", "507"])
def test_the_pages_that_say_no_are_whole_and_accessible(live_server: Any, browser: Browser, status: str) -> None:
    """The one about a refusal in its longest form: a choice to make, and what was written beside what stands there."""
    told = {
        "sentence": "Du har roller for flere. Velg først hvem du handler for.",
        "choose": True,
        "parties": [
            ("organisation:1", "Sortland, kommunedirektør, medlem av styringsgruppen"),
            ("organisation:2", "Bø"),
        ],
        "written": [{"label": "merknad", "value": "Vi støtter dette." * 9, "now": "Noe annet"}],
        "back": "/",
        "number": "12ab34cd",
    }
    html = render_to_string(f"{status}.html", told, request=request("/nei/"))
    page, complaints = opened(browser, "about:blank")
    page.route("**/nei/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(f"{live_server.url}/nei/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [] and page.evaluate(SPILLS) == 0
    assert page.locator("h1").count() == 1 and page.locator("main a.ds-button").count() >= 1
    assert complaints == []
