"""The pages of jobs and documents: one's own, or those of a container one may see."""

import uuid
from typing import Any

import pytest

from digivesteralen.documents import files, jobs, registry, running
from digivesteralen.documents.models import Job
from governance.models import Collaboration
from tests.documents import kinds
from tests.people import appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(digi: Any, secretary: Any) -> Job:
    return jobs.ask(kinds.LETTER, digi.pk, by=secretary)


@pytest.fixture
def outsider() -> Any:
    """Secretary of another collaboration."""
    other = Collaboration.objects.create(slug="trondelag", name="DiguT")
    who = person("Sekretær Trøndelag")
    appoint(who, "secretariat", other)
    return who.user


def made_by(job: Job) -> Any:
    """The document that the job makes."""
    job = jobs.run(job.pk)
    assert job.document is not None, job.error
    return job.document


def page(client: Any, user: Any, address: str, **headers: str) -> Any:
    client.force_login(user)
    return client.get(address, headers=headers)


def test_the_page_polls_until_it_is_done(client: Any, secretary: Any, job: Job) -> None:
    waiting = page(client, secretary, job.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "<progress" in waiting
    document = made_by(job)
    done = page(client, secretary, job.get_absolute_url()).content.decode()
    assert "hx-trigger" not in done
    assert document.get_absolute_url() in done
    assert document.sha256 in done


def test_the_way_back_to_the_jobs_is_a_list_of_its_own(client: Any, secretary: Any, job: Job) -> None:
    way = page(client, secretary, job.get_absolute_url()).content.decode().partition("p-crumb")[2].partition("<main")[0]
    assert 'href="/jobb/"' in way
    assert way.index("<nav") < way.index("<li"), "a step outside a list is no step for a screen reader"


def test_htmx_gets_the_card_alone(client: Any, secretary: Any, job: Job) -> None:
    card = page(client, secretary, job.get_absolute_url(), HX_Request="true").content.decode()
    assert "<html" not in card
    assert f'id="job-{job.pk}"' in card


def test_what_went_wrong_and_trying_again(client: Any, secretary: Any, job: Job) -> None:
    claimed = running.claim(job.pk)
    assert claimed is not None
    running.fail(claimed, "Møtet har <ingen> dato.")
    text = page(client, secretary, job.get_absolute_url()).content.decode()
    assert "Møtet har &lt;ingen&gt; dato." in text
    assert f"/jobb/{job.pk}/igjen/" in text

    answer = client.post(f"/jobb/{job.pk}/igjen/")

    assert answer["Location"] == job.get_absolute_url()
    job.refresh_from_db()
    assert job.state == Job.State.ASKED


def test_cancelling(client: Any, secretary: Any, job: Job) -> None:
    client.force_login(secretary)
    client.post(f"/jobb/{job.pk}/avbryt/")
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_colleague_sees_the_job_but_does_not_cancel_it(client: Any, director: Any, job: Job) -> None:
    text = page(client, director, job.get_absolute_url()).content.decode()
    assert "avbryt" not in text
    assert client.post(f"/jobb/{job.pk}/avbryt/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/jobb/{job}/", "/dokument/{document}/", "/jobb/{job}/igjen/", "/jobb/{job}/avbryt/"]
)
def test_out_of_sight_is_the_same_as_not_there(client: Any, outsider: Any, job: Job, address: str) -> None:
    document = made_by(job)
    client.force_login(outsider)
    ask = client.post if address.endswith(("igjen/", "avbryt/")) else client.get
    hidden = ask(address.format(job=job.pk, document=document.pk))
    missing = ask(address.format(job=uuid.uuid4(), document=uuid.uuid4()))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "Brev" not in hidden.content.decode()


def test_nobody_without_sign_in(client: Any, job: Job) -> None:
    for address in (job.get_absolute_url(), made_by(job).get_absolute_url(), "/jobb/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/konto/" in answer["Location"]


def test_a_document_of_a_kind_that_nobody_registered(client: Any, secretary: Any, job: Job) -> None:
    document = made_by(job)
    registry.forget(kinds.LETTER)
    assert page(client, secretary, document.get_absolute_url()).status_code == 404
    registry.register(kinds.LETTER, container=kinds.container)


def test_a_document_is_saved_under_its_own_name(client: Any, secretary: Any, digi: Any) -> None:
    document = files.keep(
        b"<script>alert(1)</script>",
        kind=kinds.RAW,
        subject=digi.pk,
        title="Årsmelding",
        file_name='Årsmelding "2025".html',
        mime="text/html",
        by=secretary,
    )
    answer = page(client, secretary, f"{document.get_absolute_url()}?vis=1")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%85rsmelding")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_pdf_is_shown_when_asked_for(client: Any, secretary: Any, digi: Any) -> None:
    document = made_by(jobs.ask("tests.paper", digi.pk, by=secretary))
    saved = page(client, secretary, document.get_absolute_url())
    shown = page(client, secretary, f"{document.get_absolute_url()}?vis=1")
    assert saved["Content-Disposition"].startswith("attachment")
    assert shown["Content-Disposition"].startswith("inline")
    assert b"".join(shown.streaming_content).startswith(b"%PDF-1.7")
    assert "unsafe" not in shown["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(shown["Content-Security-Policy"].split("; "))
    saved.close()


def test_an_erased_upload_is_gone(client: Any, secretary: Any, digi: Any) -> None:
    document = files.keep(
        b"a", kind=kinds.RAW, subject=digi.pk, title="Svar", file_name="a.csv", mime="text/csv", by=secretary
    )
    files.erase(document)
    assert page(client, secretary, document.get_absolute_url()).status_code == 404


def test_my_jobs_are_mine_alone(
    client: Any, secretary: Any, director: Any, job: Job, django_assert_max_num_queries: Any
) -> None:
    jobs.run(job.pk)
    for text in range(30):
        jobs.ask(kinds.LETTER, job.subject, by=secretary, arguments={"text": text})
    client.force_login(secretary)
    with django_assert_max_num_queries(12):
        mine = client.get("/jobb/").content.decode()
    assert mine.count("/jobb/") >= 25
    assert "?side=2" in mine
    assert f"/jobb/{job.pk}/" not in page(client, director, "/jobb/").content.decode()
