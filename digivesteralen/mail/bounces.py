"""E-mail that comes back. Each message has a return address of its own, signed, so that a bounce names its message.

A report (RFC 3464) is believed only if it came to such an address: anybody can write that somebody is unreachable.
"""

import re
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac

from digivesteralen.mail.models import Letter

# Where mail servers write whom a message was for.
RECEIVERS = ["To", "Delivered-To", "X-Original-To", "Envelope-To"]


class Outcome(StrEnum):
    BOUNCED = "bounced"  # the receiver's server says no, for good
    KNOWN = "known"  # told before
    DELAYED = "delayed"  # the receiver's server goes on trying
    OTHER = "other"  # an answering machine, or somebody who answers the return address
    UNSIGNED = "unsigned"  # not to a return address of ours: nothing of it is believed


def return_address(letter: Letter) -> str:
    """The sender on the envelope, which bounces go to; where none is set, the sender that people see."""
    if not settings.EMAIL_BOUNCE_ADDRESS:
        return settings.DEFAULT_FROM_EMAIL
    name, _at, domain = settings.EMAIL_BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{letter.pk}-{_signature(letter.pk)}@{domain}"


def read(message: Message) -> Outcome:
    """Note what a message that came to the return address says."""
    number = _letter_named_by(message)
    if number is None:
        return Outcome.UNSIGNED
    told = _report(message)
    if told is None:
        return Outcome.OTHER
    action, reason = told
    if action == "delayed":
        return Outcome.DELAYED
    return _note(number, reason) if action == "failed" else Outcome.OTHER


@transaction.atomic
def _note(number: int, reason: str) -> Outcome:
    letter = Letter.objects.select_for_update().filter(pk=number).first()
    if letter is None or letter.state not in (Letter.State.SENT, Letter.State.ASKED):
        return Outcome.KNOWN
    Letter.objects.filter(pk=number).update(state=Letter.State.BOUNCED, error=reason[:500], ended_at=Now())
    return Outcome.BOUNCED


def _signature(number: int) -> str:
    """Small letters and figures only: some servers do not keep the case of an address."""
    return salted_hmac("digivesteralen.mail.bounces", str(number), algorithm="sha256").hexdigest()[:20]


def _letter_named_by(message: Message) -> int | None:
    name, _at, domain = settings.EMAIL_BOUNCE_ADDRESS.lower().rpartition("@")
    ours = re.compile(rf"{re.escape(name)}\+(\d{{1,18}})-([0-9a-f]{{20}})@{re.escape(domain)}", re.ASCII)
    received = [str(value) for header in RECEIVERS for value in message.get_all(header, [])]
    for _label, address in getaddresses(received) if name else []:
        found = ours.fullmatch(address.lower())
        if found and constant_time_compare(found[2], _signature(int(found[1]))):
            return int(found[1])
    return None


def _report(message: Message) -> tuple[str, str] | None:
    """What became of the message, and why, in the words of the receiver's server."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks: Any = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if action := str(block.get("Action", "")).strip().lower():
                    return action, _reason(block)
    return None


def _reason(block: Message) -> str:
    said = one_line(str(block.get("Diagnostic-Code", ""))).removeprefix("smtp;").strip()
    return said or one_line(f"status {block.get('Status', '5.0.0')}")


def one_line(said: str) -> str:
    """What a mail server said, on one line and without the sign that the database does not take."""
    return " ".join(said.replace("\x00", " ").split())
