"""Named people in projects: each municipality's own, and never more than a full post on any day (R8, L9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Membership, Organisation, Person
from portfolio.actions import contributions, participation, projects
from portfolio.actions.contributions import NewPerson
from portfolio.models import Contribution, Participation, Project
from tests.people import LONG_AGO, person

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
JANUARY, MARCH, JUNE, DECEMBER = date(2031, 1, 1), date(2031, 3, 1), date(2031, 6, 30), date(2031, 12, 31)


@pytest.fixture
def joined(invited: Parts, decides: Decides) -> Participation:
    return decides(invited["Bø"], 100_000)


@pytest.fixture
def kari(bo: Organisation) -> Person:
    return person("Kari Nilsen", organisation=bo)


@pytest.fixture
def another(digi: Collaboration, bo: Organisation, decides: Decides, secretary: User) -> Participation:
    """Bø in a second project."""
    other = projects.register_project(collaboration=digi, title="Felles arkiv", shared_cost=Decimal(0), by=secretary)
    part = participation.invite(project=other, organisations=[bo], by=secretary)[0]
    return decides(part)


def put(part: Participation, who: Person | NewPerson, by: User, percent: int = 50, **period: Any) -> Contribution:
    return contributions.contribute(
        participation=part, person=who, percent=percent, by=by, **{"since": JANUARY, **period}
    )


def test_the_municipality_puts_in_one_of_its_own(joined: Participation, kari: Person, directors: Any) -> None:
    made = put(joined, kari, directors["Bø"], role="superbruker", until=JUNE)
    assert list(Contribution.objects.active(MARCH)) == [made]
    assert list(Contribution.objects.active(DECEMBER)) == []


def test_somebody_new_is_registered_as_one_of_the_municipalitys_people(
    joined: Participation, directors: Any, bo: Organisation, digi: Collaboration
) -> None:
    made = put(joined, NewPerson("Per Hansen", "per@bo.example", "rådgiver"), directors["Bø"])
    assert (made.person.organisation, list(made.person.known_in.all())) == (bo, [digi])


def test_an_address_that_is_somebody_elses_says_nothing_of_whose(
    joined: Participation, directors: Any, hadsel: Organisation
) -> None:
    person("Hemmelig Person", email="h@hadsel.example", organisation=hadsel)
    with pytest.raises(NotAllowedNow) as refused:
        put(joined, NewPerson("Per Hansen", "H@hadsel.example"), directors["Bø"])
    assert "Hemmelig" not in str(refused.value)
    assert not Person.objects.filter(name="Per Hansen").exists()


@pytest.mark.parametrize("who", ["secretary", "project_leader", "it_leader", "auditor"])
def test_nobody_else_puts_them_in(
    joined: Participation, kari: Person, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        put(joined, kari, request.getfixturevalue(who))


def test_a_neighbours_employee_is_not_put_in(joined: Participation, directors: Any, hadsel: Organisation) -> None:
    with pytest.raises(NotAllowedNow, match="Bø"):
        put(joined, person("Ola Fra Hadsel", organisation=hadsel), directors["Bø"])


def test_before_the_yes_nobody_works_in_the_project(invited: Parts, kari: Person, directors: Any) -> None:
    with pytest.raises(NotAllowedNow, match="Bø"):
        put(invited["Bø"], kari, directors["Bø"])


def test_over_all_projects_nobody_gives_more_than_a_full_post(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    put(joined, kari, directors["Bø"], 60)
    with pytest.raises(NotAllowedNow, match="Felles skjema 60 %") as refused:
        put(another, kari, directors["Bø"], 50)
    assert "110" in str(refused.value)
    assert "40" in str(refused.value)
    assert put(another, kari, directors["Bø"], 40).percent == 40


def test_one_after_the_other_is_no_more_than_one(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    put(joined, kari, directors["Bø"], 100, until=JUNE)
    with pytest.raises(NotAllowedNow):
        put(another, kari, directors["Bø"], 100, since=JUNE)
    assert put(another, kari, directors["Bø"], 100, since=JUNE + timedelta(days=1)).percent == 100


def test_a_day_in_the_middle_of_the_period_counts(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    put(joined, kari, directors["Bø"], 60, since=MARCH, until=JUNE)
    with pytest.raises(NotAllowedNow):
        put(another, kari, directors["Bø"], 50, since=JANUARY, until=DECEMBER)


def test_a_warning_names_the_other_projects(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    first = put(joined, kari, directors["Bø"], 60)
    assert contributions.told(first, directors["Bø"]) == ""
    second = put(another, kari, directors["Bø"], 40)
    assert "Felles skjema 60 %" in contributions.told(second, directors["Bø"])


def test_a_project_one_may_not_see_has_no_name(
    joined: Participation, kari: Person, directors: Any, bo: Organisation, outsider: User, decides: Decides
) -> None:
    elsewhere = Collaboration.objects.get(slug="annet-sted")
    Membership.objects.create(collaboration=elsewhere, organisation=bo, since=LONG_AGO)
    secret = projects.register_project(collaboration=elsewhere, title="Hemmelig prosjekt", by=outsider)
    part = decides(participation.invite(project=secret, organisations=[bo], by=outsider)[0])
    put(part, kari, directors["Bø"], 80)
    with pytest.raises(NotAllowedNow) as refused:
        put(joined, kari, directors["Bø"], 30)
    assert "Hemmelig" not in str(refused.value)


def test_a_share_is_changed_within_the_post(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    made = put(joined, kari, directors["Bø"], 60)
    put(another, kari, directors["Bø"], 40)
    with pytest.raises(NotAllowedNow):
        contributions.change_contribution(contribution=made, percent=61, since=JANUARY, by=directors["Bø"])
    changed = contributions.change_contribution(
        contribution=made, version=1, percent=20, since=JANUARY, until=JUNE, by=directors["Bø"]
    )
    assert (changed.percent, changed.until) == (20, JUNE)
    with pytest.raises(Stale):
        contributions.change_contribution(contribution=made, version=1, percent=30, since=JANUARY, by=directors["Bø"])


def test_what_was_a_mistake_is_taken_out_by_the_own_people(
    joined: Participation, kari: Person, directors: Any, secretary: User
) -> None:
    made = put(joined, kari, directors["Bø"])
    with pytest.raises(PermissionDenied):
        contributions.remove_contribution(contribution=made, by=secretary)
    contributions.remove_contribution(contribution=made, by=directors["Bø"])
    assert Contribution.objects.count() == 0


@pytest.mark.parametrize(("percent", "until"), [(0, None), (101, None), (50, JANUARY - timedelta(days=1))])
def test_what_is_no_share_and_no_period_is_refused(
    joined: Participation, kari: Person, directors: Any, percent: int, until: date | None
) -> None:
    with pytest.raises((NotAllowedNow, IntegrityError)), transaction.atomic():
        put(joined, kari, directors["Bø"], percent, until=until)
    assert Contribution.objects.count() == 0


def test_the_database_itself_keeps_to_a_full_post(
    joined: Participation, another: Participation, kari: Person, directors: Any
) -> None:
    put(joined, kari, directors["Bø"], 60, until=JUNE)
    made = put(another, kari, directors["Bø"], 40)
    for change in ({"percent": 41}, {"percent": 100}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contribution.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(participation=joined, person=kari, percent=1, since=MARCH)
    Contribution.objects.create(participation=joined, person=kari, percent=60, since=JUNE + timedelta(days=1))


def test_people_are_not_counted_in_the_shared_hours(
    project: Project, joined: Participation, kari: Person, directors: Any
) -> None:
    before = list(project.shares.order_by("pk").values())
    put(joined, kari, directors["Bø"], 100, since=timezone.localdate())
    assert list(project.shares.order_by("pk").values()) == before
