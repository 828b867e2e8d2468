"""What the portal does by itself in the night with what it keeps about people."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from digivesteralen.privacy import retention


@app.task
def erase_what_is_over() -> None:
    """What has been kept as long as this installation keeps it, by the day in Norway."""
    with acting():
        retention.erase_what_is_over()
