"""Every request has a number; what it changes carries the number and the person, and a refusal is written down."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from digivesteralen import tracing
from digivesteralen.audit import places
from digivesteralen.audit.log import acting, record


class HistoryMiddleware:
    """Stands below the sign-in, so that it knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        doing = tracing.now()
        number = doing.number if doing else uuid.uuid4()
        person = request.user if request.user.is_authenticated else None
        request.person_number = person.pk if person else None  # type: ignore[attr-defined]
        with acting(by=person, request=number), tracing.by(person.pk if person else None):
            response = self.get_response(request)
            if response.status_code == 403 and person is not None:
                record("refused", by=person, detail=_asked(request), collaboration=places.of_address(request))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        request.refused_because = exception  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> dict[str, Any]:
    reason = getattr(request, "refused_because", "")
    return {"method": request.method, "path": request.path[:500], "right": str(reason)[:200]}
