"""What the portal does by itself in the night with what it keeps about people."""

from digivesteralen.accounts import ended
from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from digivesteralen.privacy import actions, retention


@app.task
def erase_what_is_over() -> None:
    """What has been kept as long as this installation keeps it, by the day in Norway, and what is left of sign-ins.

    Every erasure is then told outside the database too; where that can't be done, *Drift* shows the work as failed.
    """
    with acting():
        retention.erase_what_is_over()
        ended.forget_ended()
    actions.tell_outside_what_was_not()
