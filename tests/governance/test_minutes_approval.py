"""Minutes are approved as the body's rules say: by silence that is recorded, by the next meeting, or by two names."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext

from digivesteralen.accounts.access import NotAllowedNow
from governance import minutes_record
from governance.actions import agenda, attendance, minutes, running
from governance.minutes_text import context
from governance.models import Body, Case, Meeting, MinutesRemark, MinutesSignature, RuleProfile
from tests.governance.meeting_helpers import a_case, a_meeting, held, the_item
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
A_MONTH = timedelta(days=30)


def by_rule(steering: Body, way: str, **more: Any) -> None:
    RuleProfile.objects.filter(body=steering).delete()
    RuleProfile.objects.create(body=steering, minutes_approval=way, **more)


def out(steering: Body, secretary: Any, *, days_ago: int = 0) -> Meeting:
    sent = timezone.now() - timedelta(days=days_ago)
    return minutes.send_minutes(meeting=held(steering, secretary), at=sent, by=secretary)


def sign(meeting: Meeting, who: Any) -> MinutesSignature:
    return minutes.sign_minutes(meeting=meeting, sha256=minutes_record.digest(meeting), by=who)


# --- Silence -----------------------------------------------------------------------------


def test_silence_is_recorded_for_each_who_said_nothing_and_never_as_a_yes(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = out(steering, secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=True, by=directors["Bø"])
    approved = minutes.approve_minutes(meeting=meeting, at=timezone.now() + A_MONTH, by=secretary)
    silent = approved.remarks.filter(silent=True)
    assert silent.count() == 5
    assert not silent.filter(approves=True).exists()
    assert "Direktør Bø" not in {remark.person.name for remark in silent}
    told = context(approved, public=False)
    assert len(told["said_nothing"]) == 5 and len(told["said_yes"]) == 1


def test_the_next_meeting_confirms_what_silence_approved(steering: Body, secretary: Any, directors: Any) -> None:
    first = minutes.approve_minutes(meeting=out(steering, secretary, days_ago=30), by=secretary)
    second = a_meeting(steering, secretary)
    assert agenda.minutes_to_approve(second) == first
    agenda.put_minutes_approval_on_agenda(meeting=second, by=secretary)
    agenda.send_agenda(meeting=second, by=secretary)
    running.start_meeting(meeting=second, by=secretary)
    running.resolve(item=the_item(second), outcome="as_proposed", by=secretary)
    running.end_meeting(meeting=second, by=secretary)
    first.refresh_from_db()
    assert context(first, public=False)["approved_in"] == the_item(second).case
    assert agenda.minutes_to_approve(a_meeting(steering, secretary, in_days=9)) != first


def test_when_all_have_said_yes_nobody_waits_for_the_deadline(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = out(steering, secretary)
    for director in directors.values():
        minutes.remark_on_minutes(meeting=meeting, approves=True, by=director)
    assert minutes.approve_minutes(meeting=meeting, by=secretary).is_locked


# --- Remarks -----------------------------------------------------------------------------


def test_a_remark_is_treated_before_the_minutes_are_approved(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary)
    remark = minutes.remark_on_minutes(meeting=meeting, approves=False, text="Punkt 2 mangler.", by=director)
    later = timezone.now() + A_MONTH
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=meeting, at=later, by=secretary)
    with pytest.raises(NotAllowedNow):
        minutes.treat_remark(remark=remark, taken_in=False, by=secretary)
    with pytest.raises(PermissionDenied):
        minutes.treat_remark(remark=remark, taken_in=True, by=director)
    minutes.treat_remark(remark=remark, taken_in=False, answer="Det ble ikke vedtatt.", by=secretary)
    assert minutes.approve_minutes(meeting=meeting, at=later, by=secretary).is_locked


def test_a_remark_that_is_taken_in_asks_for_mended_minutes(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary)
    remark = minutes.remark_on_minutes(meeting=meeting, approves=False, text="KS var der.", by=director)
    minutes.treat_remark(remark=remark, taken_in=True, by=secretary)
    later = timezone.now() + A_MONTH
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=meeting, at=later, by=secretary)
    running.describe_meeting(meeting=meeting, others="KS Nord-Norge", agenda_remarks="", by=secretary)
    again = minutes.send_minutes(meeting=meeting, by=secretary)
    assert minutes.approve_minutes(meeting=again, at=later, by=secretary).is_locked


def test_members_read_their_own_remark_and_its_answer_and_no_other(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = out(steering, secretary)
    remark = minutes.remark_on_minutes(meeting=meeting, approves=False, text="Punkt 2 mangler.", by=directors["Bø"])
    client.force_login(secretary)
    here = f"{meeting.get_absolute_url()}referat/merknad/{remark.pk}/"
    assert "answer" in client.post(here, {"treatment": "refused", "answer": ""}).context_data["form"].errors
    assert client.post(here, {"treatment": "refused", "answer": "Det ble ikke vedtatt."}).status_code == 302
    for who, reads in (("Bø", True), ("Andøy", False)):
        client.force_login(directors[who])
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert ("Punkt 2 mangler." in page) is reads
        assert ("Det ble ikke vedtatt." in page) is reads


@pytest.mark.parametrize(
    "wrong",
    [
        {"silent": True, "approves": True},
        {"silent": True},
        {"treatment": "refused"},
        {"treatment": "taken_in"},
        {"answer": "Nei."},
    ],
)
def test_a_remark_is_one_thing_and_its_treatment_whole(
    steering: Body, secretary: Any, director: Any, wrong: dict[str, Any]
) -> None:
    minutes.remark_on_minutes(meeting=out(steering, secretary), approves=False, text="Galt navn.", by=director)
    with the_database_refuses(), transaction.atomic():
        MinutesRemark.objects.update(**wrong)


def test_what_was_said_of_approved_minutes_stands(steering: Body, secretary: Any, director: Any) -> None:
    meeting = out(steering, secretary)
    minutes.remark_on_minutes(meeting=meeting, approves=True, by=director)
    minutes.approve_minutes(meeting=meeting, at=timezone.now() + A_MONTH, by=secretary)
    for change in (lambda rows: rows.update(approves=False, text="Likevel ikke."), lambda rows: rows.delete()):
        with the_database_refuses(), transaction.atomic():
            change(MinutesRemark.objects.all())


# --- The next meeting --------------------------------------------------------------------


def test_where_the_meeting_approves_silence_does_not(steering: Body, secretary: Any, directors: Any) -> None:
    by_rule(steering, "meeting")
    first = out(steering, secretary, days_ago=30)
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=first, by=secretary)
    second = a_meeting(steering, secretary)
    agenda.put_minutes_approval_on_agenda(meeting=second, by=secretary)
    agenda.send_agenda(meeting=second, by=secretary)
    running.start_meeting(meeting=second, by=secretary)
    running.resolve(item=the_item(second), outcome="as_proposed", by=secretary)
    running.end_meeting(meeting=second, by=secretary)
    first.refresh_from_db()
    assert (first.state, first.approved_way) == (Meeting.State.APPROVED, "meeting")
    assert not first.remarks.filter(silent=True).exists()


# --- What the members are told -----------------------------------------------------------


ENDS = {
    "silence": "Answer by %(day)s. With no remarks the minutes are approved.",
    "signed": "Answer by %(day)s. The minutes are approved when two who were there have signed them.",
    "meeting": "Answer by %(day)s. The next meeting approves the minutes.",
}


@pytest.mark.parametrize("way", ENDS)
def test_members_are_told_how_their_own_body_approves_its_minutes(
    client: Any, steering: Body, secretary: Any, directors: Any, way: str
) -> None:
    by_rule(steering, way)
    meeting = out(steering, secretary)
    client.force_login(directors["Bø"])
    page = client.get(meeting.get_absolute_url()).content.decode()
    with translation.override("nb"):
        told = {way for way, words in ENDS.items() if gettext(words).partition("%(day)s")[2] in page}
    assert told == {way}


def test_only_those_whose_signature_is_waited_for_are_asked_to_sign(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    by_rule(steering, "signed")
    meeting = held(steering, secretary)
    gone = meeting.attendances.get(seat__person__user=directors["Bø"])
    attendance.record_attendance(meeting=meeting, seats={gone.seat_id: {"status": "excused"}}, by=secretary)
    meeting = minutes.send_minutes(meeting=meeting, by=secretary)
    sign(meeting, directors["Andøy"])
    for who, asked in (("Bø", False), ("Andøy", False), ("Sortland", True)):
        client.force_login(directors[who])
        assert client.get(meeting.get_absolute_url()).context_data["may_sign"] is asked
        assert client.get(f"{meeting.get_absolute_url()}referat/").context_data["may_sign"] is asked


# --- Two signers -------------------------------------------------------------------------


def test_two_who_were_there_sign_the_same_words(steering: Body, secretary: Any, directors: Any) -> None:
    by_rule(steering, "signed")
    meeting = out(steering, secretary, days_ago=30)
    sign(meeting, directors["Bø"])
    with pytest.raises(NotAllowedNow):
        minutes.approve_minutes(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        sign(meeting, directors["Bø"])
    sign(meeting, directors["Andøy"])
    approved = minutes.approve_minutes(meeting=meeting, by=secretary)
    assert (approved.approved_way, approved.content_sha256) == ("signed", minutes_record.digest(approved))
    told = context(approved, public=True)
    assert [one.person.name for one in told["signatures"]] == ["Direktør Bø", "Direktør Andøy"]
    assert told["digest"] == approved.content_sha256


def test_a_signature_belongs_to_its_words_and_can_be_taken_back(steering: Body, secretary: Any, directors: Any) -> None:
    by_rule(steering, "signed")
    meeting = out(steering, secretary, days_ago=30)
    minutes.remove_signature(signature=sign(meeting, directors["Bø"]), by=directors["Bø"])
    hers = sign(meeting, directors["Andøy"])
    with pytest.raises(NotAllowedNow):
        minutes.remove_signature(signature=hers, by=directors["Bø"])
    before = minutes_record.digest(meeting)
    running.describe_meeting(meeting=meeting, others="KS Nord-Norge", agenda_remarks="", by=secretary)
    minutes.send_minutes(meeting=meeting, by=secretary)
    assert not MinutesSignature.objects.exists()
    with pytest.raises(NotAllowedNow):
        minutes.sign_minutes(meeting=meeting, sha256=before, by=directors["Andøy"])


def test_who_signed_words_that_no_longer_stand_signs_anew(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    by_rule(steering, "signed")
    meeting = out(steering, secretary, days_ago=30)
    sign(meeting, directors["Bø"])
    sign(meeting, directors["Andøy"])
    Body.objects.filter(pk=steering.pk).update(name="Styringsgruppa")
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert "0" in minutes.why_not_approved(meeting)
    client.force_login(directors["Bø"])
    here = f"{meeting.get_absolute_url()}referat/"
    page = client.get(here)
    assert page.context_data["may_sign"]
    assert client.post(f"{here}signer/", {"sha256": page.context_data["digest"]}).status_code == 302
    sign(meeting, directors["Andøy"])
    with pytest.raises(NotAllowedNow):
        sign(meeting, directors["Andøy"])
    assert minutes.approve_minutes(meeting=meeting, by=secretary).is_locked


def test_who_was_not_there_does_not_sign(steering: Body, secretary: Any, directors: Any) -> None:
    by_rule(steering, "signed")
    meeting = held(steering, secretary)
    gone = meeting.attendances.get(seat__person__user=directors["Bø"])
    attendance.record_attendance(meeting=meeting, seats={gone.seat_id: {"status": "excused"}}, by=secretary)
    meeting = minutes.send_minutes(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        sign(meeting, directors["Bø"])
    with pytest.raises(PermissionDenied):
        sign(meeting, secretary)
    with the_database_refuses(), transaction.atomic():
        MinutesSignature.objects.create(meeting=meeting, person=directors["Bø"].person, sha256="a" * 64)


def test_only_minutes_that_are_to_be_signed_are_signed(steering: Body, secretary: Any, directors: Any) -> None:
    with pytest.raises(NotAllowedNow):
        sign(out(steering, secretary), directors["Bø"])


def test_signatures_hold_against_raw_changes(steering: Body, secretary: Any, directors: Any) -> None:
    by_rule(steering, "signed")
    meeting = out(steering, secretary, days_ago=30)
    sign(meeting, directors["Bø"])
    attempts = [
        lambda: MinutesSignature.objects.create(
            meeting=meeting, person=directors["Bø"].person, sha256=minutes_record.digest(meeting)
        ),
        lambda: MinutesSignature.objects.update(person=directors["Andøy"].person),
        lambda: Meeting.objects.filter(pk=meeting.pk).update(
            state="approved", approved_at=timezone.now(), approved_way="signed", content_sha256="a" * 64
        ),
    ]
    for attempt in attempts:
        with the_database_refuses(), transaction.atomic():
            attempt()
    sign(meeting, directors["Andøy"])
    minutes.approve_minutes(meeting=meeting, by=secretary)
    with the_database_refuses(), transaction.atomic():
        MinutesSignature.objects.all().delete()


def test_signing_is_done_on_the_page_of_the_minutes(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    by_rule(steering, "signed")
    meeting = out(steering, secretary, days_ago=30)
    here = f"{meeting.get_absolute_url()}referat/"
    for who in ("Bø", "Andøy"):
        client.force_login(directors[who])
        page = client.get(here)
        assert page.context_data["may_sign"]
        client.post(f"{here}signer/", {"sha256": page.context_data["digest"]})
        assert client.get(here).context_data["has_signed"]
    client.force_login(secretary)
    assert client.post(f"{here}godkjenn/").status_code == 302
    client.force_login(directors["Bø"])
    assert client.post(f"{here}signer/angre/").status_code == 409


# --- The content -------------------------------------------------------------------------


def test_the_same_words_have_the_same_sum_and_other_words_another(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = held(steering, secretary)
    first = minutes_record.digest(meeting)
    assert minutes_record.digest(Meeting.objects.get(pk=meeting.pk)) == first
    Case.objects.update(exempt=False)
    meeting = running.describe_meeting(meeting=meeting, others="KS", agenda_remarks="", by=secretary)
    assert minutes_record.digest(meeting) != first


def test_the_text_takes_as_many_questions_for_twenty_cases_as_for_two(
    steering: Body, secretary: Any, directors: Any
) -> None:
    small = held(
        steering, secretary, *(a_case(steering, secretary, f"Sak {n}", asks_municipalities=True) for n in range(2))
    )
    large = held(
        steering, secretary, *(a_case(steering, secretary, f"Sak {n}", asks_municipalities=True) for n in range(12))
    )
    counts = []
    for meeting in (small, large):
        fresh = Meeting.objects.select_related("body__collaboration", "chair", "secretary").get(pk=meeting.pk)
        with CaptureQueriesContext(connection) as captured:
            render_to_string("pdf/minutes.html", context(fresh, public=False))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 30, [query["sql"][:150] for query in captured]
