"""What a person sends with a button: done once, however often it arrives, and told to the browser when it is done."""

import hashlib
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from digivesteralen.ui.middleware import refusal

# drafts.js names each sending by a word of its own, and forgets its copy of the text when this cookie names it back.
WORD, COOKIE = "draft_word", "draft_saved"
LONGEST_WORD = 40
# The same form with the same words, sent again before this many seconds have gone, is the same sending.
REMEMBERED = 30
# The second press waits this long for the first one's answer, and the third not at all: a thread is for one person.
WAITED_FOR = 2.0


class SendingMiddleware:
    """F15: the button pressed twice, a browser that sends again by itself, a page sent anew.

    The key is the person, the address and all that was sent; Django's csrf token, masked anew on each page shown,
    keeps apart two pages with the same words. Under way it is a lock of the connection, which PostgreSQL lets go of
    when the process is gone; afterwards the answer is remembered in Valkey, and while that is away the scripts alone
    stop the second press.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
            if request.method == "POST" and _is_done(request, response):
                if key := getattr(request, "sent_as", ""):
                    cache.set(key, response.headers["Location"], REMEMBERED)
                _tell_the_browser(request, response)
            return response
        finally:
            if key := getattr(request, "sent_as", ""):
                _let_go(key)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse | None:
        """After the checks of sign-in and csrf, which stand before this one."""
        if not _by_a_button(request):
            return None
        key = _key(request)
        if not (_take(key) or _wait_for(key)):
            return refusal(request, sentence=_(
                "The same form was sent a moment ago, and the portal has not answered that yet. Open the page "
                "again and see whether it is there before you send it once more."
            ))  # fmt: skip
        request.sent_as = key  # type: ignore[attr-defined]
        if there := cache.get(key):
            messages.info(request, _("This was sent already, and is not done twice."))
            return HttpResponseRedirect(there)
        return None


def _wait_for(key: str) -> bool:
    """For the first one's answer; where somebody waits already, not."""
    waiting, deadline = f"{key} waiting", time.monotonic() + WAITED_FOR
    if not _take(waiting):
        return False
    try:
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if _take(key):
                return True
        return False
    finally:
        _let_go(waiting)


def _take(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        return bool(cursor.fetchone()[0])


def _let_go(key: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
    except (OperationalError, InterfaceError):
        connection.close()  # the lock went with the connection


def _by_a_button(request: HttpRequest) -> bool:
    """A form sent by a signed-in person's browser itself; what scripts send they may send as often as they like."""
    by_the_browser = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
    return (
        request.method == "POST"
        and by_the_browser
        and request.user.is_authenticated
        and "csrfmiddlewaretoken" in request.POST
    )


def _key(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.user.pk} {request.get_full_path()}".encode())
    for name, values in sorted(request.POST.lists()):
        if name != WORD:
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        digest.update(repr((name, [(file.name, _content(file)) for file in files])).encode())
    return f"sent:{digest.hexdigest()}"


def _content(file: UploadedFile) -> str:
    """A corrected file may have the name and the size of the one before it."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """A form that was taken leads on; one that was refused, has faults or is sent by way of the sign-in does not."""
    if response.status_code not in {302, 303}:
        return False
    accounts, there = resolve_url(settings.LOGIN_URL).rsplit("login/", 1)[0], urlsplit(response.headers["Location"])
    # Another host is that of a provider of identities, asked once more who the person is: nothing was taken yet.
    if there.netloc not in {"", request.get_host()}:
        return False
    return request.path.startswith(accounts) or not there.path.startswith(accounts)


def _tell_the_browser(request: HttpRequest, response: HttpResponse) -> None:
    try:
        word = request.POST.get(WORD, "")
    except UnreadablePostError:
        return  # the line was cut before everything had come
    if word.isalnum() and word.isascii() and len(word) <= LONGEST_WORD:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, word, max_age=60 * 60, samesite="Lax", secure=secure, httponly=False)
