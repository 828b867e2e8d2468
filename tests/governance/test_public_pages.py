"""What anybody may read without signing in: published minutes and the plan of meetings, and nothing that is exempt."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.actions import collaborations, minutes
from governance.models import Body, Case, Collaboration, Meeting, MinutesPublication
from tests.governance.meeting_helpers import a_case, called, held
from tests.printed import text_of
from tests.refusals import the_database_refuses

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 23 første ledd"
HERE = "/offentlig/vesteralen/"
SECRET = "Forhandlinger med Leverandør AS"


@pytest.fixture
def opened(digi: Collaboration, secretary: Any) -> Collaboration:
    return collaborations.change_collaboration(collaboration=digi, public_pages=True, by=secretary)


def approved(steering: Body, secretary: Any, *about: Case) -> Meeting:
    sent = timezone.now() - timedelta(days=30)
    meeting = minutes.send_minutes(meeting=held(steering, secretary, *about), at=sent, by=secretary)
    return minutes.approve_minutes(meeting=meeting, by=secretary)


def address_of(meeting: Meeting) -> str:
    return f"{HERE}moter/{meeting.body.slug}/{meeting.number}-{meeting.year}/"


def all_files_made() -> None:
    for job in Job.objects.filter(kind__startswith="governance.minutes", state="asked"):
        assert jobs.run(job.pk).error == ""


def test_nobody_reads_anything_before_it_is_turned_on(
    client: Any, steering: Body, secretary: Any, directors: Any
) -> None:
    meeting = approved(steering, secretary)
    with pytest.raises(NotAllowedNow):
        minutes.publish_minutes(meeting=meeting, by=secretary)
    assert client.get(HERE).status_code == 404
    assert HERE not in client.get("/offentlig/").content.decode()
    assert client.get(address_of(meeting)).status_code == 404


def test_published_minutes_are_read_without_signing_in(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Felles anskaffelse"))
    assert client.get(address_of(meeting)).status_code == 404
    assert HERE in client.get("/offentlig/").content.decode()
    minutes.publish_minutes(meeting=meeting, by=secretary)
    all_files_made()
    assert address_of(meeting) in client.get(HERE).content.decode()
    page = client.get(address_of(meeting)).content.decode()
    for words in ("Felles anskaffelse", "Direktør Sortland", meeting.content_sha256):
        assert words in page
    answer = client.get(f"{address_of(meeting)}pdf/")
    assert "Felles anskaffelse" in text_of(answer.getvalue())
    assert "offentlig.pdf" in answer["Content-Disposition"]


def test_nothing_that_is_exempt_leaks_anywhere(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    words = {"proposal": f"{SECRET} avsluttes.", "information": SECRET, "exempt": True, "legal_ground": GROUND}
    done = approved(steering, secretary, a_case(steering, secretary, SECRET, **words), a_case(steering, secretary))
    minutes.correct_minutes(meeting=done, text=SECRET, reason=SECRET, by=secretary)
    minutes.publish_minutes(meeting=done, by=secretary)
    all_files_made()
    called(steering, secretary, a_case(steering, secretary, SECRET, **words), in_days=9)
    file = client.get(f"{address_of(done)}pdf/")
    content = file.getvalue()
    told = [
        client.get(HERE).content.decode(),
        client.get(address_of(done)).content.decode(),
        str(file.headers),
        text_of(content),
        content.decode("latin-1"),
    ]
    for text in told:
        assert "Leverandør" not in text and "Forhandlinger" not in text
    assert GROUND in told[0] and GROUND in told[1] and GROUND in told[3]


def test_what_becomes_exempt_later_takes_the_file_away(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Skal skjermes"))
    minutes.publish_minutes(meeting=meeting, by=secretary)
    all_files_made()
    assert "Skal skjermes" in text_of(client.get(f"{address_of(meeting)}pdf/").getvalue())
    Case.objects.filter(title="Skal skjermes").update(exempt=True, legal_ground=GROUND)
    assert "Skal skjermes" not in client.get(address_of(meeting)).content.decode()
    assert client.get(f"{address_of(meeting)}pdf/").status_code == 409


def test_the_page_asks_as_little_with_many_meetings_as_with_one(
    client: Any,
    steering: Body,
    secretary: Any,
    directors: Any,
    opened: Collaboration,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(6):
        called(steering, secretary, a_case(steering, secretary, f"Sak {number}"), in_days=9 + number)
    for _number in range(2):
        minutes.publish_minutes(meeting=approved(steering, secretary), by=secretary)
    with django_assert_max_num_queries(12):
        page = client.get(HERE)
    assert len(page.context_data["coming"]) == 6 and "Sak 5" in page.content.decode()


def test_only_the_secretariat_publishes_and_only_what_is_approved(
    steering: Body, secretary: Any, director: Any, opened: Collaboration
) -> None:
    meeting = held(steering, secretary)
    with pytest.raises(NotAllowedNow):
        minutes.publish_minutes(meeting=meeting, by=secretary)
    with the_database_refuses(), transaction.atomic():
        MinutesPublication.objects.create(meeting=meeting, published_by=secretary)
    with pytest.raises(PermissionDenied):
        minutes.publish_minutes(meeting=meeting, by=director)


def test_minutes_are_taken_down_with_a_reason_and_that_they_stood_there_is_kept(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    meeting = approved(steering, secretary)
    published = minutes.publish_minutes(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        minutes.publish_minutes(meeting=meeting, by=secretary)
    with pytest.raises(NotAllowedNow):
        minutes.take_down_minutes(meeting=meeting, reason=" ", by=secretary)
    minutes.take_down_minutes(meeting=meeting, reason="Feil vedlegg", by=secretary)
    assert client.get(address_of(meeting)).status_code == 404
    for change in (
        lambda rows: rows.delete(),
        lambda rows: rows.update(withdrawn_at=None, withdrawn_by=None, reason=""),
        lambda rows: rows.update(published_at=timezone.now()),
    ):
        with the_database_refuses(), transaction.atomic():
            change(MinutesPublication.objects.filter(pk=published.pk))
    minutes.publish_minutes(meeting=meeting, by=secretary)
    assert client.get(address_of(meeting)).status_code == 200


def test_a_correction_is_a_new_version_and_the_old_one_stays_to_be_read(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    meeting = approved(steering, secretary)
    minutes.publish_minutes(meeting=meeting, by=secretary)
    all_files_made()
    minutes.correct_minutes(meeting=meeting, text="Møtet varte til kl. 12.", reason="Feil sluttid", by=secretary)
    all_files_made()
    page = client.get(address_of(meeting))
    assert "Feil sluttid" in page.content.decode()
    versions = [one.version for one in page.context_data["versions"]]
    assert len(versions) == 2
    first = client.get(f"{address_of(meeting)}pdf/?versjon={versions[-1]}")
    assert "varte til" not in text_of(first.getvalue())
    assert client.get(f"{address_of(meeting)}pdf/?versjon=99").status_code == 404


def test_the_secretary_publishes_in_the_browser_after_being_asked_once_more(
    client: Any, steering: Body, secretary: Any, directors: Any, opened: Collaboration
) -> None:
    meeting = approved(steering, secretary)
    client.force_login(secretary)
    here = f"{meeting.get_absolute_url()}referat/"
    assert client.get(f"{here}publiser/").status_code == 200
    assert client.post(f"{here}publiser/").status_code == 302
    assert client.post(f"{here}ta-ned/", {"reason": ""}).status_code == 200
    assert client.post(f"{here}ta-ned/", {"reason": "Feil vedlegg"}).status_code == 302
    assert client.post(f"{here}ta-ned/", {"reason": "Igjen"}).status_code == 409
