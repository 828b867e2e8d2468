"""What the portal does at night by itself."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from governance import minutes_preview, point_mail, proposal_mail
from governance.actions import asking
from governance.permissions import sync_everybody


@app.task
def housekeeping() -> None:
    """Appointments that began or ended in the night, also for those who have not come by (rule 6); old previews."""
    with acting():
        sync_everybody()
        minutes_preview.erase_old()


@app.task
def reminders() -> None:
    """Who has not answered, or not carried out, hears of the deadline: before it, and when it is past (R23, X2)."""
    with acting():
        asking.remind_in_time()
        proposal_mail.remind_in_time()
        point_mail.remind_in_time()
