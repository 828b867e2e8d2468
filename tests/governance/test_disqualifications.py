"""A member tells early, the body decides without the member, and who steps down is out of the case (D6)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from digivesteralen.accounts.access import NotAllowedNow
from governance import laws
from governance.actions import attendance, disqualifications, running
from governance.models import Body, Disqualification, Meeting, Role, RuleProfile
from governance.quorum import Presence
from tests.governance.meeting_helpers import a_case, begun, called, held, the_item
from tests.people import appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The sentences of the refusals are looked at as they stand in the code."""
    with translation.override("en"):
        yield


def rows_of(meeting: Meeting) -> list[Any]:
    return list(meeting.attendances.order_by("pk"))


def asked(item: Any, row: Any, by: Any, **told: Any) -> Disqualification:
    return disqualifications.raise_question(item=item, row=row, ground="special", by=by, **told)


def decided(question: Disqualification, by: Any, steps_down: bool = True, **told: Any) -> Disqualification:
    return disqualifications.decide(question=question, steps_down=steps_down, by=by, **told)


def test_a_member_tells_early_and_the_body_must_take_it_up_first(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = called(steering, secretary)
    item = the_item(meeting)
    told = disqualifications.warn(item=item, statement="Gift med leverandørens leder.", by=directors["Bø"])
    running.start_meeting(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow) as why:
        running.resolve(item=item, outcome="as_proposed", by=secretary)
    assert told.person.name in str(why.value.sentence)
    decided(told, secretary, steps_down=False, ground="spouse")
    assert running.resolve(item=item, outcome="as_proposed", by=secretary).present == 6


def test_who_may_tell_and_when(steering: Body, secretary: Any, directors: Any, it_leader: Any) -> None:
    meeting = called(steering, secretary)
    with pytest.raises(PermissionDenied):
        disqualifications.warn(item=the_item(meeting), statement="Noe.", by=it_leader)
    for words in ("", "Noe.", "Noe igjen."):
        if words == "Noe.":
            disqualifications.warn(item=the_item(meeting), statement=words, by=directors["Bø"])
            continue
        with pytest.raises(NotAllowedNow):
            disqualifications.warn(item=the_item(meeting), statement=words, by=directors["Bø"])
    over = held(steering, secretary, a_case(steering, secretary, "Ferdig"))
    with pytest.raises(NotAllowedNow):
        disqualifications.warn(item=the_item(over), statement="For sent.", by=directors["Bø"])


def test_the_body_decides_without_the_member(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    item, rows = the_item(meeting), rows_of(meeting)
    question = asked(item, rows[0], secretary)
    with pytest.raises(NotAllowedNow) as why:
        decided(question, secretary, votes_for=6, votes_against=0)
    assert "5 decide" in str(why.value.sentence)
    for wrong in ({"votes_for": 2, "votes_against": 3}, {"votes_for": 3}):
        with pytest.raises(NotAllowedNow):
            decided(question, secretary, **wrong)
    told = decided(question, secretary, votes_for=4, votes_against=1)
    assert (told.steps_down, told.may_vote, Presence(meeting).at(item).present) == (True, 5, 5)
    assert told.ground_text.startswith("forvaltningsloven § 6")


def test_several_vote_on_none_of_them_unless_they_would_be_too_few(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary, *[a_case(steering, secretary, title) for title in ("En", "To")])
    one, two = meeting.items.all()
    rows = rows_of(meeting)
    first, second = asked(one, rows[0], secretary), asked(one, rows[1], secretary)
    assert decided(first, secretary, votes_for=4, votes_against=0).may_vote == 4
    assert decided(second, secretary, votes_for=4, votes_against=0).may_vote == 4
    # Three of six are asked about: the three others are no quorum, so all who are there take part (§ 8).
    questions = [asked(two, row, secretary) for row in rows[:3]]
    assert decided(questions[0], secretary, steps_down=False, votes_for=2, votes_against=4).may_vote == 6


def test_a_substitute_meets_in_that_case_alone(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    who = person("Vara Bø")
    appoint(who, Role.SUBSTITUTE, steering, represents=bo)
    meeting = begun(steering, secretary, *[a_case(steering, secretary, title) for title in ("En", "To")])
    one, two = meeting.items.all()
    row = meeting.attendances.get(seat__represents=bo)
    told = decided(asked(one, row, secretary), secretary, substitute=who)
    presence = Presence(meeting)
    in_seat = next(each for each in presence.attendances if each.pk == row.pk)
    assert [presence.sitting(in_seat, item).person for item in (one, two)] == [who, row.seat.person]
    assert presence.at(one).present == 6
    decided(told, secretary, steps_down=False, ground="special")
    assert Presence(meeting).sitting(in_seat, one).person != who


def test_a_release_for_personal_reasons_stands_apart(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    item, rows = the_item(meeting), rows_of(meeting)
    told = disqualifications.raise_question(
        item=item, row=rows[0], kind="release", ground="personal", statement="Sykdom i familien.", by=secretary
    )
    decided(told, secretary)
    assert Presence(meeting).changes_at(item)[0].kind == "released"


def test_by_law_all_who_decide_it_vote_and_the_chair_breaks_a_tie(
    steering: Body, secretary: Any, directors: Any
) -> None:
    facts = RuleProfile.settled("elected") | {"rules": "elected", "decision_rule": "majority"}
    RuleProfile.objects.create(body=steering, **facts)
    meeting = called(steering, secretary)
    away = {steering.seats.all()[5].pk: attendance.Seat(status="absent")}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    question = asked(the_item(meeting), rows_of(meeting)[0], secretary)
    with pytest.raises(NotAllowedNow):
        decided(question, secretary, votes_for=3, votes_against=0)
    with pytest.raises(NotAllowedNow):
        decided(question, secretary, votes_for=2, votes_against=2)
    tie = {"votes_for": 2, "votes_against": 2, "chair_decided": True}
    for nobody_votes in (None, rows_of(meeting)[0].seat.person):
        Meeting.objects.filter(pk=meeting.pk).update(chair=nobody_votes)
        with pytest.raises(NotAllowedNow) as why:
            decided(question, secretary, **tie)
        assert "whoever chairs" in str(why.value.sentence)
    Meeting.objects.filter(pk=meeting.pk).update(chair=rows_of(meeting)[1].seat.person)
    assert decided(question, secretary, **tie).steps_down


def test_without_quorum_after_somebody_steps_down_nothing_is_decided(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = called(steering, secretary)
    away = {seat.pk: attendance.Seat(status="excused") for seat in steering.seats.all()[:2]}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    item, row = the_item(meeting), meeting.attendances.filter(status="present")[0]
    disqualifications.step_down(item=item, row=row, why="leder leverandøren", by=secretary)
    with pytest.raises(NotAllowedNow) as why:
        running.resolve(item=item, outcome="as_proposed", by=secretary)
    assert "3" in str(why.value.sentence)
    assert running.resolve(item=item, outcome="postponed", by=secretary)


def test_own_question_is_not_taken_back_after_the_meeting(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = called(steering, secretary)
    item = the_item(meeting)
    told = disqualifications.warn(item=item, statement="Gift med leverandørens leder.", by=directors["Bø"])
    running.start_meeting(meeting=meeting, by=secretary)
    running.resolve(item=item, outcome="postponed", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    told = Disqualification.objects.get(pk=told.pk)
    with pytest.raises(NotAllowedNow) as why:
        disqualifications.take_back(question=told, by=directors["Bø"])
    assert "until the meeting is held" in str(why.value.sentence)


def test_what_was_registered_by_mistake_is_removed_with_what_followed(
    steering: Body, secretary: Any, directors: Any, director: Any
) -> None:
    meeting = begun(steering, secretary)
    item = the_item(meeting)
    told = disqualifications.step_down(item=item, row=rows_of(meeting)[0], why="en feil", by=secretary)
    with pytest.raises(PermissionDenied):
        disqualifications.take_back(question=told, by=director)
    disqualifications.take_back(question=told, by=secretary)
    assert Presence(meeting).at(item).present == 6


def test_grounds_are_dated_and_what_is_not_in_force_is_offered_to_nobody() -> None:
    offered = {one.key for one in laws.step_down_grounds(date(2026, 6, 1))}
    assert {"party", "special", "elected", "employed", "personal"} <= offered
    assert "new_act" not in offered


def test_the_member_and_the_secretary_in_the_browser(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = called(steering, secretary)
    case = the_item(meeting).case
    client.force_login(directors["Bø"])
    here = f"/vesteralen/saker/{case.pk}/meld-inhabilitet/"
    assert here in client.get(case.get_absolute_url()).content.decode()
    assert "statement" in client.post(here, {"statement": ""}).context_data["form"].errors
    client.post(here, {"statement": "Eier aksjer i leverandøren.", "ground": "special"})
    told = Disqualification.objects.get()
    assert (told.person.user, told.state) == (directors["Bø"], "raised")
    client.force_login(directors["Hadsel"])
    assert "aksjer" not in client.get(here).content.decode()
    client.force_login(secretary)
    running.start_meeting(meeting=meeting, by=secretary)
    run = f"{meeting.get_absolute_url()}gjennomfor/"
    assert told.person.name in client.get(run).content.decode()
    page = f"{meeting.get_absolute_url()}inhabilitet/{told.pk}/"
    sent = {"result": "disqualified", "ground": "special", "votes_for": 5, "votes_against": 0, "version": 1}
    assert client.get(page).status_code == 200
    assert client.post(page, sent).status_code == 302
    told.refresh_from_db()
    assert (told.state, told.may_vote) == ("disqualified", 5)
    assert client.get(f"{meeting.get_absolute_url()}sak/{told.item_id}/endring/").status_code == 200
    assert client.post(f"{meeting.get_absolute_url()}inhabilitet/{told.pk}/fjern/").status_code == 302
