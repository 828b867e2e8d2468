"""Which documents and jobs the meetings have: whose they are, who may see them, how they are made."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import extract, folder, minutes, minutes_preview, notices, papers, point_mail, summons


def register() -> None:
    """The full papers are for those who read all the body's papers; the screened ones for the whole collaboration."""
    full: dict[str, Any] = {"container": _body, "right": "governance.view_papers"}
    screened: dict[str, Any] = {
        "container": _collaboration,
        "right": "governance.view_collaboration",
        "may_go_out": papers.may_go_out,
        "stays": True,
    }
    registry.register(papers.SUMMONS, work=summons.make, title=_("Summons"), **full)
    registry.register(papers.MINUTES, work=minutes.make, title=_("Minutes"), **full)
    registry.register(papers.SUMMONS_PUBLIC, work=summons.make_public, title=_("Summons, public version"), **screened)
    registry.register(papers.FOLDER, work=folder.make, title=_("All papers of the meeting"), **full)
    registry.register(
        papers.FOLDER_PUBLIC, work=folder.make_public, title=_("All papers of the meeting, public version"), **screened
    )
    registry.register(papers.MINUTES_PUBLIC, work=minutes.make_public, title=_("Minutes, public version"), **screened)
    of_case: dict[str, Any] = {"container": _body_of_case, "right": "governance.view_papers"}
    registry.register(extract.KIND, work=extract.make, title=_("Extract of a case"), **of_case)
    registry.register(
        extract.KIND_PUBLIC,
        container=extract.collaboration_of_open,
        right="governance.view_collaboration",
        work=extract.make,
        title=_("Extract of a case, public version"),
    )
    registry.register(
        minutes_preview.KIND,
        container=_collaboration,
        right="governance.prepare_meetings",
        work=minutes_preview.make,
        title=_("Preview of the minutes"),
        erasable=True,
    )
    point_mail.register()
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


def _body_of_case(subject: str) -> Any:
    return extract.item_of(subject).meeting.body
