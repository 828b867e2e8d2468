"""Sending e-mail: the one way. Each receiver has a row before anything is sent; what fails for now is tried again."""

import hashlib
import logging
import re
import smtplib
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.running import Later
from digivesteralen.mail import bounces, closed
from digivesteralen.mail.models import Letter

logger = logging.getLogger(__name__)

# The wait after each try; who is still not reached after the last has been tried for a day.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
# Forms ask for more; a mail server would take almost anything for a user of its own.
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# «550 5.1.1», or the name of the fault: «ConnectionRefusedError».
KIND_OF_ERROR = re.compile(r"\d{3}( \d\.\d{1,3}\.\d{1,3})?\b|[A-Za-z]+(?=: )")
_State = Letter.State


class Undelivered(Exception):
    """Nobody got the message; the sentence is for the one who asked for it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """The mail server said no, for good: 5xx (RFC 5321 4.2.1)."""


class NotNow(Exception):
    """The mail server asks to try again later: 4xx about this receiver or message."""


class Away(Exception):
    """The mail server does not answer, hangs up, or does not take mail from the portal: so it is for all receivers."""


def send(
    job: Job, *, to: Iterable[str], subject: str, text: str, file: MIMEText | None = None, also_closed: bool = False
) -> None:
    """One message to each receiver, who does not see the others. Who has got it gets it no second time.

    Whose user is closed gets nothing, unless the message is about that: the log says so, and the secretariat sees it
    where it sees whom e-mail does not reach.
    """
    asked = set(to)
    shut_out = set() if also_closed else closed.among(asked)
    receivers = sorted(address for address in asked if address.lower() not in shut_out)
    for address in sorted(asked.difference(receivers)):
        if (letter := _letter(job, address)).state == _State.ASKED:
            _fail(letter, _("The person's user is closed."))
    waiting = _in_turn([letter for address in receivers if (letter := _letter(job, address)).state == _State.ASKED])
    for number, letter in enumerate(waiting, start=1):
        try:
            _try(letter, subject=" ".join(subject.split()), text=text, file=file)
        except Away as error:
            logger.warning("the mail server is away: %s", error)
            for other in waiting[number:]:
                _note(other, attempts=other.attempts + 1)
                _put_off(other, error)
            break
    _conclude(job, receivers)


def _in_turn(letters: list[Letter]) -> list[Letter]:
    """Another one first at each try: where the server hangs up on one message, the others go before it next time."""
    first = max((letter.attempts for letter in letters), default=0) % max(len(letters), 1)
    return letters[first:] + letters[:first]


def _letter(job: Job, address: str) -> Letter:
    """The row of this receiver. Asked for anew, what failed is tried anew; while the job goes on, it has failed."""
    letter: Letter = Letter.objects.get_or_create(
        job=job, to=address, defaults={"kind": job.kind, "message_id": _message_id(job, address)}
    )[0]
    if letter.state == _State.FAILED and job.not_before is None:
        _note(letter, state=_State.ASKED, attempts=0, error="", ended_at=None)
    return letter


def _message_id(job: Job, address: str) -> str:
    """Of the job and the receiver: the same at each try, also where others have come or gone meanwhile.

    Short, so that it stands on one line: not all read one that is folded.
    """
    return f"<{hashlib.sha256(f'{job.pk} {address}'.encode()).hexdigest()[:32]}@{_domain()}>"


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")


def _try(letter: Letter, *, subject: str, text: str, file: MIMEText | None) -> None:
    _note(letter, attempts=letter.attempts + 1)  # first: a kill in the middle has been a try
    message = EmailMessage(
        subject=subject,
        body=text,
        from_email=bounces.return_address(letter),
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "From": settings.DEFAULT_FROM_EMAIL},
        attachments=[file] if file else None,
    )
    try:
        _hand_over(message)
    except Refused as error:
        _fail(letter, str(error))
    except (NotNow, Away) as error:
        _put_off(letter, error)
        if isinstance(error, Away):
            raise
    else:
        _note(letter, state=_State.SENT, sent_at=Now(), error="")


def _put_off(letter: Letter, error: Exception) -> None:
    """It is tried again, or given up when it has been for a day: all receivers at once where the server was away."""
    if letter.attempts > len(WAITS):
        _fail(letter, str(error))
    else:
        _note(letter, error=str(error)[:500])


def _hand_over(message: EmailMessage) -> None:
    """To the mail server. What it says is sorted by whom it is about and whether it is for good."""
    connection = message.connection = get_connection()
    try:
        if not ADDRESS.fullmatch(message.to[0]):
            raise Refused(_("«%(address)s» is no e-mail address.") % {"address": message.to[0]})
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _about_this(code, said) from error
    except smtplib.SMTPDataError as error:
        raise _about_this(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise Away(_told(error.smtp_code, error.smtp_error)) from error
    except OSError as error:  # smtplib's other errors are of this kind too
        raise Away(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()  # Django leaves it open where the proof of the server failed


def _about_this(code: int, said: bytes | str) -> Exception:
    return (Refused if code >= 500 else NotNow)(_told(code, said))


def _told(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {bounces.one_line(text)}"


def _fail(letter: Letter, error: str) -> None:
    _note(letter, state=_State.FAILED, error=error[:500], ended_at=Now())


def _note(letter: Letter, **values: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(**values)
    letter.refresh_from_db()


def _conclude(job: Job, receivers: list[str]) -> None:
    """Try again later if somebody waits; say so if nobody got it."""
    letters = list(Letter.objects.filter(job=job, to__in=receivers))
    waiting = [letter.attempts for letter in letters if letter.state == _State.ASKED]
    if waiting:
        raise Later(WAITS[max(0, min(max(waiting), len(WAITS)) - 1)])
    failed = [letter for letter in letters if letter.state == _State.FAILED]
    if failed and len(failed) == len(letters):
        told = Counter(_kind_of(letter.error) for letter in failed)
        kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(told.items()))
        raise Undelivered(_("The e-mail was not delivered. %(told)s") % {"told": kinds})


def _kind_of(error: str) -> str:
    """The code or the fault, without the words of the server: they name the receiver, and the job is kept for ever."""
    found = KIND_OF_ERROR.match(error)
    return found[0] if found else "–"
