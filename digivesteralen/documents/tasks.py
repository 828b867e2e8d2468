"""Doors between the broker and the work: an id in, nothing out."""

import logging
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
    running.perform(UUID(job_id))


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


def _give_up() -> None:
    for job in Job.objects.left_behind().filter(attempt=F("last_attempt")).select_related("asked_by"):
        with translation.override(job.asked_by.language if job.asked_by else None):
            running.fail(job, _("The portal stopped while it worked on this, three times. Tell the administrator."))
        logger.error("job %s (%s) given up after attempt %s", job.pk, job.kind, job.attempt)


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
