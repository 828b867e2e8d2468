"""Where things stand: the municipality's own systems, the body's recommendation, and what each council has decided."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.documents.paper import Column, Heading, Paragraph, Part, Points, Table
from digivesteralen.ui import wording
from governance.models import Adoption, Resolution
from portfolio.council_paper.basis import Basis
from portfolio.models import Participation, Status
from portfolio.shares import Financing
from surveys.models import SystemUse


def systems(basis: Basis) -> list[Part]:
    """System, supplier and contract end in the project's areas; never price or security (rule 9)."""
    if basis.part is None:
        return []
    heading, areas = Heading(_("The municipality's own systems"), 2), list(basis.part.project.areas.all())
    if not areas:
        return [heading, Paragraph(_("The project is not tied to any area of the system inventory."))]
    answered = {use.area_id for use in basis.uses}
    silent = ", ".join(area.name for area in areas if area.pk not in answered)
    told = _("%(municipality)s has registered no systems in these areas of the project: %(areas)s.")
    lacking = [Paragraph(told % {"municipality": basis.municipality, "areas": silent})] if silent else []
    return [heading, *_in_use(basis), *lacking]


def _in_use(basis: Basis) -> list[Part]:
    if not basis.uses:
        return []
    heads = (_("Area"), _("System"), _("Supplier"), _("Contract end"))
    caption = _("Systems of %(municipality)s in the areas of the project") % {"municipality": basis.municipality}
    return [Table(caption, [Column(head, 25) for head in heads], [_use(use) for use in basis.uses])]


def _use(use: SystemUse) -> tuple[str, ...]:
    name = use.product.name if use.product else capfirst(use.get_answer_display())
    return use.area.name, name, use.supplier.name if use.supplier else "–", capfirst(_end(use))


def _end(use: SystemUse) -> str:
    if use.end_unknown:
        return _("not known")
    return _("until terminated") if use.end_running else wording.day(use.contract_end) or "–"


def recommended(basis: Basis) -> list[Part]:
    """What the body made of the case, with date and number; it binds no municipality (R1)."""
    if basis.resolution is None:
        return []
    told = _sentence(basis.resolution)
    points = [point.text for point in basis.resolution.points.all()]
    heading = Heading(_("Treatment in the collaboration"), 2)
    return [heading, Paragraph(told), *([Points(points)] if points else [])]


def _sentence(resolution: Resolution) -> str:
    item = resolution.item
    named = {
        "body": item.case.body.name,
        "day": wording.day(item.meeting.starts_at or item.meeting.ends_at),
        "number": item.case.number,
        "outcome": resolution.get_outcome_display(),
    }
    if named["day"]:
        return _("%(body)s treated the matter on %(day)s as case %(number)s: %(outcome)s.") % named
    return _("%(body)s treated the matter as case %(number)s: %(outcome)s.") % named


def decided(basis: Basis) -> list[Part]:
    """One row for each municipality that was asked; silence is «not treated», and no yes (rule 1)."""
    if not basis.others:
        return []
    heading = Heading(_("What the municipalities have decided"), 2)
    caption = _("The municipalities' own decisions on %(day)s") % {"day": wording.day(timezone.localdate())}
    if basis.divided is None:
        columns = [Column(_("Municipality"), 40), Column(_("Treatment"), 60)]
        return [heading, Table(caption, columns, [(one.organisation.name, treatment(one)) for one in basis.others])]
    columns = [
        Column(_("Municipality"), 25),
        Column(_("Treatment"), 35),
        Column(_("If all invited join"), 20, figures=True),
        Column(_("With those who have said yes"), 20, figures=True),
    ]
    rows = [
        (
            line.participation.organisation.name,
            ", ".join(filter(None, [treatment(line.participation.adoption), _way_out(line.participation)])),
            amount(line.if_all),
            amount(line.so_far),
        )
        for line in basis.divided.lines
    ]
    return [heading, Table(caption, columns, rows, _sum(basis.divided))]


def _sum(divided: Financing) -> tuple[str, ...]:
    if not divided.if_all.amounts:
        return ()
    return _("Sum"), "", amount(divided.if_all.total), amount(divided.so_far.total if divided.so_far.amounts else None)


def treatment(adoption: Adoption) -> str:
    """«vedtatt 12. mai 2026, sak 12/26»; what the municipality objects to counts as not decided."""
    if adoption.objected_at:
        return _("the municipality objects: counts as not decided")
    state = adoption.get_state_display()
    if adoption.state == Adoption.State.SCHEDULED:
        return f"{state} {wording.day(adoption.scheduled_on)}"
    if not adoption.is_decided:
        return state
    told = _("%(state)s %(day)s, case %(number)s") % {
        "state": state, "day": wording.day(adoption.decided_on), "number": adoption.case_number
    }  # fmt: skip
    return f"{told} ({_('on behalf of the municipality, not confirmed')})" if adoption.awaits_confirmation else told


def _way_out(part: Participation) -> str:
    return str(part.status.label) if part.status in {Status.NOTICE, Status.LEFT} else ""


def amount(value: Decimal | None) -> str:
    return "–" if value is None else wording.money(value)
