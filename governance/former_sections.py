"""Meetings, cases and agreements as they were when a municipality left (§7 rule 4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import wording
from governance import former_members, papers
from governance.former_members import Line, Page, Past, Section, as_it_was
from governance.models import (
    AgendaItem,
    Agreement,
    Case,
    Meeting,
    Organisation,
    Resolution,
    ResolutionPoint,
)
from governance.models.agreement_parts import AgreementParty, AgreementSection
from governance.models.exemption import open_on

HELD = [Meeting.State.HELD, Meeting.State.REMARKS, Meeting.State.APPROVED]
SENT = [Meeting.State.CALLED, Meeting.State.IN_PROGRESS, Meeting.State.CANCELLED, *HELD]
FILES = [papers.SUMMONS_PUBLIC, papers.FOLDER_PUBLIC, papers.MINUTES_PUBLIC]


def register() -> None:
    former_members.register(
        Section("moter", _("Meetings"), _meetings, ("body__name", "place"), _meeting_line, _meeting_page)
    )
    texts = ("title", "information", "assessment", "consequences", "proposal")
    former_members.register(Section("saker", _("Cases"), _cases, texts, _case_line, _case_page))
    former_members.register(
        Section("avtaler", _("Agreements"), _agreements, ("title",), _agreement_line, _agreement_page)
    )


def _meetings(past: Past) -> models.QuerySet[Any]:
    """Those that were called, also when they were to be held later; nobody else's plans."""
    ours = Meeting.objects.filter(body__collaboration=past.collaboration)
    was = as_it_was(Meeting, past, ours).filter(state__in=SENT)
    return was.select_related("body").order_by("-year", "-number", "body")


def _meeting_line(event: Any) -> Line:
    day = timezone.localdate(event.starts_at) if event.starts_at else None
    return Line(event.body.name, f"{event.number}/{event.year}", event.get_state_display(), day)


def _meeting_page(past: Past, event: Any) -> Page:
    facts = [
        (_("Starts"), wording.moment(event.starts_at) if event.starts_at else ""),
        (_("Place"), event.place),
        (_("State"), event.get_state_display()),
    ]
    items = as_it_was(AgendaItem, past, AgendaItem.objects.filter(meeting=event.pgh_obj_id)).filter(withdrawn=False)
    on_agenda = dict(items.values_list("case_id", "position"))
    cases = sorted(_cases(past).filter(pgh_obj__in=on_agenda), key=lambda case: on_agenda[case.pgh_obj_id])
    agenda = [(_case_line(case).number, case.title) for case in cases]
    shown = [one for one in former_members.papers(past, FILES, event.pgh_obj_id) if papers.may_go_out(one)]
    return Page(facts, rows=[(_("Cases"), agenda)] if agenda else [], documents=shown)


def _cases(past: Past) -> models.QuerySet[Any]:
    """Those that were sent, and were open to all in the collaboration; not what is exempt since (rule 8)."""
    ours = Case.objects.filter(body__collaboration=past.collaboration).open_today()
    was = as_it_was(Case, past, ours).filter(open_on(past.until), sequence__isnull=False)
    return was.select_related("body").order_by("-year", "-sequence", "body")


def _case_line(event: Any) -> Line:
    return Line(event.title, event.body.render_number(event.sequence, event.year), event.get_stage_display())


def _case_page(past: Past, event: Any) -> Page:
    facts = [(_("Body"), event.body.name), (_("State"), event.get_stage_display())]
    names = [
        (_("Proposed resolution"), event.proposal),
        (_("Case information"), event.information),
        (_("Assessment"), event.assessment),
        (_("Economic consequences"), event.consequences),
    ]
    rows = []
    items = as_it_was(AgendaItem, past, AgendaItem.objects.filter(case=event.pgh_obj_id))
    meetings = as_it_was(Meeting, past, Meeting.objects.filter(items__case=event.pgh_obj_id)).filter(state__in=HELD)
    held = {meeting.pgh_obj_id: meeting for meeting in meetings}
    met = {item.pgh_obj_id: held[item.meeting_id] for item in items if item.meeting_id in held}
    said = as_it_was(Resolution, past, Resolution.objects.filter(item__in=met))
    for resolution in said:
        points = as_it_was(ResolutionPoint, past, ResolutionPoint.objects.filter(resolution=resolution.pgh_obj_id))
        told = [(str(point.number), point.text) for point in points.order_by("number")]
        meeting = met[resolution.item_id]
        heading = f"{meeting.number}/{meeting.year}: {resolution.get_outcome_display()}"
        rows.append((heading, [("", resolution.treatment), *told] if resolution.treatment else told))
    return Page(facts, texts=[(name, text) for name, text in names if text], rows=rows)


def _agreements(past: Past) -> models.QuerySet[Any]:
    ours = Agreement.objects.filter(collaboration=past.collaboration)
    return as_it_was(Agreement, past, ours).exclude(state=Agreement.State.DRAFT).order_by("-sent_on", "-pgh_obj_id")


def _agreement_line(event: Any) -> Line:
    return Line(event.title, str(event.number), event.get_state_display(), event.sent_on)


def _agreement_page(past: Past, event: Any) -> Page:
    clauses = as_it_was(AgreementSection, past, AgreementSection.objects.filter(agreement=event.pgh_obj_id))
    texts = [(one.heading or one.get_kind_display(), one.text) for one in sorted(clauses, key=_place)]
    parties = as_it_was(AgreementParty, past, AgreementParty.objects.filter(agreement=event.pgh_obj_id))
    named = Organisation.objects.filter(pk__in=parties.values("organisation_id")).order_by("sort_key")
    facts = [
        (_("State"), event.get_state_display()),
        (_("Sent"), wording.day(event.sent_on) if event.sent_on else ""),
        (_("Parties"), ", ".join(place.name for place in named)),
    ]
    return Page(facts, texts=texts, documents=former_members.papers(past, ["governance.agreement"], event.pgh_obj_id))


def _place(event: Any) -> tuple[int, int]:
    """As ``AgreementSection.order``: a section that was never moved stands where its kind does."""
    if event.position is not None:
        return event.position, event.pgh_obj_id
    return 10 * (AgreementSection.Kind.values.index(event.kind) + 1) if event.kind else 1000, event.pgh_obj_id
