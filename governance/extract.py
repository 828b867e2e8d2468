"""«Særutskrift»: one case of the minutes as a paper of its own, numbered, from the same data (D1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import jobs
from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.registry import Report
from governance import papers
from governance.minutes_text import treated, word
from governance.models import AgendaItem, Collaboration, Meeting
from governance.quorum import Presence

KIND, KIND_PUBLIC = "governance.case_extract", "governance.case_extract_public"


def order(item: AgendaItem, *, public: bool, by: Any) -> Job:
    """Ask for the extract; as long as the minutes stand as they are, it is the same file."""
    meeting = item.meeting
    if not meeting.was_held or item.withdrawn or not hasattr(item, "resolution"):
        raise NotAllowedNow(_("An extract is made when the case is treated and the meeting is over."))
    if public and item.case.is_exempt:
        raise NotAllowedNow(_("The case is exempt from public disclosure, so there is no public extract of it."))
    kind = KIND_PUBLIC if public else KIND
    key = f"{kind}:{item.pk}:{meeting.version}:{meeting.corrections.count()}"
    return jobs.ask(kind, item.pk, by=by, arguments={"public": public}, key=key)


def make(job: Job, report: Report) -> Made:
    item = item_of(job.subject)
    report(20, _("Setting the pages"))
    number = Document.objects.of(job.kind, job.subject).count() + 1
    public = job.kind == KIND_PUBLIC
    with translation.override("nb"):
        content = render(item, public=public, number=number)
        words = _("Extract of case %(case)s, no. %(number)s")
        if public:
            words = _("Extract of case %(case)s, no. %(number)s, public version")
        title = words % {"case": item.case.number, "number": number}
        name = _file_name(item, number, public=public)
        made_from = {"item": item.pk, "state": item.meeting.state, "version": item.meeting.version}
        return Made(content, name, "application/pdf", title, made_from)


def render(item: AgendaItem, *, public: bool, number: int) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    meeting = item.meeting
    entries = [entry for entry in papers.agenda(meeting, public=public) if entry.item.pk == item.pk]
    with translation.override("nb"):
        context = {
            "meeting": meeting,
            "collaboration": meeting.body.collaboration,
            "case": treated(meeting, entries, Presence(meeting))[0],
            "number": number,
            "word": word(meeting),
            "corrected": meeting.corrections.exists(),
            "approved": meeting.state == Meeting.State.APPROVED,
            "example": item.case.example,
        }
        title = _("Extract of case %(case)s, no. %(number)s") % {"case": item.case.number, "number": number}
        return pdf.render("pdf/extract.html", context, title=title, lang="nb")


def shown(treatments: Iterable[AgendaItem], *, reads_all: bool) -> dict[str, Any]:
    """What the page of a case needs: where an extract can be made, and those that are."""
    held = {"held", "remarks", "approved"}
    items = [
        item
        for item in treatments
        if not item.withdrawn and item.meeting.state in held and getattr(item, "resolution", None) is not None
    ]
    return {
        "extractable": items,
        "extracts": of_case(items, reads_all=reads_all) if items else [],
        "reads_all": reads_all,
    }


def of_case(items: Any, *, reads_all: bool) -> list[Document]:
    """The newest extract of each treatment that this reader may have."""
    kinds = [KIND, KIND_PUBLIC] if reads_all else [KIND_PUBLIC]
    subjects = [str(item.pk) for item in items]
    found: dict[tuple[str, str], Document] = {}
    for document in Document.objects.filter(kind__in=kinds, subject__in=subjects).order_by("version"):
        found[document.kind, document.subject] = document
    return list(found.values())


def item_of(subject: str) -> AgendaItem:
    items = AgendaItem.objects.select_related("case__body__collaboration", "meeting__body__collaboration", "resolution")
    return items.get(pk=subject)


def collaboration_of_open(subject: str) -> Collaboration:
    """A case that became exempt takes its public extract with it (rule 8)."""
    item = item_of(subject)
    if item.case.is_exempt:
        raise ObjectDoesNotExist
    return item.case.body.collaboration


def _file_name(item: AgendaItem, number: int, *, public: bool) -> str:
    """Never the title of the case (rule 8)."""
    case = item.case
    place = f"{case.body.collaboration.slug}-{case.body.slug}-{case.sequence}-{case.year}-{number}"
    return f"saerutskrift-{place}{'-offentlig' if public else ''}.pdf"
