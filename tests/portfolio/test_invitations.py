"""Invitations that are out: deadline, reminder, taking back a mistake, asking a municipality anew (R23, R25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.documents.models import Job
from governance.actions import adoptions
from governance.actions.asking import REMINDER
from governance.models import Adoption, Organisation
from portfolio.actions import contributions, invitations, participation
from portfolio.answers import answers_of
from portfolio.models import EarlierAnswer, Participation, Project, ProjectYear, Share, Status
from tests.people import person
from tests.refusals import the_database_refuses

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
TODAY = timezone.localdate
MISTAKE = "Feil kommune ble krysset av."


def again(part: Participation) -> Participation:
    return Participation.objects.whole().select_related("project__collaboration").get(pk=part.pk)


@pytest.fixture
def asked(project: Project, six: list[Organisation], secretary: User) -> Parts:
    """All six, with a fortnight to answer."""
    parts = participation.invite(
        project=project, organisations=six, answer_by=TODAY() + timedelta(days=14), by=secretary
    )
    return {part.organisation.name: part for part in parts}


def test_all_who_are_asked_are_asked_the_same(asked: Parts) -> None:
    assert {part.adoption.key for part in asked.values()} == {"prosjekt-1"}


def test_the_sentence_tells_who_has_answered_and_until_when_the_others_have(
    project: Project, asked: Parts, decides: Decides
) -> None:
    decides(asked["Bø"], 100_000)
    decides(asked["Hadsel"], state="not_adopted")
    found = answers_of(project)
    assert (found.answered, found.asked) == (2, 6)
    assert f"{TODAY() + timedelta(days=14):%d.%m.%Y}" in found.sentence
    assert found.names == "Andøy, Lødingen, Sortland, Øksnes"
    with time_machine.travel(TODAY() + timedelta(days=15), tick=False):
        assert len(answers_of(project).late) == 4


def test_the_deadline_is_moved_for_those_that_have_not_answered_alone(
    project: Project, asked: Parts, decides: Decides, secretary: User
) -> None:
    decides(asked["Bø"], 100_000)
    later = TODAY() + timedelta(days=60)
    assert invitations.prolong(project=project, answer_by=later, by=secretary) == 5
    assert again(asked["Hadsel"]).adoption.answer_by == later
    assert again(asked["Bø"]).adoption.answer_by == TODAY() + timedelta(days=14)


def test_a_deadline_is_not_moved_into_the_past(project: Project, asked: Parts, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        invitations.prolong(project=project, answer_by=TODAY() - timedelta(days=1), by=secretary)


def test_where_all_have_answered_there_is_nobody_to_wait_for(
    project: Project, asked: Parts, decides: Decides, secretary: User
) -> None:
    for part in asked.values():
        decides(part, state="not_adopted")
    with pytest.raises(NotAllowedNow):
        invitations.prolong(project=project, answer_by=TODAY(), by=secretary)
    with pytest.raises(NotAllowedNow):
        invitations.remind(project=project, by=secretary)


def test_those_that_have_not_answered_get_a_reminder_once_a_day(
    project: Project, asked: Parts, decides: Decides, secretary: User, directors: dict[str, User]
) -> None:
    decides(asked["Bø"], 100_000)
    told = invitations.remind(project=project, by=secretary)
    assert {one.organisation.name for one in told} == {"Andøy", "Hadsel", "Lødingen", "Sortland", "Øksnes"}
    assert Job.objects.filter(kind=REMINDER).count() == 5
    with pytest.raises(NotAllowedNow):
        invitations.remind(project=project, by=secretary)


@pytest.mark.parametrize("who", ["project_leader", "auditor", "it_leader"])
def test_the_secretariat_alone_handles_the_invitations(
    project: Project, asked: Parts, who: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    for press in (
        lambda: invitations.prolong(project=project, answer_by=TODAY(), by=by),
        lambda: invitations.remind(project=project, by=by),
        lambda: invitations.take_back(participation=asked["Bø"], reason=MISTAKE, by=by),
        lambda: invitations.ask_anew(participation=asked["Bø"], by=by),
    ):
        with pytest.raises(PermissionDenied):
            press()


def test_an_invitation_by_mistake_is_taken_back_and_the_history_tells_it(
    project: Project, asked: Parts, secretary: User
) -> None:
    adoption = asked["Bø"].adoption_id
    invitations.take_back(participation=asked["Bø"], reason=MISTAKE, by=secretary)
    assert not Participation.objects.filter(pk=asked["Bø"].pk).exists()
    assert not Adoption.objects.filter(pk=adoption).exists()
    assert Share.objects.filter(project=project).count() == 5
    assert Share.objects.get(participation=asked["Hadsel"]).if_all == Decimal(120_000)
    told = Act.objects.get(verb="invitation_taken_back")
    assert told.detail == {"municipality": "Bø", "reason": MISTAKE}


def test_whoever_is_taken_back_can_be_invited_again(
    project: Project, asked: Parts, bo: Organisation, secretary: User
) -> None:
    invitations.take_back(participation=asked["Bø"], reason=MISTAKE, by=secretary)
    participation.invite(project=project, organisations=[bo], by=secretary)
    assert project.participations.get(organisation=bo).adoption.key == "prosjekt-1"


def test_without_a_reason_nothing_is_taken_back(asked: Parts, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        invitations.take_back(participation=asked["Bø"], reason="  ", by=secretary)


def _decides(part: Participation, decides: Decides, director: User) -> None:
    decides(part, 100_000)


def _declines(part: Participation, decides: Decides, director: User) -> None:
    decides(part, state="not_adopted")


def _signals(part: Participation, decides: Decides, director: User) -> None:
    participation.answer_interest(participation=part, interest="interested", by=director)


def _schedules(part: Participation, decides: Decides, director: User) -> None:
    adoptions.schedule(adoption=part.adoption, scheduled_on=TODAY(), by=director)


def _tells_a_cost(part: Participation, decides: Decides, director: User) -> None:
    cost = {"internal_cost": Decimal(1), "internal_spent": None}
    participation.tell_internal_cost(participation=part, by=director, **cost)


def _had_something_registered(part: Participation, decides: Decides, director: User) -> None:
    decides(part, 100_000)
    Adoption.objects.filter(pk=part.adoption_id).update(
        on_behalf=False, objected_at=None, state="open", decided_on=None, decided_by="", case_number="", amount=None
    )


@pytest.mark.parametrize("act", [_decides, _declines, _signals, _schedules, _tells_a_cost, _had_something_registered])
def test_nothing_is_taken_back_once_the_municipality_has_done_anything(
    asked: Parts,
    decides: Decides,
    directors: dict[str, User],
    secretary: User,
    act: Callable[[Participation, Decides, User], None],
) -> None:
    act(asked["Bø"], decides, directors["Bø"])
    with pytest.raises(NotAllowedNow, match="Bø"):
        invitations.take_back(participation=again(asked["Bø"]), reason=MISTAKE, by=secretary)
    assert Participation.objects.filter(pk=asked["Bø"].pk).exists()


def test_a_participant_with_people_in_the_project_is_not_taken_out(
    asked: Parts, decides: Decides, directors: dict[str, User], secretary: User, bo: Organisation
) -> None:
    decides(asked["Bø"], 100_000)
    contributions.contribute(
        participation=again(asked["Bø"]), person=person("Kari Nilsen", organisation=bo), percent=20, since=TODAY(),
        by=directors["Bø"],
    )  # fmt: skip
    with pytest.raises(NotAllowedNow, match="Bø"):
        invitations.take_back(participation=again(asked["Bø"]), reason=MISTAKE, by=secretary)


def test_the_database_keeps_what_a_municipality_has_treated(asked: Parts, decides: Decides) -> None:
    decides(asked["Bø"], state="not_adopted")
    Share.objects.filter(participation=asked["Bø"]).delete()
    with the_database_refuses(), transaction.atomic():
        Adoption.objects.filter(pk=asked["Bø"].adoption_id)._raw_delete("default")


def test_a_municipality_that_declined_is_asked_anew_and_its_no_stands_for_the_days_before(
    project: Project, asked: Parts, decides: Decides, secretary: User
) -> None:
    no_day, anew = TODAY(), TODAY() + timedelta(days=120)
    decides(asked["Bø"], state="not_adopted")
    old = asked["Bø"].adoption_id
    with time_machine.travel(anew, tick=False):
        part = invitations.ask_anew(participation=again(asked["Bø"]), answer_by=anew + timedelta(days=30), by=secretary)
        assert (part.status, part.invited_on) == (Status.UNDECIDED, anew)
        assert part.adoption_id != old
        assert part.adoption.key == "prosjekt-1-2"
        assert "Bø" in again(part).adoption.proposal
        earlier = EarlierAnswer.objects.get(participation=part)
        assert (earlier.adoption_id, earlier.status) == (old, Status.DECLINED)
        assert Share.objects.get(participation=part).if_all == Decimal(100_000)
        assert decides(part, 100_000).status == Status.TAKES_PART
    assert list(
        EarlierAnswer.objects.standing_on(no_day).with_status(no_day).values_list("status_then", flat=True)
    ) == [Status.DECLINED]
    assert not Participation.objects.asked_by(no_day).filter(pk=part.pk).exists()


def test_who_declines_twice_can_be_asked_a_third_time(asked: Parts, decides: Decides, secretary: User) -> None:
    part = asked["Bø"]
    for times in (2, 3):
        decides(part, state="not_adopted")
        part = invitations.ask_anew(participation=again(part), by=secretary)
        assert part.adoption.key == f"prosjekt-1-{times}"
    assert part.earlier.count() == 2


def test_what_was_answered_before_is_changed_by_nobody(asked: Parts, decides: Decides, secretary: User) -> None:
    decides(asked["Bø"], state="not_adopted")
    part = invitations.ask_anew(participation=again(asked["Bø"]), by=secretary)
    for press in (lambda: part.earlier.update(asked_anew_on=date(2020, 1, 1)), lambda: part.earlier.all().delete()):
        with the_database_refuses(), transaction.atomic():
            press()


@pytest.mark.parametrize("answer", ["nothing", "yes"])
def test_only_who_has_said_no_or_left_is_asked_anew(
    asked: Parts, decides: Decides, secretary: User, answer: str
) -> None:
    if answer == "yes":
        decides(asked["Bø"], 100_000)
    with pytest.raises(NotAllowedNow):
        invitations.ask_anew(participation=again(asked["Bø"]), by=secretary)


def _leaves(part: Participation, director: User) -> Participation:
    return participation.give_notice(
        participation=again(part),
        leaves_on=TODAY() - timedelta(days=1),
        state="adopted",
        decided_by="kommunestyret",
        decided_on=TODAY() - timedelta(days=5),
        case_number="9/26",
        by=director,
    )


def test_who_has_left_can_be_asked_to_come_in_again(
    asked: Parts, decides: Decides, directors: dict[str, User], secretary: User
) -> None:
    decides(asked["Bø"], 100_000)
    left = _leaves(asked["Bø"], directors["Bø"])
    part = invitations.ask_anew(participation=left, by=secretary)
    assert (part.status, part.withdrawal_id, part.leaves_on) == (Status.UNDECIDED, None, None)
    assert part.earlier.get().leaves_on == left.leaves_on


def test_who_left_after_having_paid_for_a_year_comes_in_by_a_new_project(
    project: Project, asked: Parts, decides: Decides, directors: dict[str, User], secretary: User
) -> None:
    ProjectYear.objects.create(project=project, year=TODAY().year, cost=Decimal(600_000))
    decides(asked["Bø"], 100_000)
    left = _leaves(asked["Bø"], directors["Bø"])
    with pytest.raises(NotAllowedNow, match="Bø"):
        invitations.ask_anew(participation=left, by=secretary)


def test_two_who_ask_anew_do_not_overwrite_each_other(asked: Parts, decides: Decides, secretary: User) -> None:
    part = decides(asked["Bø"], state="not_adopted")
    invitations.ask_anew(participation=part, version=part.version, by=secretary)
    with pytest.raises(Stale):
        invitations.ask_anew(participation=part, version=part.version, by=secretary)


def test_asking_more_of_a_projects_matter_invites_to_the_project(
    project: Project, six: list[Organisation], secretary: User
) -> None:
    first = participation.invite(project=project, organisations=six[:1], by=secretary)[0]
    day = TODAY() + timedelta(days=20)
    assert participation.asks_more(first.adoption, six, day, secretary)
    assert project.participations.count() == 6
    other = adoptions.open_adoption(
        collaboration=project.collaboration, organisation=six[0], matter="Noe annet", by=secretary
    )
    assert not participation.asks_more(other, six, day, secretary)


def test_nobody_is_asked_to_a_project_that_has_ended(
    project: Project, asked: Parts, decides: Decides, secretary: User
) -> None:
    decides(asked["Bø"], state="not_adopted")
    Project.objects.filter(pk=project.pk).update(state=Project.State.STOPPED)
    with pytest.raises(NotAllowedNow):
        invitations.ask_anew(participation=again(asked["Bø"]), by=secretary)


def everything(part: Participation) -> tuple[Any, ...]:
    part = again(part)
    return part.status, part.adoption.amount, part.joins_on, part.leaves_on


def test_nothing_the_secretariat_does_changes_what_another_has_decided(
    project: Project, asked: Parts, decides: Decides, secretary: User
) -> None:
    decides(asked["Hadsel"], 100_000)
    decides(asked["Bø"], state="not_adopted")
    before = everything(asked["Hadsel"])
    invitations.prolong(project=project, answer_by=TODAY() + timedelta(days=90), by=secretary)
    invitations.take_back(participation=asked["Andøy"], reason=MISTAKE, by=secretary)
    invitations.ask_anew(participation=again(asked["Bø"]), by=secretary)
    assert everything(asked["Hadsel"]) == before
