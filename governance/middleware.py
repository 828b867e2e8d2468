from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from governance import municipal_line
from governance.models import Organisation
from governance.permissions import sync_today


class AppointmentsOfTheDayMiddleware:
    """Access follows the appointments of the day: the first request of each day brings them up to date (rule 6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sync_today(request.user)
        return self.get_response(request)


class OldNumberMiddleware:
    """An address with a number that a municipality had before leads to the municipality as it is today (L20).

    Where it became several, the page of its history lets the reader choose.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method != "GET" or not request.path.startswith("/kommune/"):
            return response
        number = request.resolver_match.kwargs.get("nummer", "") if request.resolver_match else ""
        found = municipal_line.heirs(number, Organisation.objects.visible_to(request.user)) if number else []
        if len(found) > 1:
            return redirect("municipality_history", number)
        return redirect(request.path.replace(number, found[0].number, 1)) if found else response
