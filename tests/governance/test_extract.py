"""An extract of one case and a preview of the draft: the same words as the minutes, for those who may read them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import access, files, jobs
from digivesteralen.documents.models import Document, Job
from governance import extract, minutes_preview
from governance.actions import minutes, running
from governance.models import Body, Case
from tests.governance.meeting_helpers import a_case, begun, held, the_item
from tests.printed import text_of

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"


def made(job: Job) -> Document:
    done = jobs.run(job.pk)
    assert done.error == "" and done.document is not None
    return done.document


def test_an_extract_is_numbered_and_tells_the_one_case(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = held(
        steering, secretary, a_case(steering, secretary, "Felles vakt"), a_case(steering, secretary, "Noe annet")
    )
    item = meeting.items.get(case__title="Felles vakt")
    first = made(extract.order(item, public=False, by=secretary))
    text = text_of(files.content(first))
    assert "Felles vakt" in text and "Sekretariatet følger opp." in text and "Noe annet" not in text
    assert extract.order(item, public=False, by=secretary).document == first
    minutes.send_minutes(meeting=meeting, by=secretary)
    item.refresh_from_db()
    second = made(extract.order(type(item).objects.get(pk=item.pk), public=False, by=secretary))
    assert (first.file_name, second.file_name) == (
        f"saerutskrift-vesteralen-styringsgruppen-1-{meeting.year}-1.pdf",
        f"saerutskrift-vesteralen-styringsgruppen-1-{meeting.year}-2.pdf",
    )


def test_an_extract_of_an_exempt_case_is_for_those_who_read_the_bodys_papers(
    client: Any, steering: Body, secretary: Any, director: Any, it_leader: Any
) -> None:
    secret = a_case(steering, secretary, "Hemmelig anskaffelse", exempt=True, legal_ground=GROUND)
    item = held(steering, secretary, secret).items.get()
    with pytest.raises(NotAllowedNow):
        extract.order(item, public=True, by=secretary)
    whole = made(extract.order(item, public=False, by=secretary))
    assert access.may_see(director, whole) and not access.may_see(it_leader, whole)
    assert "Hemmelig" not in whole.title + whole.file_name
    client.force_login(it_leader)
    here = f"{item.meeting.get_absolute_url()}sak/{item.pk}/utskrift/"
    assert client.post(here).status_code == 409


def test_a_public_extract_goes_away_when_the_case_becomes_exempt(
    steering: Body, secretary: Any, director: Any, it_leader: Any
) -> None:
    item = held(steering, secretary).items.get()
    document = made(extract.order(item, public=True, by=secretary))
    assert access.may_see(it_leader, document)
    Case.objects.update(exempt=True, legal_ground=GROUND)
    assert not access.may_see(it_leader, document)


def test_it_stands_on_the_page_of_the_case(client: Any, steering: Body, secretary: Any, director: Any) -> None:
    meeting = held(steering, secretary)
    item = meeting.items.get()
    client.force_login(director)
    answer = client.post(f"{meeting.get_absolute_url()}sak/{item.pk}/utskrift/")
    assert answer.status_code == 302
    document = made(Job.objects.get(kind=extract.KIND))
    assert document.get_absolute_url() in client.get(item.case.get_absolute_url()).content.decode()


def test_nothing_is_extracted_before_the_meeting_is_over(steering: Body, secretary: Any, directors: Any) -> None:
    item = the_item(begun(steering, secretary))
    running.resolve(item=item, outcome="as_proposed", by=secretary)
    with pytest.raises(NotAllowedNow):
        extract.order(item, public=False, by=secretary)


# --- Preview -----------------------------------------------------------------------------


def test_the_draft_is_read_as_a_page_while_the_meeting_goes_on(
    client: Any, steering: Body, secretary: Any, director: Any
) -> None:
    meeting = begun(steering, secretary)
    here = f"{meeting.get_absolute_url()}referat/"
    client.force_login(director)
    assert client.get(here).status_code == 409
    client.force_login(secretary)
    running.resolve(item=the_item(meeting), outcome="as_proposed", treatment="Hun orienterte.", by=secretary)
    assert "Hun orienterte." in client.get(here).content.decode()


def test_the_same_words_are_previewed_once_and_erased_after_a_day(
    steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = begun(steering, secretary)
    first = minutes_preview.order(meeting, by=secretary)
    assert minutes_preview.order(meeting, by=secretary) == first
    document = made(first)
    running.resolve(item=the_item(meeting), outcome="as_proposed", by=secretary)
    assert minutes_preview.order(meeting, by=secretary) != first
    assert minutes_preview.erase_old() == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minutes_preview, "KEPT_FOR", -timedelta(days=1))
        assert minutes_preview.erase_old() == 1
    document.refresh_from_db()
    assert document.erased_at is not None and document.erased_at <= timezone.now()


def test_what_is_approved_is_not_previewed(steering: Body, secretary: Any, directors: Any) -> None:
    sent = timezone.now() - timedelta(days=30)
    meeting = minutes.send_minutes(meeting=held(steering, secretary), at=sent, by=secretary)
    with pytest.raises(NotAllowedNow):
        minutes_preview.order(minutes.approve_minutes(meeting=meeting, by=secretary), by=secretary)
