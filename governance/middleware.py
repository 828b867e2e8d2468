from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from governance.permissions import sync_today


class AppointmentsOfTheDayMiddleware:
    """Access follows the appointments of the day: the first request of each day brings them up to date (rule 6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sync_today(request.user)
        return self.get_response(request)
