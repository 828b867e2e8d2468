"""Doors between the broker and the work: an id in, nothing out."""

import logging
import uuid
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from digivesteralen.celery import app
from digivesteralen.documents import files, registry, running
from digivesteralen.documents.models import Job

logger = logging.getLogger(__name__)

SENT_AGAIN_AFTER = timedelta(seconds=30)
SENT_AT_ONCE = 500


@app.task(name="documents.perform")
def perform(job_id: str) -> None:
    if running.perform(UUID(job_id)):
        _wake_the_next(UUID(job_id))


@app.task(name="documents.sweep")
def sweep() -> None:
    """What got lost on the way is sent again; what stopped three times has failed."""
    _give_up()
    _send_again()


@app.task(name="documents.remove_orphans")
def remove_orphans() -> None:
    files.remove_orphans()


def send(job_id: UUID, queue: str) -> None:
    """Wake a worker. One try: the sweeper comes after."""
    perform.apply_async(args=[str(job_id)], queue=queue, retry=False)


def _wake_the_next(job_id: UUID) -> None:
    """What the same person asked for next, and had to wait; if this is lost, the sweeper sends it."""
    asker = Job.objects.filter(pk=job_id).exclude(kind__in=registry.kinds_in(registry.MAIL)).values("asked_by")
    waiting = Job.objects.claimable().filter(asked_by__in=asker).exclude(kind__in=registry.kinds_in(registry.MAIL))
    following = waiting.filter(state=Job.State.ASKED).exclude(pk=job_id).order_by("asked_at").first()
    if following is not None and (kind := registry.find(following.kind)):
        try:
            send(following.pk, kind.queue)
        except OperationalError as error:
            logger.warning("the broker is away: %s", error)


def _give_up() -> None:
    for job in Job.objects.left_behind().filter(attempt=F("last_attempt")).select_related("asked_by"):
        number = uuid.uuid4().hex[:8]
        with translation.override(job.asked_by.language if job.asked_by else None):
            sentence = _("The portal stopped while it worked on this, three times. Tell the administrator.")
            running.fail(job, sentence, fault=number)
        logger.error("job %s (%s) given up after attempt %s, number %s", job.pk, job.kind, job.attempt, number)


def _send_again() -> None:
    overdue = Job.objects.claimable().filter(sent_at__lt=Now() - SENT_AGAIN_AFTER).order_by("asked_at")
    for job in overdue[:SENT_AT_ONCE]:
        kind = registry.find(job.kind)
        if kind is None:
            logger.error("job %s: the kind %s is not registered", job.pk, job.kind)
            continue
        try:
            send(job.pk, kind.queue)
        except OperationalError as error:
            logger.warning("the broker is away: %s", error)
            return
        Job.objects.filter(pk=job.pk).update(sent_at=Now())
