"""Regular work of the installation itself."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from digivesteralen.operations import regular
from digivesteralen.operations.backup import nightly

LONGEST = 4 * 60 * 60


# Told to be done before it is: one that stops is made the next night, never two beside each other.
@shared_task(name=regular.BACKUP, acks_late=False, soft_time_limit=LONGEST, time_limit=LONGEST + 5 * 60)
def backup() -> None:
    """The night's backup, where the settings name a folder for it."""
    nightly.keep(Path(settings.BACKUP_DIR), days=settings.BACKUP_KEEP_DAYS)
