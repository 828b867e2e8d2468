"""Who has roles for several chooses for whom to act; the choice is shown, used, and ends with the role (R2)."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.audit.log import history
from governance.actions import adoptions
from governance.models import Adoption, Appointment, Body, Collaboration, Organisation, Role
from tests.browser import faults_of, window
from tests.people import PASSWORD, appoint, director_of
from tests.signin.entering import later, sign_in

CHOICE = "/konto/rolle/"
ANSWER = {
    "state": "adopted", "decided_by": "kommunestyret", "decided_on": "2026-01-20", "case_number": "1/26", "version": 1,
    "text": "Kommunen deltar.",
}  # fmt: skip


@pytest.fixture
def two_hats(sortland: Organisation, bo: Organisation, steering: Body) -> Any:
    """Sortland's director with a seat in the steering group, who also answers for Bø."""
    user = director_of(sortland, steering)
    appoint(user.person, Role.CONTACT, bo)
    return user


@pytest.fixture
def session(two_hats: Any) -> Client:
    client = Client()
    client.force_login(two_hats, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def asked(digi: Collaboration, sortland: Organisation, bo: Organisation, secretary: Any) -> dict[str, Adoption]:
    said = {"collaboration": digi, "matter": "Felles skjema", "by": secretary}
    return {one.name: adoptions.open_adoption(organisation=one, **said) for one in (sortland, bo)}


def acts_for(session: Client, place: Organisation) -> Any:
    return session.post(f"{CHOICE}?neste=/vesteralen/", {"party": f"organisation:{place.pk}"})


def head(session: Client) -> str:
    return session.get("/vesteralen/").content.decode().partition("<header")[2].partition("</header>")[0]


def test_the_head_asks_who_has_roles_for_several_and_tells_what_was_chosen(
    session: Client, bo: Organisation, two_hats: Any
) -> None:
    before = head(session)
    answer = acts_for(session, bo)

    assert "Du handler på vegne av Bø, kontakt" not in before and CHOICE in before
    assert answer.headers["Location"] == "/vesteralen/"
    assert "Bø, " in head(session).partition("p-onbehalf")[2]


def test_one_who_acts_for_one_party_alone_is_not_asked(client: Client, director: Any, six: list[Organisation]) -> None:
    """A director with a seat in the steering group has two roles and one party."""
    client.force_login(director)

    page = client.get("/vesteralen/").content.decode()
    assert CHOICE not in page and "shown_for" not in page


def test_what_is_registered_names_the_party_in_the_history(
    session: Client, bo: Organisation, asked: dict[str, Adoption]
) -> None:
    acts_for(session, bo)
    answer = session.post(f"/vesteralen/vedtak/{asked['Bø'].pk}/registrer/", ANSWER)

    assert answer.status_code == 302
    newest = history(Adoption.objects.get(pk=asked["Bø"].pk))[0]
    assert newest.who.startswith("Direktør Sortland, ") and newest.who.endswith(" Bø")


def test_a_single_party_is_named_without_a_choice(
    client: Client, asked: dict[str, Adoption], directors: dict[str, Any]
) -> None:
    client.force_login(directors["Sortland"])
    client.post(f"/vesteralen/vedtak/{asked['Sortland'].pk}/registrer/", ANSWER)

    newest = history(Adoption.objects.get(pk=asked["Sortland"].pk))[0]
    assert newest.who.startswith("Direktør Sortland, ") and newest.who.endswith(" Sortland")


def test_nobody_answers_for_sortland_while_acting_for_bo(
    session: Client, bo: Organisation, sortland: Organisation, asked: dict[str, Adoption]
) -> None:
    acts_for(session, bo)
    form = f"/vesteralen/vedtak/{asked['Sortland'].pk}/registrer/"
    refused = session.post(form, ANSWER)
    asked["Sortland"].refresh_from_db()

    assert refused.status_code == 409
    assert "Sortland" in refused.content.decode()
    assert not asked["Sortland"].is_decided
    acts_for(session, sortland)
    assert session.post(form, ANSWER).status_code == 302


def test_nobody_chooses_a_party_of_others(session: Client, hadsel: Organisation) -> None:
    answer = acts_for(session, hadsel)

    assert answer.status_code == 200
    assert answer.context_data["form"].errors["party"]
    assert "on_behalf" not in session.session


def test_nothing_is_registered_in_a_name_before_it_is_chosen(
    session: Client, sortland: Organisation, asked: dict[str, Adoption]
) -> None:
    """The page of refusal has the choice on it, keeps what was written, and leads back to the form."""
    form = f"/vesteralen/vedtak/{asked['Sortland'].pk}/registrer/"
    refused = session.post(form, ANSWER, headers={"referer": f"http://testserver{form}?fra=liste"})
    page = refused.content.decode()

    assert refused.status_code == 409
    asked["Sortland"].refresh_from_db()
    assert not asked["Sortland"].is_decided
    assert f'value="organisation:{sortland.pk}"' in page and ANSWER["text"] in page and 'data-outcome="refused"' in page
    way = re.search(r'action="([^"]*neste=[^"]*)" class="p-row"', page)
    assert way is not None
    back = session.post(html.unescape(way[1]), {"party": f"organisation:{sortland.pk}"})
    assert back.headers["Location"] == f"{form}?fra=liste"
    assert session.post(form, ANSWER).status_code == 302


def test_a_form_speaks_of_the_party_it_was_shown_for(
    session: Client, bo: Organisation, sortland: Organisation, asked: dict[str, Adoption]
) -> None:
    form = f"/vesteralen/vedtak/{asked['Bø'].pk}/registrer/"
    unchosen = session.get(form).content.decode()
    acts_for(session, bo)
    shown = session.get(form).content.decode()

    assert '<input type="hidden" name="shown_for" value="">' in unchosen
    assert f'<input type="hidden" name="shown_for" value="organisation:{bo.pk}">' in shown
    for stale in ("", f"organisation:{sortland.pk}"):
        refused = session.post(form, {**ANSWER, "shown_for": stale})
        assert refused.status_code == 409 and ANSWER["text"] in refused.content.decode()
    asked["Bø"].refresh_from_db()
    assert not asked["Bø"].is_decided
    assert session.post(form, {**ANSWER, "shown_for": f"organisation:{bo.pk}"}).status_code == 302


def test_a_form_that_waited_for_a_fresh_sign_in_speaks_of_the_party_it_was_shown_for(
    two_hats: Any, bo: Organisation, sortland: Organisation, asked: dict[str, Adoption]
) -> None:
    """Another party was chosen in another tab meanwhile."""
    session = sign_in(two_hats)
    acts_for(session, sortland)
    form = f"/vesteralen/vedtak/{asked['Bø'].pk}/registrer/"
    with later(minutes=16):
        way = session.post(form, {**ANSWER, "shown_for": f"organisation:{sortland.pk}"}).headers["Location"]
        acts_for(session, bo)
        refused = session.post(way, {"password": PASSWORD})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert ANSWER["text"] in page and PASSWORD not in page
    asked["Bø"].refresh_from_db()
    assert not asked["Bø"].is_decided


def test_what_a_page_calls_ones_own_is_the_party_that_was_chosen(
    session: Client, bo: Organisation, sortland: Organisation
) -> None:
    def own() -> str:
        return session.get("/vesteralen/portefolje/kommune/").headers["Location"].rsplit("/", 2)[1]

    for place in (sortland, bo):
        acts_for(session, place)
        assert own() == place.number


def test_where_the_chosen_role_ends_nobody_acts_for_another_before_choosing_anew(
    session: Client, bo: Organisation, sortland: Organisation, asked: dict[str, Adoption]
) -> None:
    """Also where one role alone is left."""
    acts_for(session, bo)
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(organisation=bo).update(until=yesterday)
    form = f"/vesteralen/vedtak/{asked['Sortland'].pk}/registrer/"

    shown = head(session)
    assert "p-onbehalf" in shown and "Bø" not in shown and CHOICE in shown
    assert session.post(form, ANSWER).status_code == 409
    acts_for(session, sortland)
    assert "p-onbehalf" not in head(session)
    assert session.post(form, ANSWER).status_code == 302


def test_the_choice_leads_back_inside_the_portal_only(session: Client, bo: Organisation) -> None:
    sent = {"party": f"organisation:{bo.pk}"}
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert session.post(f"{CHOICE}?neste={elsewhere}", sent).headers["Location"] == "/"


@pytest.mark.browser
def test_choosing_whom_one_acts_for_is_whole_and_accessible(
    browser: Browser, live_server: Any, transactional_db: None, two_hats: Any
) -> None:
    assert faults_of(browser, live_server, [(two_hats, CHOICE), (two_hats, "/vesteralen/")], unfolded=False) == []
    page, _complaints = window(browser, live_server, two_hats, CHOICE)
    assert page.locator("header").get_by_role("link", name="Velg hvem du handler på vegne av").count() == 0
