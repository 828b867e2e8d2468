"""«Saksframlegg»: the municipality's own case paper, as a Word file it goes on writing in (D13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.ui import wording
from governance.addresses import plain
from governance.models import Adoption, Case
from portfolio.models import Participation, Project
from portfolio.shares import Financing, Line, financing

TEMPLATE = "portfolio/council_paper.docx"


def render(adoption: Adoption) -> bytes:
    """In bokmål whatever language the reader's pages are in: it is the municipality's paper."""
    from digivesteralen.documents import word  # noqa: PLC0415 -- slow import

    with override("nb"):
        return word.render(TEMPLATE, context(adoption))


def file_name(adoption: Adoption) -> str:
    return f"saksframlegg-{plain(adoption.organisation.name)}-{plain(adoption.matter, limit=60)}.docx"


def context(adoption: Adoption) -> dict[str, Any]:
    """The four parts of a case paper, filled with the case, the own share and the own hours."""
    part = Participation.objects.filter(adoption=adoption).select_related("project__focus_area").first()
    case = adoption.case or (_case_of(part.project) if part else None)
    found = {
        "title": adoption.matter,
        "municipality": adoption.organisation.official_name or adoption.organisation.name,
        "collaboration": adoption.collaboration.name,
        "date": wording.day(timezone.localdate()),
        "answer_by": wording.day(adoption.answer_by),
        "case": f"{case.number} {case.title}".strip() if case and not case.exempt else "",
        "information": _lines(case.information if case and not case.exempt else ""),
        "assessment": _lines(case.assessment if case and not case.exempt else ""),
        "economy": _lines(case.consequences if case and not case.exempt and part is None else ""),
        "shares": [],
        "share_total": "",
        "note": "",
        "proposal": _lines(adoption.proposal),
        "rule": _(
            "%(collaboration)s recommends. No decision is made on behalf of the municipality; "
            "it decides itself whether it takes part and what it pays."
        )
        % {"collaboration": adoption.collaboration.name},
        "example": adoption.example,
    }
    return found if part is None else {**found, **_of_project(part, found)}


def _of_project(part: Participation, found: dict[str, Any]) -> dict[str, Any]:
    project = part.project
    divided = financing(project, list(project.participations.whole()))
    own = divided.of(part.organisation)
    return {
        "information": [*_about(project), *(line for line in found["information"] if line not in project.goal)],
        "assessment": [*found["assessment"], *_gains(project, part)],
        "economy": _economy(project, divided, own),
        "shares": [
            {
                "name": line.participation.organisation.name,
                "status": str(line.participation.status.label),
                "if_all": wording.money(line.if_all) if line.if_all is not None else "–",
                "so_far": wording.money(line.so_far) if line.so_far is not None else "–",
            }
            for line in divided.lines
        ],
        "total_if_all": wording.money(divided.if_all.total) if divided.if_all.amounts else "–",
        "total_so_far": wording.money(divided.so_far.total) if divided.so_far.amounts else "–",
        "note": last_ore(divided),
    }


def _case_of(project: Project) -> Case | None:
    """The newest case about the project that has gone out: a municipality may decide before the steering group."""
    sent = project.project_cases.filter(case__sequence__isnull=False).exclude(case__stage=Case.Stage.WITHDRAWN)
    link = sent.select_related("case__body").order_by("-case__pk").first()
    return link.case if link else None


def _about(project: Project) -> list[str]:
    lines = [
        _("The matter concerns «%(project)s», a project in %(collaboration)s.")
        % {"project": project.title, "collaboration": project.collaboration}
    ]
    if project.focus_area:
        lines.append(_("The project belongs to the focus area «%(area)s».") % {"area": project.focus_area})
    if project.goal:
        lines.append(_("Goal: %(goal)s") % {"goal": project.goal})
    if project.starts or project.ends:
        lines.append(
            _("Period: %(period)s.") % {"period": " – ".join(t or "?" for t in (project.starts, project.ends))}
        )
    return lines


def _gains(project: Project, part: Participation) -> list[str]:
    """The benefits that all shall realise, and those that this municipality owns."""
    mine = [gain for gain in project.benefits.all() if gain.owner_id in {None, part.organisation_id}]
    return [
        _("Expected gain: %(gain)s") % {"gain": f"{gain.gain} ({gain.target})" if gain.target else gain.gain}
        for gain in mine
    ]


def _economy(project: Project, divided: Financing, own: Line | None) -> list[str]:
    if project.to_share is None:
        return [_("The cost of the project is not known yet."), *_hours(own)]
    lines = [
        _("Shared cost: %(cost)s. Grants: %(grant)s. To be shared: %(rest)s, %(key)s.")
        % {
            "cost": wording.money(project.shared_cost),
            "grant": wording.money(project.grant_share),
            "rest": wording.money(project.to_share),
            "key": project.get_key_display(),
        }
    ]
    if divided.problem:
        lines.append(divided.problem)
    elif own and own.if_all is not None:
        lines += _own(own)
    internal: Decimal | None = own.participation.internal_cost if own else None
    lines.append(
        _("The municipality's internal cost of receiving the project: %(amount)s.")
        % {"amount": wording.money(internal)}
    )
    return [*lines, *_hours(own)]


def _own(own: Line) -> list[str]:
    lines = [_("The municipality's share if all invited join: %(amount)s.") % {"amount": wording.money(own.if_all)}]
    if own.so_far is not None:
        lines.append(
            _("The municipality's share with those who have said yes: %(amount)s.")
            % {"amount": wording.money(own.so_far)}
        )
    if own.reopened and own.covered is not None:
        lines.append(
            _("The municipality's earlier decision covers %(amount)s; the rest must be settled anew.")
            % {"amount": wording.money(own.covered)}
        )
    return lines


def _hours(own: Line | None) -> list[str]:
    if own is None or own.hours_if_all is None:
        return []
    return [
        _("The municipality's own effort if all invited join: %(hours)s hours.")
        % {"hours": wording.number(own.hours_if_all)}
    ]


def last_ore(divided: Financing) -> str:
    """Who carries the last øre, so that nobody has to wonder why two equal shares differ."""
    if not divided.if_all.last_ore:
        return ""
    names = ", ".join(organisation.name for organisation in divided.if_all.last_ore)
    return _("The shares add up to the amount exactly. One øre more than rounded down: %(names)s.") % {"names": names}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
