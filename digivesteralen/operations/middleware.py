"""Around everything else: each request gets its number, is counted and told in one line of the log; none is kept."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from digivesteralen import tracing
from digivesteralen.operations import figures

logger = logging.getLogger(__name__)

# Asked each few seconds by those who watch; they would fill the log.
QUIET = {"healthz", "readyz", "figures"}


class Queries:
    """How often the database was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, queries = time.monotonic(), Queries()
        with tracing.doing("request") as this, tracing.by(None), connection.execute_wrapper(queries):
            response = self.get_response(request)
            self._tell(request, response, time.monotonic() - began, queries.count)
        response["X-Request-ID"] = str(this.number)
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        # Not by a proxy, and not by the browser of a machine that others use after signing out; files of the look say
        # otherwise themselves.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float, queries: int) -> None:
        view = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in ("GET", "POST") else "other"
        figures.count(view, method, response.status_code, seconds, queries)
        if view not in QUIET:
            person = getattr(request, "person_number", None)
            told = {"view": view, "method": method, "status": response.status_code, "queries": queries}
            with tracing.by(person):
                logger.info("request", extra={**told, "ms": round(1000 * seconds)})
