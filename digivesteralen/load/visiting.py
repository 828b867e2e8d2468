"""One director with a browser: reads, answers, and notes how long each page took."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
PATIENCE = 30  # seconds
# What a person needs to see what is on a page.
PAUSE = 1.5


@dataclass(frozen=True)
class Visit:
    """One page: what it was, what came back, and how long it took."""

    what: str
    status: int
    seconds: float


@dataclass
class Director:
    """Where this person goes, with the session of somebody who has signed in."""

    port: int
    session: str
    agenda: str
    portfolio: str
    municipality: str
    case: str
    answer: str
    presses: int = 1
    visits: list[Visit] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies["sessionid"] = self.session

    def work(self, *, pause: float = PAUSE) -> None:
        """The agenda, the portfolio, the own municipality, the case, and a view on it."""
        for what, path in [
            ("agenda", self.agenda),
            ("portfolio", self.portfolio),
            ("my municipality", self.municipality),
        ]:
            self._ask(what, "GET", path)
            time.sleep(pause)
        page = self._ask("case", "GET", self.case)
        time.sleep(pause)
        fields = {"csrfmiddlewaretoken": _value(TOKEN, page), "version": _value(VERSION, page), "stance": "supports"}
        for press in range(self.presses):
            self._ask("answer again" if press else "answer", "POST", self.answer, urlencode(fields))

    def _ask(self, what: str, method: str, path: str, body: str = "") -> str:
        begun = time.perf_counter()
        status, text, leads_to = self._send(method, path, body)
        if method == "POST" and status == http.HTTPStatus.FOUND:
            status, text, _further = self._send("GET", urlsplit(leads_to).path, "")
        self.visits.append(Visit(what, status, time.perf_counter() - begun))
        return text

    def _send(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        """A line that is cut, or no answer in time, is status 0."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


def _value(field: re.Pattern[str], page: str) -> str:
    found = field.search(page)
    return found[1] if found else ""
