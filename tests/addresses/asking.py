"""How an address is asked, so that nothing of it stays."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and what is read in it, also in a spreadsheet or a Word file."""

    status: int
    leads_to: str
    text: str


def ask(client: Client, method: str, path: str, *, data: Any = None, drawn: bool = True) -> Answer:
    """What happens in the answer is undone; a page that is not drawn has only its status."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        if not drawn:
            patch.setattr(Template, "render", nothing)
        answer = getattr(client, method)(path, data)
        content = answer.getvalue() if answer.streaming else answer.content
        transaction.set_rollback(True)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(part) for part in packed.namelist())
    return Answer(answer.status_code, answer.headers.get("Location", ""), content.decode(errors="replace"))


def nothing(*_: Any, **_named: Any) -> SafeString:
    return SafeString()


def counted(client: Client, method: str, path: str) -> tuple[Answer, int]:
    """The answer, and how many questions the database was asked for it."""
    connection.queries_log.clear()  # it holds nine thousand, and a walk asks more
    with CaptureQueriesContext(connection) as captured:
        answer = ask(client, method, path)
    return answer, len(captured)


def plain(answer: Answer) -> str:
    """The page without what each request has of its own."""
    page = answer.text
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)
