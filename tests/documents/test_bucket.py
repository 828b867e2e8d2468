"""Files in a bucket behave as files on the disk: whole or not at all, and only through the portal."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from digivesteralen.documents import files, jobs
from tests.documents import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(s3: str, settings: LazySettings, request: pytest.FixtureRequest) -> Any:
    known = {"region_name": "eu-north-1", "endpoint_url": s3}
    keys = {"aws_access_key_id": "portal", "aws_secret_access_key": "hemmelig"}
    name = f"portal-{abs(hash(request.node.name))}"
    made = boto3.resource("s3", **known, **keys).create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
    )
    options = {"bucket_name": name, "access_key": "portal", "secret_key": "hemmelig", **known}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "digivesteralen.documents.bucket.BucketStorage", "OPTIONS": options},
    }
    return made


@pytest.fixture
def paper(bucket: Any, digi: Any, secretary: Any) -> Any:
    job = jobs.run(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk)
    assert job.document, job.error
    return job.document


def test_a_paper_is_made_stored_and_fetched_by_those_who_may(
    client: Client, bucket: Any, paper: Any, secretary: Any, outsider: Any
) -> None:
    assert [stored.key for stored in bucket.objects.all()] == [paper.stored_name]
    assert "brev" not in paper.stored_name and files.intact(paper)

    client.force_login(secretary)
    answer = client.get(paper.get_absolute_url())
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == "Kjære kommune".encode()  # type: ignore[arg-type]
    assert answer["X-Content-Type-Options"] == "nosniff" and "attachment" in answer["Content-Disposition"]
    client.force_login(outsider)
    assert client.get(paper.get_absolute_url()).status_code == 404


def test_nobody_fetches_it_past_the_portal(bucket: Any, paper: Any, s3: str) -> None:
    with pytest.raises(ValueError, match="no address of its own"):
        default_storage.url(paper.stored_name)
    granted = [grant["Grantee"].get("URI", "") for grant in bucket.Object(paper.stored_name).Acl().grants]
    assert not any("AllUsers" in uri for uri in granted)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{s3}/{bucket.name}/{paper.stored_name}")


def test_what_was_changed_in_the_bucket_is_found(bucket: Any, paper: Any) -> None:
    bucket.put_object(Key=paper.stored_name, Body=b"Noe annet")

    assert not files.intact(paper)
    with pytest.raises(files.Damaged):
        files.content(paper)


def test_a_cut_in_the_middle_leaves_nothing(bucket: Any) -> None:
    class Cut(ContentFile):
        def read(self, num_bytes: int | None = None) -> bytes:
            raise ConnectionResetError("cut")

    with pytest.raises(ConnectionResetError):
        default_storage.save("documents/ab/cd", Cut(b"halv"))
    assert list(bucket.objects.all()) == []


def test_a_name_that_is_taken_is_never_written_over(bucket: Any) -> None:
    first = default_storage.save("documents/ab/cd", ContentFile("første".encode()))
    with pytest.raises(Exception, match="PreconditionFailed|precondition"):
        default_storage._save(first, ContentFile(b"andre"))  # type: ignore[attr-defined]
    with default_storage.open(first) as kept:
        assert kept.read() == "første".encode()


def test_a_file_whose_row_never_came_is_removed(bucket: Any, paper: Any) -> None:
    orphan = files.store(b"uten rad")

    assert files.remove_orphans() == 0, "it may be on its way"
    assert files.remove_orphans(older_than=timedelta(seconds=-5)) == 1
    assert [stored.key for stored in bucket.objects.all()] == [paper.stored_name]
    assert not default_storage.exists(orphan.name)


def test_an_erased_upload_is_gone_from_the_bucket(
    bucket: Any, digi: Any, secretary: Any, django_capture_on_commit_callbacks: Any
) -> None:
    about = {"kind": kinds.RAW, "subject": digi.pk, "title": "Vedlegg", "file_name": "a.txt", "mime": "text/plain"}
    document = files.keep(b"Navn", by=secretary, **about)
    with django_capture_on_commit_callbacks(execute=True):
        document = files.erase(document)

    assert files.intact(document) and list(bucket.objects.all()) == []


def test_a_bucket_that_answers_with_an_error_puts_no_key_in_the_log(
    bucket: Any, digi: Any, secretary: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bucket.delete()
    job = jobs.run(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk)

    assert job.document is None and job.state != "done"
    assert "NoSuchBucket" in caplog.text
    assert "hemmelig" not in caplog.text + job.error
