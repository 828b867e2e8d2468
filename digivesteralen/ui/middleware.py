import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db.models import BooleanField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from digivesteralen.accounts import limits
from digivesteralen.accounts.access import ChooseFirst, NotAllowedNow, Stale, TooMany
from digivesteralen.ui import preferences, wording

# Files that are made while one waits, by the names of their addresses.
COSTLY = ("_pdf", "_workbook", "_calendar", "collaboration_history")
FEED = "calendar_feed"
# Those who watch the installation ask all the time, and ask for nothing of anybody's.
UNCOUNTED = {"healthz", "readyz", "figures"}
GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speak the person's language, whatever the browser asks for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = preferences.language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class FragmentMiddleware:
    """Fragments and whole pages share an address, and a session may run out between them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _sends_to_sign_in(request, response):
            # Followed silently, the sign-in form would land inside the page: send the whole window there instead.
            here = urlsplit(request.headers.get("HX-Current-URL", "/"))
            back = urlunsplit(("", "", here.path, here.query, ""))
            target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
            response = HttpResponse(status=204, headers={"HX-Redirect": target})
        patch_vary_headers(response, ["HX-Request"])
        return response


def _sends_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    if "HX-Request" not in request.headers or response.status_code != HTTPStatus.FOUND:
        return False
    return urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL)


# What a form carries for the portal's own sake.
NOT_TEXTS = {"csrfmiddlewaretoken", "version", "draft_word", "shown_for"}
CHOSEN = re.compile(r"[a-z0-9_-]{1,20}")


class RefusalMiddleware:
    """What cannot be done now becomes a page that says why (409), with the person's own text on it.

    A script that sends what is typed gets the sentence alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404  # the database takes no such sign, so nothing has that address
        response = self.get_response(request)
        # Signing in again after a button was pressed leads here, and so does reloading what a button sent.
        if request.method == "GET" and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response.headers["Allow"]
            response = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            response = refusal(request, sentence=exception.sentence, too_many=True)
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(exception.wait)
            return response
        if isinstance(exception, NotAllowedNow) and request.headers.get("Accept") == "application/json":
            return JsonResponse({"sentence": str(exception.sentence)}, status=HTTPStatus.CONFLICT)
        if isinstance(exception, ChooseFirst):
            return refusal(request, sentence=exception.sentence, parties=exception.parties, choose=True)
        if isinstance(exception, NotAllowedNow):
            return refusal(request, sentence=exception.sentence)
        if isinstance(exception, Stale):
            return refusal(request, current=exception.current, stale=True)
        return None


def refusal(request: HttpRequest, **context: Any) -> HttpResponse:
    """The page that says why, with the person's own text on it."""
    context["written"] = _written(request, context.get("current"))
    context["back"] = _back(request)
    response = render(request, "409.html", context, status=409)
    # htmx shows only answers it is told to show: the refusal takes the place of the whole page.
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "outerHTML"
    return response


class LimitsMiddleware:
    """One person's script, a key held down, or one address does not take the portal from the others (T48)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        if wait := limits.over(_asking(request)):
            sentence = _("You have asked for very much in a short while. Wait a minute, and go on.")
            return RefusalMiddleware(self.get_response).process_exception(request, TooMany(sentence, wait=wait))
        return None


def _asking(request: HttpRequest) -> dict[str, str]:
    """What this counts as, and for whom: the person, or where it comes from, and the calendar's own key."""
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    if name in UNCOUNTED:
        return {}
    costly = bool({"format", "q"} & set(request.GET)) or name.endswith(COSTLY)
    if request.user.is_authenticated:
        person = str(request.user.pk)
        return {"pages": person} | ({"costly": person} if costly else {})
    address = limits.address_of(request)
    feed = {"feed": limits.unreadable(str(match.kwargs["token"]))} if match and name == FEED else {}
    return {"public": address} | ({"public-costly": address} if costly else {}) | feed


def _back(request: HttpRequest) -> str:
    """The page the button stood on; what a button sends has often no page of its own."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if request.method != "POST" or came_from.netloc != request.get_host():
        return request.get_full_path()
    return came_from._replace(scheme="", netloc="", fragment="").geturl()


def _written(request: HttpRequest, current: Any) -> list[dict[str, Any]]:
    """Each text the person sent, beside what stands there now where the field is known and stands otherwise."""
    texts = []
    for name, value in request.POST.items():
        field = _field(current, name)
        if name in NOT_TEXTS or "password" in name or not str(value).strip():
            continue
        # What was chosen among other things is a number or a word of ours here, and no text to copy.
        if _is_choice(field) if field is not None else CHOSEN.fullmatch(str(value)):
            continue
        said, now = _said(field, value), _now(current, field)
        if said != now:
            texts.append({"name": name, "label": _label(field), "value": said, "now": now})
    return texts


def _is_choice(field: Any) -> bool:
    return field.is_relation or isinstance(field, BooleanField)


def _label(field: Any) -> str:
    return str(field.verbose_name) if field else str(_("text"))


def _said(field: Any, value: Any) -> str:
    said = str(dict(field.flatchoices).get(value, value)) if field else str(value)
    return said.replace("\r\n", "\n").strip()


def _now(current: Any, field: Any) -> str | None:
    if field is None:
        return None
    if display := getattr(current, f"get_{field.name}_display", None):
        return str(display())
    return _as_typed(getattr(current, field.name))


def _as_typed(value: Any) -> str:
    """As a form shows it, so that it can be held against what was sent."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if isinstance(value, Decimal):
        return wording.number(value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _field(current: Any, name: str) -> Any:
    if current is None:
        return None
    return {field.name: field for field in [*current._meta.concrete_fields, *current._meta.many_to_many]}.get(name)
