"""What the summons and the minutes have in common: the agenda as it may be read, and where the file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.documents.models import Document
from governance.models import AgendaItem, Case, Meeting

SUMMONS, SUMMONS_PUBLIC = "governance.summons", "governance.summons_public"
MINUTES, MINUTES_PUBLIC = "governance.minutes", "governance.minutes_public"


@dataclass(frozen=True)
class Entry:
    """One case on an agenda, as this reader may see it: an exempt one shows its number and legal ground (rule 8)."""

    item: AgendaItem
    open: bool

    @property
    def case(self) -> Case:
        return self.item.case

    @property
    def title(self) -> str:
        return self.case.title if self.open else _("Exempt from public disclosure")


def agenda(meeting: Meeting, *, public: bool) -> list[Entry]:
    """All cases in their order; the public reads no exempt title or text."""
    return [Entry(item, open=not (public and item.case.exempt)) for item in _items(meeting)]


def agenda_for(user: Any, meeting: Meeting) -> list[Entry]:
    """The agenda as this person may read it; one that is not sent shows its cases only to those who prepare it."""
    seen = set(Case.objects.visible_to(user).filter(items__meeting=meeting).values_list("pk", flat=True))
    entries = [Entry(item, open=item.case_id in seen) for item in _items(meeting)]
    return [entry for entry in entries if entry.open or entry.case.sequence is not None]


def newest(kind: str, meeting: Meeting) -> Document | None:
    document: Document | None = Document.objects.of(kind, meeting.pk).latest_version()
    return document


def meeting_of(subject: str) -> Meeting:
    return Meeting.objects.select_related("body__collaboration", "chair", "secretary").get(pk=subject)


def file_name(what: str, meeting: Meeting, *, public: bool) -> str:
    """«referat-vesteralen-styringsgruppen-1-2026.pdf»: never a case title (rule 8)."""
    place = f"{meeting.body.collaboration.slug}-{meeting.body.slug}-{meeting.number}-{meeting.year}"
    return f"{what}-{place}{'-offentlig' if public else ''}.pdf"


def _items(meeting: Meeting) -> Any:
    return meeting.items.select_related(
        "case__body__collaboration", "case__case_officer", "case__continues__body", "resolution"
    ).prefetch_related("resolution__points")
