"""F09-F15 in a real browser: a line that breaks, a portal that fails, an old tab. A sentence, and no text is lost."""

from typing import Any

import pytest
from django.db import OperationalError
from playwright.sync_api import Browser, Page, Route, expect

from digivesteralen.accounts.models import User
from digivesteralen.ui import sending
from governance.models import Collaboration
from tests.browser import opened, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITTEN = "Viktig begrunnelse"
KEPT = "Object.values(localStorage).join()"


def _fill_in(page: Page) -> None:
    page.locator("#id_title").fill("Felles arkiv")
    page.locator("#id_reason").press_sequentially(WRITTEN)
    page.locator("#id_kind_0").check()
    page.locator("#id_groups_0").check()


def _send(page: Page) -> None:
    page.locator("form[data-draft] button[type=submit]").first.click()


def _offered_back(page: Page, address: str) -> None:
    """Whoever goes elsewhere first, and then to the form, finds the text there, and takes it back."""
    page.unroute_all()
    page.goto(f"{address}/personvern/")
    assert WRITTEN in page.evaluate(KEPT)
    page.goto(f"{address}/komponenter/")
    offer = page.locator("form[data-draft] [role=status].ds-alert")
    offer.get_by_role("button").first.click()
    expect(page.locator("#id_reason")).to_have_value(WRITTEN)


def _answered(page: Page, **answer: Any) -> None:
    """What the button gets for an answer, in the place of the portal's own."""

    def instead(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif answer:
            route.fulfill(content_type="text/html", **answer)
        else:
            route.abort("connectionreset")

    page.route("**/*", instead)
    _send(page)


def test_no_answer_but_a_receipt_takes_the_text(live_server: Any, browser: Browser) -> None:
    """A line cut in the middle, a proxy that knows nothing of the portal's pages, an old tab, a sign-in on the way.

    A part of the page that fetches its own news (a running meeting, a job) meanwhile is no answer to the form either.
    """
    page, _complaints = opened(browser, f"{live_server.url}/komponenter/")
    _fill_in(page)
    page.evaluate(
        "document.addEventListener('submit', () => setTimeout(() => document.body.dispatchEvent("
        "new CustomEvent('htmx:afterSettle', {bubbles: true, detail: {requestConfig: {elt: document.body}}}))))"
    )
    _answered(page)
    page.wait_for_url("chrome-error://**")
    _offered_back(page, live_server.url)

    for status in (400, 403, 404, 500, 502, 503):
        _answered(page, status=status, body=f"<h1>Bad gateway {status}</h1>")
        expect(page.locator("h1")).to_have_text(f"Bad gateway {status}")
        _offered_back(page, live_server.url)

    page.context.clear_cookies()  # keys may be other ones than those the tab was opened with
    _send(page)
    expect(page.locator("body")).to_have_attribute("data-outcome", "refused")
    expect(page.locator("h1")).not_to_be_empty()
    _offered_back(page, live_server.url)

    _answered(page, status=200, body="<h1>Who are you?</h1>")
    expect(page.locator("h1")).to_have_text("Who are you?")
    page.unroute_all()
    word = page.evaluate(f"JSON.parse({KEPT}).word")
    # The portal names the word when the sign-in is done and the text is taken.
    page.context.add_cookies([{"name": sending.COOKIE, "value": word, "url": live_server.url}])
    page.goto(f"{live_server.url}/komponenter/")
    expect(page.locator("form[data-draft] [role=status].ds-alert")).to_have_count(0)
    assert page.evaluate(KEPT) == ""


def test_a_database_that_is_away_is_a_sentence_and_loses_no_text(
    live_server: Any, browser: Browser, digi: Collaboration, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F10, F11: the page is told by nothing but itself."""
    page, _complaints = window(browser, live_server, secretary, "/komponenter/")
    _fill_in(page)

    def away(*args: Any, **how: Any) -> Any:
        raise OperationalError("connection to server failed: No such file or directory")

    with monkeypatch.context() as broken:
        broken.setattr("digivesteralen.ui.views.redirect", away)
        _send(page)
        expect(page.locator("body")).to_have_attribute("data-outcome", "refused")
    said = page.locator("main").inner_text()
    assert "No such file" not in said and "Traceback" not in said and "OperationalError" not in said
    assert len(said.split(".")) > 2
    _offered_back(page, live_server.url)
