"""What a body or a municipality has decided before, as it is quoted in a new case and laid among its papers (D14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Document
from digivesteralen.ui import wording
from governance import extract
from governance.models import Adoption, AgendaItem, Case, Meeting, ResolutionPoint
from governance.models.adoptions import AdoptionQuerySet
from governance.models.exemption import open_today

HELD = [Meeting.State.HELD, Meeting.State.REMARKS, Meeting.State.APPROVED]


@dataclass(frozen=True)
class Quote:
    """Who decided it, when and under which number, the words of it, and the extract where there is one."""

    said_by: str
    points: list[str]
    document: Document | None

    @property
    def markup(self) -> str:
        """For the case information: where it is from, then its points."""
        points = "".join(f"<li>{escape(point)}</li>" for point in self.points)
        return f"<p><strong>{escape(self.said_by)}</strong></p><ol>{points}</ol>"


def of_bodies(case: Case, user: Any, words: str = "") -> Any:
    """The treatments of other cases in the collaboration that all its members may read, the newest first."""
    seen = Case.objects.visible_to(user).open_today().exclude(pk=case.pk).mentioning(words)
    items = AgendaItem.objects.filter(
        case__in=seen.filter(body__collaboration=case.body.collaboration),
        meeting__state__in=HELD,
        withdrawn=False,
        resolution__in=ResolutionPoint.objects.values("resolution"),
    )
    return items.select_related("case__body", "meeting__body", "resolution").order_by("-meeting__starts_at", "-pk")


def of_municipalities(case: Case, user: Any, words: str = "") -> AdoptionQuerySet:
    """The municipalities' own decisions that all members may read, the newest first."""
    shown = Adoption.objects.visible_to(user).filter(Q(case=None) | open_today("case__"))
    decided = shown.filter(collaboration=case.body.collaboration).decided().exclude(text="")
    for word in words.split():
        decided = decided.filter(
            Q(matter__icontains=word) | Q(text__icontains=word) | Q(organisation__name__icontains=word)
        )
    return decided.select_related("organisation", "collaboration", "extract").order_by("-decided_on", "-pk")


def of_item(item: AgendaItem) -> Quote:
    """Its extract is the public one: the case it is laid to may be read by more."""
    told = {"body": item.meeting.body, "day": wording.day(item.meeting.day), "number": item.case.number}
    document = Document.objects.of(extract.KIND_PUBLIC, item.pk).newest_first().first()
    return Quote(
        _("%(body)s, %(day)s, case %(number)s") % told,
        list(item.resolution.points.values_list("text", flat=True)),
        document if document is not None and document.erased_at is None else None,
    )


def of_adoption(adoption: Adoption) -> Quote:
    said_by = _("%(municipality)s, %(who)s %(day)s") % {
        "municipality": adoption.organisation,
        "who": adoption.decided_by,
        "day": wording.day(adoption.decided_on),
    }
    if adoption.case_number:
        said_by += ", " + _("case %(number)s") % {"number": adoption.case_number}
    document = adoption.extract
    may_follow = document is not None and document.kind == "governance.extract" and document.erased_at is None
    lines = [capfirst(line.strip()) for line in adoption.text.splitlines() if line.strip()]
    return Quote(said_by, lines, document if may_follow else None)
