"""The secretariat prepares, sends and runs meetings; numbers, quorum and rule R1 hold whoever tries."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance import consequences
from governance.actions import agenda, attendance, cases, disqualifications, follow_up, meetings, running
from governance.models import Adoption, AgendaItem, Attendance, Body, Case, Meeting, Resolution, Role, RuleProfile
from governance.quorum import Presence
from governance.voting import Ballot
from tests.governance.meeting_helpers import a_case, a_meeting, begun, called, held, the_item
from tests.people import appoint, municipality, person
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db


# --- Planning ----------------------------------------------------------------------------


def test_a_meeting_gets_the_next_number_of_its_year(steering: Body, secretary: Any) -> None:
    numbers = [a_meeting(steering, secretary).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_the_year_is_that_of_the_norwegian_date(steering: Body, secretary: Any) -> None:
    just_after_midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    meeting = meetings.make_meeting(body=steering, starts_at=just_after_midnight, by=secretary)
    assert (meeting.number, meeting.year) == (1, 2027)


def test_a_meeting_is_not_moved_into_another_year(steering: Body, secretary: Any) -> None:
    meeting = a_meeting(steering, secretary)
    with pytest.raises(NotAllowedNow):
        meetings.change_meeting(meeting=meeting, starts_at=meeting.starts_at + timedelta(days=800), by=secretary)


def test_two_who_save_the_same_meeting_do_not_overwrite_each_other(steering: Body, secretary: Any) -> None:
    meeting = a_meeting(steering, secretary)
    meetings.change_meeting(meeting=meeting, version=1, place="Stokmarknes", by=secretary)
    with pytest.raises(Stale):
        meetings.change_meeting(meeting=meeting, version=1, place="Sortland", by=secretary)


def test_a_director_cannot_make_a_meeting(steering: Body, director: Any) -> None:
    with pytest.raises(PermissionDenied):
        a_meeting(steering, director)


def test_cancelling_a_called_meeting_keeps_the_numbers_and_frees_the_cases(
    steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary)
    meetings.cancel_meeting(meeting=meeting, by=secretary)
    case = Case.objects.get()
    assert (case.number, case.stage) == (f"1/{meeting.year % 100}", Case.Stage.POSTPONED)
    assert cases.bring_back(case=case, by=secretary).continues == case
    with pytest.raises(NotAllowedNow):
        meetings.cancel_meeting(meeting=meeting, by=secretary)


# --- The agenda --------------------------------------------------------------------------


def test_cases_get_their_numbers_in_agenda_order_when_it_is_sent(steering: Body, secretary: Any, director: Any) -> None:
    meeting = a_meeting(steering, secretary)
    first, second = a_case(steering, secretary, "Først skrevet"), a_case(steering, secretary, "Først behandlet")
    agenda.put_on_agenda(meeting=meeting, case=first, by=secretary)
    agenda.move_item(item=agenda.put_on_agenda(meeting=meeting, case=second, by=secretary), up=True, by=secretary)
    assert Case.objects.filter(sequence__isnull=False).count() == 0
    agenda.send_agenda(meeting=meeting, by=secretary)
    assert [item.case.title for item in meeting.items.all()] == ["Først behandlet", "Først skrevet"]
    assert [item.case.sequence for item in meeting.items.all()] == [1, 2]


def test_an_empty_agenda_is_not_sent(steering: Body, secretary: Any, director: Any) -> None:
    with pytest.raises(NotAllowedNow):
        agenda.send_agenda(meeting=a_meeting(steering, secretary), by=secretary)


def test_an_agenda_is_sent_once(steering: Body, secretary: Any, director: Any) -> None:
    meeting = called(steering, secretary)
    with pytest.raises(NotAllowedNow):
        agenda.send_agenda(meeting=meeting, by=secretary)
    assert Case.objects.get().sequence == 1


def test_a_late_case_gets_the_next_number_and_the_members_a_new_summons(
    steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary)
    item = agenda.put_on_agenda(meeting=meeting, case=a_case(steering, secretary, "Hastesak"), by=secretary)
    item.case.refresh_from_db()
    assert (item.late, item.case.sequence) == (True, 2)
    assert Job.objects.filter(kind="governance.summons", subject=meeting.pk).count() == 2


def test_a_withdrawn_case_keeps_its_number_and_its_place(steering: Body, secretary: Any, director: Any) -> None:
    meeting = called(steering, secretary, a_case(steering, secretary), a_case(steering, secretary, "Trekkes"))
    cases.withdraw_case(case=Case.objects.get(title="Trekkes"), by=secretary)
    late = agenda.put_on_agenda(meeting=meeting, case=a_case(steering, secretary, "Ny"), by=secretary)
    late.case.refresh_from_db()
    assert [item.withdrawn for item in meeting.items.all()] == [False, True, False]
    assert late.case.sequence == 3


def test_members_are_told_by_mail_once_each(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = called(steering, secretary)
    assert Job.objects.filter(kind="governance.meeting_mail", subject=meeting.pk).count() == 6


def test_a_body_of_any_size_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, steering: Body, secretary: Any, directors: Any
) -> None:
    """The limit is on documents that one person waits for, not on the members of a body."""
    monkeypatch.setattr(jobs, "MOST_WAITING_FOR_ONE", 1)
    meeting = called(steering, secretary)
    assert Job.objects.asked_by(secretary).unfinished().count() == 4 + len(directors)
    meetings.ask_for_minutes(meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        meetings.ask_for_minutes(meeting, edition=1, by=secretary)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE governance_case SET sequence = sequence + 100",
        "UPDATE governance_case SET year = year - 1",
        "DELETE FROM governance_case",
        "UPDATE governance_casecounter SET last = 0",
        "DELETE FROM governance_casecounter",
        "DELETE FROM governance_agendaitem",
        "DELETE FROM governance_meeting",
    ],
)
def test_numbers_and_sent_agendas_stand_against_raw_sql(
    steering: Body, secretary: Any, director: Any, sql: str
) -> None:
    called(steering, secretary)
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Case.objects.get().sequence == 1


# --- Running -----------------------------------------------------------------------------


def test_a_meeting_does_not_begin_before_its_day(steering: Body, secretary: Any, director: Any) -> None:
    with pytest.raises(NotAllowedNow):
        running.start_meeting(meeting=called(steering, secretary, in_days=7), by=secretary)


def test_everybody_is_present_until_told_otherwise(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    assert {row.status for row in meeting.attendances.all()} == {Attendance.Status.PRESENT}
    assert Presence(meeting).at(the_item(meeting)).present == 6


def test_one_key_records_the_proposal_as_the_resolution(steering: Body, secretary: Any, directors: Any) -> None:
    item = the_item(begun(steering, secretary))
    resolution = running.resolve(item=item, outcome=item.case.usual_outcome, by=secretary)
    assert resolution.outcome == Resolution.Outcome.AS_PROPOSED
    assert [point.text for point in resolution.points.all()] == item.case.proposed_points


def test_without_quorum_nothing_is_decided(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = called(steering, secretary)
    away = {seat.pk: attendance.Seat(status="excused") for seat in list(steering.seats.all())[:3]}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    item = the_item(meeting)
    with pytest.raises(NotAllowedNow) as refused:
        running.resolve(item=item, outcome="as_proposed", by=secretary)
    assert "3" in str(refused.value.sentence)
    assert "4" in str(refused.value.sentence)
    assert any(word in str(refused.value.sentence) for word in ("Postpone", "Utsett"))
    assert not Resolution.objects.exists()
    assert running.resolve(item=item, outcome="postponed", by=secretary).outcome == "postponed"


def test_a_substitute_fills_the_seat(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    stand_in = person("Vara Bø")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=bo)
    meeting = called(steering, secretary)
    seats = list(steering.seats.filter(role=Role.STEERING))
    filled = {seat.pk: attendance.Seat(status="excused") for seat in seats[:3]}
    seat_of_bo = next(seat for seat in seats if seat.represents == bo)
    filled[seat_of_bo.pk] = attendance.Seat(status="excused", substitute=stand_in)
    running.start_meeting(meeting=meeting, seats=filled, by=secretary)
    present = Presence(meeting).present_at(the_item(meeting))
    assert stand_in in [row.who_met for row in present]


def test_a_substitute_stands_in_for_its_own_municipality_only(
    steering: Body, secretary: Any, directors: Any, bo: Any, hadsel: Any
) -> None:
    stand_in = person("Vara Bø")
    appoint(stand_in, Role.SUBSTITUTE, steering, represents=bo)
    other = steering.seats.get(represents=hadsel, role=Role.STEERING)
    wrong = {other.pk: attendance.Seat(status="excused", substitute=stand_in)}
    with pytest.raises(NotAllowedNow):
        running.start_meeting(meeting=called(steering, secretary), seats=wrong, by=secretary)


def test_a_substitute_of_two_municipalities_fills_one_seat(
    steering: Body, secretary: Any, directors: Any, bo: Any, hadsel: Any
) -> None:
    stand_in = person("Vara for to")
    for place in (bo, hadsel):
        appoint(stand_in, Role.SUBSTITUTE, steering, represents=place)
    seats = steering.seats.filter(role=Role.STEERING, represents__in=[bo, hadsel])
    both = {seat.pk: attendance.Seat(status="excused", substitute=stand_in) for seat in seats}
    meeting = called(steering, secretary)
    with pytest.raises(NotAllowedNow):
        running.start_meeting(meeting=meeting, seats=both, by=secretary)
    one = dict(list(both.items())[:1])
    assert running.start_meeting(meeting=meeting, seats=one, by=secretary).attendances.count() == len(directors)


def test_a_seat_registered_after_the_meeting_met_nobody(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = held(steering, secretary)
    newcomer = municipality("1813", "Brønnøy", 7777)
    appoint(person("Direktør Brønnøy"), Role.STEERING, steering, represents=newcomer)
    seat = meeting.attendances.values_list("seat", flat=True)[0]
    attendance.record_attendance(meeting=meeting, seats={seat: running.Seat(status="digital")}, by=secretary)
    assert not meeting.attendances.filter(seat__represents=newcomer).exists()


def test_what_a_colleague_recorded_meanwhile_is_not_written_over(
    steering: Body, secretary: Any, directors: Any
) -> None:
    item = the_item(begun(steering, secretary))
    running.resolve(item=item, outcome="not_adopted", by=secretary)
    with pytest.raises(Stale):
        running.resolve(item=item, outcome="as_proposed", by=secretary)
    assert Resolution.objects.get().outcome == Resolution.Outcome.NOT_ADOPTED


def test_quorum_follows_those_who_leave_come_back_and_step_down(steering: Body, secretary: Any, directors: Any) -> None:
    titles = ["En", "To", "Tre", "Fire"]
    meeting = begun(steering, secretary, *[a_case(steering, secretary, title) for title in titles])
    one, two, three, four = meeting.items.all()
    rows = list(meeting.attendances.all())
    for row in rows[:2]:
        attendance.record_change(item=two, attendance=row, kind="left", by=secretary)
    attendance.record_change(item=four, attendance=rows[0], kind="came", by=secretary)
    disqualifications.step_down(item=three, row=rows[5], why="forvaltningsloven § 6", by=secretary)
    presence = Presence(meeting)
    assert [presence.at(item).present for item in (one, two, three, four)] == [6, 4, 3, 5]
    assert not presence.at(three).is_reached


def test_attendance_is_not_changed_so_that_a_resolution_loses_its_quorum(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = held(steering, secretary)
    away = {row.seat_id: attendance.Seat(status="absent") for row in list(meeting.attendances.all())[:3]}
    with pytest.raises(NotAllowedNow):
        attendance.record_attendance(meeting=meeting, seats=away, by=secretary)
    attendance.record_attendance(meeting=meeting, seats=dict(list(away.items())[:2]), by=secretary)


def test_consensus_does_not_adopt_against_votes(steering: Body, secretary: Any, directors: Any) -> None:
    item = the_item(begun(steering, secretary))
    votes = Ballot(method="hands", unanimous=False, votes_for=5, votes_against=1)
    with pytest.raises(NotAllowedNow):
        running.resolve(item=item, outcome="as_proposed", by=secretary, ballot=votes)
    RuleProfile.objects.create(body=steering, decision_rule="majority")
    assert running.resolve(item=item, outcome="as_proposed", by=secretary, ballot=votes).votes_for == 5


def test_there_are_no_more_votes_than_seats(steering: Body, secretary: Any, directors: Any) -> None:
    item = the_item(begun(steering, secretary))
    with pytest.raises(NotAllowedNow):
        running.resolve(
            item=item, outcome="not_adopted", ballot=Ballot(unanimous=False, votes_for=3, votes_against=4), by=secretary
        )


def test_a_meeting_ends_when_every_case_is_treated(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    with pytest.raises(NotAllowedNow):
        running.end_meeting(meeting=meeting, by=secretary)
    running.resolve(item=the_item(meeting), outcome="as_proposed", by=secretary)
    meeting = running.end_meeting(meeting=meeting, by=secretary)
    assert (meeting.state, Case.objects.get().stage) == (Meeting.State.HELD, Case.Stage.TREATED)
    assert Job.objects.filter(kind="governance.minutes", subject=meeting.pk).count() == 1
    with pytest.raises(NotAllowedNow):
        running.end_meeting(meeting=meeting, by=secretary)


def test_after_the_meeting_the_words_can_be_mended_but_not_the_outcome(
    steering: Body, secretary: Any, directors: Any
) -> None:
    item = the_item(held(steering, secretary))
    points = [running.Point(text="Rettet ordlyd.")]
    running.resolve(item=item, outcome="as_proposed", points=points, version=item.resolution.version, by=secretary)
    assert item.resolution.points.get().text == "Rettet ordlyd."
    with pytest.raises(NotAllowedNow):
        running.resolve(item=item, outcome="not_adopted", by=secretary)


def test_a_director_cannot_run_the_meeting(steering: Body, secretary: Any, director: Any) -> None:
    meeting = begun(steering, secretary)
    with pytest.raises(PermissionDenied):
        running.resolve(item=the_item(meeting), outcome="as_proposed", by=director)
    with pytest.raises(PermissionDenied):
        running.end_meeting(meeting=meeting, by=director)


# --- Nobody decides for a municipality (rule 1, R1) ------------------------------------------


def test_a_recommendation_asks_each_municipality_and_decides_for_none(
    steering: Body, secretary: Any, directors: Any
) -> None:
    held(steering, secretary, a_case(steering, secretary, "Felles anskaffelse", asks_municipalities=True))
    assert Resolution.objects.get().outcome == Resolution.Outcome.RECOMMENDED
    assert Adoption.objects.count() == 6
    assert {adoption.state for adoption in Adoption.objects.all()} == {Adoption.State.OPEN}
    assert not Adoption.objects.yes().exists()


def test_a_resolution_changes_no_decision_a_municipality_has_made(
    steering: Body, secretary: Any, directors: Any, sortland: Any
) -> None:
    earlier = Adoption.objects.create(
        collaboration=steering.collaboration, organisation=sortland, key="om-tidligere-sak", matter="Tidligere sak"
    )
    held(steering, secretary, a_case(steering, secretary, "Felles anskaffelse", asks_municipalities=True))
    earlier.refresh_from_db()
    assert (earlier.state, earlier.version, earlier.amount) == (Adoption.State.OPEN, 1, None)


def test_an_exempt_case_is_put_to_the_municipalities_without_its_title(
    steering: Body, secretary: Any, directors: Any
) -> None:
    ground = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}
    held(steering, secretary, a_case(steering, secretary, "Hemmelig", asks_municipalities=True, **ground))
    assert Adoption.objects.count() == 6
    assert not Adoption.objects.filter(matter__contains="Hemmelig").exists()
    assert set(Adoption.objects.values_list("proposal", flat=True)) == {""}


def test_a_case_that_does_not_ask_the_municipalities_opens_nothing(
    steering: Body, secretary: Any, directors: Any
) -> None:
    held(steering, secretary)
    assert not Adoption.objects.exists()


def test_an_upper_floor_that_opens_the_decisions_itself_is_believed(
    steering: Body, secretary: Any, directors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consequences, "_opens_adoptions", [lambda case, by: True])
    told: list[Resolution] = []
    monkeypatch.setattr(consequences, "_on_resolution", [lambda resolution, by: told.append(resolution)])
    held(steering, secretary, a_case(steering, secretary, asks_municipalities=True))
    assert not Adoption.objects.exists()
    assert told == [Resolution.objects.get()]


# --- Follow-up ---------------------------------------------------------------------------


def test_follow_up_lists_the_overdue_first_and_the_done_last(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = begun(steering, secretary)
    today = timezone.localdate()
    points: list[running.Point] = [
        {"text": "Ferdig", "responsible": "Sekretariatet", "deadline": today - timedelta(days=9)},
        {"text": "Senere", "responsible": "Sekretariatet", "deadline": today + timedelta(days=9)},
        {"text": "Forfalt", "responsible": "Bø kommune", "deadline": today - timedelta(days=1)},
        {"text": "Ingen oppfølging"},
    ]
    resolution = running.resolve(item=the_item(meeting), outcome="changed", points=points, by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    follow_up.answer_point(point=resolution.points.get(text="Ferdig"), state="done", by=secretary)
    listed = [point.text for point in type(resolution.points.get(number=1)).objects.to_follow_up()]
    assert listed == ["Forfalt", "Senere", "Ferdig"]


# --- Two at once -------------------------------------------------------------------------


def in_two_threads(*jobs: Any) -> list[Exception]:
    """Run both at the same moment, each on its own connection."""
    start, wrong = threading.Barrier(len(jobs)), []

    def run(job: Any) -> None:
        try:
            start.wait(timeout=10)
            job()
        except Exception as error:  # noqa: BLE001 -- told to the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_never_give_the_same_number(steering: Body, secretary: Any, director: Any) -> None:
    both = []
    for name in ("A", "B"):
        meeting = a_meeting(steering, secretary)
        for number in range(5):
            case = a_case(steering, secretary, f"{name}{number}")
            agenda.put_on_agenda(meeting=meeting, case=case, by=secretary)
        both.append(meeting)
    wrong = in_two_threads(
        *[lambda meeting=meeting: agenda.send_agenda(meeting=meeting, by=secretary) for meeting in both]
    )
    assert wrong == []
    assert sorted(Case.objects.values_list("sequence", flat=True)) == list(range(1, 11))
    for meeting in both:
        numbers = [item.case.sequence for item in AgendaItem.objects.filter(meeting=meeting).select_related("case")]
        assert numbers == list(range(numbers[0], numbers[0] + 5))


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_agenda_send_it_once(steering: Body, secretary: Any, director: Any) -> None:
    meeting = a_meeting(steering, secretary)
    agenda.put_on_agenda(meeting=meeting, case=a_case(steering, secretary), by=secretary)
    wrong = in_two_threads(*[lambda: agenda.send_agenda(meeting=meeting, by=secretary)] * 2)
    assert [type(error) for error in wrong] == [NotAllowedNow]
    assert Case.objects.get().sequence == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_make_a_meeting_at_once_get_a_number_each(steering: Body, secretary: Any) -> None:
    wrong = in_two_threads(*[lambda: a_meeting(steering, secretary)] * 2)
    assert wrong == []
    assert sorted(Meeting.objects.values_list("number", flat=True)) == [1, 2]
