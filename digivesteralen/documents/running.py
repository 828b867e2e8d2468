"""Doing the work: claimed by a short lease that is renewed, stored only by the attempt that holds it."""

import errno
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pghistory
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen import tracing
from digivesteralen.documents import access, files, registry
from digivesteralen.documents.heartbeat import HELD_FOR, Lost, Reporter
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.models.job import ATTEMPTS

logger = logging.getLogger(__name__)

# A full disk, a full quota, a file larger than the process may write.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# No job outlives this (settings give the same number to Celery).
HARD_LIMIT = 240


class Later(Exception):
    """Raised by work that cannot be done for now, through no fault of the portal; it says how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"try again in {wait}")
        self.wait = wait


def perform(job_id: UUID, *, beating: bool = True) -> bool:
    """Do one job, if it is there to be done: a message that comes twice, or too late, does nothing.

    Says whether it was this one's turn.
    """
    job = claim(job_id, held_for=HELD_FOR if beating else timedelta(seconds=HARD_LIMIT), in_turn=beating)
    if job is None:
        return False
    with _told_in_the_log(job), _as_the_asker(job), Reporter(job, beating=beating) as report:
        try:
            finish(job, _made(job, report))
        except Lost:
            logger.warning("job %s: attempt %s no longer holds it; its result is thrown away", job.pk, job.attempt)
        except Later as later:
            postpone(job, later.wait)
        except SoftTimeLimitExceeded:
            fail(job, _("It took too long and was stopped. Choose less at a time, or try again later."))
        except MemoryError:
            logger.error("job %s (%s): out of memory", job.pk, job.kind)
            fail(job, _("It became too large and was stopped. Choose less at a time."))
        except (OperationalError, InterfaceError) as error:
            logger.warning("job %s: the database was away: %s", job.pk, error)
            release(job)
        except PermissionDenied:
            fail(job, _("You no longer have access to what this is about."))
        except Exception as error:  # noqa: BLE001 -- whatever happens, the one who waits is told
            _fail_on(job, error)
    return True


@transaction.atomic
def claim(job_id: UUID, *, held_for: timedelta = HELD_FOR, in_turn: bool = False) -> Job | None:
    """Take the job for this attempt; None when it is done, somebody else holds it, or its asker has one under way."""
    job: Job | None = Job.objects.claimable().select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None or (in_turn and _another_is_under_way(job)):
        return None
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING,
        attempt=job.attempt + 1,
        lease_until=Now() + held_for,
        started_at=Now(),
        progress=0,
        phase="",
    )
    job.refresh_from_db()
    return job


def hold(job: Job) -> None:
    """In the transaction of a verb that a job runs: nobody takes the job over before it commits."""
    if not Job.objects.held(job.attempt).select_for_update().filter(pk=job.pk).exists():
        raise Lost(job.pk)


def finish(job: Job, made: Made | None) -> None:
    """Store what was made, once: only the attempt that still holds the row may."""
    if made is None:
        _store_result(job, None, None)
        return
    stored = files.store(made.content)
    document = None
    try:
        document = _store_result(job, made, stored)
    finally:
        if document is None or document.pk != stored.id:
            stored.discard()


def fail(job: Job, sentence: str, *, fault: str = "") -> None:
    _end(job, state=Job.State.FAILED, error=sentence[:1000], fault=fault)


def release(job: Job) -> None:
    """Give the job back, to be tried again; after the last attempt it has failed."""
    if job.attempt >= job.last_attempt:
        fail(job, _("The portal could not finish this. Try again in a while."))
        return
    Job.objects.held(job.attempt).filter(pk=job.pk).update(
        state=Job.State.ASKED, lease_until=None, progress=0, phase=""
    )


def _another_is_under_way(job: Job) -> bool:
    """One person's fifty reports are made one by one, so that everybody else's go on beside them (T48)."""
    if job.asked_by_id is None or job.kind in registry.kinds_in(registry.MAIL):
        return False
    with connection.cursor() as cursor:  # two workers may ask at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jobs of a person'), %s)", [job.asked_by_id])
    return Job.objects.under_way_for(job.asked_by_id).exclude(kind__in=registry.kinds_in(registry.MAIL)).exists()


def postpone(job: Job, wait: timedelta) -> None:
    """Give the job back until then, with attempts of its own; the work itself says when it gives up."""
    Job.objects.held(job.attempt).filter(pk=job.pk).update(
        state=Job.State.ASKED,
        lease_until=None,
        progress=0,
        phase="",
        not_before=Now() + wait,
        last_attempt=job.attempt + ATTEMPTS,
    )


@transaction.atomic
def _store_result(job: Job, made: Made | None, stored: files.Stored | None) -> Document | None:
    hold(job)
    document = _enter(job, made, stored) if made and stored else None
    _end(job, state=Job.State.DONE, progress=100, document=document)
    return document


def _end(job: Job, **values: Any) -> None:
    Job.objects.held(job.attempt).filter(pk=job.pk).update(finished_at=Now(), lease_until=None, phase="", **values)


def _made(job: Job, report: Reporter) -> Made | None:
    """The work itself, after asking again whether the asker may."""
    kind = registry.kind(job.kind)
    if job.asked_by is not None:
        registry.prepare(job.asked_by)
        if not access.holds_right(job.asked_by, job.kind, job.subject):
            raise PermissionDenied(kind.right)
    if kind.work is None:
        raise ValueError(f"Nothing is registered that makes {job.kind}.")
    return kind.work(job, report)


def _enter(job: Job, made: Made, stored: files.Stored) -> Document:
    """What came out the same as the version that stands is that version."""
    last = Document.objects.of(job.kind, job.subject).latest_version()
    if last and last.sha256 == stored.sha256 and last.file_name == files.clean_name(made.file_name):
        return last
    return files.enter(
        stored,
        kind=job.kind,
        subject=job.subject,
        title=made.title,
        file_name=made.file_name,
        mime=made.mime,
        by=job.asked_by,
        made_from=made.made_from,
        reason=made.reason,
    )


def _fail_on(job: Job, error: Exception) -> None:
    """What the one who waits reads: the sentence the error carries, or a number to ask about."""
    if sentence := getattr(error, "sentence", None):
        fail(job, str(sentence))
        return
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        logger.error("job %s (%s): the disk is full", job.pk, job.kind)
        fail(job, _("The portal's disk is full, so nothing was kept. Tell the administrator, and try again later."))
        return
    number = uuid.uuid4().hex[:8]
    logger.error("job %s (%s) failed, number %s", job.pk, job.kind, number, exc_info=error)
    told = _("Something went wrong in the portal. Tell the administrator the number %(number)s.")
    fail(job, told % {"number": number}, fault=number)


@contextmanager
def _told_in_the_log(job: Job) -> Iterator[None]:
    """One line when it is over; its number is the job's own."""
    began = time.monotonic()
    with tracing.doing(job.kind, number=job.pk), tracing.by(job.asked_by_id):
        yield
        state = Job.objects.values_list("state", flat=True).get(pk=job.pk)
        told = {"state": state, "attempt": job.attempt, "ms": round(1000 * (time.monotonic() - began))}
        logger.info("job", extra=told)


@contextmanager
def _as_the_asker(job: Job) -> Iterator[None]:
    """History names the asker; sentences are in the asker's language."""
    asker = job.asked_by
    language = asker.language if asker else settings.LANGUAGE_CODE
    with pghistory.context(user=asker.pk if asker else None, job=str(job.pk)), translation.override(language):
        yield
