"""One line of JSON for each thing that is logged, with the number of the request or the job and no personal data."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from digivesteralen import environment, tracing

MARK = "[…]"
# E-mail addresses, national identity numbers, phone numbers, and long random keys that open a door (no SHA-256 does).
PERSONAL = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b\d{6}\s?\d{5}\b"
    r"|(?<![\w.:-])(?:\+47\s?\d{8}|\d{2}\s\d{2}\s\d{2}\s\d{2}|\d{3}\s\d{2}\s\d{3})(?![\w.:-])"
    r"|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])(?![0-9a-f]{64}\b)(?![0-9a-f]{8}-)[\w]{25,}\b"
)
# PostgreSQL quotes the row in these lines.
QUOTING = re.compile(r"^(?:DETAIL|CONTEXT|HINT):.*$", re.MULTILINE)
# What steers a terminal, by seven bits or by eight, and what turns the direction of writing.
ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
KEPT = {"view", "method", "status", "ms", "queries", "state", "attempt", "kind", "queue", "count"}


def without_people(text: str) -> str:
    """What may name a person or open a door is taken out, and so are signs that steer a terminal."""
    for secret in environment.SECRETS:
        text = text.replace(secret, MARK)
    return PERSONAL.sub(MARK, QUOTING.sub(MARK, ESCAPES.sub("", text)))


class JsonLine(JsonFormatter):
    """What watches the installation reads it: when (UTC), how bad, who logs, what, and in which request or job."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(_message(record)),
            **_numbers(),
            **{name: value for name, value in record.__dict__.items() if name in KEPT},
        }
        if record.exc_info:
            line["error"] = without_people(str(self.formatException(record.exc_info)))
        return self.serialize_log_record(line)


class TextLine(logging.Formatter):
    """For a person at the terminal, with the same number."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(number)s%(name)s %(message)s", defaults={"number": ""})

    def format(self, record: logging.LogRecord) -> str:
        if doing := tracing.now():
            record.number = f"{doing.short} "
        return super().format(record)


def _message(record: logging.LogRecord) -> str:
    """Django names the address of a request, which may hold a key or a name: the view is named instead."""
    request = getattr(record, "request", None)
    if request is None:
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else "(no view)"
    path = getattr(request, "path", "")
    return record.getMessage().replace(path, name) if path != "/" else record.getMessage()


def _numbers() -> dict[str, Any]:
    doing, person = tracing.now(), tracing.person()
    told: dict[str, Any] = {"number": str(doing.number), "in": doing.what} if doing else {}
    return {**told, "person": person} if person else told


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """For Django's LOGGING; gunicorn and Celery use the same."""
    line = JsonLine if as_json else TextLine
    told = "INFO" if as_json else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{line.__module__}.{line.__name__}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "digivesteralen": {"level": told},
            # Each link of the chain is a line in the log, whatever else is logged.
            "digivesteralen.audit.chain": {"level": "INFO"},
            "celery": {"level": "INFO"},
            # A stranger who asks for another host gets a 400; a trace for each would fill the log and the watch.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
