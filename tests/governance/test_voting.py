"""How the body votes and who may: by name, by law, elections, reservations, late cases, where a case goes (D4, D7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from digivesteralen.accounts.access import NotAllowedNow, Stale
from governance.actions import agenda, attendance, disqualifications, rounds, running
from governance.actions.ballots import Said
from governance.models import Appointment, Body, Case, Forwarding, Meeting, RuleProfile, Vote
from governance.voting import Ballot, Line
from tests.governance.meeting_helpers import a_case, a_meeting, begun, called, the_item
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
HANDS = Ballot(method="hands", unanimous=False)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The sentences of the refusals are looked at as they stand in the code."""
    with translation.override("en"):
        yield


def ruled(body: Body, **facts: Any) -> None:
    RuleProfile.objects.create(body=body, **RuleProfile.settled(facts.get("rules", "steering")) | facts)


def by_law(body: Body) -> None:
    ruled(body, rules="elected", decision_rule="majority")


def named(meeting: Meeting, *values: str) -> Ballot:
    rows = meeting.attendances.order_by("pk").values_list("pk", flat=True)
    return Ballot(names=tuple(zip(rows, values, strict=False)))


def refused(sentence: str, item: Any, by: Any, outcome: str = "as_proposed", **told: Any) -> None:
    with pytest.raises(NotAllowedNow) as why:
        running.resolve(item=item, outcome=outcome, by=by, **told)
    assert sentence in str(why.value.sentence), why.value.sentence


# --- By name ---------------------------------------------------------------------------------


def test_a_vote_by_name_counts_itself_and_tells_whom_each_represents(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ruled(steering, decision_rule="majority")
    meeting = begun(steering, secretary)
    row = meeting.attendances.order_by("pk").last()
    assert row is not None
    attendance.record_change(item=the_item(meeting), attendance=row, kind="left", by=secretary)
    ballot = named(meeting, "yes", "yes", "yes", "no", "blank")
    resolution = running.resolve(item=the_item(meeting), outcome="as_proposed", ballot=ballot, by=secretary)
    assert (resolution.votes_for, resolution.votes_against, resolution.votes_blank) == (3, 1, 1)
    assert (resolution.method, resolution.unanimous, resolution.present) == ("names", False, 5)
    absent = resolution.votes.get(value="absent")
    assert (absent.attendance, absent.represents) == (row, row.seat.represents)
    assert resolution.votes.count() == 6


def test_a_member_votes_once_and_only_when_there(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    item, rows = the_item(meeting), list(meeting.attendances.order_by("pk"))
    refused("twice", item, secretary, ballot=Ballot(names=((rows[0].pk, "yes"), (rows[0].pk, "no"))))
    attendance.record_change(item=item, attendance=rows[0], kind="left", by=secretary)
    refused("not there", item, secretary, ballot=Ballot(names=((rows[0].pk, "yes"),)))
    other = begun(steering, secretary, a_case(steering, secretary, "Et annet møte"))
    strange = Ballot(names=((other.attendances.all()[0].pk, "yes"),))
    refused("does not vote in this meeting", item, secretary, ballot=strange)


def test_a_disqualified_member_cannot_vote(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    item, rows = the_item(meeting), list(meeting.attendances.order_by("pk"))
    disqualifications.step_down(item=item, row=rows[2], why="leder leverandøren", by=secretary)
    ballot = named(meeting, *["yes"] * 6)
    refused("disqualified in this case", item, secretary, ballot=ballot)
    without = replace(ballot, names=tuple(one for one in ballot.names if one[0] != rows[2].pk))
    resolution = running.resolve(item=item, outcome="as_proposed", ballot=without, by=secretary)
    assert (resolution.votes_for, resolution.present) == (5, 5)
    with the_database_refuses(), transaction.atomic():
        Vote.objects.filter(attendance=rows[2]).update(value="yes")


def test_who_has_voted_does_not_step_down_afterwards(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    item, row = the_item(meeting), meeting.attendances.order_by("pk")[0]
    running.resolve(item=item, outcome="as_proposed", ballot=named(meeting, *["yes"] * 6), by=secretary)
    with pytest.raises(NotAllowedNow) as why:
        disqualifications.step_down(item=item, row=row, why="leder leverandøren", by=secretary)
    assert "has voted" in str(why.value.sentence)
    with pytest.raises(NotAllowedNow):
        attendance.record_change(item=item, attendance=row, kind="left", by=secretary)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO governance_vote (resolution_id, attendance_id, person_id, value)"
        " SELECT resolution_id, attendance_id, person_id, 'no' FROM governance_vote LIMIT 1",
        "UPDATE governance_attendance SET votes_here = false;"
        " UPDATE governance_vote SET value = 'no'",
        "UPDATE governance_resolution SET votes_against = 1",
    ],
)  # fmt: skip
def test_votes_stand_against_raw_sql(steering: Body, secretary: Any, directors: Any, sql: str) -> None:
    meeting = begun(steering, secretary)
    ballot = named(meeting, *["yes"] * 6)
    running.resolve(item=the_item(meeting), outcome="as_proposed", ballot=ballot, by=secretary)
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- The rules of the body ---------------------------------------------------------------------


def test_by_law_everybody_there_votes_and_nobody_abstains(steering: Body, secretary: Any, directors: Any) -> None:
    by_law(steering)
    meeting = begun(steering, secretary)
    item = the_item(meeting)
    refused("how many voted", item, secretary, ballot=HANDS)
    refused("6 voting seats", item, secretary, ballot=replace(HANDS, votes_for=3, votes_against=1))
    blank = replace(HANDS, votes_for=3, votes_against=1, votes_blank=2)
    refused("must vote", item, secretary, ballot=blank)
    refused("Missing", item, secretary, ballot=named(meeting, "yes", "yes", "yes"))
    told = replace(HANDS, votes_for=4, votes_against=2)
    assert running.resolve(item=item, outcome="as_proposed", ballot=told, by=secretary).present == 6


def test_unanimity_asks_every_seat(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, decision_rule="unanimity")
    meeting = called(steering, secretary)
    away = {meeting.body.seats.all()[0].pk: attendance.Seat(status="absent")}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    refused("every seat", the_item(meeting), secretary)
    not_adopted = running.resolve(item=the_item(meeting), outcome="not_adopted", by=secretary)
    assert not_adopted.outcome == "not_adopted"


def test_where_the_chair_decides_it_is_said(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, decision_rule="chair")
    chaired_by(steering, "Sortland")
    item = the_item(begun(steering, secretary))
    split = replace(HANDS, votes_for=2, votes_against=4)
    refused("chair decides", item, secretary, ballot=split)
    resolution = running.resolve(
        item=item, outcome="as_proposed", ballot=replace(split, chair_decided=True), by=secretary
    )
    assert resolution.chair_decided


def chaired_by(body: Body, place: str) -> None:
    Appointment.objects.filter(body=body, represents__name=place).update(is_chair=True)


@pytest.mark.parametrize("rule", ["consensus", "majority", "chair", "unanimity"])
def test_nothing_is_adopted_without_a_single_vote_for(
    steering: Body, secretary: Any, directors: Any, rule: str
) -> None:
    ruled(steering, decision_rule=rule)
    meeting = begun(steering, secretary)
    item = the_item(meeting)
    by_name = named(meeting, *["blank"] * 6)
    for ballot in (by_name, Ballot(votes_for=0, votes_against=0, votes_blank=6)):
        refused("Nobody voted for", item, secretary, ballot=ballot)
    not_adopted = running.resolve(item=item, outcome="not_adopted", ballot=by_name, by=secretary)
    assert not not_adopted.unanimous


def a_tie_of_four(steering: Body, secretary: Any) -> tuple[Meeting, Any]:
    """By law: two for, two against and two away; Sortland's director chairs the body and is there."""
    by_law(steering)
    chaired_by(steering, "Sortland")
    meeting = called(steering, secretary)
    away = {seat.pk: attendance.Seat(status="excused") for seat in steering.seats.filter(is_chair=False)[:2]}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    return meeting, the_item(meeting)


TIE = replace(HANDS, votes_for=2, votes_against=2, chair_decided=True)


def test_a_chair_who_does_not_vote_in_the_case_breaks_no_tie(steering: Body, secretary: Any, directors: Any) -> None:
    meeting, item = a_tie_of_four(steering, secretary)
    away = meeting.attendances.filter(status="excused")[0].seat.person
    facts = {"others": "", "agenda_remarks": "", "by": secretary}
    running.describe_meeting(meeting=meeting, chair=away, **facts)
    refused("whoever chairs does not vote", item, secretary, ballot=TIE)
    there = meeting.attendances.filter(status="present", seat__is_chair=False)[0].seat.person
    running.describe_meeting(meeting=meeting, chair=there, **facts)
    assert running.resolve(item=item, outcome="as_proposed", ballot=TIE, by=secretary).chair_decided
    with pytest.raises(NotAllowedNow):
        running.describe_meeting(meeting=meeting, chair=away, **facts)


def test_a_disqualified_chair_breaks_no_tie(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, decision_rule="majority", casting_vote=True)
    chaired_by(steering, "Sortland")
    meeting = begun(steering, secretary)
    item, row = the_item(meeting), meeting.attendances.get(seat__is_chair=True)
    disqualifications.step_down(item=item, row=row, why="leder leverandøren", by=secretary)
    refused("whoever chairs does not vote", item, secretary, ballot=TIE)


def test_the_casting_vote_is_the_one_the_chair_gave(steering: Body, secretary: Any, directors: Any) -> None:
    meeting, item = a_tie_of_four(steering, secretary)
    rows = meeting.attendances.filter(status="present").order_by("seat__is_chair", "pk")
    names = zip((row.pk for row in rows), ("yes", "yes", "no", "no"), strict=True)
    ballot = Ballot(names=tuple(names), chair_decided=True)
    refused("the other way", item, secretary, ballot=ballot)
    assert running.resolve(item=item, outcome="not_adopted", ballot=ballot, by=secretary).chair_decided


def test_attendance_mended_afterwards_must_carry_the_decision_rule_too(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ruled(steering, decision_rule="unanimity")
    meeting = begun(steering, secretary)
    resolution = running.resolve(item=the_item(meeting), outcome="as_proposed", by=secretary)
    one = {steering.seats.all()[0].pk: attendance.Seat(status="excused")}
    with pytest.raises(NotAllowedNow) as why:
        attendance.record_attendance(meeting=meeting, seats=one, by=secretary)
    assert "every seat" in str(why.value.sentence)
    again = {"item": the_item(meeting), "version": resolution.version, "by": secretary}
    running.resolve(outcome="not_adopted", **again)
    attendance.record_attendance(meeting=meeting, seats=one, by=secretary)


def test_who_is_set_present_after_a_counted_vote_by_law_has_not_voted(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting, item = a_tie_of_four(steering, secretary)
    told = replace(HANDS, votes_for=3, votes_against=1)
    running.resolve(item=item, outcome="as_proposed", ballot=told, by=secretary)
    back = {meeting.attendances.filter(status="excused")[0].seat_id: attendance.Seat(status="present")}
    with pytest.raises(NotAllowedNow) as why:
        attendance.record_attendance(meeting=meeting, seats=back, by=secretary)
    assert "4 votes are counted" in str(why.value.sentence)


def test_an_election_counts_names_and_blank_votes(steering: Body, secretary: Any, directors: Any) -> None:
    by_law(steering)
    item = the_item(begun(steering, secretary))
    vote = Ballot(method="majority", votes_blank=1, election=(Line("Kari", 3, elected=True), Line("Ola", 2)))
    refused("Write the names", item, secretary, ballot=Ballot(method="proportional"))
    refused("elected", item, secretary, ballot=replace(vote, election=(Line("Kari", 5),)))
    refused("more votes", item, secretary, ballot=replace(vote, votes_blank=4))
    resolution = running.resolve(item=item, outcome="as_proposed", ballot=vote, by=secretary)
    assert [str(line) for line in resolution.election.all()] == ["Kari: 3", "Ola: 2"]
    with the_database_refuses(), transaction.atomic():
        resolution.election.filter(name="Ola").update(count=4)


def test_one_proposal_against_another_says_which(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, decision_rule="majority")
    item = the_item(begun(steering, secretary))
    against = replace(HANDS, method="alternative", votes_for=4, votes_against=2)
    refused("other proposal", item, secretary, ballot=against)
    told = replace(against, alternative="Vente et år.")
    assert running.resolve(item=item, outcome="as_proposed", ballot=told, by=secretary).alternative == "Vente et år."


def test_a_member_has_words_in_the_minutes_where_the_rules_allow(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary)
    item, row = the_item(meeting), meeting.attendances.all()[0]
    words = [Said(attendance=row.pk, text="Kommunen tar forbehold om kostnaden.")]
    resolution = running.resolve(item=item, outcome="as_proposed", reservations=words, by=secretary)
    assert resolution.reservations.get().person == row.seat.person
    ruled(steering, may_reserve=False)
    refused("no reservation", item, secretary, reservations=words, version=resolution.version)


# --- Late cases, and where a case goes ----------------------------------------------------------


def late_item(steering: Body, secretary: Any) -> Any:
    meeting = called(steering, secretary)
    item = agenda.put_on_agenda(meeting=meeting, case=a_case(steering, secretary, "Hastesak"), by=secretary)
    running.start_meeting(meeting=meeting, by=secretary)
    return item


def test_a_late_case_is_not_decided_against_a_third_or_the_chair(
    steering: Body, secretary: Any, directors: Any
) -> None:
    by_law(steering)
    item = late_item(steering, secretary)
    for objections in (running.Objections(members=2), running.Objections(chair=True)):
        refused("not on the agenda", item, secretary, late=objections)
    told = running.Objections(members=1)
    assert running.resolve(item=item, outcome="as_proposed", late=told, by=secretary).objections == 1


def test_in_a_steering_group_nobody_stops_a_late_case(steering: Body, secretary: Any, directors: Any) -> None:
    item = late_item(steering, secretary)
    told = running.Objections(members=6, chair=True)
    assert running.resolve(item=item, outcome="as_proposed", late=told, by=secretary)


def test_a_forwarded_case_goes_on_as_the_meeting_ends(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    refused("Choose a body", the_item(meeting), secretary, outcome="forwarded")
    goal = running.Goal(receiver="DigiNordland")
    running.resolve(item=the_item(meeting), outcome="forwarded", goes_to=goal, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    assert Forwarding.objects.get().receiver == "DigiNordland"
    assert Case.objects.get().stage == Case.Stage.TREATED


def test_a_postponed_case_stands_on_the_agenda_of_its_meeting(steering: Body, secretary: Any, directors: Any) -> None:
    coming = a_meeting(steering, secretary, in_days=30)
    meeting = begun(steering, secretary)
    goal = running.Goal(meeting=coming)
    running.resolve(item=the_item(meeting), outcome="postponed", goes_to=goal, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    assert coming.items.get().case.continues == Case.objects.earliest("pk")


# --- What is written under way ------------------------------------------------------------------


def test_what_is_typed_twice_is_saved_once_and_the_second_writer_sees_the_first(
    steering: Body, secretary: Any, directors: Any
) -> None:
    item = the_item(begun(steering, secretary))
    note = running.note_treatment
    first = note(item=item, text="Rådmannen orienterte.", version=0, by=secretary)
    assert note(item=item, text="Rådmannen orienterte.", version=0, by=secretary) == first
    with pytest.raises(Stale) as stale:
        note(item=item, text="Noe annet.", version=0, by=secretary)
    current: Any = stale.value.current
    assert current.text == "Rådmannen orienterte."
    resolution = running.resolve(item=item, outcome="as_proposed", by=secretary)
    assert resolution.treatment == "Rådmannen orienterte."
    with pytest.raises(Stale):
        note(item=item, text="For sent.", version=first, by=secretary)
    note(item=item, text="Rettet.", version=resolution.version, by=secretary)
    resolution.refresh_from_db()
    assert resolution.treatment == "Rettet."


def test_two_who_decide_the_same_case_both_see_both_texts(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary)
    item = the_item(meeting)
    client.force_login(secretary)
    running.resolve(item=item, outcome="changed", treatment="Den andres ord.", by=secretary)
    sent = {
        "outcome": "as_proposed", "treatment": "Mine ord.", "unanimous": "on", "version": 0,
        "points-TOTAL_FORMS": 0, "points-INITIAL_FORMS": 0,
    }  # fmt: skip
    here = f"{meeting.get_absolute_url()}sak/{item.pk}/"
    page = client.post(here, sent)
    words = page.content.decode()
    assert page.status_code == 409
    assert "Den andres ord." in words
    assert "Mine ord." in words
    assert client.post(here, {**sent, "version": 1}).status_code == 302


def test_the_note_answers_in_words_for_the_script(client: Any, steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    here = f"{meeting.get_absolute_url()}sak/{the_item(meeting).pk}/notat/"
    client.force_login(secretary)
    assert client.post(here, {"text": "En", "version": "0"}).json()["version"] == 1
    stale = client.post(here, {"text": "To", "version": "0"})
    assert (stale.status_code, stale.json()) == (409, {"text": "En", "version": 1})
    running.resolve(item=the_item(meeting), outcome="as_proposed", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    over = client.post(here, {"text": "To", "version": "1"}, headers={"accept": "application/json"})
    assert over.status_code == 409
    assert over.json()["sentence"].startswith("Møtet er over")


# --- Between meetings -----------------------------------------------------------------------------


def test_what_is_not_decided_in_writing_comes_on_the_next_agenda(
    steering: Body, secretary: Any, directors: Any
) -> None:
    by_law(steering)
    case, coming = a_case(steering, secretary, "Skriftlig"), a_meeting(steering, secretary, in_days=30)
    soon = timezone.now() + timedelta(days=3)
    sent = rounds.send_round(body=steering, cases=[case], answer_by=soon, why="Fristen er i morgen.", by=secretary)
    rounds.close_round(meeting=sent, at=soon + timedelta(hours=1), by=secretary)
    resolution = sent.items.get().resolution
    assert (resolution.outcome, resolution.present, resolution.method) == ("postponed", 0, "written")
    assert coming.items.get().case.continues == case


def test_a_body_that_decides_in_meetings_only_is_told_so(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, between_meetings="none")
    soon = timezone.now() + timedelta(days=3)
    with pytest.raises(NotAllowedNow) as why:
        rounds.send_round(body=steering, cases=[a_case(steering, secretary)], answer_by=soon, by=secretary)
    assert "meetings only" in str(why.value.sentence)


def test_a_proposal_that_falls_leaves_no_points_as_if_it_were_adopted(
    steering: Body, secretary: Any, directors: Any
) -> None:
    item = the_item(begun(steering, secretary))
    points: list[Any] = [{"text": text} for text in item.case.proposed_points]
    fallen = running.resolve(item=item, outcome="not_adopted", points=points, by=secretary)
    assert not fallen.points.exists()
