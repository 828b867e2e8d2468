"""The body decides in the browser between meetings: sending, answering, reminding, closing (D8, c7)."""

from collections.abc import Callable
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
    Meeting,
    Opinion,
    Organisation,
    Resolution,
    Role,
)
from governance.written import Round
from tests.at_once import at_once
from tests.governance.meeting_helpers import a_case, a_meeting, called
from tests.governance.round_helpers import (
    ALL,
    FOUR,
    answer,
    closed,
    decided,
    late,
    sent,
    the_case,
)
from tests.people import appoint, person
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db


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
