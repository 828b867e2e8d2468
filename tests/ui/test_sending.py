"""F15, F13, F10: a form sent twice is done once; a fault of the portal is a sentence."""

import errno
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from digivesteralen.accounts.models import User
from digivesteralen.ui import failing, sending
from governance.models import Case, Collaboration

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "nb"}


def _signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def new_case(digi: Collaboration, steering: Any) -> str:
    return reverse("new_case", args=[digi.slug])


def _form(body: Any, **more: Any) -> dict[str, Any]:
    """What the browser sends from one page; the token is masked anew on each."""
    return {"csrfmiddlewaretoken": "a" * 64, "title": "Felles arkiv", "kind": "decision", "body": body.pk, **more}


@pytest.mark.django_db(transaction=True)
def test_twenty_who_send_the_same_form_at_once_make_one_case(new_case: str, steering: Any, secretary: User) -> None:
    told = _form(steering)
    clients = [_signed_in(secretary) for _ in range(20)]

    def press(client: Client) -> Any:
        try:
            return client.post(new_case, told, headers=BROWSER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, clients))

    led = {answer.headers["Location"] for answer in answers if answer.status_code == 302}
    assert len(led) == 1
    # One waits for the first; who comes while that one waits is told so at once.
    assert {answer.status_code for answer in answers} <= {302, 409}
    assert Case.objects.filter(title="Felles arkiv").count() == 1


@pytest.mark.django_db
def test_another_page_with_the_same_words_is_another_case(new_case: str, steering: Any, secretary: User) -> None:
    client = _signed_in(secretary)
    for token in ("a" * 64, "b" * 64):
        client.post(new_case, _form(steering, csrfmiddlewaretoken=token), headers=BROWSER)
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again(new_case: str, steering: Any, secretary: User) -> None:
    client = _signed_in(secretary)
    for _time in range(2):
        assert client.post(new_case, _form(steering, title=""), headers=BROWSER).status_code == 200
    assert client.post(new_case, _form(steering), headers=BROWSER).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_what_was_never_answered_is_asked_about(
    new_case: str, steering: Any, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows yet whether it is there; when the process that took the first is killed, it may be sent again."""
    monkeypatch.setattr(sending, "WAITED_FOR", 0.2)
    monkeypatch.setattr(sending, "_key", lambda request: "sent:this")
    client, other = _signed_in(secretary), connection.copy()
    hold = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
    try:
        with other.cursor() as process:
            process.execute(hold, ["sent:this"])
            answers = [client.post(new_case, _form(steering), headers=BROWSER)]
            process.execute(hold, ["sent:this waiting"])
            monkeypatch.setattr(sending, "WAITED_FOR", 600)
            answers.append(client.post(new_case, _form(steering), headers=BROWSER))
    finally:
        other.close()
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Felles arkiv" in answers[0].content.decode()
    assert not Case.objects.exists()
    assert client.post(new_case, _form(steering), headers=BROWSER).status_code == 302


@pytest.mark.django_db
def test_who_sends_again_is_told_so_and_a_corrected_file_is_not_again(
    new_case: str, steering: Any, secretary: User, rf: RequestFactory
) -> None:
    client = _signed_in(secretary)
    for _time in range(2):
        answer = client.post(new_case, _form(steering), headers=BROWSER)
    with translation.override("nb"):
        assert gettext("This was sent already, and is not done twice.") in client.get(answer.headers["Location"]).text

    keys = set()
    for content in (b"first", b"again", b"again"):
        request = rf.post(new_case, {"file": SimpleUploadedFile("avtale.pdf", content)})
        request.user = secretary
        keys.add(sending._key(request))
        assert request.FILES["file"].read() == content, "the view reads it from its beginning"
    assert len(keys) == 2


@pytest.mark.django_db
def test_the_browser_is_told_which_text_was_taken(new_case: str, steering: Any, secretary: User) -> None:
    client = _signed_in(secretary)
    refused = client.post(new_case, _form(steering, title="", draft_word="abc1"), headers=BROWSER)
    assert sending.COOKIE not in refused.cookies
    taken = client.post(new_case, _form(steering, draft_word="abc2"), headers=BROWSER)
    assert taken.cookies[sending.COOKIE].value == "abc2"
    signed_out = Client().post(new_case, _form(steering, draft_word="abc3"), headers=BROWSER)
    assert signed_out.status_code == 302 and sending.COOKIE not in signed_out.cookies
    odd = client.post(new_case, _form(steering, draft_word="a;b\r\nx"), headers=BROWSER)
    assert odd.status_code == 302 and sending.COOKIE not in odd.cookies


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection"), 503),
        (InterfaceError("connection already closed"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 503),
        (OSError(errno.EACCES, "Permission denied"), 500),
        (ValueError("/srv/portal/secret.py"), 500),
    ],
)
def test_a_fault_of_the_portal_is_a_sentence(error: Exception, status: int) -> None:
    try:
        raise error
    except Exception:  # the handler reads the fault that is under way
        answer = failing.failed(RequestFactory().get("/"))
    page = answer.content.decode()
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert str(error) not in page and type(error).__name__ not in page
    assert 'data-outcome="refused"' in page


@pytest.mark.django_db
def test_a_disk_without_room_is_told_to_the_one_who_sends_a_file(
    client: Client, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(request: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("digivesteralen.ui.gallery.context", full)
    answer = _signed_in(secretary).get("/komponenter/")
    assert answer.status_code == 503
    assert "No space left" not in answer.content.decode()
