"""Which documents and jobs the meetings have: whose they are, who may see them, how they are made."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import minutes, notices, papers, summons


def register() -> None:
    """The full papers are for those who read all the body's papers; the screened ones for the whole collaboration."""
    full: dict[str, Any] = {"container": _body, "right": "governance.view_papers"}
    screened: dict[str, Any] = {"container": _collaboration, "right": "governance.view_collaboration"}
    registry.register(papers.SUMMONS, work=summons.make, title=_("Summons"), **full)
    registry.register(papers.MINUTES, work=minutes.make, title=_("Minutes"), **full)
    registry.register(papers.SUMMONS_PUBLIC, work=summons.make_public, title=_("Summons, public version"), **screened)
    registry.register(papers.MINUTES_PUBLIC, work=minutes.make_public, title=_("Minutes, public version"), **screened)
    registry.register(
        notices.KIND,
        container=_collaboration,
        right="governance.prepare_meetings",
        work=notices.send,
        title=_("E-mail about a meeting"),
        queue="mail",
    )


def _body(subject: str) -> Any:
    return papers.meeting_of(subject).body


def _collaboration(subject: str) -> Any:
    return papers.meeting_of(subject).body.collaboration
