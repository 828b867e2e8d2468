"""What a body or a municipality has decided before, as it is quoted in a new case and laid among its papers (D14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.models import Document
from digivesteralen.ui import richtext, wording
from governance import extract
from governance.case_trail import family_of
from governance.models import Adoption, AgendaItem, Case, CaseAttachment, Meeting, ResolutionPoint
from governance.models.adoptions import AdoptionQuerySet
from governance.models.cases import CaseQuerySet
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
    document = Document.objects.of(extract.KIND_PUBLIC, item.pk).newest_first().first()
    return Quote(
        decided_by_body(item),
        list(item.resolution.points.values_list("text", flat=True)),
        document if document is not None and document.erased_at is None else None,
    )


def decided_by_body(item: AgendaItem) -> str:
    told = {"body": item.meeting.body, "day": wording.day(item.meeting.day), "number": item.case.number}
    return _("%(body)s, %(day)s, case %(number)s") % told


def of_adoption(adoption: Adoption) -> Quote:
    document = adoption.extract
    may_follow = document is not None and document.kind == "governance.extract" and document.erased_at is None
    lines = [capfirst(line.strip()) for line in adoption.text.splitlines() if line.strip()]
    return Quote(decided_by_municipality(adoption), lines, document if may_follow else None)


def decided_by_municipality(adoption: Adoption) -> str:
    said_by = _("%(municipality)s, %(who)s %(day)s") % {
        "municipality": adoption.organisation,
        "who": adoption.decided_by,
        "day": wording.day(adoption.decided_on),
    }
    if adoption.case_number:
        said_by += ", " + _("case %(number)s") % {"number": adoption.case_number}
    return said_by


def open_elsewhere(case: Case, user: Any) -> CaseQuerySet:
    """Other cases that anybody in the collaboration may read, and that quote what was decided in this one, have its
    extract among their papers, or are the same case under another number: to be looked at when this one is exempted
    later (rule 8)."""
    items = list(case.items.filter(meeting__state__in=HELD).select_related("meeting__body"))
    adoptions = list(Adoption.objects.filter(case=case).decided().select_related("organisation"))
    sources = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            sources |= {decided_by_body(item) for item in items}
            sources |= {decided_by_municipality(adoption) for adoption in adoptions}
    quotes = Q(pk__in=[one.pk for one in family_of(case, user)])
    for source in sources:
        stored = richtext.clean(f"<strong>{escape(source)}</strong>").removeprefix("<strong>").removesuffix("</strong>")
        for field in ("information", "assessment", "consequences"):
            quotes |= Q(**{f"{field}__contains": stored})
    extracts = Document.objects.filter(
        Q(kind__in=[extract.KIND, extract.KIND_PUBLIC], subject__in=[str(item.pk) for item in items])
        | Q(pk__in=[adoption.extract_id for adoption in adoptions if adoption.extract_id])
    )
    copies = CaseAttachment.objects.open_today().filter(document__sha256__in=extracts.values("sha256"))
    others = Case.objects.visible_to(user).open_today().filter(body__collaboration=case.body.collaboration)
    found = others.exclude(pk=case.pk).filter(quotes | Q(attachments__in=copies)).distinct()
    return found.select_related("body__collaboration")
