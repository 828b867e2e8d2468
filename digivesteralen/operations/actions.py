"""What those who run the installation may do with other people's jobs: try again, and stop. Never read them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from digivesteralen.audit.log import record
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job


@transaction.atomic
def try_again(*, job: Job, by: Any) -> Job:
    """In the name and with the rights of the one who asked (security.md §7: JOB acts with the starter's rights)."""
    require_operator(by)
    tried = jobs.ask_again(job=job, by=job.asked_by)
    record("job_tried_again", by=by, on=job, detail={"kind": job.kind})
    return tried


@transaction.atomic
def stop(*, job: Job, by: Any) -> Job:
    require_operator(by)
    stopped = jobs.cancel(job=job, by=job.asked_by)
    record("job_stopped", by=by, on=job, detail={"kind": job.kind})
    return stopped


def require_operator(user: Any) -> None:
    if not (user.is_active and user.is_staff):
        raise PermissionDenied("operator")
