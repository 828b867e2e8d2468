"""What the matter is, which collaboration it comes from, and what one gains by it."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from digivesteralen.documents.paper import Column, Facts, Heading, Paragraph, Part, Rich, Table
from digivesteralen.ui import richtext, wording
from governance.models import Agreement, AgreementSection
from governance.models.cases import points_of
from portfolio.benefits import said
from portfolio.council_paper.basis import Basis
from portfolio.models import Benefit, BenefitLine, Project

# What a council asks of an agreement first; all eight sections stand in the attachment.
QUOTED = [
    AgreementSection.Kind.PURPOSE,
    AgreementSection.Kind.FINANCING,
    AgreementSection.Kind.PERIOD,
    AgreementSection.Kind.CHANGES,
]


def written(text: str) -> list[Paragraph | Rich]:
    """What people have written stays as they wrote it."""
    if richtext.is_markup(text):
        return [Rich(text, tuple(richtext.blocks(text)))]
    return [Paragraph(line) for line in points_of(text)]


def information(basis: Basis) -> list[Part]:
    """The project or the agreement, then the case as the collaboration wrote it."""
    told: list[Part] = []
    if basis.project:
        told += _project(basis.project)
    if basis.agreement:
        told += _agreement(basis, basis.agreement)
    goal = basis.project.goal if basis.project else ""
    lines = written(basis.case.information if basis.case else "")
    return [*told, *(line for line in lines if isinstance(line, Rich) or line.text not in goal)]


def _project(project: Project) -> list[Part]:
    named = {"project": project.title, "collaboration": project.collaboration}
    lines = [_("The matter concerns «%(project)s», a project in %(collaboration)s.") % named]
    if project.focus_area:
        lines.append(_("The project belongs to the focus area «%(area)s».") % {"area": project.focus_area})
    if project.goal:
        lines.append(_("Goal: %(goal)s") % {"goal": project.goal})
    if project.starts or project.ends:
        period = " – ".join(moment or "?" for moment in (project.starts, project.ends))
        lines.append(_("Period: %(period)s.") % {"period": period})
    return [Paragraph(line) for line in lines]


def _agreement(basis: Basis, agreement: Agreement) -> list[Part]:
    named = {"agreement": agreement, "collaboration": agreement.collaboration}
    told: list[Part] = [
        Paragraph(_("The matter concerns the agreement «%(agreement)s» in %(collaboration)s.") % named),
        Facts([row for row in _dates(agreement) if row[1]]),
    ]
    if agreement.follows_id:
        told += [Heading(_("What is changed since the version before"), 2), *written(agreement.what_changed)]
        told += [Heading(_("Why it is changed"), 2), *written(agreement.why)]
    party = agreement.parties.filter(organisation=basis.municipality).first()
    if party and party.value:
        told += [Heading(_("Value for %(municipality)s") % {"municipality": basis.municipality}, 2)]
        told += written(party.value)
    texts = {section.kind: section for section in agreement.sections.filter(kind__in=QUOTED)}
    for section in (texts[kind] for kind in QUOTED if kind in texts):
        told += [Heading(section.get_kind_display(), 2), *written(section.text)]
    return told


def _dates(agreement: Agreement) -> list[tuple[str, str]]:
    return [
        (_("Lasts from"), wording.day(agreement.period_from)),
        (_("Lasts until"), wording.day(agreement.period_to)),
        (_("Sent out on"), wording.day(agreement.sent_on)),
        (_("State"), capfirst(str(agreement.force_sentence))),
    ]


def collaboration(basis: Basis) -> list[Part]:
    """No legal person: its members, and which of them receives, keeps and signs what (R4, R5)."""
    found = basis.collaboration
    members = [member.name for member in found.members()]
    duties: dict[str, list[str]] = {}
    for duty in found.duties.active().select_related("organisation").order_by("organisation__sort_key", "kind"):
        duties.setdefault(duty.organisation.name, []).append(duty.get_kind_display())
    return [
        Heading(_("About the collaboration"), 2),
        Facts(
            [
                (_("Collaboration"), found.name),
                (_("Organisational form"), capfirst(str(found.legal_form_on().label))),
                (_("Members (%(count)s)") % {"count": len(members)}, ", ".join(members)),
                *((name, ", ".join(held)) for name, held in duties.items()),
            ]
        ),
    ]


def benefits(basis: Basis) -> list[Part]:
    """Those that every municipality shall realise, and those that this one owns (R12)."""
    if basis.part is None:
        return []
    everybody = _("each municipality that takes part")
    here = {
        line.benefit_id: line for line in BenefitLine.objects.filter(participation=basis.part).with_gains().in_full()
    }
    rows = [
        (gain.gain, _target(gain, here.get(gain.pk)), _realised_by(gain, here.get(gain.pk)) or everybody)
        for gain in basis.part.project.benefits.select_related("owner")
        if gain.owner_id in {None, basis.municipality.pk}
    ]
    if not rows:
        return [Paragraph(_("No benefits are registered for the project yet."))]
    columns = [Column(_("Gain"), 45), Column(_("Target"), 30), Column(_("Who realises it"), 25)]
    caption = _("Benefits for everybody and for %(municipality)s") % {"municipality": basis.municipality}
    return [Heading(_("Benefits"), 2), Table(caption, columns, rows)]


def _target(gain: Benefit, line: Any) -> str:
    """The target in words, and what the municipality itself expects where it has said so."""
    expected = line.planned if line else None
    own = _("expected here: %(gain)s per year") % {"gain": said(expected, gain.unit)} if expected is not None else ""
    return "; ".join(filter(None, [gain.target, own])) or "–"


def _realised_by(gain: Benefit, line: Any) -> str:
    """The municipality's own owner where it has named one."""
    if line is not None:
        return _("%(owner)s in %(municipality)s") % {
            "owner": line.owned_by,
            "municipality": line.participation.organisation,
        }
    return gain.owner.name if gain.owner else ""
