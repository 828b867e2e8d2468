"""Every request has a number; what it changes carries the number and the person, and a refusal is written down."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from digivesteralen.audit.log import acting, record


class HistoryMiddleware:
    """Stands below the sign-in, so that it knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4()
        person = request.user if request.user.is_authenticated else None
        with acting(by=person, request=number):
            response = self.get_response(request)
            if response.status_code == 403 and person is not None:
                record("refused", by=person, detail=_asked(request))
        response["X-Request-ID"] = str(number)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        request.refused_because = exception  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> dict[str, Any]:
    reason = getattr(request, "refused_because", "")
    return {"method": request.method, "path": request.path[:500], "right": str(reason)[:200]}
