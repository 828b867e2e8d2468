"""Who is not signed in finds nothing that is exempt from public disclosure, wherever they ask (T25, T49)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance import checks
from governance.actions import attachments, collaborations, minutes
from governance.models import Body, Case, Collaboration, Meeting
from portfolio.actions import project_documents, projects
from surveys.models import Survey
from tests.governance.meeting_helpers import a_case, called
from tests.governance.test_minutes import text_of
from tests.governance.test_public_pages import approved
from tests.people import LONG_AGO

pytestmark = pytest.mark.django_db

WORD = "Hemmeligordet"
EXEMPT: dict[str, Any] = {"exempt": True, "legal_ground": "offentleglova § 23 første ledd"}


@pytest.fixture
def secret(steering: Body, secretary: User, directors: Any, digi: Collaboration) -> Case:
    """Full of the word, with an attachment that carries it in title, file name and content."""
    collaborations.change_collaboration(collaboration=digi, public_pages=True, by=secretary)
    texts = dict.fromkeys(("proposal", "information", "assessment", "consequences"), WORD)
    case = a_case(steering, secretary, WORD, **texts, **EXEMPT)
    file = Upload(f"%PDF-1.7 {WORD}".encode(), f"{WORD}.pdf", "application/pdf")
    attachments.attach(case=case, title=WORD, upload=file, by=secretary, **EXEMPT)
    return case


@pytest.fixture
def minuted(secret: Case, steering: Body, secretary: User) -> Meeting:
    """Treated, approved and published, in the public version and its PDF."""
    meeting = approved(steering, secretary, secret)
    minutes.publish_minutes(meeting=meeting, by=secretary)
    return meeting


def test_an_exempt_case_is_nowhere_for_who_is_not_signed_in(
    client: Client, minuted: Meeting, steering: Body, secretary: User
) -> None:
    """On no public page, in no public file, and not by searching for a part of the word."""
    called(steering, secretary, a_case(steering, secretary, f"{WORD} igjen", **EXEMPT), in_days=9)
    for job in Job.objects.filter(kind="governance.minutes_public"):
        assert jobs.run(job.pk).error == ""
    public = f"/offentlig/vesteralen/moter/styringsgruppen/{minuted.number}-{minuted.year}/"
    for path in ("/offentlig/", "/offentlig/vesteralen/", public, f"/offentlig/vesteralen/?q={WORD[:-2]}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert WORD not in answer.content.decode() and WORD not in str(answer.headers), path
    paper = client.get(f"{public}pdf/")
    content = paper.getvalue()  # type: ignore[attr-defined]
    assert WORD not in str(paper.headers) and WORD.encode() not in content and WORD not in text_of(content)


def test_what_is_not_public_answers_with_the_sign_in_and_no_word_more(client: Client, minuted: Meeting) -> None:
    case, here = Case.objects.get(title=WORD), minuted.get_absolute_url()
    papers = [f"/dokument/{one.pk}/" for one in Document.objects.all()]
    pages = [
        case.get_absolute_url(), here, f"{here}referat/", "/vesteralen/saker/", f"/vesteralen/saker/?q={WORD}",
        "/vesteralen/saker/?format=xlsx", f"/?q={WORD}", "/vesteralen/oppfolging/", *papers,
    ]  # fmt: skip
    assert papers
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer.content) == (302, b""), page
        assert answer.headers["Location"].startswith("/konto/login/")


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/feed/", "/api/", "/.well-known/security.txt"])
def test_no_list_of_what_is_there_is_handed_out(client: Client, secret: Case, path: str) -> None:
    answer = client.get(path)

    assert WORD not in answer.content.decode() and "/vesteralen/" not in answer.content.decode()


def test_a_project_and_its_documents_are_not_public(client: Client, digi: Collaboration, secretary: User) -> None:
    project = projects.register_project(collaboration=digi, title=WORD, goal=WORD, by=secretary)
    paper = Upload(f"%PDF-1.7 {WORD}".encode(), f"{WORD}.pdf", "application/pdf")
    project_documents.add_document(
        project=project, kind="other", title=WORD, upload=paper, dated_on=LONG_AGO, by=secretary
    )
    collaborations.change_collaboration(collaboration=digi, public_pages=True, by=secretary)

    for path in ("/offentlig/", "/offentlig/vesteralen/"):
        assert WORD not in client.get(path).content.decode()
    for path in (project.get_absolute_url(), f"/dokument/{Document.objects.get().pk}/", "/vesteralen/portefolje/"):
        assert client.get(path).status_code == 302


def test_no_public_address_leads_to_surveys(client: Client, digi: Collaboration) -> None:
    """Results are read inside the collaboration alone, where few answers are hidden too (rule 10)."""
    public = [route for route, view in checks.addresses() if view.need.kind == "public"]
    about = [route for route, view in checks.addresses() if view.__module__.startswith("surveys.")]
    Survey.objects.create(collaboration=digi, slug="modenhet", title=WORD)

    assert about and not set(public) & set(about)
    for path in ("", "modenhet/", "?format=xlsx"):
        assert client.get(f"/vesteralen/kartlegging/undersokelser/{path}").status_code == 302
