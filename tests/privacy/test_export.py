"""A person takes out what the portal keeps about them, and nobody else's; whoever looks is written down (GDPR, T34)."""

import io
import json
import time
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.privacy.collected import Subject, collect
from digivesteralen.privacy.trails import ELSEWHERE, trails
from governance.models import Body, Collaboration, Person, Role
from tests import people
from tests.governance.meeting_helpers import a_case

pytestmark = pytest.mark.django_db
OWN = "/konto/mine-opplysninger/"


def of_person(user: Any) -> str:
    return f"/vesteralen/personer/{Person.objects.get(user=user).pk}/opplysninger/"


def told(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return json.loads(answer.content)


def test_a_director_takes_out_the_own_data_as_json(client: Client, director: User) -> None:
    client.force_login(director)

    data = told(client, f"{OWN}fil/json/")

    assert data["person"]["E-post"] == director.email
    roles = [one for one in data["traces"] if one["said"].get("Rolle") == "kommunedirektør"]
    assert roles and "signed_in" not in json.dumps(data)
    assert "Direktør Bø" not in json.dumps(data, ensure_ascii=False)


def test_the_same_as_a_workbook_that_opens(client: Client, director: User) -> None:
    client.force_login(director)

    answer = client.get(f"{OWN}fil/xlsx/")

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert director.email in cells and len(book.sheetnames) == 3


def test_it_is_written_down_and_the_person_sees_who_took_it_out(
    client: Client, director: User, secretary: User
) -> None:
    client.force_login(secretary)
    assert client.get(of_person(director)).status_code == 200
    assert client.get(f"{of_person(director)}fil/json/").status_code == 200
    client.force_login(director)

    page = client.get(OWN).content.decode()

    assert page.count(secretary.name) == 2
    verbs = Act.objects.filter(by=secretary, object_type="governance.person").values_list("verb", flat=True)
    assert set(verbs) == {"personal_data_looked_at", "personal_data_exported"}


def test_the_secretariat_takes_out_no_words_of_the_persons_own_and_nothing_from_elsewhere(
    secretary: User, director: User, digi: Collaboration
) -> None:
    elsewhere = Collaboration.objects.create(slug="annet-sted", name="DigiAnnetsted")
    person = Person.objects.get(user=director)
    people.appoint(person, Role.PROJECT_LEADER, elsewhere)

    given = collect(Subject.of_person(person), reader=secretary)
    own = collect(Subject.of_user(director), reader=director)

    assert "DigiAnnetsted" in str(own.traces) and "DigiAnnetsted" not in str(given.traces)
    assert not any(trace.told for trace in given.traces) and any(trace.told for trace in own.traces)
    assert given.acts == []


def test_a_case_that_is_exempt_and_no_longer_open_to_the_person_keeps_its_words(
    secretary: User, member: User, steering: Body
) -> None:
    person = Person.objects.get(user=member)
    case = a_case(steering, secretary, "Hemmelig anskaffelse", exempt=True, legal_ground="offentleglova § 23")
    case.case_officer = person
    case.save(update_fields=["case_officer"])

    mine = collect(Subject.of_user(member), reader=member)

    [trace] = [one for one in mine.traces if one.role == "Saksbehandler"]
    assert trace.about == "Ikke åpent for deg i dag" and "Hemmelig" not in str(mine)


@pytest.mark.parametrize("who", ["director", "it_leader", "auditor", "member"])
def test_others_than_the_secretariat_are_refused(client: Client, director: User, request: Any, who: str) -> None:
    address = of_person(director)
    client.force_login(request.getfixturevalue(who))

    for path in (address, f"{address}fil/json/", f"{address}slett/"):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403


def test_the_secretariat_elsewhere_and_strangers_find_nothing(client: Client, director: User, outsider: User) -> None:
    address = of_person(director)
    assert client.get(f"{address}fil/json/").status_code == 302
    client.force_login(outsider)

    assert client.get(address).status_code == client.get(f"{address}fil/json/").status_code == 404
    assert client.get(f"{OWN}fil/csv/").status_code == 404


def test_no_secret_of_the_sign_in_is_in_the_file(client: Client, director: User) -> None:
    client.force_login(director)

    text = client.get(f"{OWN}fil/json/").content.decode()

    director.refresh_from_db()
    assert director.password not in text and "digest" not in text.lower()


def test_every_table_that_points_at_people_is_in_the_file() -> None:
    """Also one that is made tomorrow."""
    asked = {trail.model._meta.label for trail in trails()} | ELSEWHERE
    for model in apps.get_models():
        if any(field.name == "pgh_id" for field in model._meta.fields):
            continue
        points = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if points & {get_user_model(), Person}:
            assert model._meta.label in asked


def test_the_number_of_questions_does_not_grow_with_what_the_person_has_done(
    director: User, secretary: User, steering: Body, django_assert_max_num_queries: Any
) -> None:
    def questions() -> int:
        with django_assert_max_num_queries(400) as counted:
            collect(Subject.of_user(secretary), reader=secretary)
        return len(counted)

    a_case(steering, secretary, "Første")
    before = questions()
    for number in range(5):
        a_case(steering, secretary, f"Sak {number}")

    assert questions() == before


def test_a_sign_in_that_is_not_fresh_takes_nothing_out(client: Client, secretary: User, director: User) -> None:
    client.force_login(secretary)
    address = of_person(director)
    session = client.session
    session["proved_at"] = time.time() - 16 * 60
    session.save()

    for path in (f"{OWN}fil/json/", f"{address}fil/xlsx/", f"{address}slett/"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/konto/reauthenticate/")
    assert not Act.objects.filter(verb="personal_data_exported").exists()
