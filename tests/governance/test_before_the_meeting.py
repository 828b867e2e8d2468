"""Before the meeting: all papers in one file, answers to the summons, what is read, and calendars."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader, PdfWriter

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.uploads import Upload
from governance import folder, papers
from governance.actions import attachments, calendars, calling, meetings
from governance.models import (
    Body,
    CalendarLink,
    Case,
    Meeting,
    Person,
    ReadMark,
    Reply,
)
from tests.governance.meeting_helpers import a_case, a_meeting, called
from tests.people import appoint, person
from tests.printed import text_of

pytestmark = pytest.mark.django_db


# --- All papers in one file --------------------------------------------------------------


def test_all_papers_are_one_file_with_an_outline_and_page_numbers(
    steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary, a_case(steering, secretary, "Åpen"), a_case(steering, secretary, "Øvrig"))

    made = jobs.run(Job.objects.get(kind=papers.FOLDER).pk)

    assert made.state == Job.State.DONE, made.error
    reader = PdfReader(io.BytesIO(files.content(made.document)))
    titles = [one.title for one in reader.outline]
    numbers = list(Case.objects.order_by("sequence"))
    assert titles[1:] == [str(case) for case in numbers]
    pages = [reader.get_destination_page_number(one) for one in reader.outline]
    assert pages == sorted(pages)
    assert len(set(pages)) == 3
    for number, page in enumerate(reader.pages, 1):
        assert re.search(rf"{number} (av|of) {len(reader.pages)}$", page.extract_text(), re.MULTILINE)
    assert made.document.file_name == f"motepapirer-vesteralen-styringsgruppen-{meeting.number}-{meeting.year}.pdf"


def test_the_public_papers_tell_nothing_exempt(steering: Body, secretary: Any, director: Any) -> None:
    secret = a_case(steering, secretary, "Hemmelig leverandør", exempt=True, legal_ground="offentleglova § 23")
    called(steering, secretary, secret)

    public = jobs.run(Job.objects.get(kind=papers.FOLDER_PUBLIC).pk)
    full = jobs.run(Job.objects.get(kind=papers.FOLDER).pk)

    content = files.content(public.document)
    reader = PdfReader(io.BytesIO(content))
    assert "Hemmelig" not in text_of(content)
    assert "Hemmelig" not in str([one.title for one in reader.outline])
    assert "Hemmelig" in text_of(files.content(full.document))


def test_attachments_follow_their_case_and_what_is_no_pdf_lies_beside(
    steering: Body, secretary: Any, director: Any
) -> None:
    first, second = a_case(steering, secretary, "Første"), a_case(steering, secretary, "Andre")
    pages = PdfWriter()
    for _page in range(3):
        pages.add_blank_page(595, 842)
    out = io.BytesIO()
    pages.write(out)
    for title, content, mime, marks in (
        ("Tilbudet", out.getvalue(), "application/pdf", {}),
        ("Tegningen", b"\x89PNG tegning", "image/png", {}),
        (
            "Skjult",
            out.getvalue(),
            "application/pdf",
            {"exempt": True, "legal_ground": "offentleglova § 14 første ledd"},
        ),
    ):
        upload = Upload(content, f"{title.lower()}.{mime[-3:]}", mime)
        attachments.attach(case=first, title=title, upload=upload, by=secretary, **marks)
    called(steering, secretary, first, second)

    full, public = (
        PdfReader(io.BytesIO(files.content(jobs.run(Job.objects.get(kind=kind).pk).document)))
        for kind in (papers.FOLDER, papers.FOLDER_PUBLIC)
    )

    assert [one.title for one in full.outline[2]] == ["Tilbudet", "Skjult"]
    assert [one.title for one in public.outline[2]] == ["Tilbudet"]
    assert len(full.pages) == len(public.pages) + 3
    told = "".join(page.extract_text() for page in public.pages)
    assert "Skjult" not in told
    tegning = first.attachments.get(title="Tegningen").document
    assert tegning.sha256 in told.replace("\n", "")
    after = full.get_destination_page_number(full.outline[3])
    assert after == full.get_destination_page_number(full.outline[2][1]) + 3


def test_a_locked_or_broken_pdf_is_not_taken_in() -> None:
    locked = PdfWriter()
    locked.add_blank_page(100, 100)
    locked.encrypt("x")
    out = io.BytesIO()
    locked.write(out)
    assert folder.readable(out.getvalue()) is False
    assert folder.readable(b"%PDF-1.7 not really") is False


# --- Answers and read marks --------------------------------------------------------------


def test_a_member_says_whether_they_come_and_changes_it(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary, in_days=8)
    seat = steering.seats.get(person__user=director)
    client.force_login(director)
    address = reverse("answer_summons", args=meeting.address)
    for answer in ("comes", "away"):
        assert client.post(address, {f"plass{seat.pk}-answer": answer}).status_code == 302
    assert Reply.objects.get().answer == "away"


def test_a_substitute_comes_only_where_somebody_is_one(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary, in_days=8)
    seat = steering.seats.get(person__user=director)
    with pytest.raises(NotAllowedNow, match="Ingen er vara"):
        calling.answer_summons(meeting=meeting, seat=seat, answer="substitute", by=director)
    client.force_login(director)
    assert 'value="substitute"' not in client.get(reverse("answer_summons", args=meeting.address)).content.decode()
    stand_in, other = person("Vara Vik"), person("Ingen Vara")
    appoint(stand_in, "substitute", steering, represents=seat.represents)
    with pytest.raises(NotAllowedNow, match="Ingen Vara"):
        calling.answer_summons(meeting=meeting, seat=seat, answer="substitute", substitute=other, by=director)
    told = calling.answer_summons(meeting=meeting, seat=seat, answer="substitute", substitute=stand_in, by=director)
    assert told.substitute == stand_in


def test_nobody_answers_for_another_or_after_the_meeting_began(
    client: Client, steering: Body, secretary: Any, directors: dict[str, Any]
) -> None:
    meeting = called(steering, secretary)
    seat = steering.seats.get(person__user=directors["Hadsel"])
    with pytest.raises(PermissionDenied):
        calling.answer_summons(meeting=meeting, seat=seat, answer="comes", by=directors["Sortland"])
    client.force_login(secretary)
    assert client.get(reverse("answer_summons", args=meeting.address)).status_code == 403
    Meeting.objects.filter(pk=meeting.pk).update(state="in_progress")
    meeting.refresh_from_db()
    with pytest.raises(NotAllowedNow):
        calling.answer_summons(meeting=meeting, seat=seat, answer="comes", by=directors["Hadsel"])


def test_the_secretariat_sees_who_has_not_answered_and_reminds_them_once_a_day(
    client: Client, steering: Body, secretary: Any, directors: dict[str, Any]
) -> None:
    meeting = called(steering, secretary, in_days=8)
    seat = steering.seats.get(person__user=directors["Hadsel"])
    calling.answer_summons(meeting=meeting, seat=seat, answer="comes", by=directors["Hadsel"])
    assert len(calling.without_reply(meeting)) == 5
    client.force_login(secretary)
    for _again in range(2):
        assert client.post(reverse("remind_of_replies", args=meeting.address)).status_code == 302
    assert Job.objects.filter(key__startswith="meeting-mail:reminder").count() == 5


def test_opening_the_papers_is_noted_once_per_member_with_first_and_last_time(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = called(steering, secretary, in_days=8)
    jobs.run(Job.objects.get(kind=papers.SUMMONS).pk)
    address = reverse("open_papers", args=[*meeting.address, "innkalling"])
    for user in (director, director, secretary):
        client.force_login(user)
        assert client.get(address).status_code == 302
    mark = ReadMark.objects.get()
    assert mark.person.user == director
    assert mark.last_at > mark.first_at
    client.force_login(secretary)
    page = client.get(meeting.get_absolute_url())
    assert (page.context_data["opened"], len(page.context_data["called_lines"])) == (1, 6)


# --- Calendars ---------------------------------------------------------------------------


def event_of(message: Any) -> tuple[str, Any]:
    part = next(part for part in message.message().walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == "Europe/Oslo"
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_the_summons_carries_the_meeting_for_the_own_calendar(steering: Body, secretary: Any, director: Any) -> None:
    secret = a_case(steering, secretary, "Hemmelig leverandør", exempt=True, legal_ground="offentleglova § 23")
    meeting = called(steering, secretary, secret, in_days=9)
    moved = meetings.change_meeting(
        meeting=meeting, starts_at=meeting.starts_at + timedelta(hours=1), place="Sortland", by=secretary
    )
    meetings.cancel_meeting(meeting=moved, by=secretary)
    one = Person.objects.get(user=director)
    told = []
    for what in ("summons", "moved", "cancelled"):
        job = Job.objects.get(key__startswith=f"meeting-mail:{what}:", arguments__person=one.pk)
        mail.outbox = []
        jobs.run(job.pk)
        assert "Hemmelig" not in mail.outbox[0].message().as_string()
        told.append(event_of(mail.outbox[0]))
    methods, events = [method for method, _event in told], [event for _method, event in told]
    assert methods[-1] == "CANCEL"
    assert len({event["UID"] for event in events}) == 1
    assert events[-1]["STATUS"] == "CANCELLED"
    assert events[-1]["SEQUENCE"] == 2
    assert [str(address) for address in [events[0]["ATTENDEE"]]] == [f"mailto:{one.email}"]
    assert events[0]["DTSTART"].dt.tzinfo.key == "Europe/Oslo"


def test_a_change_raises_the_sequence_and_keeps_the_identity(steering: Body, secretary: Any, director: Any) -> None:
    meeting = a_meeting(steering, secretary, in_days=5)
    for hour in (1, 2):
        meeting = meetings.change_meeting(
            meeting=meeting, starts_at=meeting.starts_at + timedelta(hours=hour), by=secretary
        )
    assert meeting.calendar_sequence == 2


def test_a_person_subscribes_to_the_own_meetings_until_the_address_is_ended(
    client: Client, steering: Body, secretary: Any, director: Any
) -> None:
    a_meeting(steering, secretary, in_days=5)
    client.force_login(director)
    client.post(reverse("own_calendar"))
    token = calendars.make_link(by=director)
    assert token not in str(CalendarLink.objects.values_list("digest", flat=True))
    address = reverse("calendar_feed", args=[token])
    stranger = Client()

    assert len(Calendar.from_ical(stranger.get(address).content).walk("VEVENT")) == 1
    assert CalendarLink.objects.filter(ended_at=None).count() == 1

    calendars.end_link(by=director)
    assert stranger.get(address).status_code == 404
    assert stranger.get(reverse("calendar_feed", args=["x" * 43])).status_code == 404


def test_an_ended_appointment_leaves_the_calendar_empty(steering: Body, secretary: Any, director: Any) -> None:
    a_meeting(steering, secretary, in_days=5)
    token = calendars.make_link(by=director)
    steering.seats.filter(person__user=director).update(until=timezone.localdate() - timedelta(days=1))
    feed = Client().get(reverse("calendar_feed", args=[token]))
    assert feed.status_code == 200
    assert Calendar.from_ical(feed.content).walk("VEVENT") == []


def test_the_calendar_of_another_collaboration_is_empty(steering: Body, secretary: Any, outsider: Any) -> None:
    a_meeting(steering, secretary, in_days=5)
    feed = Client().get(reverse("calendar_feed", args=[calendars.make_link(by=outsider)]))
    assert b"VEVENT" not in feed.content
