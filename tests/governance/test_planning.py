"""Planning: numbers that never clash, a sent agenda that stands, fixed cases, and the series of a year."""

import threading
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from governance import notices, papers, series
from governance.actions import agenda, cases, fixed_cases, meetings, minutes, running
from governance.models import (
    AgendaItem,
    Body,
    Case,
    FixedItem,
    Meeting,
)
from tests.governance.meeting_helpers import a_case, a_meeting, called, the_item
from tests.printed import text_of
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")


def refused(sql: str, *values: Any) -> str:
    with the_database_refuses() as told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(told.value)


# --- Numbers -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_who_send_at_once_give_numbers_without_a_double_or_a_gap(
    steering: Body, secretary: Any, director: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of them come to nothing after the numbers were given; theirs are the next ones when they are sent anew."""
    ready = [a_meeting(steering, secretary) for _ in range(20)]
    undone = {ready[3].pk, ready[11].pk}
    usual = notices.tell_members

    def tell(meeting: Meeting, *about: Any, **how: Any) -> Any:
        if meeting.pk in undone:
            raise ConnectionResetError
        return usual(meeting, *about, **how)

    monkeypatch.setattr(notices, "tell_members", tell)
    for number, meeting in enumerate(ready):
        for name in "AB":
            case = a_case(steering, secretary, f"{name}{number}")
            agenda.put_on_agenda(meeting=meeting, case=case, by=secretary)
    start, wrong = threading.Barrier(len(ready)), []

    def send(meeting: Meeting) -> None:
        try:
            start.wait(timeout=20)
            agenda.send_agenda(meeting=meeting, by=secretary)
        except Exception as error:  # noqa: BLE001 -- told to the test
            wrong.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[meeting]) for meeting in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert wrong == [ConnectionResetError] * 2
    numbered = Case.objects.filter(sequence__isnull=False)
    assert sorted(numbered.values_list("sequence", flat=True)) == list(range(1, 37))
    for pk in sorted(undone):
        undone.remove(pk)
        agenda.send_agenda(meeting=Meeting.objects.get(pk=pk), by=secretary)
    assert sorted(Case.objects.values_list("sequence", flat=True)) == list(range(1, 41))
    for meeting in ready:
        one, other = meeting.items.select_related("case")
        assert other.case.sequence == one.case.sequence + 1


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ({}, "12/26"),
        ({"number_prefix": "PS"}, "PS 12/26"),
        ({"number_padding": 3}, "012/26"),
        ({"number_separator": "-", "number_year_digits": 4}, "12-2026"),
    ],
)
def test_a_body_writes_its_case_numbers_in_its_own_way(pattern: dict[str, Any], shown: str) -> None:
    assert Body(**pattern).render_number(12, 2026) == shown


def test_the_pattern_shows_an_example_before_it_is_saved(client: Client, steering: Body, secretary: Any) -> None:
    client.force_login(secretary)
    address = reverse("numbering", args=[steering.collaboration.slug, steering.slug])
    told = {"number_prefix": "PS", "number_padding": "3", "number_separator": "-", "number_year_digits": "4"}
    told["version"] = str(steering.version)

    page = client.post(address, {**told, "vis": "1"}).content.decode()

    assert f"PS 012-{timezone.localdate().year}" in page
    steering.refresh_from_db()
    assert steering.number_prefix == ""
    assert client.post(address, told).status_code == 302
    steering.refresh_from_db()
    assert steering.render_number(7, 2027) == "PS 007-2027"


# --- States, and what is sent stands -----------------------------------------------------


def test_a_draft_is_proposed_and_must_be_made_ready_before_the_agenda_is_sent(
    steering: Body, secretary: Any, director: Any
) -> None:
    meeting = a_meeting(steering, secretary)
    draft = cases.make_case(body=steering, title="Regnskap", proposal="Regnskapet godkjennes.", by=secretary)
    item = agenda.put_on_agenda(meeting=meeting, case=draft, by=secretary)
    assert item.case.stage == Case.Stage.DRAFT
    with pytest.raises(NotAllowedNow, match="Regnskap"):
        agenda.send_agenda(meeting=meeting, by=secretary)

    cases.mark_ready(case=draft, by=secretary)
    agenda.send_agenda(meeting=meeting, by=secretary)

    draft.refresh_from_db()
    assert (draft.stage, draft.sequence) == (Case.Stage.ON_AGENDA, 1)


def test_a_case_stands_on_one_agenda_at_a_time(steering: Body, secretary: Any) -> None:
    draft = cases.make_case(body=steering, title="Regnskap", by=secretary)
    agenda.put_on_agenda(meeting=a_meeting(steering, secretary), case=draft, by=secretary)
    with pytest.raises(NotAllowedNow):
        agenda.put_on_agenda(meeting=a_meeting(steering, secretary), case=draft, by=secretary)


def test_nobody_changes_a_sent_agenda_behind_its_back(steering: Body, secretary: Any, director: Any) -> None:
    other = a_case(steering, secretary, "En annen")
    meeting = called(steering, secretary, a_case(steering, secretary), a_case(steering, secretary, "To"))
    item = meeting.items.first()
    assert item is not None
    tries = [
        ("UPDATE governance_agendaitem SET case_id = %s WHERE id = %s", other.pk, item.pk),
        ("UPDATE governance_agendaitem SET position = 9 WHERE id = %s", item.pk),
        ("UPDATE governance_agendaitem SET late = true WHERE id = %s", item.pk),
        ("DELETE FROM governance_agendaitem WHERE id = %s", item.pk),
        ("UPDATE governance_case SET title = 'Noe annet' WHERE id = %s", item.case_id),
        ("UPDATE governance_case SET proposal = 'Noe annet' WHERE id = %s", item.case_id),
        ("UPDATE governance_case SET sequence = 99 WHERE id = %s", item.case_id),
        ("UPDATE governance_meeting SET state = 'planned' WHERE id = %s", meeting.pk),
        ("UPDATE governance_meeting SET called_at = NULL, state = 'cancelled' WHERE id = %s", meeting.pk),
        ("UPDATE governance_meeting SET number = 99 WHERE id = %s", meeting.pk),
    ]
    for sql, *values in tries:
        assert refused(sql, *values), sql
    with the_database_refuses(), transaction.atomic():
        AgendaItem.objects.create(meeting=meeting, case=other, position=7)


def test_a_case_taken_out_of_a_sent_agenda_does_not_come_back_by_the_back_door(
    steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary)
    agenda.change_sent(item=the_item(meeting), how="withdraw", reason="Trukket.", by=secretary)
    assert refused("UPDATE governance_agendaitem SET withdrawn = false WHERE meeting_id = %s", meeting.pk)


def test_a_sent_agenda_is_supplemented_with_a_reason_and_a_new_edition(
    steering: Body, secretary: Any, director: Any
) -> None:
    one, two = a_case(steering, secretary, "Første"), a_case(steering, secretary, "Andre")
    meeting = called(steering, secretary, one, two, in_days=9)
    second = meeting.items.get(case=two)

    with pytest.raises(NotAllowedNow):
        agenda.change_sent(item=second, how="up", reason=" ", by=secretary)
    agenda.change_sent(item=second, how="up", reason="Gjesten må gå tidlig.", by=secretary)
    agenda.change_sent(item=meeting.items.get(case=one), how="postpone", reason="Mangler tall.", by=secretary)

    assert [item.case.title for item in meeting.items.select_related("case")] == ["Andre", "Første"]
    one.refresh_from_db()
    assert (one.stage, one.sequence) == (Case.Stage.POSTPONED, 1)
    reasons = [job.arguments["reason"] for job in Job.objects.filter(kind=papers.SUMMONS).order_by("asked_at")]
    assert reasons == ["", "Gjesten må gå tidlig.", "Mangler tall."]
    last = Job.objects.filter(kind=papers.SUMMONS).latest("asked_at")
    text = text_of(files.content(jobs.run(last.pk).document))
    assert "rekkefølge" in text
    assert "Mangler tall." in text


@pytest.mark.parametrize(("title", "how"), [("Hemmelig", "up"), ("Åpen", "down")])
def test_why_an_exempt_case_changed_places_stands_on_no_open_one(
    steering: Body, secretary: Any, director: Any, title: str, how: str
) -> None:
    secret = a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground="offentleglova § 23")
    meeting = called(steering, secretary, a_case(steering, secretary, "Åpen"), secret, in_days=9)
    why = "Forhandlingen med Leverandør først."
    agenda.change_sent(item=meeting.items.get(case__title=title), how=how, reason=why, by=secretary)
    told = dict(meeting.items.values_list("case__title", "reason"))
    assert told["Hemmelig"] == why
    assert told["Åpen"] and "Leverandør" not in told["Åpen"]
    assert Job.objects.filter(kind=papers.SUMMONS_PUBLIC).latest("asked_at").arguments["reason"] == ""


def test_those_who_do_not_prepare_do_not_change_the_agenda(steering: Body, secretary: Any, director: Any) -> None:
    meeting = called(steering, secretary)
    with pytest.raises(PermissionDenied):
        agenda.change_sent(item=the_item(meeting), how="withdraw", reason="Nei.", by=director)


# --- The year ----------------------------------------------------------------------------


def test_fixed_cases_stand_on_the_agenda_as_drafts_when_the_meeting_is_made(steering: Body, secretary: Any) -> None:
    fixed_cases.fix_case(body=steering, month=3, title="Regnskap", proposal="Godkjennes.", by=secretary)
    fixed_cases.fix_case(body=steering, nth=1, title="Konstituering", by=secretary)
    fixed_cases.fix_case(body=steering, title="Orientering", kind=Case.Kind.ORIENTATION, by=secretary)
    fixed_cases.fix_case(body=steering, month=10, title="Søknader", by=secretary)

    meeting = meetings.make_meeting(body=steering, starts_at=datetime(2027, 3, 4, 9, tzinfo=OSLO), by=secretary)

    items = meeting.items.select_related("case")
    assert {item.case.title for item in items} == {"Regnskap", "Konstituering", "Orientering"}
    assert {item.case.stage for item in items} == {Case.Stage.DRAFT}
    assert fixed_cases.put_fixed_on_agenda(meeting=meeting, by=secretary) == []


def test_a_fixed_case_stands_by_month_or_by_meeting_never_both(steering: Body, secretary: Any) -> None:
    with the_database_refuses(), transaction.atomic():
        FixedItem.objects.create(body=steering, month=3, nth=1, title="Regnskap")


def test_what_came_of_a_fixed_case_stands_when_it_comes_back_no_more(steering: Body, secretary: Any) -> None:
    fixed = fixed_cases.fix_case(body=steering, title="Regnskap", by=secretary)
    meeting = a_meeting(steering, secretary)
    fixed_cases.stop_fixed(fixed=fixed, by=secretary)
    assert the_item(meeting).case.title == "Regnskap"


def test_a_fixed_case_that_stands_in_approved_minutes_comes_back_no_more(
    steering: Body, secretary: Any, directors: Any
) -> None:
    fixed = fixed_cases.fix_case(body=steering, title="Regnskap", proposal="Godkjennes.", by=secretary)
    meeting = a_meeting(steering, secretary)
    cases.mark_ready(case=the_item(meeting).case, by=secretary)
    meeting = running.start_meeting(meeting=agenda.send_agenda(meeting=meeting, by=secretary), by=secretary)
    running.resolve(item=the_item(meeting), outcome="as_proposed", by=secretary)
    ended = running.end_meeting(meeting=meeting, by=secretary)
    sent = minutes.send_minutes(meeting=ended, at=timezone.now() - timedelta(days=30), by=secretary)
    minutes.approve_minutes(meeting=sent, by=secretary)
    fixed_cases.stop_fixed(fixed=fixed, by=secretary)
    item = the_item(meeting)
    assert (item.case.title, item.fixed) == ("Regnskap", None)
    refused("UPDATE governance_agendaitem SET position = 9 WHERE id = %s", item.pk)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (series.Rule(1, 3, 3, date(2027, 1, 1), date(2027, 12, 31)), ["0107", "0401", "0701", "1007"]),
        (series.Rule(-1, 4, 1, date(2027, 2, 10), date(2027, 4, 1)), ["0226", "0326"]),
        (series.Rule(1, 0, 1, date(2027, 1, 10), date(2027, 1, 31)), []),
    ],
)
def test_a_rule_gives_its_dates(rule: series.Rule, days: list[str]) -> None:
    assert [f"{day:%m%d}" for day in rule.days()] == days


def test_holidays_weekends_and_meetings_are_warned_of(steering: Body, secretary: Any) -> None:
    meetings.make_meeting(body=steering, starts_at=datetime(2027, 6, 3, 9, tzinfo=OSLO), by=secretary)
    days = [date(2027, 5, 6), date(2027, 5, 15), date(2027, 6, 3), date(2027, 12, 24), date(2027, 6, 10)]

    told = series.warnings(days, steering)

    assert told[days[0]] == ["Kristi himmelfartsdag"]
    assert len(told[days[1]]) == len(told[days[2]]) == len(told[days[3]]) == 1
    assert told[days[4]] == []


def test_a_series_is_looked_over_before_anything_is_saved(client: Client, steering: Body, secretary: Any) -> None:
    client.force_login(secretary)
    year = timezone.localdate().year + 1
    address = reverse("new_series", args=[steering.collaboration.slug])
    rule = {
        "body": steering.pk, "which": "1", "weekday": "3", "every": "3", "since": f"01.01.{year}",
        "until": f"31.12.{year}", "begins": "09:00", "ends": "11:30", "place": "Teams",
    }  # fmt: skip

    page = client.post(address, rule)

    assert page.status_code == 200
    assert not Meeting.objects.exists()
    days = page.context_data["form"].days
    chosen = {f"day_{number}": f"{day:%d.%m.%Y}" for number, day in enumerate(days)}
    chosen["day_1"] = ""
    assert client.post(address, {**rule, **chosen}).status_code == 302
    made = list(Meeting.objects.order_by("starts_at"))
    assert [meeting.day for meeting in made] == [days[0], days[2], days[3]]
    assert len({meeting.series for meeting in made}) == 1
    assert all(meeting.place == "Teams" and meeting.ends_at for meeting in made)
    meetings.cancel_meeting(meeting=made[1], by=secretary)
    assert [m.state for m in Meeting.objects.order_by("starts_at")] == ["planned", "cancelled", "planned"]


def test_the_last_agenda_is_copied_and_a_postponed_case_comes_back(
    steering: Body, secretary: Any, director: Any
) -> None:
    kept, put_off = a_case(steering, secretary, "Status"), a_case(steering, secretary, "Utsatt sak")
    last = called(steering, secretary, kept, put_off, in_days=1)
    agenda.change_sent(item=last.items.get(case=put_off), how="postpone", reason="Mangler tall.", by=secretary)
    meeting = a_meeting(steering, secretary, in_days=60)

    fixed_cases.copy_from_last(meeting=meeting, chosen=fixed_cases.last_agenda(meeting), by=secretary)

    new = [item.case for item in meeting.items.select_related("case__continues")]
    assert [case.title for case in new] == ["Status", "Utsatt sak"]
    assert [case.continues for case in new] == [None, put_off]
    assert {case.sequence for case in new} == {None}


def test_the_year_is_read_with_the_same_queries_however_large(
    client: Client, steering: Body, secretary: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(secretary)
    address = reverse("year_plan", args=[steering.collaboration.slug])
    first = _queries(client, address)
    fixed_cases.fix_case(body=steering, title="Orientering", kind=Case.Kind.ORIENTATION, by=secretary)
    _ten_years(steering)

    for page in (address, reverse("meetings", args=[steering.collaboration.slug])):
        small = first if page == address else _queries(client, page)
        assert _queries(client, page) <= small + 3, page
    year = timezone.localdate().year
    page = client.get(f"{address}?ar={year - 1}").content.decode()
    assert f'href="?ar={year}"' in page
    assert page.count("/moter/styringsgruppen/") == 20
    sheet = client.get(f"{address}?format=xlsx")
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    file = Calendar.from_ical(client.get(f"{address}?format=ics").content)
    assert len(file.walk("VEVENT")) == 20


def test_the_page_of_a_meeting_asks_as_much_with_two_thousand_cases_beside_it(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    client.force_login(secretary)
    meeting = called(steering, secretary, *[a_case(steering, secretary, f"Sak {n}") for n in range(3)])
    before = _queries(client, meeting.get_absolute_url())
    _ten_years(steering)
    assert _queries(client, meeting.get_absolute_url()) == before


def _queries(client: Client, address: str) -> int:
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def _ten_years(body: Body) -> None:
    """200 cases a year in 20 meetings, for ten years."""
    this = timezone.localdate().year
    known = [
        Meeting(
            body=body,
            year=year,
            number=100 + number,
            starts_at=datetime(year, 1 + number % 12, 10, 9, tzinfo=OSLO),
            called_at=datetime(year, 1, 2, 9, tzinfo=OSLO),
            state="held",
        )
        for year in range(this - 9, this + 1)
        for number in range(20)
    ]
    Meeting.objects.bulk_create(known)
    numbered = [
        Case(body=body, year=year, sequence=1000 + number, title=f"Sak {number}", stage="treated")
        for year in range(this - 9, this + 1)
        for number in range(200)
    ]
    Case.objects.bulk_create(numbered)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=known[number // 10], case=case, position=number % 10 + 1, late=True)
        for number, case in enumerate(numbered)
    )
