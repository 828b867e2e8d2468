"""A person of the journey: signed in, with a browser window of their own, who looks twice at every page."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils import translation
from playwright.sync_api import Browser, Locator, expect
from pypdf import PdfReader

from digivesteralen.demo.signins import PASSWORD
from tests.browser import SPILLS, opened, violations

WIDE, NARROW = 1280, 390
# What the worker needs at most for one document, on a machine that does much else.
PATIENCE = 90.0
SHAPE = """[...new Set([...document.querySelectorAll("body *")].map((each) =>
    ["class", "data-color", "type", "role"].map((name) => each.getAttribute(name)).concat(each.tagName).join()
))].sort().join()"""
# The journey keeps its pictures where one asks for them.
PICTURES = os.environ.get("JOURNEY_PICTURES", "")


def nb(text: str, **values: Any) -> str:
    """What a text of the program says on a Norwegian page."""
    with translation.override("nb"):
        return translation.gettext(text) % values if values else translation.gettext(text)


class Actor:
    """One person in front of a screen. Every page that comes is looked at: see ``look``."""

    looked_at: ClassVar[set[tuple[str, str]]] = set()
    pictures = 0

    def __init__(self, browser: Browser, address: str, email: str) -> None:
        self.address = address
        self.email = email
        self.last = ""
        self.page, self.complaints = opened(browser, f"{address}/konto/login/", width=WIDE)
        self.page.set_default_timeout(15_000)
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit]").first.click()
        assert "/konto/login/" not in self.page.url, f"{email} did not get in"

    def close(self) -> None:
        self.page.context.close()

    # --- going and looking ---

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        self.look()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def look(self) -> None:
        """At both widths nothing spills over and axe finds nothing; and the browser has nothing to complain about.

        axe is slow: of pages that are built of the same elements it sees the first.
        """
        assert self.page.locator("h1").count() == 1, self.text()
        shape = (resolve(urlsplit(self.path).path).view_name, self.page.evaluate(SHAPE))
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate(SPILLS) == 0, f"{self.path} is too wide at {width} px"
            if shape not in Actor.looked_at:
                found = violations(self.page)
                assert found == [], f"{self.path} at {width} px: {found}"
                self._picture(width)
        Actor.looked_at.add(shape)
        assert self.complaints == [], f"{self.path}: {self.complaints}"

    def _picture(self, width: int) -> None:
        if PICTURES:
            Actor.pictures += width == NARROW
            name = re.sub(r"[^a-z0-9]+", "-", self.path.lower()).strip("-") or "start"
            file = Path(PICTURES) / f"journey-{Actor.pictures:03d}-{name[:80]}-{width}.png"
            self.page.screenshot(path=file, full_page=True)

    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, *texts: str) -> None:
        """The page says this, whatever the line breaks and the narrow spaces in numbers."""
        shown = plain(self.text())
        for text in texts:
            assert plain(text).lower() in shown.lower(), f"«{text}» is not on {self.path}:\n{shown}"

    # --- doing ---

    def press(self, words: str, *, within: str = "main") -> None:
        """A link or button that leads to another page."""
        self.follow(self._control(words, within))

    def _control(self, words: str, within: str) -> Locator:
        place = self.page.locator(within)
        words = " ".join(words.split())
        exact = place.get_by_role("button", name=words, exact=True).or_(
            place.get_by_role("link", name=words, exact=True)
        )
        return exact.first

    def follow(self, control: Locator) -> None:
        with self.page.expect_navigation():
            control.click()
        self.look()

    def fill(self, values: dict[str, str | bool | Path | list[str]]) -> None:
        """Fields by their names; a choice by its value, a list to choose from by the words it shows or its value."""
        for name, value in values.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        field = self.page.locator(f"main [name='{name}']")
        self._unfold(name)
        kind = field.first.evaluate("each => each.tagName === 'SELECT' ? 'select' : each.type")
        if kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.first.set_checked(value)
        elif kind == "select":
            field.select_option(value=_choice(field, value))
        elif kind == "file":
            field.set_input_files(value)
        elif (frame := self.page.locator(f"main [data-rich-frame]:has([name='{name}'])")).count():
            frame.locator("[contenteditable=true]").fill(value)  # the editor stands in the field's place
        else:
            field.first.fill(value)
        self.last = name

    def _unfold(self, name: str) -> None:
        folded = self.page.locator(f"main details:not([open]):has([name='{name}'])")
        if folded.count():
            folded.first.locator("summary").first.click()

    def submit(self) -> None:
        """Send the form that was last written in."""
        form = self.page.locator(f"main form:has([name='{self.last}'])").first
        self.follow(form.locator("button[type=submit]").first)

    def send(self, values: dict[str, Any]) -> None:
        self.fill(values)
        self.submit()

    # --- what comes by and by ---

    def wait_for(self, locator: Locator) -> None:
        """A thing that a worker makes: the page is read anew until it is there."""
        end = time.monotonic() + PATIENCE
        while not locator.count():
            assert time.monotonic() < end, f"{self.path} waits in vain:\n{self.text()}"
            time.sleep(0.3)
            self.page.reload()

    def wait_here(self, locator: Locator) -> None:
        """The same, where the page itself asks for news."""
        expect(locator).to_be_visible(timeout=PATIENCE * 1000)
        self.look()

    def document(self, title: str) -> bytes:
        """The file behind a document's title on this page, once the worker has made it."""
        link = self.page.locator("main .document a[download]").filter(has_text=title).first
        self.wait_for(link)
        return self.fetch(link.get_attribute("href") or "")

    def fetch(self, path: str) -> bytes:
        answer = self.page.context.request.get(f"{self.address}{path}")
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer.body()

    # --- what one may not ---

    def is_refused(self, path: str, status: int) -> None:
        """The page is refused, and so is sending to it."""
        request = self.page.context.request
        token = next((one["value"] for one in self.page.context.cookies() if one["name"] == "csrftoken"), "")
        headers = {"X-CSRFToken": token, "Referer": self.address}
        read = request.get(f"{self.address}{path}", max_redirects=0)
        sent = request.post(f"{self.address}{path}", headers=headers, form={"version": "1"}, max_redirects=0)
        # A place that is only read, or only sent to, answers 405 to the other; it never opens.
        answers = {read.status, sent.status}
        assert status in answers and answers <= {status, 405}, f"{self.email} at {path}: {answers}, not {status}"


class Keyboard:
    """Counts every key that is pressed beyond text."""

    def __init__(self, actor: Actor) -> None:
        self.page = actor.page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    @contextmanager
    def to_the_next_page(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield

    def until(self, key: str, target: Locator) -> None:
        """Press the same key until the focus has come there."""
        for _try in range(40):
            if target.evaluate("each => each === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{key} does not lead to {target}")


def _choice(field: Locator, words: str) -> str:
    """The value of the option with this value, or whose words are, or begin with, these."""
    options = [(one.get_attribute("value") or "", one.inner_text().strip()) for one in field.locator("option").all()]
    for fits in (lambda value, shown: words in (value, shown), lambda _value, shown: shown.startswith(words)):
        for value, shown in options:
            if fits(value, shown):
                return value
    raise AssertionError(f"«{words}» is not among {[shown for _value, shown in options]}")


def plain(text: str) -> str:
    """Without the difference between the spaces, and between the hyphens, that a page or PDF sets."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u2011", "-").replace("\u202f", " ")).strip()


def text_of(pdf: bytes) -> str:
    """All the words of a PDF; a word that was divided at the end of a line is whole again."""
    assert pdf.startswith(b"%PDF-")
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return plain(re.sub(r"[-\u2010\u00ad]\n(?=[a-zæøå])", "", "\n".join(pages)))
