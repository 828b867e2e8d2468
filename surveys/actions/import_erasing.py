"""An uploaded file is not kept for ever: its content and cells go, that it was imported and what it wrote stays."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.audit.log import record
from digivesteralen.audit.retention import Unfinished
from digivesteralen.documents import files
from surveys.actions.import_writing import locked
from surveys.models import ImportJob

log = logging.getLogger(__name__)
UNFINISHED = (ImportJob.State.UPLOADED, ImportJob.State.READ, ImportJob.State.PREVIEWED)


def may_erase(user: Any, job: ImportJob) -> bool:
    """The one who uploaded it, and who runs the imports of the collaboration."""
    return job.asked_by_id == user.pk or holds(user, "governance.manage_surveys", job.collaboration)


@transaction.atomic
def erase(*, job: ImportJob, by: Any) -> ImportJob:
    """Take the file and its cells away now; an import that was not carried out is thereby cancelled."""
    job = locked(job)
    if by and not may_erase(by, job):
        raise PermissionDenied("governance.manage_surveys")
    if job.state == ImportJob.State.APPLYING:
        raise NotAllowedNow(_("The rows are being written just now. Wait until that is done, or stop it."))
    if job.erased_at:
        return job
    if job.state in UNFINISHED:
        job.state = ImportJob.State.CANCELLED
    if job.file is not None:
        files.erase(job.file)
    job.rows.all().delete()
    job.basis, job.mapping = {}, {"columns": job.mapping.get("columns", {})}
    job.erased_at, job.version = timezone.now(), job.version + 1
    job.save(update_fields=["state", "basis", "mapping", "erased_at", "version"])
    record("import_erased", by=by, on=job, detail={"file": job.file_name, "sha256": job.fingerprint})
    return job


def erase_due() -> int:
    """Those whose time is over by today's date in Norway, each for itself. Raises Unfinished where one fails."""
    erased, failed = 0, False
    for job in list(ImportJob.objects.to_erase(timezone.localdate())):
        try:
            erase(job=job, by=None)
        except Exception:
            log.exception("Import %s could not be erased; tried again next night", job.pk)
            failed = True
        else:
            erased += 1
    if failed:
        raise Unfinished(erased)
    return erased
