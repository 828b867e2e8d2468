"""How long a sign-in lasts, how fresh it must be, and where one is signed in (T27, T34)."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from digivesteralen.accounts.models import Brake, User
from digivesteralen.privacy.tasks import erase_what_is_over
from digivesteralen.servers.cache import ForgivingCache
from digivesteralen.ui import sending
from governance.models import Appointment, Collaboration, Person
from tests.people import PASSWORD, person
from tests.signin.entering import later, sign_in

PLACE = "/vesteralen/personer/"


def said(text: str, client: Client) -> bool:
    """In Norwegian, on the page where one signs in again."""
    with translation.override("nb"):
        return gettext(text) in client.get("/konto/login/").content.decode()


def test_an_hour_without_use_ends_it(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    with later(minutes=59):
        assert client.get(PLACE).status_code == 200
    with later(minutes=59 + 59):
        assert client.get(PLACE).status_code == 200
    with later(minutes=59 + 59 + 60):
        assert client.get(PLACE).headers["Location"] == f"/konto/login/?next={PLACE}"
        assert said("You were signed out after an hour without use. Sign in again to go on.", client)


def test_eight_hours_end_it_however_much_it_is_used(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    for minutes in range(30, 8 * 60, 30):
        with later(minutes=minutes):
            assert client.get(PLACE).status_code == 200
    with later(hours=8):
        assert client.get(PLACE).status_code == 302
        assert said("You were signed out because a sign-in lasts eight hours. Sign in again to go on.", client)


def test_using_it_is_written_once_a_minute(client: Client, secretary: User) -> None:
    """Reading a page costs no write; a page a minute later writes the session and the place."""
    client.force_login(secretary)
    client.get("/konto/kalender/")
    with CaptureQueriesContext(connection) as now:
        client.get("/konto/kalender/")
    with later(minutes=2), CaptureQueriesContext(connection) as then:
        client.get("/konto/kalender/")

    assert [one["sql"] for one in now if one["sql"].startswith(("UPDATE", "INSERT"))] == []
    assert [one["sql"].split()[1] for one in then if one["sql"].startswith("UPDATE")] == [
        '"usersessions_usersession"', '"django_session"',
    ]  # fmt: skip


def test_signing_out_ends_it_also_for_a_copied_cookie(secretary: User) -> None:
    client = sign_in(secretary)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get(PLACE).status_code == 200

    client.post("/konto/logout/")

    assert thief.get(PLACE).status_code == 302


def test_signed_out_while_valkey_was_away_stays_so(secretary: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a process that was started meanwhile, and knows of nothing to forget: no sign-in lies in the cache."""
    client = sign_in(secretary)
    cookie = client.cookies["sessionid"].value
    client.get(PLACE)
    with monkeypatch.context() as away:
        away.setattr(ForgivingCache, "_away_until", float("inf"))
        client.post("/konto/logout/")
    monkeypatch.setattr(ForgivingCache, "_to_forget", set())
    client.cookies["sessionid"] = cookie
    assert client.get(PLACE).status_code == 302


def test_nothing_tells_where_somebody_was_signed_in_the_night_after(secretary: User) -> None:
    """The address and the browser are about a person; one who is signed in then is not signed out."""
    with later(days=-2):
        sign_in(secretary, "Firefox at work")
    client = sign_in(secretary, "Chrome at home")
    Brake.objects.create(cache_key="x", value="", expires=timezone.now() - timedelta(minutes=1))

    erase_what_is_over()

    assert [one.user_agent for one in UserSession.objects.filter(user=secretary)] == ["Chrome at home"]
    assert [one.session_key for one in Session.objects.all()] == [client.session.session_key]
    assert not Brake.objects.exists()
    assert client.get(PLACE).status_code == 200


def test_a_closed_person_is_out_everywhere_and_on_no_list(secretary: User) -> None:
    places = [sign_in(secretary), sign_in(secretary)]
    secretary.is_active = False
    secretary.save(update_fields=["is_active"])

    assert [one.get(PLACE).status_code for one in places] == [302, 302]


def test_a_person_sees_where_and_signs_out_there(secretary: User) -> None:
    here, there = sign_in(secretary, "Firefox at work"), sign_in(secretary, "Chrome at home")
    page = here.get("/konto/sessions/").content.decode()
    assert "Firefox at work" in page and "Chrome at home" in page

    elsewhere = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/konto/sessions/{elsewhere.pk}/avslutt/").status_code == 302

    assert there.get(PLACE).status_code == 302
    assert here.get(PLACE).status_code == 200
    assert "Chrome at home" not in here.get("/konto/sessions/").content.decode()


def test_nobody_ends_the_sign_in_of_somebody_else(secretary: User, contact: User) -> None:
    theirs = sign_in(contact)
    place = UserSession.objects.get(user=contact)

    assert sign_in(secretary).post(f"/konto/sessions/{place.pk}/avslutt/").status_code == 404
    assert theirs.get("/").status_code == 200


def test_a_new_password_ends_the_other_places_and_keeps_this_one(secretary: User) -> None:
    here, there = sign_in(secretary), sign_in(secretary)
    new = "another-long-password"
    here.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert here.get(PLACE).status_code == 200
    assert there.get(PLACE).status_code == 302


def test_a_vote_asks_for_a_fresh_sign_in(director: User) -> None:
    client = sign_in(director)
    with later(minutes=16):
        page = client.get("/vesteralen/saker/1/syn/1870/")
    assert page.headers["Location"].startswith("/konto/reauthenticate/")


# --- a fresh sign-in before what weighs most -------------------------------------------------------------


def test_a_role_asks_who_one_is_and_is_then_given(secretary: User, sortland: Any) -> None:
    """What was written is not lost: it is sent when the password is given."""
    client = sign_in(secretary)
    who = person("Kari Ny")
    who.known_in.set([Appointment.objects.get(person__user=secretary).collaboration])
    role = {"role": "contact", "organisation": sortland.pk, "since": "2026-01-01", sending.WORD: "abc1"}
    with later(minutes=16):
        asked = client.post(f"{PLACE}{who.pk}/rolle/", role)
        assert asked.headers["Location"].startswith("/konto/reauthenticate/")
        assert sending.COOKIE not in asked.cookies
        assert not who.appointments.exists()

        wrong = client.post(asked.headers["Location"], {"password": "wrong-password"})
        assert wrong.status_code == 200
        assert not who.appointments.exists()

        given = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert given.status_code == 302
    assert who.appointments.get().role == "contact"
    assert given.cookies[sending.COOKIE].value == "abc1", "the browser forgets its copy"


@pytest.mark.parametrize(
    "path",
    ["personer/{me}/rolle/", "personer/{me}/inviter/", "personer/{me}/trekk/", "verv/{seat}/avslutt/"],
)
def test_each_change_of_a_role_asks(secretary: User, director: User, path: str) -> None:
    seat = Appointment.objects.get(person__user=director, role="steering")
    client = sign_in(secretary)
    with later(minutes=16):
        page = client.get("/vesteralen/" + path.format(me=Person.objects.get(user=director).pk, seat=seat.pk))
    assert page.headers["Location"].startswith("/konto/reauthenticate/")


def test_a_list_of_people_as_a_spreadsheet_asks(secretary: User) -> None:
    client = sign_in(secretary)
    assert client.get(f"{PLACE}?format=xlsx").status_code == 200
    with later(minutes=16):
        assert client.get(PLACE).status_code == 200
        assert client.get(f"{PLACE}?format=xlsx").headers["Location"].startswith("/konto/reauthenticate/")


WEIGHS = [
    *(f"vedtak/1/{what}/" for what in ("registrer", "etter-delegasjon", "rett", "pa-vegne", "bekreft", "innsigelse")),
    "personer/ny/",
    "verv/?format=xlsx",
    "portefolje/ressurspersoner/?format=xlsx",
]


def test_signatures_decisions_ways_in_and_lists_of_people_ask(secretary: User, sysadmin: User) -> None:
    """Before anything is looked up: minutes, what a municipality has decided, new people, and names taken out."""
    client, operator = sign_in(secretary), sign_in(sysadmin)
    with later(minutes=16):
        asked = {path: client.post(f"/vesteralen/{path}") for path in WEIGHS if "xlsx" not in path}
        asked |= {path: client.get(f"/vesteralen/{path}") for path in WEIGHS if "xlsx" in path}
        asked["sign"] = client.post(reverse("sign_minutes", args=["vesteralen", "styringsgruppa", 1, 2026]))
        asked["share"] = client.get(reverse("share_project", args=["vesteralen", "arkiv"]))
        asked["emergency"] = operator.get(reverse("emergency"))
    told = {name: answer.headers.get("Location", "")[:24] for name, answer in asked.items()}
    assert told == dict.fromkeys(asked, "/konto/reauthenticate/?n")


def test_where_letters_go_asks_and_a_name_does_not(secretary: User, digi: Collaboration) -> None:
    client, who = sign_in(secretary), Person.objects.create(name="Kari Ny", email="kari@test.example")
    who.known_in.add(digi)
    told = {"name": "Kari Endret", "email": who.email, "version": who.version}
    with later(minutes=16):
        assert client.post(f"{PLACE}{who.pk}/rediger/", told).headers["Location"] == f"{PLACE}{who.pk}/"
        told |= {"email": "ny@test.example", "version": who.version + 1}
        asked = client.post(f"{PLACE}{who.pk}/rediger/", told)
        assert asked.headers["Location"].startswith("/konto/reauthenticate/")
        assert Person.objects.get(pk=who.pk).email == who.email
        client.post(asked.headers["Location"], {"password": PASSWORD})
    who.refresh_from_db()
    assert (who.name, who.email) == ("Kari Endret", "ny@test.example")


def test_a_file_is_asked_for_again_and_nothing_is_registered_without_it(secretary: User) -> None:
    """What is sent when the password is given has no file: the person chooses it once more, and the text is kept."""
    client, form = sign_in(secretary), "/vesteralen/vedtak/1/pa-vegne/"
    with later(minutes=16):
        file = {"text": "Vedtatt", "extract": SimpleUploadedFile("utskrift.pdf", b"%PDF-1.4")}
        asked = client.post(form, file, headers={"Referer": f"http://testserver{form}"})
    assert asked.headers["Location"] == f"/konto/reauthenticate/?next={quote(form, safe='')}"
    assert "account_reauthentication_state" not in client.session
    with translation.override("nb"):
        told = gettext("Files are not kept while you sign in again: choose the file once more.")
    assert told in client.get(asked.headers["Location"]).content.decode()


def test_what_weighs_less_does_not_ask(secretary: User) -> None:
    client = sign_in(secretary)
    with later(minutes=50):
        assert client.get(PLACE).status_code == 200
