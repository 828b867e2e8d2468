"""How long a sign-in lasts, and how fresh it must be for what weighs most (T34)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from digivesteralen.accounts.models import User

V = TypeVar("V", bound=Callable[..., Any])

BEGAN, SEEN, PROVED = "signed_in_at", "last_seen_at", "proved_at"
A_MINUTE = 60
# Kept with the way to a provider that was asked to let the person prove anew who it is.
PROVING = {"proving": True}


def begin(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody signed in; a provider of identities says itself when the person last proved who it is."""
    now = time.time()
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[PROVED] = min(getattr(request, "proved_at", now), now)


def why_over(request: HttpRequest) -> str:
    """The sentence that tells why a sign-in has ended, or nothing while it lasts."""
    now = time.time()
    if now - request.session.get(BEGAN, 0) >= settings.SESSION_COOKIE_AGE:
        return _("You were signed out because a sign-in lasts eight hours. Sign in again to go on.")
    if now - request.session.get(SEEN, 0) >= settings.SESSION_IDLE_AGE:
        return _("You were signed out after an hour without use. Sign in again to go on.")
    return ""


def seen(request: HttpRequest) -> None:
    """Remember that the sign-in is in use; written once a minute, so that reading costs nothing."""
    if time.time() - request.session[SEEN] < A_MINUTE:
        return
    request.session[SEEN] = time.time()
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved who it is a moment ago, by signing in or by doing so once more."""
    if not request.user.is_authenticated:
        return False
    proofs = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    newest = max([request.session.get(PROVED, 0), *proofs])
    return is_recent(newest)


def is_recent(proved_at: float) -> bool:
    return time.time() - proved_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def fresh(view: V) -> V:
    """What weighs most (a vote, a role, a municipality's decision, an export of personal data) asks for a fresh
    sign-in, and is done after it."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        first = prove_first(request) if request.user.is_authenticated else None
        return first or view(request, *args, **kwargs)

    return cast(V, asked)


def require_fresh(request: HttpRequest) -> None:
    """The same for a part of a page, as when a list is asked for as a spreadsheet."""
    if first := prove_first(request):
        raise ImmediateHttpResponse(first)


def prove_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the proof, where the sign-in is not fresh; what was written waits in the sign-in until it is given.

    Who has neither password nor second step here proves it where the sign-in is: at the municipality's provider. There
    nothing waits, and a file waits nowhere: the browser offers the text back on the page that one comes back to.
    """
    if is_fresh(request):
        return None
    methods = get_adapter().get_reauthentication_methods(request.user)
    account = None if methods else SocialAccount.objects.filter(user=request.user).first()
    if account is None:
        way = methods[0]["url"] if methods else resolve_url(settings.LOGIN_URL)
        if not request.FILES:
            return suspend_request(request, way)
        messages.warning(request, _("Files are not kept while you sign in again: choose the file once more."))
        return HttpResponseRedirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: _page_of(request)})}")
    provider = account.get_provider(request)
    return provider.redirect(
        request,
        process="login",
        next_url=_page_of(request),
        data=PROVING,
        auth_params={**provider.get_auth_params(), "prompt": "login", "max_age": "0"},
    )


def _page_of(request: HttpRequest) -> str:
    """Where the person goes on afterwards: the page, or the one its form stood on, which offers the text back."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from._replace(scheme="", netloc="", fragment="").geturl()
    here = came_from.netloc == request.get_host() and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if here else "/"
