"""Who sat in each seat in each case: events against a naive model, and what is refused (D5, rule 5)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import attendance, running
from governance.models import Attendance, AttendanceChange, Body, Meeting, Role
from governance.quorum import Presence, Quorum, in_order, sitting
from tests.governance.meeting_helpers import a_case, begun, called, held
from tests.people import appoint, person
from tests.refusals import the_database_refuses

Kind = AttendanceChange.Kind
CASES = 6
RULES = ["half", "majority", "two_thirds", "all"]
ENDS = (Kind.DIGITAL, Kind.LEAVE, Kind.SUBSTITUTE)


# --- The events against a naive model -------------------------------------------------------


@st.composite
def meetings_of_a_seat(draw: Any) -> tuple[str, list[Any]]:
    """A roll call and a random row of events, at most one of a kind in a case, as the database holds them."""
    status = draw(st.sampled_from(["present", "digital", "absent", "substitute"]))
    told = draw(
        st.lists(
            st.tuples(st.sampled_from(list(Kind)), st.integers(1, CASES), st.none() | st.integers(0, CASES)),
            max_size=8,
            unique_by=lambda one: one[:2],
        )
    )
    return status, [event(pk, *one) for pk, one in enumerate(told, start=1)]


def event(pk: int, kind: Kind, at: int, lasts: int | None) -> Any:
    ends = SimpleNamespace(position=min(at + lasts, CASES)) if kind in ENDS and lasts is not None else None
    substitute = f"vara {pk}" if kind == Kind.SUBSTITUTE else None
    return SimpleNamespace(
        pk=pk, kind=kind, item=SimpleNamespace(position=at), until=ends, substitute=substitute,
        steps_down=kind in AttendanceChange.STEPS_DOWN,
    )  # fmt: skip


def seat(status: str) -> Any:
    there = status in ("present", "digital", "substitute")
    return SimpleNamespace(
        seat=SimpleNamespace(person="medlem"), is_filled=there, status=status,
        substitute="vara" if status == "substitute" else None,
    )  # fmt: skip


def naive(status: str, events: list[Any]) -> list[Any]:
    """Case by case, written out: one row of boxes per case, each event painted over those it covers, in order."""
    first = {"present": "medlem", "digital": "medlem", "substitute": "vara", "absent": None}[status]
    boxes = [first] * CASES
    painted = sorted(
        (one for one in events if not one.steps_down),
        key=lambda one: (one.item.position, one.kind == Kind.SUBSTITUTE, one.pk),
    )
    for one in painted:
        for case in range(one.item.position, (one.until.position if one.until else CASES) + 1):
            before = boxes[case - 1]
            boxes[case - 1] = {
                Kind.LEFT: None, Kind.LEAVE: None, Kind.CAME: "medlem", Kind.SUBSTITUTE: one.substitute,
                Kind.DIGITAL: before or "medlem",
            }[one.kind]  # fmt: skip
    for one in events:
        if one.steps_down:
            boxes[one.item.position - 1] = None
    return boxes


@given(meetings_of_a_seat())
def test_who_sits_where_is_what_a_naive_model_says(told: tuple[str, list[Any]]) -> None:
    status, events = told
    changes: Any = in_order(events)
    assert [sitting(seat(status), changes, case).person for case in range(1, CASES + 1)] == naive(status, events)


@given(
    st.lists(meetings_of_a_seat(), min_size=1, max_size=9), st.sampled_from(["half", "majority", "two_thirds", "all"])
)
def test_quorum_counts_the_seats_that_are_filled(seats: list[Any], rule: str) -> None:
    for case in range(1, CASES + 1):
        filled = sum(sitting(seat(status), in_order(events), case).person is not None for status, events in seats)
        quorum = Quorum(filled, len(seats), rule)
        share = filled / len(seats)
        enough = {
            "half": share >= 1 / 2, "majority": share > 1 / 2, "two_thirds": 3 * filled >= 2 * len(seats),
            "all": share == 1,
        }[rule]  # fmt: skip
        assert quorum.is_reached == enough


# --- What is told in a meeting --------------------------------------------------------------


def four_cases(steering: Body, secretary: Any) -> Meeting:
    return begun(steering, secretary, *[a_case(steering, secretary, title) for title in ("En", "To", "Tre", "Fire")])


def stand_in(steering: Body, place: Any, name: str, **fields: Any) -> Any:
    who = person(name)
    appoint(who, Role.SUBSTITUTE, steering, represents=place, **fields)
    return who


@pytest.mark.django_db
def test_leave_and_substitutes_for_some_cases_each(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    first, second = stand_in(steering, bo, "Første vara"), stand_in(steering, bo, "Andre vara")
    meeting = four_cases(steering, secretary)
    one, two, three, four = meeting.items.all()
    row = meeting.attendances.get(seat__represents=bo)
    attendance.record_change(item=two, attendance=row, kind="leave", until=four, by=secretary)
    told = {"attendance": row, "kind": "substitute", "by": secretary}
    attendance.record_change(item=two, until=two, substitute=first, **told)
    attendance.record_change(item=four, until=four, substitute=second, **told)
    presence = Presence(meeting)
    who = [presence.sitting(presence.attendances[1], item).person for item in (one, two, three, four)]
    assert who == [row.seat.person, first, None, second]
    assert [presence.at(item).present for item in (one, two, three, four)] == [6, 6, 5, 6]
    assert "Andre vara" in presence.changes_at(four)[0].words


@pytest.mark.django_db
def test_a_substitute_taken_out_of_the_order_is_noted_and_not_refused(
    steering: Body, secretary: Any, directors: Any, bo: Any
) -> None:
    stand_in(steering, bo, "Første vara", call_order=1)
    second = stand_in(steering, bo, "Andre vara", call_order=2)
    seat_of_bo = steering.seats.get(represents=bo, role=Role.STEERING)
    meeting = called(steering, secretary)
    seats = {seat_of_bo.pk: attendance.Seat(status="excused", substitute=second)}
    running.start_meeting(meeting=meeting, seats=seats, by=secretary)
    assert meeting.attendances.get(seat=seat_of_bo).passed_over == "Første vara"


@pytest.mark.django_db
def test_those_without_a_vote_attend_and_count_for_nothing(
    steering: Body, secretary: Any, directors: Any, observer: Any
) -> None:
    watching = steering.seats.get(role=Role.OBSERVER)
    staff = secretary.person.appointments.get()
    meeting = called(steering, secretary)
    running.start_meeting(meeting=meeting, others={watching.pk: "digital", staff.pk: "present"}, by=secretary)
    presence = Presence(meeting)
    assert {row.seat_id for row in presence.others} == {watching.pk, staff.pk}
    assert presence.at_opening() == Quorum(6, 6)
    attendance.record_attendance(meeting=meeting, seats={}, others={watching.pk: ""}, by=secretary)
    assert [row.seat_id for row in Presence(meeting).others] == [staff.pk]


@pytest.mark.django_db
def test_what_cannot_be_told_is_refused_with_what_to_do(
    steering: Body, secretary: Any, directors: Any, bo: Any, hadsel: Any
) -> None:
    who = stand_in(steering, bo, "Vara Bø")
    meeting = four_cases(steering, secretary)
    one, two, *_rest = meeting.items.all()
    row, other = meeting.attendances.get(seat__represents=bo), meeting.attendances.get(seat__represents=hadsel)
    elsewhere = called(steering, secretary, a_case(steering, secretary, "Annet møte")).items.get()
    wrong: list[dict[str, Any]] = [
        {"attendance": row, "kind": "left", "until": two},
        {"attendance": row, "kind": "leave", "until": elsewhere},
        {"attendance": row, "kind": "substitute"},
        {"attendance": other, "kind": "substitute", "substitute": who},
        {"attendance": row, "kind": "disqualified"},
    ]
    for told in wrong:
        with pytest.raises(NotAllowedNow):
            attendance.record_change(item=one, by=secretary, **told)
    with pytest.raises(NotAllowedNow):
        attendance.record_change(item=two, attendance=row, kind="leave", until=one, by=secretary)
    attendance.record_change(item=one, attendance=row, kind="substitute", substitute=who, by=secretary)
    assert AttendanceChange.objects.count() == 1


@pytest.mark.django_db
def test_a_seat_outside_its_period_meets_nobody(steering: Body, secretary: Any, directors: Any, bo: Any) -> None:
    ended = steering.seats.get(represents=bo, role=Role.STEERING)
    ended.until = timezone.localdate() - timedelta(days=1)
    ended.save(update_fields=["until"])
    meeting = called(steering, secretary)
    seats = {ended.pk: attendance.Seat(status="present")}
    with pytest.raises(NotAllowedNow) as refused:
        running.start_meeting(meeting=meeting, seats=seats, by=secretary)
    assert ended.person.name in str(refused.value.sentence)
    with the_database_refuses(), transaction.atomic():
        Attendance.objects.create(meeting=meeting, seat=ended, status="present")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE governance_attendancechange SET until_id = (SELECT id FROM governance_agendaitem ORDER BY position"
        " LIMIT 1), kind = 'leave'",
        "UPDATE governance_resolution SET outcome = 'not_adopted'",
        "DELETE FROM governance_resolution",
        "UPDATE governance_resolution SET present = 2",
        "UPDATE governance_resolution SET votes_for = 7, votes_against = 0",
    ],
)
def test_what_a_meeting_told_stands_against_raw_sql(steering: Body, secretary: Any, directors: Any, sql: str) -> None:
    meeting = begun(steering, secretary, a_case(steering, secretary, "En"), a_case(steering, secretary, "To"))
    attendance.record_change(
        item=meeting.items.last(), attendance=meeting.attendances.first(), kind="leave", by=secretary
    )
    for item in meeting.items.select_related("case"):
        running.resolve(item=item, outcome="as_proposed", by=secretary)
    running.end_meeting(meeting=meeting, by=secretary)
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- As many questions to the database however large the meeting is -------------------------


@pytest.mark.django_db
def test_the_pages_of_a_meeting_ask_no_more_with_more_cases_and_events(
    client: Any, steering: Body, secretary: Any, directors: Any, django_assert_max_num_queries: Any
) -> None:
    asked: list[tuple[int, int]] = []
    client.force_login(secretary)
    for number in (1, 5):
        meeting = begun(steering, secretary, *[a_case(steering, secretary, f"{number}-{n}") for n in range(number)])
        rows = list(meeting.attendances.all())
        for place, item in enumerate(meeting.items.all()):
            attendance.record_change(item=item, attendance=rows[place], kind="left", by=secretary)
            attendance.record_change(item=item, attendance=rows[place], kind="came", by=secretary)
        here = meeting.get_absolute_url()
        counts = []
        for page in (f"{here}gjennomfor/", here):
            client.get(page)
            with django_assert_max_num_queries(200) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
        asked.append((counts[0], counts[1]))
    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_after_the_meeting_the_outcome_is_refused_another_way(steering: Body, secretary: Any, directors: Any) -> None:
    item = held(steering, secretary).items.get()
    with translation.override("en"), pytest.raises(NotAllowedNow) as refused:
        running.resolve(item=item, outcome="postponed", version=item.resolution.version, by=secretary)
    assert "over" in str(refused.value.sentence)
