"""Asking for work: one row, written with the change that needs it, and a message that only says «look»."""

import time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, TooMany
from digivesteralen.documents import registry, running
from digivesteralen.documents.models import Job
from digivesteralen.documents.models.job import ATTEMPTS
from digivesteralen.documents.running import hold

__all__ = ["ask", "ask_again", "cancel", "hold", "run"]

# They are made one by one; who has so many of one kind waiting has pressed again and again.
MOST_WAITING_FOR_ONE = 40


@transaction.atomic
def ask(kind: str, subject: Any, *, by: Any, arguments: dict[str, Any] | None = None, key: str | None = None) -> Job:
    """Ask for a piece of work. The same key is the same job; one that failed or was cancelled is then asked again."""
    queue = registry.kind(kind).queue
    _check_room(kind, by)
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
    _check_room(job.kind, by)
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


def _check_room(kind: str, user: Any) -> None:
    """Of one kind: a meeting that is sent or approved asks for several, also while no worker runs. E-mail to a body of
    any size is one press, and no queue of one's own."""
    if user is None or registry.kind(kind).queue == registry.MAIL:
        return
    if Job.objects.asked_by(user).unfinished().filter(kind=kind).count() >= MOST_WAITING_FOR_ONE:
        raise TooMany(_("You already have many jobs in progress. Wait until some of them are done."))


def _ask_again(job: Job, *, by: Any) -> Job:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.ASKED,
        last_attempt=F("attempt") + ATTEMPTS,
        asked_by=by,
        sent_at=Now(),
        not_before=None,
        started_at=None,
        finished_at=None,
        progress=0,
        phase="",
        error="",
        fault="",
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
