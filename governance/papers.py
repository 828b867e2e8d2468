"""What the summons and the minutes have in common: the agenda as it may be read, and where the file is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from digivesteralen.documents.models import Document
from governance.models import AgendaItem, Case, CaseAttachment, Meeting

SUMMONS, SUMMONS_PUBLIC = "governance.summons", "governance.summons_public"
FOLDER, FOLDER_PUBLIC = "governance.folder", "governance.folder_public"
MINUTES, MINUTES_PUBLIC = "governance.minutes", "governance.minutes_public"
SCREENED = (SUMMONS_PUBLIC, FOLDER_PUBLIC, MINUTES_PUBLIC)


@dataclass(frozen=True)
class Entry:
    """One case on an agenda, as this reader may see it: an exempt one shows its number and legal ground (rule 8)."""

    item: AgendaItem
    open: bool
    public: bool = False

    @property
    def case(self) -> Case:
        return self.item.case

    @property
    def attachments(self) -> list[CaseAttachment]:
        """The files that go with the case, in their order; the public reads none that is exempt."""
        if not self.open:
            return []
        return [one for one in self.case.attachments.all() if not (self.public and one.is_exempt)]

    @property
    def title(self) -> str:
        return self.case.title if self.open else self.case.hidden_title


def agenda(meeting: Meeting, *, public: bool) -> list[Entry]:
    """All cases in their order; the public reads no exempt title or text."""
    items = _items(meeting).prefetch_related("case__attachments__document")
    return [Entry(item, open=not (public and item.case.is_exempt), public=public) for item in items]


def public_agendas(meetings: Sequence[Meeting]) -> dict[int, list[Entry]]:
    """What anybody may read of the agendas that are out, by meeting, in one question."""
    out = [meeting.pk for meeting in meetings if meeting.agenda_is_out]
    found: dict[int, list[Entry]] = {}
    items = AgendaItem.objects.filter(meeting__in=out).select_related("case__body").order_by("position")
    for item in items:
        found.setdefault(item.meeting_id, []).append(Entry(item, open=not item.case.is_exempt))
    return found


def agenda_for(user: Any, meeting: Meeting) -> list[Entry]:
    """The agenda as this person may read it; one that is not sent shows its cases only to those who prepare it."""
    seen = set(Case.objects.visible_to(user).filter(items__meeting=meeting).values_list("pk", flat=True))
    entries = [Entry(item, open=item.case_id in seen) for item in _items(meeting)]
    return [entry for entry in entries if entry.open or entry.case.sequence is not None]


def newest(kind: str, meeting: Meeting) -> Document | None:
    """The newest file of the kind; of the public ones the newest that shows nothing that is exempt today (rule 8)."""
    if kind in SCREENED:
        return next(iter(that_hide_enough(versions(kind, meeting), meeting)), None)
    document: Document | None = Document.objects.of(kind, meeting.pk).latest_version()
    return document


def versions(kind: str, meeting: Meeting) -> Any:
    return Document.objects.of(kind, meeting.pk).newest_first()


def withheld(meeting: Meeting) -> dict[str, list[int]]:
    """What a public file of the meeting that is made now leaves out."""
    return {"withheld": list(_exempt_cases(meeting)), "withheld_attachments": list(_exempt_attachments(meeting))}


def that_hide_enough(documents: Iterable[Document], meeting: Meeting) -> list[Document]:
    """The public files that withhold all that is exempt today: something may have become so after they were made."""
    cases, attachments = set(_exempt_cases(meeting)), set(_exempt_attachments(meeting))
    return [
        one
        for one in documents
        if cases <= set(one.made_from.get("withheld", []))
        and attachments <= set(one.made_from.get("withheld_attachments", []))
    ]


def may_go_out(document: Document) -> bool:
    """Asked of a public file by its own address."""
    return bool(that_hide_enough([document], meeting_of(document.subject)))


def _exempt_cases(meeting: Meeting) -> Any:
    return Case.objects.filter(items__meeting=meeting).exempt_today().order_by("pk").values_list("pk", flat=True)


def _exempt_attachments(meeting: Meeting) -> Any:
    found = CaseAttachment.objects.filter(case__items__meeting=meeting).exempt_today()
    return found.order_by("pk").values_list("pk", flat=True)


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
