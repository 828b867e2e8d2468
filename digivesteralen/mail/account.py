"""What the library for sign-in writes to people: a link to a new password, a notice that something was changed.

A job as all other e-mail, so that nobody waits for the mail server, and the time it takes tells nobody who has a user
here. The text holds a link that opens the account: it lies sealed in the job, and is gone when it is sent.
"""

import base64
import json
from datetime import timedelta
from typing import Any, Never

from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ObjectDoesNotExist
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents import jobs, registry
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import Undelivered, send

KIND = "mail.account"
# As long as the link in it may be used.
HOLDS_FOR = timedelta(days=3)


def register() -> None:
    registry.register(
        KIND, container=_of_nobody, work=send_sealed, title=gettext_lazy("E-mail about a user"), queue=registry.MAIL
    )


def ask(*, to: list[str], subject: str, text: str) -> Job:
    words = json.dumps({"to": to, "subject": subject, "text": text})
    return jobs.ask(KIND, "", by=None, arguments={"sealed": _seal().encrypt(words.encode()).decode()})


def send_sealed(job: Job, report: Report) -> None:
    if "sealed" not in job.arguments:  # sent and killed before the job was done, or forgotten
        return
    try:
        words = json.loads(_seal().decrypt(job.arguments["sealed"], ttl=int(HOLDS_FOR.total_seconds())))
    except InvalidToken:
        raise Undelivered(_("The e-mail is too old to be sent, or the portal has got a new secret key.")) from None
    send(job, **words)
    Job.objects.filter(pk=job.pk).update(arguments={})


def forget(address: str) -> None:
    """What lies sealed for this address, waiting or given up, goes, and nothing is sent of it."""
    for job in Job.objects.select_for_update().filter(kind=KIND, arguments__has_key="sealed"):
        try:
            words = json.loads(_seal().decrypt(job.arguments["sealed"]))
        except InvalidToken:  # sealed with an older key: it can be neither read nor sent
            continue
        if address.lower() in {to.lower() for to in words["to"]}:
            Job.objects.filter(pk=job.pk).update(arguments={})


def _of_nobody(subject: str) -> Never:
    """No page shows what it is about."""
    raise ObjectDoesNotExist(subject)


def _seal() -> Any:
    key = salted_hmac("digivesteralen.mail.account", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
