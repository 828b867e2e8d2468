"""What a browser sends: of a size that a form with a file has, whole, and not drop by drop (ASVS 5.2.1)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Timer
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader

# The largest file of ours, and the form around it.
LARGEST = 12 * 1024 * 1024
# A file of that size over a slow line.
SECONDS = 180


class LargestBodyMiddleware:
    """What is too large is refused by what it says of itself: not a byte of it is read or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _said(request.META) > LARGEST:
            _close(request.META.get("gunicorn.socket"))  # else the rest of it would be awaited after the answer
            return HttpResponse(loader.get_template("413.html").render(), status=413)
        return self.get_response(request)


class WholeBodies:
    """Around the portal: a line cut in the middle of a form must not leave half of the text that was written."""

    def __init__(self, portal: Callable[..., Iterable[bytes]]) -> None:
        self.portal = portal

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if length := _said(environ):
            environ["wsgi.input"] = Body(environ["wsgi.input"], length, environ.get("gunicorn.socket"))
        return self.portal(environ, start_response)


class Body:
    """As many bytes as were said, or an error; the line is closed after a while to those who keep it for nothing."""

    def __init__(self, stream: Any, length: int, line: socket.socket | None = None, seconds: float = SECONDS) -> None:
        self.stream, self.left, self.line = stream, length, line
        self.until = time.monotonic() + seconds

    def read(self, size: int = -1) -> bytes:
        wanted = self._wanted(size)
        return self._whole(self._in_time(self.stream.read, wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        return self._whole(self._in_time(self.stream.readline, self._wanted(size)), min(self.left, 1))

    def _wanted(self, size: int) -> int:
        return self.left if size < 0 else min(size, self.left)

    def _in_time(self, take: Callable[[int], bytes], wanted: int) -> bytes:
        patience = Timer(max(self.until - time.monotonic(), 0), _close, [self.line])
        patience.daemon = True
        patience.start()
        try:
            return take(wanted)
        finally:
            patience.cancel()

    def _whole(self, found: bytes, least: int) -> bytes:
        self.left -= len(found)
        if len(found) < least:
            raise OSError("The line was cut before all of the body had come.")
        return found


def _close(line: socket.socket | None) -> None:
    """Nothing more is read from it."""
    with suppress(OSError):
        if line:
            line.shutdown(socket.SHUT_RD)


def _said(environ: dict[str, Any]) -> int:
    said = str(environ.get("CONTENT_LENGTH") or "")
    return int(said) if said.isascii() and said.isdigit() else 0
