"""What became exempt after it went out is in no public file that was made before (rule 8)."""

from typing import Any

import pytest

from digivesteralen.documents import access, files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance import papers
from governance.actions import attachments, exemption, minutes
from governance.minutes import stored
from governance.models import Body, Case, Meeting
from tests.governance.meeting_helpers import a_case, called
from tests.governance.test_minutes import approved
from tests.printed import text_of

pytestmark = pytest.mark.django_db
MARKS: dict[str, Any] = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}


def public_files(meeting: Meeting) -> dict[str, Document]:
    """What the jobs have made, newest of each public kind."""
    for job in Job.objects.filter(kind__in=papers.SCREENED, state="asked").order_by("asked_at"):
        assert jobs.run(job.pk).error == ""
    found = {kind: papers.newest(kind, meeting) for kind in papers.SCREENED}
    return {kind: document for kind, document in found.items() if document is not None}


def text(document: Document) -> str:
    return text_of(files.content(document))


def test_a_case_exempted_after_the_minutes_are_approved_goes_out_of_all_public_files(
    client: Any, steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Tilbud fra Leverandør"))
    before = public_files(meeting)
    assert len(before) == 3
    for document in before.values():
        assert access.may_see(it_leader, document) and "Leverandør" in text(document)
    exemption.change_exemption(case=Case.objects.get(), by=secretary, **MARKS)
    client.force_login(it_leader)
    for document in before.values():
        assert not access.may_see(it_leader, document)
        assert client.get(document.get_absolute_url()).status_code == 404
    assert not any(papers.newest(kind, meeting) for kind in papers.SCREENED)
    after = public_files(meeting)
    assert after.keys() == before.keys()
    for document in after.values():
        assert access.may_see(it_leader, document) and "Leverandør" not in text(document)
    assert minutes_page_lists(client, meeting, after)


def minutes_page_lists(client: Any, meeting: Meeting, made: dict[str, Document]) -> bool:
    page = client.get(meeting.get_absolute_url()).content.decode()
    return all(document.get_absolute_url() in page for document in made.values())


def test_an_attachment_exempted_after_the_summons_goes_out_of_the_public_papers(
    steering: Body, secretary: Any, directors: Any, it_leader: Any
) -> None:
    case = a_case(steering, secretary)
    told = Upload(b"%PDF-1.7", "tilbud.pdf", "application/pdf")
    attachment = attachments.attach(case=case, title="Leverandørs tilbud", upload=told, by=secretary)
    meeting = called(steering, secretary, case)
    before = public_files(meeting)
    assert "Leverandørs tilbud" in text(before[papers.FOLDER_PUBLIC])
    attachments.change_attachment(attachment=attachment, by=secretary, **MARKS)
    assert not any(access.may_see(it_leader, document) for document in before.values())
    after = public_files(meeting)
    assert after.keys() == before.keys()
    assert all("Leverandør" not in text(document) for document in after.values())


def test_the_stored_public_minutes_are_made_anew(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = approved(steering, secretary, a_case(steering, secretary, "Tilbud fra Leverandør"))
    minutes.correct_minutes(meeting=meeting, text="Rettet.", reason="Skrivefeil", by=secretary)
    assert "Leverandør" in text(stored(meeting, public=True))
    exemption.change_exemption(case=Case.objects.get(), by=secretary, **MARKS)
    assert "Leverandør" not in text(stored(meeting, public=True))
