"""A real browser for tests: the fixture ``browser`` is one per process, since Playwright runs once in a thread."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from digivesteralen.ui import vendor

__all__ = ["SPILLS", "opened", "violations", "window"]

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How many pixels a page is too wide.
SPILLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Half-faded text has half its contrast, and what is being unfolded is smaller than it will be. A movement that a click
# asked for begins first in the next frame.
STILL = """async () => {
    const moving = () => document.getAnimations({subtree: true})
        .filter((one) => one.playState !== "finished" && one.effect.getComputedTiming().iterations !== Infinity);
    const frame = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    await document.fonts.ready;
    for (await frame(); moving().length; await frame())
        await Promise.allSettled(moving().map((one) => one.finished));
}"""


@pytest.fixture(scope="session", name="browser")
def browser_fixture() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"There is no {CHROMIUM} on this machine (Debian: apt-get install chromium).")
    # Playwright's own loop runs in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def opened(
    browser: Browser, url: str, *, width: int = 1280, scheme: Any = "light", **options: Any
) -> tuple[Page, list[str]]:
    """A page, and everything the browser complains about on it."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="nb-NO",
        reduced_motion="reduce",  # groups that unfold slowly would cover each other
        **options,
    )
    complaints: list[str] = []
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI))"
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    return page, complaints


def window(browser: Browser, live_server: Any, user: Any, path: str, **how: Any) -> tuple[Page, list[str]]:
    """The page as this person sees it."""
    client = Client()
    client.force_login(user)
    page, complaints = opened(browser, f"{live_server.url}/personvern/", **how)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + path)
    return page, complaints


def violations(page: Page) -> list[str]:
    page.evaluate(STILL)
    page.evaluate((vendor.MODULES / "axe-core/axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]
