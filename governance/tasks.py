"""What the portal does at night by itself."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from governance.actions.asking import remind_in_time
from governance.permissions import sync_everybody


@app.task
def housekeeping() -> None:
    """Appointments that began or ended in the night, also for those who have not come by (rule 6)."""
    with acting():
        sync_everybody()


@app.task
def reminders() -> None:
    """Who has not answered hears of the deadline: 14 and 3 days before it, and when it is past (R23)."""
    with acting():
        remind_in_time()
