"""The body decides in the browser between meetings: who answers what, and what its own rules make of it (D8, c7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents.models import Job
from governance import consequences
from governance.actions import (
    agenda,
    attendance,
    cases,
    disqualifications,
    meetings,
    minutes,
    opinions,
    rounds,
    running,
)
from governance.models import (
    Adoption,
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
    RuleProfile,
)
from governance.quorum import Presence
from governance.voting import Ballot
from governance.written import Round
from tests.at_once import at_once
from tests.governance.meeting_helpers import a_case, a_meeting, called
from tests.people import appoint, municipality, person
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
Answers = dict[str, str]
FOUR = {"Andøy": "supports", "Bø": "supports", "Hadsel": "with_remark", "Lødingen": "supports"}
ALL = {**FOUR, "Sortland": "supports", "Øksnes": "supports"}
GROUND = "offentleglova § 23 første ledd"


def sent(body: Body, by: Any, *about: Case, days: int = 7, **more: Any) -> Meeting:
    """A round that is out, with one case when none is given."""
    about = about or (a_case(body, by),)
    return rounds.send_round(body=body, cases=about, answer_by=timezone.now() + timedelta(days=days), by=by, **more)


def the_case(meeting: Meeting) -> Case:
    return Case.objects.select_related("body").get(items__meeting=meeting)


def answer(meeting: Meeting, directors: dict[str, Any], answers: Answers, *, agrees: bool | None = None) -> None:
    """Each municipality's director answers in every case of the round."""
    for item in meeting.items.select_related("case").filter(withdrawn=False):
        for name, stance in answers.items():
            opinions.give_view(
                case=item.case,
                organisation=Organisation.objects.get(name=name),
                stance=stance,
                text="" if stance == "supports" else "En merknad.",
                accepts_writing=agrees,
                by=directors[name],
            )


def closed(meeting: Meeting, by: Any, *, after: timedelta = timedelta(days=8), **more: Any) -> Meeting:
    """Closed when the deadline is over."""
    return rounds.close_round(meeting=meeting, by=by, at=timezone.now() + after, **more)


def decided(body: Body, by: Any, directors: dict[str, Any], answers: Answers, **more: Any) -> Resolution:
    meeting = sent(body, by)
    answer(meeting, directors, answers, **more)
    return Resolution.objects.get(item__meeting=closed(meeting, by))


def ruled(body: Body, **facts: Any) -> Body:
    facts |= RuleProfile.settled(facts.get("rules", "steering"))
    RuleProfile.objects.create(body=body, **facts)
    return body


@pytest.fixture
def chair(steering: Body, directors: dict[str, Any]) -> str:
    """Sortland's director chairs the steering group."""
    Appointment.objects.filter(body=steering, represents__name="Sortland").update(is_chair=True)
    return "Sortland"


# --- Sending -----------------------------------------------------------------------------


def test_a_round_is_sent_with_numbers_of_the_same_series_as_the_meetings(
    steering: Body, secretary: Any, directors: Any
) -> None:
    called(steering, secretary)
    meeting = sent(steering, secretary, a_case(steering, secretary, "A"), a_case(steering, secretary, "B"))
    year = timezone.localdate().year
    assert (meeting.state, meeting.number, meeting.year, meeting.written) == ("called", 2, year, True)
    assert [item.case.number for item in meeting.items.all()] == [f"2/{year % 100}", f"3/{year % 100}"]
    assert Job.objects.filter(kind="governance.summons", subject=meeting.pk).count() == 1
    assert Job.objects.filter(kind="governance.meeting_mail", subject=meeting.pk).count() == 6


def test_a_round_needs_a_case_a_seat_and_a_moment_to_come(steering: Body, secretary: Any, director: Any) -> None:
    case = a_case(steering, secretary)
    with pytest.raises(NotAllowedNow):
        rounds.send_round(body=steering, cases=[], answer_by=timezone.now() + timedelta(days=7), by=secretary)
    with pytest.raises(NotAllowedNow):
        sent(steering, secretary, case, days=-1)
    Appointment.objects.filter(body=steering).update(until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowedNow) as refused:
        sent(steering, secretary, case)
    assert "Styringsgruppen" in str(refused.value.sentence)
    assert not Meeting.objects.exists()


def test_only_ready_cases_of_the_body_are_sent(steering: Body, secretary: Any, director: Any) -> None:
    draft = cases.make_case(body=steering, title="Utkast", proposal="1. Noe.", by=secretary)
    for case in (draft, the_case(called(steering, secretary))):
        with pytest.raises(NotAllowedNow):
            sent(steering, secretary, case)


def test_a_director_and_an_outsider_send_no_round(steering: Body, secretary: Any, director: Any, outsider: Any) -> None:
    case = a_case(steering, secretary)
    for stranger in (director, outsider):
        with pytest.raises(PermissionDenied):
            sent(steering, stranger, case)


def test_no_case_is_added_to_a_round_that_is_out(steering: Body, secretary: Any, director: Any) -> None:
    meeting = sent(steering, secretary)
    with pytest.raises(NotAllowedNow):
        agenda.put_on_agenda(meeting=meeting, case=a_case(steering, secretary, "En til"), by=secretary)


def test_a_round_is_no_meeting_to_move_start_or_take_attendance_in(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    item = meeting.items.get()
    answer(meeting, directors, ALL)
    attempts: list[Callable[[], Any]] = [
        lambda: meetings.change_meeting(meeting=meeting, place="Sortland", by=secretary),
        lambda: running.start_meeting(meeting=meeting, by=secretary),
        lambda: running.end_meeting(meeting=meeting, by=secretary),
        lambda: running.resolve(item=item, outcome="as_proposed", by=secretary),
        lambda: attendance.record_attendance(meeting=meeting, seats={}, by=secretary),
    ]
    for _state in ("out", "closed"):
        for attempt in attempts:
            with pytest.raises(NotAllowedNow):
                attempt()
        if meeting.state == Meeting.State.CALLED:
            meeting = closed(meeting, secretary)


def test_the_database_knows_what_a_round_is(steering: Body, secretary: Any, director: Any) -> None:
    meeting = sent(steering, secretary)
    for wrong in ({"answer_by": None}, {"place": "Sortland"}, {"state": "in_progress"}, {"written": False}):
        with the_database_refuses(), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**wrong)


# --- Deadline, reminder, cancelling --------------------------------------------------------


def test_the_deadline_is_moved_forward_and_everybody_is_told(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    assert meeting.answer_by
    for earlier in (meeting.answer_by, meeting.answer_by - timedelta(days=1), timezone.now() - timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            rounds.prolong_round(meeting=meeting, answer_by=earlier, by=secretary)
    later = meeting.answer_by + timedelta(days=3)
    prolonged = rounds.prolong_round(meeting=meeting, answer_by=later, version=meeting.version, by=secretary)
    assert prolonged.answer_by == later
    assert Job.objects.filter(kind="governance.meeting_mail", arguments__what="prolonged").count() == 6
    assert Job.objects.filter(kind="governance.summons", subject=meeting.pk).count() == 2
    with pytest.raises(Stale):
        rounds.prolong_round(
            meeting=meeting, answer_by=later + timedelta(days=1), version=meeting.version, by=secretary
        )


def test_a_deadline_that_is_over_can_be_prolonged_and_answers_come_in_again(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = late(sent(steering, secretary))
    assert not opinions.is_open(the_case(meeting))
    rounds.prolong_round(meeting=meeting, answer_by=timezone.now() + timedelta(days=2), by=secretary)
    assert opinions.is_open(the_case(meeting))


def test_those_who_are_silent_are_reminded_once_a_day(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, "A"), a_case(steering, secretary, "B"))
    answer(meeting, directors, FOUR)
    case = Case.objects.get(title="A")
    opinions.give_view(
        case=case, organisation=Organisation.objects.get(name="Sortland"), stance="supports", by=directors["Sortland"]
    )
    reminded = rounds.remind_silent(meeting=meeting, by=secretary)
    assert len(reminded) == 2  # Øksnes has said nothing, Sortland lacks one case
    with pytest.raises(NotAllowedNow):
        rounds.remind_silent(meeting=meeting, by=secretary)
    assert Job.objects.filter(arguments__what="reminder").count() == 2


def test_nobody_is_reminded_when_all_have_answered_or_the_deadline_is_over(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, ALL)
    with pytest.raises(NotAllowedNow):
        rounds.remind_silent(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        rounds.remind_silent(meeting=late(sent(steering, secretary, a_case(steering, secretary, "B"))), by=secretary)


def test_a_cancelled_round_takes_no_answers_and_frees_its_case(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    meetings.cancel_meeting(meeting=meeting, by=secretary)
    case = the_case(meeting)
    assert case.stage == Case.Stage.POSTPONED
    assert cases.bring_back(case=case, by=secretary).continues == case
    with pytest.raises(NotAllowedNow):
        answer(meeting, directors, {"Bø": "supports"})
    with pytest.raises(NotAllowedNow):
        closed(meeting, secretary)


# --- Answering -----------------------------------------------------------------------------


def late(meeting: Meeting) -> Meeting:
    """The same round a week after its deadline."""
    long_ago = timezone.now() - timedelta(days=14)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=long_ago, called_at=long_ago, answer_by=long_ago + timedelta(days=7)
    )
    meeting.refresh_from_db()
    return meeting


def test_an_answer_is_changed_until_the_round_is_closed(
    steering: Body, secretary: Any, directors: Any, sortland: Organisation
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, {"Sortland": "against"})
    answer(meeting, directors, ALL)
    assert Opinion.objects.get(organisation=sortland).stance == "supports"
    closed(meeting, secretary, after=timedelta())
    with pytest.raises(NotAllowedNow):
        answer(meeting, directors, {"Sortland": "against"})
    assert Opinion.objects.get(organisation=sortland).stance == "supports"


def test_after_the_deadline_the_answer_is_refused_with_the_deadline(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = late(sent(steering, secretary))
    with pytest.raises(NotAllowedNow) as refused:
        answer(meeting, directors, {"Bø": "supports"})
    assert meeting.answer_by
    assert f"{timezone.localtime(meeting.answer_by):%H.%M}" in str(refused.value.sentence)
    assert not Opinion.objects.exists()


def test_who_answers_from_an_old_page_is_told(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    case = the_case(sent(steering, secretary))
    first = opinions.give_view(case=case, organisation=bo, stance="supports", by=directors["Bø"])
    opinions.give_view(case=case, organisation=bo, stance="supports", version=first.version, by=directors["Bø"])
    with pytest.raises(Stale):
        opinions.give_view(
            case=case, organisation=bo, stance="against", text="Nei", version=first.version, by=directors["Bø"]
        )


def test_the_substitute_answers_for_the_seat(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    stand_in = person("Vara Bø")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=bo)
    meeting = sent(steering, secretary)
    opinions.give_view(case=the_case(meeting), organisation=bo, stance="supports", by=stand_in.user)
    told = next(one for one in Round(meeting).tallies[0].answers if one.seat.represents == bo)
    assert told.opinion
    assert told.opinion.person == stand_in
    assert len(Round(meeting).tallies[0].answers) == 6


def test_observers_members_without_a_seat_and_other_municipalities_give_no_answer(
    steering: Body, secretary: Any, directors: Any, observer: Any, member: Any, it_leader: Any, bo: Any
) -> None:
    case = the_case(sent(steering, secretary))
    for stranger in (observer, member, it_leader, secretary):
        with pytest.raises(PermissionDenied):
            opinions.give_view(case=case, organisation=bo, stance="supports", by=stranger)
    with pytest.raises(NotAllowedNow):
        opinions.give_view(case=case, organisation=bo, stance="supports", by=directors["Sortland"])
    assert not Opinion.objects.exists()


def test_answers_of_a_closed_round_stand_against_raw_sql(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, FOUR)
    closed(meeting, secretary)
    statements = [
        "UPDATE governance_opinion SET stance = 'against', text = 'x'",
        "DELETE FROM governance_opinion",
        "INSERT INTO governance_opinion (case_id, organisation_id, stance, text, person_id, given_at, version)"
        " SELECT case_id, (SELECT id FROM governance_organisation WHERE name = 'Øksnes'), stance, text, person_id,"
        " given_at, 1 FROM governance_opinion LIMIT 1",
    ]
    for sql in statements:
        with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


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


# --- Closing -------------------------------------------------------------------------------


def test_a_round_is_not_closed_before_its_deadline_unless_all_have_answered(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, {name: stance for name, stance in ALL.items() if name != "Bø"})
    with pytest.raises(NotAllowedNow):
        rounds.close_round(meeting=meeting, by=secretary)
    answer(meeting, directors, {"Bø": "supports"})
    assert rounds.close_round(meeting=meeting, by=secretary).state == Meeting.State.HELD


def test_a_round_is_closed_once(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    closed(meeting, secretary)
    with pytest.raises(NotAllowedNow):
        closed(meeting, secretary)
    with pytest.raises(Stale):
        closed(meeting, secretary, version=meeting.version)
    assert Resolution.objects.count() == 1


def test_a_meeting_is_not_closed_as_a_round(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(NotAllowedNow):
        closed(called(steering, secretary), secretary)


def test_a_director_closes_no_round(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary)
    with pytest.raises(PermissionDenied):
        closed(meeting, directors["Bø"])


def test_what_is_adopted_may_be_taken_up_in_a_meeting_but_what_is_not_is_never_adopted(
    steering: Body, secretary: Any, directors: Any
) -> None:
    supported, opposed = a_case(steering, secretary, "Støttet"), a_case(steering, secretary, "Ikke støttet")
    meeting = sent(steering, secretary, supported, opposed)
    answer(meeting, directors, ALL)
    opinions.give_view(
        case=opposed, organisation=Organisation.objects.get(name="Bø"), stance="against", text="Nei", by=directors["Bø"]
    )
    closed(meeting, secretary, to_meeting=list(meeting.items.values_list("pk", flat=True)))
    outcomes = dict(Resolution.objects.values_list("item__case__title", "outcome"))
    assert outcomes == {"Støttet": "postponed", "Ikke støttet": "not_adopted"}


def test_a_withdrawn_case_is_not_counted(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, "A"), a_case(steering, secretary, "B"))
    cases.withdraw_case(case=Case.objects.get(title="B"), by=secretary)
    answer(meeting, directors, ALL)
    closed(meeting, secretary, after=timedelta())
    assert Resolution.objects.get().item.case.title == "A"


def test_closing_lets_the_same_happen_as_the_end_of_a_meeting(
    steering: Body, secretary: Any, directors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Resolution] = []
    monkeypatch.setattr(consequences, "_on_resolution", [lambda resolution, by: seen.append(resolution)])
    meeting = sent(steering, secretary, a_case(steering, secretary, asks_municipalities=True))
    answer(meeting, directors, ALL)
    closed(meeting, secretary, after=timedelta())
    assert [one.outcome for one in seen] == ["recommended"]
    assert Adoption.objects.filter(state=Adoption.State.OPEN).count() == 6
    assert Job.objects.filter(kind="governance.minutes", subject=meeting.pk).count() == 1


def test_a_view_in_the_round_is_no_decision_of_the_municipality(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, asks_municipalities=True))
    answer(meeting, directors, ALL)
    assert not Adoption.objects.exists()
    closed(meeting, secretary, after=timedelta())
    assert not Adoption.objects.exclude(state=Adoption.State.OPEN).exists()


def test_the_points_get_their_people_after_closing_and_keep_their_words(
    steering: Body, secretary: Any, directors: Any
) -> None:
    resolution = decided(steering, secretary, directors, FOUR)
    day = timezone.localdate() + timedelta(days=30)
    assigned: list[running.Point] = [{"responsible": "Sekretariatet", "deadline": day}, {"text": "Noe helt annet"}]
    changed = rounds.assign_points(resolution=resolution, assigned=assigned, version=1, by=secretary)
    first, second = changed.points.all()
    assert (first.responsible, first.deadline, second.text) == ("Sekretariatet", day, "Sekretariatet følger opp.")
    with pytest.raises(Stale):
        rounds.assign_points(resolution=resolution, assigned=assigned, version=1, by=secretary)


def test_the_minutes_of_a_round_go_out_for_remarks_and_are_approved_like_others(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = decided(steering, secretary, directors, FOUR).item.meeting
    meeting = minutes.send_minutes(meeting=meeting, at=timezone.now() - timedelta(days=30), by=secretary)
    assert minutes.approve_minutes(meeting=meeting, by=secretary).is_locked
    with the_database_refuses(), transaction.atomic():
        meeting.attendances.update(status="answered")


def test_the_next_meeting_is_offered_the_minutes_of_a_round(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, at=timezone.now() - timedelta(days=10), days=-3)
    rounds.close_round(meeting=meeting, by=secretary)
    assert agenda.minutes_to_approve(a_meeting(steering, secretary, in_days=7)) == meeting


def test_numbers_are_of_the_year_it_was_sent_in_and_the_day_is_that_of_closing(
    steering: Body, secretary: Any, directors: Any
) -> None:
    new_year = timezone.make_aware(datetime(2026, 1, 3, 12, 0))  # noqa: DTZ001 -- made aware
    meeting = rounds.send_round(
        body=steering,
        cases=[a_case(steering, secretary)],
        answer_by=new_year,
        at=new_year - timedelta(days=10),
        by=secretary,
    )
    assert (meeting.year, the_case(meeting).number) == (2025, "1/25")
    done = rounds.close_round(meeting=meeting, at=new_year + timedelta(hours=1), by=secretary)
    assert str(done.day) == "2026-01-03"


# --- At the same moment ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_it_once(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = sent(steering, secretary, a_case(steering, secretary, asks_municipalities=True))
    answer(meeting, directors, ALL)
    told = at_once(*[lambda: rounds.close_round(meeting=meeting, by=secretary) for _press in range(3)])
    assert sum(isinstance(one, NotAllowedNow) for one in told) == 2
    assert (Resolution.objects.count(), Adoption.objects.count(), Attendance.objects.count()) == (1, 6, 6)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_as_the_round_is_closed_is_counted_or_refused(
    steering: Body, secretary: Any, directors: Any, bo: Organisation
) -> None:
    meeting = sent(steering, secretary)
    answer(meeting, directors, ALL)
    case = the_case(meeting)

    def change_mind() -> Opinion:
        return opinions.give_view(
            case=case, organisation=bo, stance="against", text="Likevel ikke.", by=directors["Bø"]
        )

    told = at_once(lambda: rounds.close_round(meeting=meeting, by=secretary), change_mind)
    refused = any(isinstance(one, NotAllowedNow) for one in told)
    outcome = Resolution.objects.get().outcome
    assert outcome == ("as_proposed" if refused else "not_adopted")
    assert Opinion.objects.get(organisation=bo).stance == ("supports" if refused else "against")


@pytest.mark.django_db(transaction=True)
def test_a_case_is_sent_in_one_round_when_two_press(steering: Body, secretary: Any, directors: Any) -> None:
    case = a_case(steering, secretary)
    told = at_once(*[lambda: sent(steering, secretary, case) for _press in range(2)])
    assert sum(isinstance(one, NotAllowedNow) for one in told) == 1
    assert Meeting.objects.count() == 1
    assert Case.objects.get().sequence == 1


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
