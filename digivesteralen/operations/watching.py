"""Pages that a person who runs the installation opens, and that its watch reads with a token."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from digivesteralen.accounts.access import operators

View = Callable[[HttpRequest], HttpResponse]


def operators_or_token(view: View) -> View:
    guarded = login_required(operators(view))

    @login_not_required
    @wraps(guarded)
    def asked(request: HttpRequest) -> HttpResponse:
        return view(request) if shows_token(request) else guarded(request)

    return asked


def shows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.WATCH_TOKEN) and constant_time_compare(given, settings.WATCH_TOKEN)


def watches(request: HttpRequest) -> bool:
    """May this one read more than yes or no?"""
    return shows_token(request) or (request.user.is_authenticated and request.user.is_staff)
