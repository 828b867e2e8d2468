"""What is sent is whole, of a size that a form has, and comes in time, or nothing is done with it."""

from __future__ import annotations

import io
import socket
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from digivesteralen.accounts.models import User
from digivesteralen.ui.bodies import LARGEST, Body
from digivesteralen.wsgi import application
from governance.models import Organisation

CONTACT = "/kommune/1870/kontakt/"


class NotToBeRead(io.BytesIO):
    def read(self, *arguments: Any) -> bytes:
        raise AssertionError("nothing of it is read")


@pytest.mark.parametrize("path", ["/konto/login/", CONTACT, "/hvor/som/helst/"])
def test_a_gigabyte_is_refused_before_a_byte_is_read(client: Client, it_leader: User, path: str) -> None:
    """Also from those who are not signed in, and before a form's own limits could be asked."""
    for who in (None, it_leader):
        if who:
            client.force_login(who)
        sent = {"wsgi.input": NotToBeRead(), "CONTENT_LENGTH": str(2**30)}
        answer = client.post(path, "", content_type="multipart/form-data; boundary=x", **sent)
        assert answer.status_code == 413
        assert "10 MB" in answer.content.decode()
        assert "default-src" in answer.headers["Content-Security-Policy"]


def test_the_rest_of_a_gigabyte_is_not_waited_for(client: Client, db: None) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sent = {"gunicorn.socket": ours, "CONTENT_LENGTH": str(2**30)}
        assert client.post("/konto/login/", "", content_type="text/plain", **sent).status_code == 413
        assert ours.recv(1) == b"", "the line is closed to more"


def test_the_largest_file_of_ours_still_gets_in(client: Client) -> None:
    sent = client.post("/konto/login/", b"x" * LARGEST, content_type="application/octet-stream")
    assert sent.status_code != 413


def test_a_line_cut_in_the_middle_of_a_form_changes_nothing(it_leader: User, sortland: Organisation) -> None:
    """What came is a whole form to look at, with a shorter address in it; the rest of it never came."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(it_leader)
    client.get(CONTACT)
    token = client.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "version": 1, "website": "https://sortland.example/om-kommunen"}
    whole = urlencode(form, safe=":/").encode()

    assert _sent(client, whole, whole.removesuffix(b"/om-kommunen")) == 403
    sortland.refresh_from_db()
    assert sortland.website == ""
    assert _sent(client, whole, whole) == 302
    sortland.refresh_from_db()
    assert sortland.website == "https://sortland.example/om-kommunen"


def test_who_sends_drop_by_drop_holds_the_line_only_for_a_while() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as stream:
        theirs.sendall(b"a drop")
        with pytest.raises(OSError, match="cut"):
            Body(stream, LARGEST, ours, seconds=0.1).read()


def _sent(client: Client, said: bytes, came: bytes) -> int:
    """What the portal answers as gunicorn calls it: with the length that was said, and the bytes that came."""
    request = RequestFactory().post(CONTACT, said, content_type="application/x-www-form-urlencoded")
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    statuses: list[int] = []
    environ = {**request.environ, "wsgi.input": io.BytesIO(came), "HTTP_COOKIE": cookies}
    request_started.disconnect(close_old_connections)  # as Django's own client does
    try:
        list(application(environ, lambda status, headers, *_more: statuses.append(int(status[:3]))))
    finally:
        request_started.connect(close_old_connections)
    return statuses[0]
