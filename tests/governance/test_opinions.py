"""«Ditt syn i styringsgruppen»: given by those who hold a seat, before the meeting is held, and no decision."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from governance.actions import cases, opinions
from governance.models import Adoption, Appointment, Body, Case, Opinion, Person, Role
from tests.governance.meeting_helpers import a_case, called, held
from tests.people import appoint, person

pytestmark = pytest.mark.django_db


def test_a_director_gives_a_view_and_changes_it(steering: Body, secretary: Any, director: Any, sortland: Any) -> None:
    called(steering, secretary)
    case = Case.objects.get()
    first = opinions.give_view(case=case, organisation=sortland, stance="supports", by=director)
    opinions.give_view(
        case=case, organisation=sortland, stance="study", text="Hva koster drift?", version=first.version, by=director
    )
    assert Opinion.objects.get().stance == Opinion.Stance.STUDY
    with pytest.raises(Stale):
        opinions.give_view(case=case, organisation=sortland, stance="supports", version=first.version, by=director)


def test_a_view_is_no_decision_of_the_municipality(
    steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    called(steering, secretary, a_case(steering, secretary, asks_municipalities=True))
    opinions.give_view(case=Case.objects.get(), organisation=sortland, stance="supports", by=director)
    assert not Adoption.objects.exists()


def test_nobody_gives_a_view_for_another_municipality(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    called(steering, secretary)
    with pytest.raises(NotAllowedNow):
        opinions.give_view(case=Case.objects.get(), organisation=bo, stance="supports", by=directors["Sortland"])
    assert not Opinion.objects.exists()


def test_the_secretary_and_the_it_leader_hold_no_seat(
    steering: Body, secretary: Any, director: Any, it_leader: Any, sortland: Any
) -> None:
    called(steering, secretary)
    for stranger in (secretary, it_leader):
        with pytest.raises(PermissionDenied):
            opinions.give_view(case=Case.objects.get(), organisation=sortland, stance="supports", by=stranger)


def test_a_substitute_answers_for_the_municipality(
    steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    stand_in = person("Vara Sortland")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=sortland)
    called(steering, secretary)
    view = opinions.give_view(case=Case.objects.get(), organisation=sortland, stance="supports", by=stand_in.user)
    assert view.person == stand_in


def test_a_member_who_is_also_substitute_answers_once(
    client: Any, steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    appoint(Person.objects.get(user=director), Role.SUBSTITUTE, steering, represents=sortland)
    called(steering, secretary)
    case = Case.objects.get()
    client.force_login(director)
    assert opinions.seats_of(director, steering).get().role == Role.STEERING
    answer = client.post(f"/vesteralen/saker/{case.pk}/syn/{sortland.number}/", {"stance": "supports", "text": ""})
    assert answer.status_code == HTTPStatus.FOUND
    assert Opinion.objects.get().organisation == sortland


def test_a_director_and_the_substitute_together_give_one_view(
    client: Any, steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    """The second sees that the first has answered, and may change it; a form from before it is refused."""
    stand_in = person("Vara Sortland")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=sortland)
    called(steering, secretary)
    url = f"/vesteralen/saker/{Case.objects.get().pk}/syn/{sortland.number}/"
    told = []
    for who, stance in ((stand_in.user, "supports"), (director, "against")):
        client.force_login(who)
        answer = client.post(url, {"stance": stance, "text": "Koster for mye.", "version": "0"})
        told.append(answer.status_code)
    assert told == [HTTPStatus.FOUND, HTTPStatus.CONFLICT]
    view = Opinion.objects.get()
    assert (view.person, view.stance) == (stand_in, "supports")


def test_a_seat_that_ended_gives_no_view(steering: Body, secretary: Any, directors: Any, sortland: Any) -> None:
    called(steering, secretary)
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(body=steering, represents=sortland).update(until=yesterday)
    with pytest.raises((PermissionDenied, NotAllowedNow)):
        opinions.give_view(case=Case.objects.get(), organisation=sortland, stance="supports", by=directors["Sortland"])


def test_views_are_given_between_the_summons_and_the_end_of_the_meeting(
    steering: Body, secretary: Any, director: Any, sortland: Any
) -> None:
    unsent = a_case(steering, secretary, "Ikke sendt")
    with pytest.raises(NotAllowedNow):
        opinions.give_view(case=unsent, organisation=sortland, stance="supports", by=director)
    held(steering, secretary, a_case(steering, secretary, "Behandlet"))
    with pytest.raises(NotAllowedNow):
        opinions.give_view(
            case=Case.objects.get(title="Behandlet"), organisation=sortland, stance="supports", by=director
        )


def test_a_withdrawn_case_takes_no_views(steering: Body, secretary: Any, director: Any, sortland: Any) -> None:
    called(steering, secretary)
    case = cases.withdraw_case(case=Case.objects.get(), by=secretary)
    with pytest.raises(NotAllowedNow):
        opinions.give_view(case=case, organisation=sortland, stance="supports", by=director)


def test_more_than_support_needs_words(steering: Body, secretary: Any, director: Any, sortland: Any) -> None:
    called(steering, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        opinions.give_view(case=Case.objects.get(), organisation=sortland, stance="against", by=director)
