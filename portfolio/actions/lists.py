"""The list of the portfolio and its timeline as documents: what one looked at when one asked for it."""

from __future__ import annotations

import hashlib
from typing import Any

from digivesteralen.accounts.access import require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration, Organisation

DOCUMENT = "portfolio.list"
TIMELINE = "portfolio.timeline"
SEE = "governance.view_collaboration"


def order_list(*, collaboration: Collaboration, query: str, own: Organisation | None = None, by: Any) -> Job:
    """Ask for the PDF; the same selection for the same municipality is the next version of the same document."""
    require(by, SEE, on=collaboration)
    arguments = {"query": query, "own": own.number if own else ""}
    return jobs.ask(DOCUMENT, _subject(collaboration, arguments), by=by, arguments=arguments)


def order_timeline(*, collaboration: Collaboration, query: str, by: Any) -> Job:
    """Ask for the timeline of a selection as a PDF."""
    require(by, SEE, on=collaboration)
    arguments = {"query": query}
    return jobs.ask(TIMELINE, _subject(collaboration, arguments), by=by, arguments=arguments)


def _subject(collaboration: Collaboration, arguments: dict[str, str]) -> str:
    mark = hashlib.sha256("\n".join(arguments.values()).encode()).hexdigest()[:16]
    return f"{collaboration.pk}-{mark}"


def collaboration_of(subject: str) -> Collaboration:
    return Collaboration.objects.get(pk=int(subject.partition("-")[0]))
