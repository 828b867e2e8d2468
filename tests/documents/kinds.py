"""A kind of document that exists in tests only: a letter about a collaboration, made slowly if one wants."""

import time
from typing import Any

from django.db import connection, transaction

from digivesteralen.documents import pdf, registry
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import reading
from governance.models import Collaboration
from tests.spreadsheets import hostile

LETTER = "tests.letter"
RAW = "tests.raw"
NOTE = "tests.note"
HEAVY = "tests.heavy"
IN_A_TRANSACTION = "tests.transaction"


def container(subject: str) -> Any:
    return Collaboration.objects.get(pk=subject)


def letter(job: Job, report: Report) -> Made:
    """One line of text, after so many seconds; each attempt leaves its mark before it begins."""
    text = job.arguments.get("text", "Kjære kommune")
    seconds = job.arguments.get("seconds", 0)
    report(10, "begun")
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        time.sleep(0.1)
        report(50, "halfway")
    return Made(text.encode(), "brev.txt", "text/plain", "Brev", {"attempt": job.attempt})


def in_a_transaction(job: Job, report: Report) -> Made:
    """Work that holds a transaction open all the time, as an import does."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return letter(job, report)


def paper(job: Job, report: Report) -> Made:
    content = pdf.render("pdf/base.html", {}, title="Et brev")
    return Made(content, "brev.pdf", "application/pdf", "Brev", {})


def heavy(job: Job, report: Report) -> Made:
    """HTML that no cleaning has seen, and as much memory as one asks for."""
    room = bytearray(job.arguments.get("bytes", 0))
    content = pdf.write(job.arguments["html"])
    return Made(content, "brev.pdf", "application/pdf", "Brev", {"bytes": len(room)})


def reading_a_spreadsheet(job: Job, report: Report) -> Made:
    book = reading.read_guarded(hostile.workbook(), filename="systemer.xlsx")
    text = book.sheets[0].rows[0].cells[0].value
    return Made(text.encode(), "lest.txt", "text/plain", "Lest")


def note(job: Job, report: Report) -> None:
    """Work that leaves no document."""
    report(10, "begun")


def register() -> None:
    about: dict[str, Any] = {"container": container, "right": "governance.view_collaboration"}
    registry.register(LETTER, work=letter, title="Brev", **about)
    registry.register(IN_A_TRANSACTION, work=in_a_transaction, title="Brev", **about)
    registry.register("tests.paper", work=paper, title="Brev", **about)
    registry.register(HEAVY, work=heavy, title="Brev", **about)
    registry.register("tests.reading", work=reading_a_spreadsheet, title="Lest", queue="imports", **about)
    registry.register(NOTE, work=note, title="Beskjed", queue="mail", **about)
    registry.register(RAW, title="Opplasting", erasable=True, **about)


def forget() -> None:
    for name in (LETTER, IN_A_TRANSACTION, "tests.paper", "tests.reading", HEAVY, NOTE, RAW):
        registry.forget(name)
