"""Asking for work: one row, written with the change that needs it, and a message that only says «look»."""

import time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import registry, running
from digivesteralen.documents.models import Job
from digivesteralen.documents.models.job import ATTEMPTS
from digivesteralen.documents.running import hold

__all__ = ["ask", "ask_again", "cancel", "hold", "run"]

# So that one person's hundred presses do not keep all others waiting.
MOST_WAITING_FOR_ONE = 100
# One press may tell a body of any size by e-mail; that is no queue of one's own.
MAIL = "mail"


@transaction.atomic
def ask(kind: str, subject: Any, *, by: Any, arguments: dict[str, Any] | None = None, key: str | None = None) -> Job:
    """Ask for a piece of work. The same key is the same job; one that failed or was cancelled is then asked again."""
    queue = registry.kind(kind).queue
    if by is not None and queue != MAIL and _waiting_for(by) >= MOST_WAITING_FOR_ONE:
        raise NotAllowedNow(_("You already have many jobs in progress. Wait until some of them are done."))
    values = {"kind": kind, "subject": str(subject), "arguments": arguments or {}, "asked_by": by}
    if key is None:
        return _send(Job.objects.create(**values), queue)
    job, is_new = Job.objects.get_or_create(key=key, defaults=values)
    if is_new:
        return _send(job, queue)
    job = Job.objects.select_for_update().get(pk=job.pk)
    return _ask_again(job, by=by) if job.can_be_asked_again else job


@transaction.atomic
def ask_again(*, job: Job, by: Any) -> Job:
    """Try once more what failed or was cancelled."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.can_be_asked_again:
        raise NotAllowedNow(_("Only a job that failed or was cancelled can be tried again."))
    return _ask_again(job, by=by)


@transaction.atomic
def cancel(*, job: Job, by: Any) -> Job:
    """Stop waiting. Work that has begun is stopped at its next report, and its result is thrown away."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.asked_by != by:
        raise PermissionDenied("only the one who asked")
    if job.is_finished:
        raise NotAllowedNow(_("The job is already finished."))
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.CANCELLED, finished_at=Now(), lease_until=None, phase="", progress=0
    )
    job.refresh_from_db()
    return job


def run(job_id: UUID) -> Job:
    """Do the work here and now (commands, tests); if a worker was faster, wait for it."""
    running.perform(job_id, beating=False)
    job = Job.objects.get(pk=job_id)
    deadline = time.monotonic() + running.HARD_LIMIT
    while job.state == Job.State.RUNNING and time.monotonic() < deadline:
        time.sleep(0.5)
        job.refresh_from_db()
    return job


def _waiting_for(user: Any) -> int:
    return Job.objects.asked_by(user).unfinished().exclude(kind__in=registry.kinds_in(MAIL)).count()


def _ask_again(job: Job, *, by: Any) -> Job:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.ASKED,
        last_attempt=F("attempt") + ATTEMPTS,
        asked_by=by,
        sent_at=Now(),
        started_at=None,
        finished_at=None,
        progress=0,
        phase="",
        error="",
    )
    job.refresh_from_db()
    return _send(job, registry.kind(job.kind).queue)


def _send(job: Job, queue: str) -> Job:
    """Wake a worker after the commit. If the broker is away the user notices nothing: the sweeper sends again."""
    from digivesteralen.documents import tasks  # noqa: PLC0415 -- slow import

    def wake_a_worker() -> None:  # a partial has no name, which Django's log of the failure needs
        tasks.send(job.pk, queue)

    transaction.on_commit(wake_a_worker, robust=True)
    return job
