"""What the rules of a body make of the answers in a written round, and who is disqualified in it (c7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import (
    attendance,
    cases,
    disqualifications,
    opinions,
    running,
)
from governance.models import (
    Appointment,
    Attendance,
    Body,
    Case,
    Disqualification,
    Meeting,
    Opinion,
    Organisation,
    Resolution,
    Role,
)
from governance.quorum import Presence
from governance.voting import Ballot
from governance.written import Round
from tests.governance.meeting_helpers import a_case, called
from tests.governance.round_helpers import ALL, FOUR, Answers, answer, closed, decided, ruled, sent, the_case
from tests.people import appoint, municipality, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(steering: Body, directors: dict[str, Any]) -> str:
    """Sortland's director chairs the steering group."""
    Appointment.objects.filter(body=steering, represents__name="Sortland").update(is_chair=True)
    return "Sortland"


# --- What the rules make of it ---------------------------------------------------------------


def test_four_answer_and_two_are_silent_is_enough_by_consensus(steering: Body, secretary: Any, directors: Any) -> None:
    resolution = decided(steering, secretary, directors, FOUR)
    assert resolution.outcome == Resolution.Outcome.AS_PROPOSED
    assert (resolution.unanimous, resolution.votes_for, resolution.votes_against) == (True, 4, 0)
    assert [point.text for point in resolution.points.all()] == resolution.item.case.proposed_points
    meeting = resolution.item.meeting
    silent = meeting.attendances.filter(status=Attendance.Status.SILENT)
    assert [row.seat.represents.name for row in silent] == ["Sortland", "Øksnes"]
    assert Presence(meeting).at(resolution.item).present == 4
    assert meeting.state == Meeting.State.HELD


def test_three_of_six_is_no_quorum_and_the_case_is_taken_up_in_a_meeting(
    steering: Body, secretary: Any, directors: Any
) -> None:
    three = dict.fromkeys(("Andøy", "Bø", "Hadsel"), "supports")
    resolution = decided(steering, secretary, directors, three)
    assert resolution.outcome == Resolution.Outcome.POSTPONED
    assert not resolution.points.exists()
    case = resolution.item.case
    assert case.stage == Case.Stage.POSTPONED
    assert cases.bring_back(case=case, by=secretary).continues == case


@pytest.mark.parametrize(("stance", "outcome"), [("against", "not_adopted"), ("study", "sent_back")])
def test_one_who_does_not_support_stops_consensus(
    steering: Body, secretary: Any, directors: Any, stance: str, outcome: str
) -> None:
    resolution = decided(steering, secretary, directors, {**ALL, "Bø": stance})
    assert resolution.outcome == outcome
    assert "Bø" in resolution.treatment
    assert not resolution.unanimous


@pytest.mark.parametrize(
    ("answers", "outcome", "votes"),
    [
        ({**ALL, "Bø": "against", "Hadsel": "against"}, "as_proposed", (4, 2)),
        ({**ALL, "Bø": "against", "Hadsel": "against", "Andøy": "against"}, "not_adopted", (3, 3)),
        ({**FOUR, "Bø": "against", "Hadsel": "against"}, "not_adopted", (2, 2)),
        ({**FOUR, "Bø": "against"}, "as_proposed", (3, 1)),
        ({**ALL, "Bø": "study", "Hadsel": "study", "Andøy": "against"}, "sent_back", (3, 1)),
        ({**dict.fromkeys(ALL, "study"), "Bø": "supports"}, "sent_back", (1, 0)),
        ({"Andøy": "supports", "Bø": "supports", "Hadsel": "supports"}, "postponed", (3, 0)),
    ],
)
def test_a_majority_of_those_who_answered_decides_and_a_tie_adopts_nothing(
    steering: Body, secretary: Any, directors: Any, answers: Answers, outcome: str, votes: tuple[int, int]
) -> None:
    resolution = decided(ruled(steering, decision_rule="majority"), secretary, directors, answers)
    assert (resolution.outcome, (resolution.votes_for, resolution.votes_against)) == (outcome, votes)
    assert not resolution.chair_decided


@pytest.mark.parametrize(
    ("of_chair", "outcome"), [("supports", "as_proposed"), ("against", "not_adopted"), ("study", "sent_back")]
)
def test_the_chair_decides_where_there_is_no_consensus(
    steering: Body, secretary: Any, directors: Any, chair: str, of_chair: str, outcome: str
) -> None:
    tie = {"Andøy": "supports", "Bø": "against", "Hadsel": "against", chair: of_chair}
    resolution = decided(ruled(steering, decision_rule="chair"), secretary, directors, tie)
    assert (resolution.outcome, resolution.chair_decided) == (outcome, True)
    assert f"Direktør {chair}" in resolution.treatment


def test_the_chair_is_not_asked_where_all_agree(steering: Body, secretary: Any, directors: Any, chair: str) -> None:
    resolution = decided(ruled(steering, decision_rule="chair"), secretary, directors, FOUR)
    assert (resolution.outcome, resolution.chair_decided) == ("as_proposed", False)


def test_a_silent_chair_or_the_chairs_substitute_decides_nothing(
    steering: Body, secretary: Any, directors: Any, chair: str, sortland: Organisation
) -> None:
    ruled(steering, decision_rule="chair")
    split = {**FOUR, "Bø": "against"}
    assert decided(steering, secretary, directors, split).outcome == "postponed"
    stand_in = person("Vara Sortland")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=sortland)
    meeting = sent(steering, secretary, a_case(steering, secretary, "B"))
    answer(meeting, directors, split)
    opinions.give_view(case=the_case(meeting), organisation=sortland, stance="supports", by=stand_in.user)
    assert Resolution.objects.get(item__meeting=closed(meeting, secretary)).outcome == "postponed"


def elected(steering: Body, secretary: Any, directors: Any, answers: Answers, *, agrees: bool = True) -> Resolution:
    ruled(steering, rules="elected", decision_rule="majority")
    meeting = sent(steering, secretary, why="Fristen for å søke går ut før neste møte.")
    answer(meeting, directors, answers, agrees=agrees)
    return Resolution.objects.get(item__meeting=closed(meeting, secretary))


def test_an_elected_body_decides_in_writing_when_every_member_agrees_to_text_and_form(
    steering: Body, secretary: Any, directors: Any
) -> None:
    resolution = elected(steering, secretary, directors, {**ALL, "Bø": "with_remark"})
    assert (resolution.outcome, resolution.unanimous) == ("as_proposed", True)
    assert "kommuneloven § 11-8" in resolution.treatment


@pytest.mark.parametrize("answers", [FOUR, {**ALL, "Bø": "against"}, {**ALL, "Bø": "study"}])
def test_an_elected_body_takes_up_in_a_meeting_what_not_all_agree_to(
    steering: Body, secretary: Any, directors: Any, answers: Answers
) -> None:
    resolution = elected(steering, secretary, directors, answers)
    assert (resolution.outcome, resolution.item.case.stage) == ("postponed", Case.Stage.POSTPONED)
    assert "kommuneloven § 11-8" in resolution.treatment


def test_an_elected_body_does_not_decide_in_writing_against_one_who_wants_a_meeting(
    steering: Body, secretary: Any, directors: Any
) -> None:
    assert elected(steering, secretary, directors, ALL, agrees=False).outcome == "postponed"


def test_an_elected_body_is_told_why_and_asked_about_the_form(steering: Body, secretary: Any, directors: Any) -> None:
    ruled(steering, rules="elected")
    case = a_case(steering, secretary)
    with pytest.raises(NotAllowedNow):
        sent(steering, secretary, case)
    meeting = sent(steering, secretary, case, why="Det haster.")
    assert opinions.asks_about_form(opinions.round_of(the_case(meeting)))
    answer(meeting, directors, {"Bø": "supports"})
    assert Opinion.objects.get().accepts_writing is False


def test_a_steering_group_is_not_asked_about_the_form(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, why="Dette brukes ikke.")
    answer(meeting, directors, {"Bø": "supports"}, agrees=True)
    assert (Opinion.objects.get().accepts_writing, meeting.why_written) == (None, "")


def test_half_is_a_quorum_in_an_elected_body_and_its_chair_breaks_a_tie(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ruled(steering, rules="elected", decision_rule="majority")
    meeting = called(steering, secretary)
    Appointment.objects.filter(body=steering, represents__name="Sortland").update(is_chair=True)
    away = {seat.pk: attendance.Seat(status="excused") for seat in steering.seats.filter(is_chair=False)[:2]}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    item = meeting.items.get()
    tie = Ballot(method="hands", unanimous=False, votes_for=2, votes_against=2)
    for wrong in (tie, Ballot(unanimous=False, votes_for=1, votes_against=3, chair_decided=True)):
        with pytest.raises(NotAllowedNow):
            running.resolve(item=item, outcome="as_proposed", ballot=wrong, by=secretary)
    decisive = replace(tie, chair_decided=True)
    resolution = running.resolve(item=item, outcome="as_proposed", ballot=decisive, by=secretary)
    assert resolution.chair_decided


def test_no_chair_decides_in_a_body_that_decides_by_consensus(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = called(steering, secretary)
    running.start_meeting(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        running.resolve(
            item=meeting.items.get(),
            outcome="not_adopted",
            ballot=Ballot(unanimous=False, chair_decided=True),
            by=secretary,
        )


def test_an_orientation_is_taken_note_of(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, kind=Case.Kind.ORIENTATION))
    answer(meeting, directors, FOUR)
    closed(meeting, secretary)
    assert Resolution.objects.get().outcome == Resolution.Outcome.NOTED


def test_the_answer_of_a_seat_that_has_ended_counts_no_more_and_its_successor_answers(
    steering: Body, secretary: Any, directors: Any, bo: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, {"Bø": "against"})
    seat = Appointment.objects.get(body=steering, represents=bo)
    seat.until = timezone.localdate() - timedelta(days=1)
    seat.save()
    assert len(Round(meeting).tallies[0].answers) == 5
    successor = person("Ny direktør Bø")
    appoint(successor, Role.STEERING, steering, represents=bo)
    opinions.give_view(case=the_case(meeting), organisation=bo, stance="supports", version=1, by=successor.user)
    answer(meeting, directors, {name: stance for name, stance in ALL.items() if name != "Bø"})
    closed(meeting, secretary, after=timedelta())
    assert Resolution.objects.get().outcome == Resolution.Outcome.AS_PROPOSED


def test_a_seat_filled_after_the_round_is_closed_answered_nothing(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, ALL)
    closed(meeting, secretary, after=timedelta())
    appoint(person("Direktør Brønnøy"), Role.STEERING, steering, represents=municipality("1813", "Brønnøy", 7777))
    assert len(Round(meeting).tallies[0].answers) == 6


# --- Who is disqualified in a case ---------------------------------------------------------------


def steps_out(meeting: Meeting, name: str, by: Any) -> Any:
    seat = meeting.body.seats.get(represents__name=name)
    return disqualifications.step_out(item=meeting.items.get(), seat=seat, why="leder leverandøren", by=by)


def test_a_disqualified_member_is_not_asked_and_an_answer_given_before_does_not_count(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ruled(steering, decision_rule="unanimity", quorum="majority")
    meeting = sent(steering, secretary)
    answer(meeting, directors, {**ALL, "Bø": "against"})
    steps_out(meeting, "Bø", secretary)
    with pytest.raises(NotAllowedNow) as why:
        answer(meeting, directors, {"Bø": "supports"})
    assert "inhabil" in str(why.value.sentence) or "disqualified" in str(why.value.sentence)
    assert Round(meeting).all_have_answered
    closed(meeting, secretary)
    resolution = Resolution.objects.get()
    assert (resolution.outcome, resolution.votes_for, resolution.votes_against) == ("as_proposed", 5, 0)
    assert (resolution.present, Presence(meeting).at(meeting.items.get()).present) == (5, 5)


def test_an_elected_body_does_not_ask_the_disqualified_but_still_needs_its_quorum(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ruled(steering, rules="elected", decision_rule="majority")
    meeting = sent(steering, secretary, why="Det haster.")
    for name in ("Bø", "Hadsel", "Andøy", "Lødingen"):
        steps_out(meeting, name, secretary)
    answer(meeting, directors, {"Sortland": "supports", "Øksnes": "supports"}, agrees=True)
    assert Round(meeting).tallies[0].finding.outcome == "postponed"
    disqualifications.take_back(question=Disqualification.objects.earliest("pk"), by=secretary)
    answer(meeting, directors, {"Bø": "supports"}, agrees=True)
    assert Round(meeting).tallies[0].finding.outcome == "as_proposed"
    closed(meeting, secretary)
    with pytest.raises(NotAllowedNow):
        disqualifications.take_back(question=Disqualification.objects.earliest("pk"), by=secretary)


def test_only_the_secretariat_registers_it_on_its_page(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    with pytest.raises(PermissionDenied):
        steps_out(meeting, "Bø", directors["Bø"])
    client.force_login(secretary)
    here = f"{meeting.get_absolute_url()}sak/{meeting.items.get().pk}/inhabil-skriftlig/"
    seat = steering.seats.get(represents__name="Bø")
    assert client.post(here, {"seat": seat.pk, "why": "leder leverandøren"}).status_code == 302
    assert seat.person.name in client.get(f"{meeting.get_absolute_url()}lukk/").content.decode()
    assert seat.person.name in client.get(here).content.decode()
    client.post(here, {"take_back": Disqualification.objects.get().pk})
    assert not Disqualification.objects.exists()
