"""A real browser for tests: ``chromium`` is one per process, since Playwright runs once in a thread."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from digivesteralen.ui import vendor

__all__ = ["SPILLS", "acts_for", "faults_of", "opened", "violations", "window"]

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
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong is told, and no style sheet is fetched once more.
_HOW = {"resultTypes": ["violations"], "preload": False, "iframes": False}
BY_TAGS: dict[str, Any] = {**_HOW, "runOnly": _RULES}
CONTRAST: dict[str, Any] = {**_HOW, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
WIDTHS = (1280, 390)
UNFOLD = """document.querySelectorAll("main details").forEach((each) => { each.open = true; })"""
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"There is no {CHROMIUM} on this machine (Debian: apt-get install chromium).")
    # Playwright's own loop runs in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=15_000)  # a machine that does much else is slow
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(name="browser")
def browser_fixture(chromium: Browser) -> Iterator[Browser]:
    """The same one, whose windows close with the test: each holds up to six lines to the portal, and every line a
    connection to the database, of which there are a hundred."""
    others = set(chromium.contexts)
    yield chromium
    for context in set(chromium.contexts) - others:
        context.close()


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


def window(browser: Browser, live_server: Any, user: Any, path: str = "", **how: Any) -> tuple[Page, list[str]]:
    """The page as this person sees it."""
    page, complaints = opened(browser, "about:blank", **how)
    if user is not None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    if path:
        page.goto(live_server.url + path)
    return page, complaints


def acts_for(page: Page, party: str) -> None:
    """On the page where one chooses on whose behalf to act."""
    page.locator(f"[name=party][value='{party}']").check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def faults_of(
    browser: Browser,
    live_server: Any,
    seen: Iterable[tuple[Any, str]],
    *,
    unfolded: bool = True,
    dark: bool = False,
    widths: tuple[int, ...] = WIDTHS,
) -> list[str]:
    """What is wrong with these pages, each as this person (or nobody) sees it. A page is loaded once and looked at
    with all that is folded open, at both widths, and in the dark for its contrasts alone: nothing else changes there.
    One person has one window, which fetches style sheets, scripts and letters once."""
    windows: dict[Any, tuple[Page, list[str]]] = {}
    faults = []
    for user, path in seen:
        if user not in windows:
            windows[user] = window(browser, live_server, user)
        page, complaints = windows[user]
        answer = page.goto(live_server.url + path)
        found = [] if answer and answer.ok else ["is no page"]
        found += [] if page.url == live_server.url + path else [f"leads to {page.url}"]
        found += [] if page.locator("h1").count() == 1 else ["has not one heading above the others"]
        if unfolded:
            page.evaluate(UNFOLD)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{width} px: {fault}" for fault in violations(page)]
            if spilled := page.evaluate(SPILLS):
                found.append(f"{spilled} px too wide at {width} px")
        page.set_viewport_size({"width": widths[0], "height": 900})
        if dark:
            page.emulate_media(color_scheme="dark")
            found += [f"in the dark: {fault}" for fault in violations(page, CONTRAST)]
            page.emulate_media(color_scheme="light")
        faults += [f"{path}: {fault}" for fault in [*found, *complaints]]
        complaints.clear()
    for page, _complaints in windows.values():
        page.context.close()
    return faults


@cache
def _axe() -> str:
    return (vendor.MODULES / "axe-core/axe.min.js").read_text()


def violations(page: Page, rules: dict[str, Any] = BY_TAGS) -> list[str]:
    page.wait_for_load_state()
    page.evaluate(STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("how => axe.run(document, how)", rules)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]
