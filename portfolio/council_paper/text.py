"""The paper from top to end: the four parts that a case paper has in a Norwegian municipality, and its attachments."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.documents.paper import Blank, Facts, Heading, Note, Paragraph, Part, Points
from digivesteralen.ui import wording
from governance.actions import agreements
from governance.models.cases import points_of
from portfolio.actions.proposals import proposed_text
from portfolio.council_paper import about, money, standing
from portfolio.council_paper.basis import Basis


def frame(basis: Basis) -> dict[str, str]:
    """What stands above, over and under the text."""
    municipality = basis.municipality.official_name or basis.municipality.name
    return {
        "heading": _("Case paper"),
        "matter": basis.title,
        "running": f"{municipality} · {_('Case paper')}",
        "foot": _("Example") if basis.example else "",
    }


def parts(basis: Basis) -> list[Part]:
    return [
        Facts(_head(basis)),
        *_notes(basis),
        Heading(_("Case information")),
        *about.information(basis),
        *standing.systems(basis),
        *standing.recommended(basis),
        *standing.decided(basis),
        *about.collaboration(basis),
        Heading(_("Economic consequences")),
        *money.economy(basis),
        Heading(_("Assessment")),
        *_assessment(basis),
        Heading(_("Proposed resolution")),
        *_proposal(basis),
        Heading(_("Attachments")),
        *_attachments(basis),
    ]


def _head(basis: Basis) -> list[tuple[str, str]]:
    """The first three are for the municipality's own case system."""
    answer_by, case = basis.adoption.answer_by, basis.case
    known = [
        (_("Municipality"), basis.municipality.official_name or basis.municipality.name),
        (_("Date"), wording.day(timezone.localdate())),
        (_("Answer by"), wording.day(answer_by)),
        (_("Case in the collaboration"), str(case) if case else ""),
    ]
    own = [(_("Case number"), ""), (_("Case officer"), ""), (_("Treated by"), "")]
    return [*own, *(row for row in known if row[1])]


def _notes(basis: Basis) -> list[Part]:
    found: list[Part] = [
        Note(
            _(
                "%(collaboration)s recommends. No decision is made on behalf of the municipality; "
                "it decides itself whether it takes part and what it pays."
            )
            % {"collaboration": basis.collaboration}
        )
    ]
    if basis.example:
        found.append(Note(_("Example: something in this paper is made up to show how the portal works.")))
    if basis.exempt and basis.adoption.case:
        found.append(
            Note(
                _("The case is exempt from public disclosure (%(ground)s). Its text does not stand in this paper.")
                % {"ground": basis.adoption.case.ground_in_text}
            )
        )
    return found


def _assessment(basis: Basis) -> list[Part]:
    written: list[Part] = [*about.written(basis.case.assessment if basis.case else "")]
    nothing = [Paragraph(_("The collaboration has written no assessment."))]
    own = Blank(_("[The municipality writes its own assessment here.]"))
    return [*(written or nothing), *about.benefits(basis), own]


def _proposal(basis: Basis) -> list[Part]:
    if points := proposed(basis):
        return [Points(points)]
    own = Blank(_("[The municipality writes its proposed resolution here.]"))
    return [Paragraph(_("The collaboration has proposed no wording.")), own]


def proposed(basis: Basis) -> list[str]:
    """Our own points in the municipality's language form; what people have written stays as it is.

    Where an earlier decision no longer covers the share, the points are about the share as it has become (rule 2).
    """
    if basis.exempt and basis.part is None:
        return []
    if basis.part and basis.own and basis.own.reopened:
        return points_of(proposed_text(basis.part.project, basis.part, basis.own.so_far, basis.own.hours_so_far))
    in_form = _ours(basis)
    stored = basis.adoption.proposal
    is_ours = in_form is not None and stored in {in_form("nb"), in_form("nn")}
    return points_of(in_form("") if in_form and is_ours else stored)


def _ours(basis: Basis) -> Callable[[str], str] | None:
    """What the portal itself proposes to the municipality, in a language form."""
    if basis.part and basis.own:
        part, own = basis.part, basis.own
        return lambda lang: proposed_text(part.project, part, own.if_all, own.hours_if_all, lang)
    if basis.agreement:
        agreement = basis.agreement
        return lambda lang: agreements.proposed_text(agreement, basis.municipality, lang)
    return None


def _attachments(basis: Basis) -> list[Part]:
    names = []
    if basis.agreement:
        names.append(_("The agreement «%(agreement)s»") % {"agreement": basis.agreement})
    if basis.plan and basis.project:
        plan = {"number": basis.plan.number, "project": basis.project}
        names.append(_("Financing plan %(number)s for %(project)s") % plan)
    if basis.case and basis.case.number:
        names.append(
            _("Case %(number)s in %(body)s: %(title)s")
            % {"number": basis.case.number, "body": basis.case.body.name_in_text, "title": basis.case.title}
        )
    if not names:
        return [Paragraph(_("The collaboration has sent no attachments."))]
    return [Points(names)]
