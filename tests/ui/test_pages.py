from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.template import engines
from django.test import Client, RequestFactory

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.ui import menu, middleware
from digivesteralen.ui.icons import icon
from governance.models import Collaboration, Membership, Organisation


def request(path: str = "/", method: str = "get", **data: Any) -> HttpRequest:
    made = getattr(RequestFactory(), method)(path, data)
    made.user = AnonymousUser()
    return made


def refused(asked: HttpRequest, reason: Exception) -> HttpResponse:
    answer = middleware.RefusalMiddleware(lambda _request: HttpResponse()).process_exception(asked, reason)
    assert answer is not None
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/?omrade=%00", "/a%00/"])
def test_an_address_that_the_database_cannot_hold_leads_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_cannot_be_done_now_is_a_page_that_says_why() -> None:
    answer = refused(request("/sak/", "post", text="Mitt forslag"), NotAllowedNow("Møtet er avsluttet."))
    assert answer.status_code == 409
    assert "Møtet er avsluttet." in answer.content.decode()
    assert "Mitt forslag" in answer.content.decode()


def test_what_was_chosen_is_no_text_to_copy() -> None:
    sent = request("/sak/", "post", view="supports_with_remark", day="2026-12-01", remark="Med forbehold om pris.")
    page = refused(sent, NotAllowedNow("Møtet er avsluttet.")).content.decode()
    assert "Med forbehold om pris." in page
    assert "supports_with_remark" not in page and "2026-12-01" not in page


def test_a_late_save_shows_both_texts_and_no_secrets() -> None:
    current = User(name="Ny fra en annen", email="a@example.org")
    sent = request("/konto/", "post", name="Min <egen>", password1="hemmelig", version="3")
    page = refused(sent, Stale(current)).content.decode()
    assert "Min &lt;egen&gt;" in page
    assert "Ny fra en annen" in page
    assert "hemmelig" not in page


def test_a_late_save_is_held_against_what_stands_as_a_form_shows_it() -> None:
    """A day that nobody touched is no difference; one that somebody moved is told as a day."""
    ours = {"organisation": Organisation(name="Bø"), "collaboration": Collaboration(name="DigiVesterålen")}
    current = Membership(**ours, since=date(2026, 1, 31), until=date(2028, 12, 31))
    sent = request("/medlemmer/", "post", since="31.01.2026", until="30.06.2027", version="3")
    page = refused(sent, Stale(current)).content.decode()
    assert "31.01.2026" not in page and "2026-01-31" not in page
    assert "30.06.2027" in page and "31.12.2028" in page


def test_the_way_back_is_the_page_the_button_stood_on() -> None:
    sent = RequestFactory().post("/import/1/bruk/", headers={"Referer": "http://testserver/import/1/"})
    sent.user = AnonymousUser()
    assert 'href="/import/1/"' in refused(sent, NotAllowedNow("x")).content.decode()


def test_the_way_back_leads_to_no_other_house() -> None:
    sent = RequestFactory().post("/import/1/", headers={"Referer": "http://evil.example/"})
    sent.user = AnonymousUser()
    page = refused(sent, NotAllowedNow("x")).content.decode()
    assert "evil.example" not in page
    assert 'href="/import/1/"' in page


def test_an_address_that_only_a_button_sends_to_says_so() -> None:
    handler = middleware.RefusalMiddleware(lambda _request: HttpResponseNotAllowed(["POST"]))
    answer = handler(request("/bruk/"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert '<a class="ds-button" href="/">' in answer.content.decode()


def test_other_faults_are_left_to_others() -> None:
    handler = middleware.RefusalMiddleware(lambda _request: HttpResponse())
    assert handler.process_exception(request(), ValueError("x")) is None


def test_htmx_puts_the_refusal_in_the_place_of_the_page() -> None:
    assert refused(request(), NotAllowedNow("x")).headers["HX-Retarget"] == "body"


def test_a_fragment_after_the_session_ran_out_sends_the_whole_window_to_sign_in() -> None:
    asked = RequestFactory().get(
        "/x/", headers={"HX-Request": "true", "HX-Current-URL": "http://evil.example/sak/?a=1"}
    )
    handler = middleware.FragmentMiddleware(lambda _request: redirect(settings.LOGIN_URL))
    answer = handler(asked)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"{resolve_url(settings.LOGIN_URL)}?next=%2Fsak%2F%3Fa%3D1"
    assert "HX-Request" in answer.headers["Vary"]


def test_icons_are_silent_unless_they_stand_alone() -> None:
    assert 'aria-hidden="true"' in icon("Clock")
    assert 'role="img" aria-label="Utløper &lt;snart&gt;"' in icon("Clock", "Utløper <snart>")
    with pytest.raises(KeyError):
        icon("NoSuchIcon")


def test_block_tags_escape_what_they_are_given() -> None:
    source = '{% panel title color="neutral" %}<p>{{ text }}</p>{% endpanel %}{% tag text "danger" %}'
    html = engines["django"].from_string(source).render({"title": "<b>", "text": "<i>"})
    assert "&lt;b&gt;" in html
    assert html.count("&lt;i&gt;") == 2


def test_breadcrumbs_end_where_one_is() -> None:
    html = engines["django"].from_string('{% crumbs "Saker" "/saker/" "Sak 12/26" %}').render()
    assert '<a class="ds-link" href="/saker/">Saker</a>' in html
    assert '<span aria-current="page">Sak 12/26</span>' in html


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_entries", {})
    menu.register("Oppgaver", lambda _c: "/", order=10)
    menu.register("Møter", lambda c: f"/{c.slug}/moter/" if c else "", order=20)
    menu.register("Rapporter", lambda _c: "/r/", "governance.view_reports", order=60)


def test_the_menu_shows_what_can_be_followed_and_where_one_is(entries: None) -> None:
    collaboration: Any = SimpleNamespace(slug="vesteralen")
    here = menu.links(AnonymousUser(), collaboration, "/vesteralen/moter/styringsgruppen/")
    assert [(link.label, link.current) for link in here[:2]] == [("Oppgaver", False), ("Møter", True)]
    assert [link.label for link in menu.links(AnonymousUser(), None, "/")] == ["Oppgaver"]


def test_two_apps_cannot_claim_the_same_place(entries: None) -> None:
    with pytest.raises(ValueError, match="taken"):
        menu.register("Annet", lambda _c: "/annet/", order=20)


def test_language_and_colours_are_remembered_before_sign_in(client: Client) -> None:
    answer = client.post("/konto/visning/", {"color_scheme": "dark", "language": "en", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    page = client.get("/komponenter/").content.decode()
    assert 'data-color-scheme="dark"' in page
    assert '<html lang="en"' in page


def test_nonsense_is_not_remembered(client: Client) -> None:
    answer = client.post("/konto/visning/", {"color_scheme": "pink", "language": "xx"})
    assert not answer.cookies


@pytest.mark.django_db
def test_language_and_colours_follow_the_person(client: Client) -> None:
    user = User.objects.create_user("kari@example.org", name="Kari Eksempel")
    client.force_login(user)
    client.post("/konto/visning/", {"color_scheme": "light", "language": "en"})
    user.refresh_from_db()
    assert (user.color_scheme, user.language) == ("light", "en")


def test_no_page_carries_inline_style_or_script(client: Client) -> None:
    page = client.get("/komponenter/").content.decode()
    assert "style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page


def test_the_gallery_is_not_part_of_a_real_installation(client: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get("/komponenter/").status_code == 404
