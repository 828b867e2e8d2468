"""The gates of a project, and one gate with its front page, checkpoints and the municipalities' answers (D13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs
from digivesteralen.audit.log import looked_at_exempt
from digivesteralen.documents import files
from digivesteralen.documents.access import may_see
from governance.models import Case
from portfolio import gate_document
from portfolio.actions.gate_cases import what_is_missing
from portfolio.actions.gates import why_it_stands
from portfolio.actions.phase_models import why_not_full, why_not_simple
from portfolio.financing_plans import with_later
from portfolio.gate_facts import questions
from portfolio.gates import body_name, latest_case, next_gate, told_resolution, waits
from portfolio.models import Gate, GateDocument, PhaseModel, Project
from portfolio.views import gate_panels
from portfolio.views.finding import MANAGE, SEE, find_project, own_municipality


@needs(SEE)
def gates(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The phases of the project and each gate; in the simple model what the full one would mean."""
    found = find_project(request, samarbeid, prosjekt)
    full = found.phase_model == PhaseModel.FULL
    listed = list(found.gates.newest_editions().select_related("case__body__collaboration", "body")) if full else []
    for gate in listed:
        gate.project = found
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "full": full,
        "steps": gate_panels.steps(found) if full else [],
        "gates": [(gate, standing(gate)) for gate in sorted(listed, key=lambda one: (one.number, one.part))],
        "seen": _seen(request, listed),
        "stages": max((one.part for one in listed), default=0),
        "next": next_gate(found),
        "manages": holds(request.user, MANAGE, found.collaboration),
        "body": body_name(found),
        "refusal": why_not_full(found),
        "bound": why_not_simple(found),
    }
    return TemplateResponse(request, "portfolio/gates.html", context)


@needs(SEE)
def gate(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    """The newest edition of one gate, and those before it."""
    found = find_gate(request, samarbeid, prosjekt, port)
    manages = holds(request.user, MANAGE, found.project.collaboration)
    case = latest_case(found)
    asked = list(found.answers.select_related("adoption__collaboration", "participation__organisation"))
    own = own_municipality(request.user, found.project.collaboration)
    editions = found.project.gates.filter(number=found.number, part=found.part).exclude(pk=found.pk)
    words = questions(found)
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "gate": found,
        "standing": standing(found),
        "case": case if case and Case.objects.visible_to(request.user).filter(pk=case.pk).exists() else None,
        "told": told_resolution(found),
        "missing": what_is_missing(found),
        "stands": why_it_stands(found),
        "manages": manages,
        "body": body_name(found.project),
        "checks": [(check, words.get(check.key, check.key)) for check in found.checks.all()],
        "documents": found.documents.select_related("document"),
        "readable": set(_readable(request, found).values_list("pk", flat=True)),
        "withheld": _is_withheld(request, found),
        "asked": asked,
        "own": next((one for one in asked if one.participation.organisation == own), None),
        "editions": [(one, _paper(request, one)) for one in editions.order_by("-edition")],
        "paper": _paper(request, found),
    }
    return TemplateResponse(request, "portfolio/gate.html", context)


@needs(SEE)
def document_file(request: HttpRequest, samarbeid: str, prosjekt: str, port: str, dokument: str) -> HttpResponseBase:
    """A decision document, for those who may read it today (rule 8)."""
    found = find_gate(request, samarbeid, prosjekt, port)
    readable = _readable(request, found).exclude(document=None).select_related("document")
    asked: GateDocument = get_object_or_404(readable, key=dokument)
    if asked.is_exempt or _exempt_cases(found).exists():
        looked_at_exempt(request.user, found.project)
    assert asked.document is not None  # those without one are not asked for
    return files.response(asked.document, inline=True)


@needs(SEE)
def pdf(request: HttpRequest, samarbeid: str, prosjekt: str, port: str, utgave: int) -> FileResponse | HttpResponse:
    """The front page as it was decided, for those who read the papers of the body."""
    newest = find_gate(request, samarbeid, prosjekt, port)
    one = get_object_or_404(newest.project.gates, number=newest.number, part=newest.part, edition=utgave)
    made = gate_document.newest(one)
    if made is None and one.is_decided:
        messages.info(request, _("The file is being made. Try again in a moment."))
        return redirect(newest)
    if made is None or not may_see(request.user, made):
        raise Http404
    return files.response(made, inline=request.GET.get("vis") == "1")


def standing(gate: Gate) -> tuple[str, str]:
    """How far the gate has come, in words, and the color of its tag."""
    if gate.is_passed:
        return gate.answer_in_words, "success"
    if gate.is_decided:
        return gate.answer_in_words, "danger"
    if told_resolution(gate):
        return _("treated, the answer is not registered"), "warning"
    if waits(gate):
        return _("before the body"), "info"
    return _("being prepared"), "neutral"


def find_gate(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> Gate:
    """By its address: the newest edition of the gate."""
    project: Project = find_project(request, samarbeid, prosjekt)
    number, _dash, part = port.removeprefix("bp").partition("-")
    if not port.startswith("bp") or not number.isdecimal() or not (part or "0").isdecimal() or len(port) > 8:
        raise Http404
    gates = project.gates.filter(number=int(number), part=int(part or 0)).order_by("-edition")
    found: Gate = get_object_or_404(gates.select_related("case__body__collaboration", "body", "resolution")[:1])
    found.project = project
    if port != found.slug:
        raise Http404
    return found


def _seen(request: HttpRequest, listed: list[Gate]) -> set[int]:
    """The cases that the reader may open (rule 8)."""
    named = [gate.case_id for gate in listed if gate.case_id]
    return set(Case.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True))


def _exempt_cases(gate: Gate) -> Any:
    """The case of the gate and those that continue it, as far as they are exempt today."""
    chain = with_later(gate.case) if gate.case else []
    return Case.objects.exempt_today().filter(pk__in=[case.pk for case in chain])


def _is_withheld(request: HttpRequest, gate: Gate) -> bool:
    """The gate lies, or lay, in a case that is exempt, and not for this reader."""
    return bool(_exempt_cases(gate).exclude(pk__in=Case.objects.visible_to(request.user)).exists())


def _readable(request: HttpRequest, gate: Gate) -> Any:
    """The decision documents that the reader may open."""
    seen = GateDocument.objects.visible_to(request.user).filter(gate=gate)
    return seen.none() if _is_withheld(request, gate) else seen


def _paper(request: HttpRequest, gate: Gate) -> Any:
    made = gate_document.newest(gate) if gate.is_decided else None
    return made if made and may_see(request.user, made) else None
