"""Minutes go out, are remarked on, approved once and locked, whoever writes; the file that was approved is the file."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, ProtectedError
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance import minutes_record, papers, summons
from governance.actions import agenda, attendance, follow_up, minutes, running
from governance.addresses import MEETING
from governance.minutes import render
from governance.minutes_text import context
from governance.models import AgendaItem, Attendance, Body, Case, Meeting, Resolution, ResolutionPoint
from tests.addresses.forms import Form, forms_of
from tests.addresses.urlconf import ADDRESSES, OURS
from tests.governance.meeting_helpers import a_case, a_meeting, begun, held
from tests.printed import faults, text_of
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"


def out(steering: Body, secretary: Any, *about: Case, days_ago: int = 0) -> Meeting:
    sent = timezone.now() - timedelta(days=days_ago)
    return minutes.send_minutes(meeting=held(steering, secretary, *about), at=sent, by=secretary)


def approved(steering: Body, secretary: Any, *about: Case) -> Meeting:
    return minutes.approve_minutes(meeting=out(steering, secretary, *about, days_ago=30), by=secretary)


def the_file(meeting: Meeting, kind: str = papers.MINUTES) -> Document:
    """What the jobs made, newest last."""
    for job in Job.objects.filter(kind=kind, subject=meeting.pk, state="asked").order_by("asked_at"):
        assert jobs.run(job.pk).error == ""
    document = papers.newest(kind, meeting)
    assert document is not None
    return document


# --- Remarks -----------------------------------------------------------------------------


def test_members_have_the_bodys_own_days_for_remarks(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = out(steering, secretary)
    assert meeting.remarks_by == timezone.localdate() + timedelta(days=7)
    mails = Job.objects.filter(kind="governance.meeting_mail", arguments__what="minutes")
    assert mails.count() == 6


def test_minutes_of_a_meeting_that_is_not_held_do_not_go_out(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(NotAllowedNow):
        minutes.send_minutes(meeting=begun(steering, secretary), by=secretary)


def test_a_member_approves_or_remarks_once_and_may_think_again(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=False, text="Punkt 2 mangler.", by=director)
    minutes.remark_on_minutes(meeting=meeting, approves=True, by=director)
    assert [remark.approves for remark in meeting.remarks.all()] == [True]


def test_the_secretary_does_not_approve_on_behalf_of_members(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(PermissionDenied):
        minutes.remark_on_minutes(meeting=out(steering, secretary), approves=True, by=secretary)


def test_after_the_deadline_no_remark_is_taken(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary, days_ago=30)
    with pytest.raises(NotAllowedNow):
        minutes.remark_on_minutes(meeting=meeting, approves=False, text="For sent.", by=director)


# --- Approval ----------------------------------------------------------------------------


def test_no_remarks_within_the_deadline_is_approval(steering: Body, secretary: Any, directors: Any) -> None:
    assert approved(steering, secretary).state == Meeting.State.APPROVED


def test_minutes_are_not_approved_before_the_deadline(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=out(steering, secretary), by=secretary)


def test_minutes_with_a_remark_are_not_approved_by_silence(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=False, text="Punkt 2 mangler.", by=director)
    later = timezone.now() + timedelta(days=30)
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=meeting, at=later, by=secretary)
    again = minutes.send_minutes(meeting=meeting, by=secretary)
    assert minutes.approve_minutes(meeting=again, at=later, by=secretary).is_locked


def test_minutes_mended_while_they_are_out_go_out_again(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = out(steering, secretary, days_ago=30)
    meeting = running.describe_meeting(meeting=meeting, others="KS Nord-Norge", agenda_remarks="", by=secretary)
    assert meeting.state == Meeting.State.HELD
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=meeting, by=secretary)
    assert minutes.send_minutes(meeting=meeting, by=secretary).state == Meeting.State.REMARKS


def test_minutes_are_approved_once(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = approved(steering, secretary)
    with pytest.raises(NotAllowedNow) as refused:
        minutes.approve_minutes(meeting=meeting, by=secretary)
    assert any(word in str(refused.value.sentence) for word in ("Register a correction", "Registrer en rettelse"))
    assert Meeting.objects.get().version == meeting.version


def test_a_director_cannot_approve_for_the_body(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary, days_ago=30)
    with pytest.raises(PermissionDenied):
        minutes.approve_minutes(meeting=meeting, by=director)


def test_the_next_meeting_approves_the_minutes_of_the_last(steering: Body, secretary: Any, directors: Any) -> None:
    first = held(steering, secretary)
    second = a_meeting(steering, secretary)
    assert agenda.minutes_to_approve(second) == first
    agenda.put_on_agenda(meeting=second, case=a_case(steering, secretary, "Annet"), by=secretary)
    item = agenda.put_minutes_approval_on_agenda(meeting=second, by=secretary)
    assert agenda.minutes_to_approve(second) is None
    assert second.items.first() == item
    agenda.send_agenda(meeting=second, by=secretary)
    running.start_meeting(meeting=second, by=secretary)
    for each in second.items.select_related("case"):
        running.resolve(item=each, outcome=each.case.usual_outcome, by=secretary)
    first.refresh_from_db()
    assert first.state == Meeting.State.HELD
    running.end_meeting(meeting=second, by=secretary)
    first.refresh_from_db()
    assert first.state == Meeting.State.APPROVED


# --- Locked (rule 7) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE governance_meeting SET place = 'Et annet sted'",
        "UPDATE governance_meeting SET state = 'held', approved_at = NULL",
        "DELETE FROM governance_meeting",
        "UPDATE governance_agendaitem SET withdrawn = true",
        "UPDATE governance_case SET title = 'Noe annet'",
        "UPDATE governance_case SET proposal = 'Noe annet'",
        "UPDATE governance_resolution SET outcome = 'not_adopted'",
        "DELETE FROM governance_resolution",
        "UPDATE governance_resolutionpoint SET text = 'Noe annet'",
        "UPDATE governance_resolutionpoint SET deadline = now()",
        "DELETE FROM governance_resolutionpoint",
        "INSERT INTO governance_resolutionpoint (resolution_id, number, text, responsible)"
        " SELECT id, 99, 'Et punkt til', '' FROM governance_resolution",
        "UPDATE governance_attendance SET status = 'absent'",
        "DELETE FROM governance_attendance",
        "INSERT INTO governance_attendancechange (attendance_id, item_id, kind, ground)"
        " SELECT a.id, i.id, 'left', '' FROM governance_attendance a"
        " JOIN governance_agendaitem i USING (meeting_id) LIMIT 1",
    ],
)
def test_approved_minutes_stand_against_raw_sql(steering: Body, secretary: Any, directors: Any, sql: str) -> None:
    approved(steering, secretary)
    with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


ANOTHER: dict[type[Model], tuple[str, object]] = {
    Meeting: ("place", "Et annet sted"),
    AgendaItem: ("withdrawn", True),
    Case: ("title", "Noe annet"),
    Resolution: ("outcome", "not_adopted"),
    ResolutionPoint: ("text", "Noe annet"),
    Attendance: ("status", "absent"),
}


@pytest.mark.parametrize("part", ANOTHER)
def test_approved_minutes_stand_against_whoever_works_in_the_shell(
    steering: Body, secretary: Any, directors: Any, part: type[Model]
) -> None:
    """T24: each part of them, by every way that Django has to write."""
    approved(steering, secretary)
    rows = part._default_manager
    row, before = rows.order_by("pk")[0], list(rows.order_by("pk").values())
    field, other = ANOTHER[part]
    setattr(row, field, other)
    attempts: list[Callable[[], object]] = [
        lambda: rows.update(**{field: other}),
        lambda: rows.bulk_update([row], [field]),
        lambda: rows.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=[field]),
        row.save,
    ]
    for attempt in attempts:
        with the_database_refuses(), transaction.atomic():
            attempt()
    for removal in (row.delete, rows.all().delete):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            removal()

    assert list(rows.order_by("pk").values()) == before


def test_nothing_is_moved_into_or_out_of_approved_minutes(steering: Body, secretary: Any, directors: Any) -> None:
    locked = approved(steering, secretary)
    open_meeting = held(steering, secretary, a_case(steering, secretary, "Annen sak"))
    for here, there in ((locked, open_meeting), (open_meeting, locked)):
        with the_database_refuses(), transaction.atomic():
            here.items.update(meeting=there, position=50)


def test_no_verb_changes_approved_minutes(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = approved(steering, secretary)
    item = meeting.items.get()
    row = meeting.attendances.first()
    assert row is not None
    attempts = [
        lambda: running.resolve(item=item, outcome="as_proposed", points=[{"text": "Nytt"}], by=secretary),
        lambda: attendance.record_attendance(meeting=meeting, seats={row.seat_id: {"status": "absent"}}, by=secretary),
        lambda: attendance.record_change(item=item, attendance=row, kind="left", by=secretary),
        lambda: running.describe_meeting(meeting=meeting, others="En til", agenda_remarks="", by=secretary),
        lambda: minutes.send_minutes(meeting=meeting, by=secretary),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedNow):
            attempt()


def test_whether_a_point_is_done_goes_on_being_told(steering: Body, secretary: Any, directors: Any) -> None:
    approved(steering, secretary)
    point = ResolutionPoint.objects.first()
    assert point is not None
    assert follow_up.answer_point(point=point, state="done", by=secretary).done_on


def test_a_point_is_not_done_on_a_day_to_come(steering: Body, secretary: Any, directors: Any) -> None:
    held(steering, secretary)
    point = ResolutionPoint.objects.get(number=1)
    with pytest.raises(NotAllowedNow):
        follow_up.answer_point(
            point=point, state="done", done_on=timezone.localdate() + timedelta(days=1), by=secretary
        )


# --- What stands in them -------------------------------------------------------------------


def test_exempt_cases_are_screened_in_the_public_version(steering: Body, secretary: Any, directors: Any) -> None:
    secret = a_case(steering, secretary, "Forhandlinger med Leverandør AS", exempt=True, legal_ground=GROUND)
    meeting = held(steering, secretary, secret, a_case(steering, secretary, "Åpen sak"))
    titles = {
        public: [row.entry.title for row in context(meeting, public=public)["treated"]] for public in (True, False)
    }
    assert "Forhandlinger med Leverandør AS" in titles[False]
    assert "Forhandlinger med Leverandør AS" not in titles[True]
    assert "Åpen sak" in titles[True]


def test_the_draft_is_ready_as_the_meeting_ends(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = held(steering, secretary)
    document = the_file(meeting)
    assert document.file_name == f"referat-vesteralen-styringsgruppen-1-{meeting.year}.pdf"
    assert files.content(document).startswith(b"%PDF")


def test_the_minutes_tell_what_d1_asks_in_its_order(steering: Body, secretary: Any, directors: Any) -> None:
    case = a_case(steering, secretary, "Felles anskaffelse", asks_municipalities=True)
    meeting = held(steering, secretary, case)
    text = text_of(files.content(the_file(meeting)))
    for sentence in ("Direktør Sortland", "Felles anskaffelse", "Styringsgruppen støtter forslaget.", "Lødingen"):
        assert sentence in text
    order = ["Direktør Andøy", "Felles anskaffelse", "Sekretariatet følger opp."]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_the_command_writes_the_very_file_that_was_approved(
    steering: Body, secretary: Any, directors: Any, tmp_path: Path
) -> None:
    meeting = approved(steering, secretary)
    target = tmp_path / "referat.pdf"
    call_command("minutes", "vesteralen", "styringsgruppen", meeting.label, output=target)
    document = the_file(meeting)
    assert hashlib.sha256(target.read_bytes()).hexdigest() == document.sha256
    again = tmp_path / "igjen.pdf"
    call_command("minutes", "vesteralen", "styringsgruppen", meeting.label, output=again)
    assert again.read_bytes() == target.read_bytes()


def test_the_public_file_screens_and_the_full_one_does_not(
    steering: Body, secretary: Any, directors: Any, tmp_path: Path
) -> None:
    secret = a_case(steering, secretary, "Hemmelig anskaffelse", exempt=True, legal_ground=GROUND)
    meeting = approved(steering, secretary, secret)
    full, public = tmp_path / "full.pdf", tmp_path / "offentlig.pdf"
    call_command("minutes", "vesteralen", "styringsgruppen", meeting.label, output=full)
    call_command("minutes", "vesteralen", "styringsgruppen", meeting.label, output=public, public=True)
    assert "Hemmelig anskaffelse" in text_of(full.read_bytes())
    assert "Hemmelig anskaffelse" not in text_of(public.read_bytes())
    assert b"Hemmelig" not in public.read_bytes()


@pytest.mark.parametrize("label", ["9/2026", "tull", "1", "²/2026"])
def test_the_command_says_what_is_wrong(steering: Body, tmp_path: Path, label: str) -> None:
    with pytest.raises(CommandError):
        call_command("minutes", "vesteralen", "styringsgruppen", label, output=tmp_path / "x.pdf")


def test_a_correction_is_a_new_version_with_its_reason(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = approved(steering, secretary)
    first = the_file(meeting)
    minutes.correct_minutes(meeting=meeting, text="Møtet varte til kl. 12.", reason="Feil sluttid", by=secretary)
    second = the_file(meeting)
    assert second.version > first.version
    assert second.reason == "Feil sluttid"
    assert files.content(first) != files.content(second)


def test_minutes_that_are_not_approved_are_not_corrected(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(NotAllowedNow):
        minutes.correct_minutes(meeting=out(steering, secretary), text="x", reason="y", by=secretary)


def test_summons_and_minutes_can_be_archived_and_read_aloud(steering: Body, secretary: Any, directors: Any) -> None:
    secret = a_case(steering, secretary, "Hemmelig", exempt=True, legal_ground=GROUND)
    asked = a_case(steering, secretary, "Felles anskaffelse", asks_municipalities=True)
    meeting = held(steering, secretary, secret, asked)
    for written in (document_of(meeting) for document_of in (summons.render, render)):
        assert faults(written) == []
    assert render(meeting) == render(meeting)


# --- Whoever still has the forms open ------------------------------------------------------


def forms_of_a(meeting: Meeting, client: Client) -> list[Form]:
    """Every form on every page of the meeting, filled in; a route with one more number is that of its case."""
    item, found = meeting.items.get(), []
    for name in OURS:
        route = ADDRESSES[name].route
        if route.startswith(MEETING) and route.count("<") in {MEETING.count("<"), MEETING.count("<") + 1}:
            path = meeting.get_absolute_url() + route.removeprefix(MEETING).replace("<int:pk>", str(item.pk))
            page = client.get(path) if "<" not in path else None
            if page is not None and page.status_code == 200 and not page.streaming:
                found += forms_of(page.content.decode(), path)
    return [form for form in found if form.action.startswith(meeting.get_absolute_url())]


def changes(form: Form, client: Client, meeting: Meeting) -> bool:
    """Whether the minutes would say something else after it; what it does is undone."""
    with transaction.atomic():
        before = minutes_record.record(Meeting.objects.get(pk=meeting.pk))
        client.post(form.action, form.sent())
        changed = minutes_record.record(Meeting.objects.get(pk=meeting.pk)) != before
        transaction.set_rollback(True)
    return changed


def test_no_form_changes_approved_minutes(client: Client, steering: Body, secretary: Any, directors: Any) -> None:
    """T24: whoever has had a form of the meeting open since it went on, and one that knows the version of today."""
    client.force_login(secretary)
    meeting = begun(steering, secretary, a_case(steering, secretary, "Felles vakt"))
    forms = [form for form in forms_of_a(meeting, client) if changes(form, client, meeting)]
    assert len(forms) > 2, "they change the minutes of a meeting that goes on"

    running.resolve(item=meeting.items.get(), outcome=meeting.items.get().case.usual_outcome, by=secretary)
    sent = minutes.send_minutes(
        meeting=running.end_meeting(meeting=meeting, by=secretary), at=timezone.now() - timedelta(days=30), by=secretary
    )
    meeting = minutes.approve_minutes(meeting=sent, by=secretary)
    for form in forms:
        for version in {*form.values.get("version", []), str(meeting.version)}:
            assert not changes(form.with_another(version, ["version"]), client, meeting), form
    again = {"text": "Rettet.", "reason": "Skrivefeil"}
    minutes.correct_minutes(meeting=meeting, by=secretary, **again)
