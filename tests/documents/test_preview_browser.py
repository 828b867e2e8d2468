"""A PDF as a real browser shows it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from digivesteralen.documents import jobs
from tests.browser import window

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pdf_is_shown_without_a_style_of_its_own(
    browser: Browser, live_server: Any, secretary: Any, digi: Any
) -> None:
    """The browser reads it in a page of its own, to which our policy is no hindrance."""
    document = jobs.run(jobs.ask("tests.paper", digi.pk, by=secretary).pk).document
    assert document is not None
    shown, complaints = window(browser, live_server, secretary, f"{document.get_absolute_url()}?vis=1")

    shown.wait_for_function("document.contentType === 'application/pdf' || document.querySelector('embed')")
    assert _reads_it(shown)
    assert [complaint for complaint in complaints if "Security Policy" in complaint or "CSP" in complaint] == []


def _reads_it(shown: Page) -> bool:
    """The browser's own reader comes into its frame a while after the page is there."""
    for _try in range(150):
        if any(frame.url.startswith("chrome-extension:") for frame in shown.frames):
            return True
        shown.wait_for_timeout(100)
    return False
