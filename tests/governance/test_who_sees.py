"""«Hvem ser dette» tells exactly those that the pages let in, by the same rows, and why."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from digivesteralen.accounts import access
from digivesteralen.accounts.models import User
from governance import who_sees
from governance.models import Body, Case, Collaboration, Organisation, Role
from governance.permissions import GRANTS
from tests.governance.meeting_helpers import a_case, called
from tests.people import appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(
    directors: dict[str, User], secretary: User, it_leader: User, contact: User, survey_admin: User, auditor: User,
    observer: User, member: User, project_leader: User, outsider: User, sysadmin: User,
) -> list[User]:  # fmt: skip
    """One of each role, somebody from elsewhere, the system administrator, and a director whose user is closed."""
    closed = person("Stengt Direktør")
    appoint(closed, Role.DIRECTOR, Organisation.objects.get(number="1868"))
    User.objects.filter(person=closed).update(is_active=False)
    return list(User.objects.order_by("pk"))


def secret(body: Body, by: Any) -> Case:
    return a_case(body, by, "Tilbud", exempt=True, legal_ground="offentleglova § 23")


def test_the_holders_of_a_right_are_those_whom_a_page_lets_in(
    everybody: list[User], digi: Collaboration, steering: Body, sortland: Organisation
) -> None:
    asked = [
        (f"governance.{right}", on)
        for on in (digi, steering, sortland)
        for right in sorted({one for role in GRANTS for one in GRANTS[role].get(type(on), ())})
    ]
    for right, on in asked:
        told = set(access.holders(right, on))
        assert told == {user for user in everybody if access.holds(user, right, on)}, f"{right} on {on}"


def test_the_readers_of_a_case_are_those_who_find_it(everybody: list[User], steering: Body, secretary: User) -> None:
    """A draft, a draft that is exempt, a sent case, and a sent case that is exempt."""
    drafts = [a_case(steering, secretary, "Et utkast"), secret(steering, secretary)]
    sent = [a_case(steering, secretary, "En sak"), secret(steering, secretary)]
    called(steering, secretary, *sent)
    readers = {}
    for case in Case.objects.filter(pk__in=[one.pk for one in drafts + sent]).select_related("body__collaboration"):
        readers[case.pk] = set(who_sees.case_readers(case))
        found = {user for user in everybody if Case.objects.visible_to(user).filter(pk=case.pk).exists()}
        assert readers[case.pk] == found

        named = {name for line in who_sees.of_case(case).lines for name in line.names}
        assert named == {user.name for user in found}
    assert readers[drafts[0].pk] == {secretary}
    assert len(readers[sent[0].pk]) > len(readers[sent[1].pk]) > 1


def test_the_municipality_names_its_own_people_and_no_collaboration_that_the_reader_does_not_see(
    everybody: list[User], sortland: Organisation, director: User, outsider: User
) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    elsewhere.memberships.create(organisation=sortland, since="2021-01-01")
    ours = who_sees.of_municipality(sortland, director).lines
    theirs = who_sees.of_municipality(sortland, outsider).lines

    assert {line.where for line in ours} == {"Sortland", "DigiVesterålen"}
    assert {line.where for line in theirs} == {"Sortland", "DigiAnnetsted"}
    assert [line.names for line in ours if line.who == "kommunedirektør" and line.where == "Sortland"] == [
        ["Direktør Sortland"]
    ]


def test_many_are_named_by_the_first_and_counted(digi: Collaboration, directors: dict[str, User]) -> None:
    for number in range(3):
        appoint(person(f"Aa {number}"), Role.CONTACT, Organisation.objects.get(number="1870"))
        appoint(person(f"Bb {number}"), Role.CONTACT, Organisation.objects.get(number="1866"))
        appoint(person(f"Cc {number}"), Role.CONTACT, Organisation.objects.get(number="1867"))
    [line] = [one for one in who_sees.of_collaboration(digi) if one.names[0].startswith("Aa")]

    assert line.names == ["Aa 0", "Aa 1", "Aa 2", "Bb 0", "Bb 1", "Bb 2"]
    assert (line.count, line.more) == (9, 3)


def test_the_panel_asks_as_much_for_few_as_for_many(
    digi: Collaboration, secretary: User, directors: dict[str, User], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the roles, and who has emergency access
        who_sees.of_collaboration(digi)


def test_the_panel_stands_on_the_pages_of_a_case_and_a_municipality(
    client: Client, steering: Body, secretary: User, director: User
) -> None:
    case = a_case(steering, secretary, "En sak")
    called(steering, secretary, case)
    case.refresh_from_db()
    client.force_login(director)
    for page in (case.get_absolute_url(), "/kommune/1870/"):
        told = client.get(page).content.decode().partition('id="hvem-ser"')[2]
        assert "Direktør Sortland" in told.partition("</details>")[0]


def test_one_short_line_says_how_many_and_in_which_roles(
    digi: Collaboration, steering: Body, secretary: User, directors: dict[str, User], auditor: User
) -> None:
    """Nobody is counted twice, however many roles somebody holds."""
    appoint(secretary.person, Role.AUDITOR, digi)
    lines = who_sees.of_collaboration(digi)
    with translation.override("en"):
        told, few, nobody = (who_sees.Seen(some).in_short for some in (lines, lines[:1], []))

    people = {user for line in lines for user in line.users}
    assert sum(line.count for line in lines) > len(people)
    assert told == f"{len(people)} people in {len({line.who for line in lines})} roles"
    assert few == f"{lines[0].count} people: {lines[0].who}"
    assert nobody == "nobody who can sign in today"
