"""What the portal does at night by itself."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from governance.permissions import sync_everybody


@app.task
def housekeeping() -> None:
    """Appointments that began or ended in the night, also for those who have not come by (rule 6)."""
    with acting():
        sync_everybody()
