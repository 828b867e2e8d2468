"""How long the log of e-mail is kept: it names people, and who was written to years ago is nobody's business."""

from datetime import datetime

from digivesteralen.mail import account
from digivesteralen.mail.models import Letter


def erase_old(*, before: datetime) -> int:
    """Rows whose time is over; the jobs that they belonged to stay, and name no receiver."""
    over = Letter.objects.filter(asked_at__lt=before, job__finished_at__isnull=False)
    erased: int = over.delete()[0]
    return erased


def forget(address: str) -> int:
    """All that the log says about one address (erasure of a person). What waits to be sent to it is not sent.

    Other kinds than e-mail about a user ask the register whom to write to when they are sent.
    """
    account.forget(address)
    erased: int = Letter.objects.to_address(address).delete()[0]
    return erased
