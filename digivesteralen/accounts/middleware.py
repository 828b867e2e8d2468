from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from digivesteralen.accounts import access, second_step, session_limits

# What may be opened before the second step is set up: setting it up, proving who one is, and leaving.
OPEN = {"second_step", "account_logout", "account_reauthenticate", "account_change_password", "ui:preferences"}
SETTING_UP = "mfa_"


class SignInLimitsMiddleware:
    """A sign-in lasts eight hours, and one hour without use (T34)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            why = session_limits.why_over(request)
            if why:
                logout(request)
                messages.info(request, why)
            else:
                session_limits.seen(request)
        return self.get_response(request)


class RightsMiddleware:
    """A page that only looks reads the rights once; whatever changes something asks for them anew each time.

    Stands below the day's appointments, which may change them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with access.asked_once():
            return self.get_response(request)


class SecondStepMiddleware:
    """Whoever must have a second step and has none gets to the page for setting it up, and no further (T35).

    Stands below the day's appointments, so that it knows the roles of the day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or _is_open(request, view) or not second_step.is_missing(request):
            return None
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("second_step")})
        return redirect("second_step")


def _is_open(request: HttpRequest, view: Any) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    need = getattr(view, "need", None)
    return name in OPEN or name.startswith(SETTING_UP) or (need is not None and need.kind == "public")
