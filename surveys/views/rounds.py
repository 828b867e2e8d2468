"""The yearly round: the IT leader confirms or corrects line by line, the secretariat sees how far each has come."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from governance.models import Collaboration
from surveys import neighbours
from surveys import rounds as reading
from surveys.actions import looking_over
from surveys.actions import rounds as actions
from surveys.forms.rounds import RoundForm
from surveys.models import ConfirmationRound, Inventory, ServiceArea
from surveys.views.finding import find_collaboration, find_use
from surveys.views.own import EDIT, SEE, frame, owned

SEE_ALL, MANAGE = "governance.view_collaboration", "governance.manage_collaboration"


@needs(SEE, on="organisation")
def own(request: HttpRequest, nummer: str, runde: int) -> HttpResponse:
    """The own lines, one service area at a time; what is looked over is behind one."""
    place, inventory = owned(request, SEE, nummer=nummer)
    found = _of(request, place, runde)
    groups = reading.groups(found, inventory)
    shown = _chosen(request, groups)
    lines = reading.lines(found, inventory, shown.group) if shown else []
    _suggest(request, inventory, lines)
    context = frame(request, place, inventory) | {
        "round": found,
        "groups": groups,
        "shown": shown,
        "lines": lines,
        "next": _next(lines),
        "done": sum(group.done for group in groups),
        "total": sum(group.total for group in groups),
        "delivered": reading.is_delivered(found, inventory),
        "is_open": looking_over.open_for(place).filter(pk=found.pk).exists(),
        "edits": inventory.is_draft and holds(request.user, EDIT, place),
        "here": f"{reverse('round_own', args=[place.number, found.pk])}?gruppe={shown.group.pk if shown else ''}",
    }
    return TemplateResponse(request, "surveys/rounds/own.html", context)


@require_POST
@needs(EDIT, on="organisation")
def confirm(request: HttpRequest, nummer: str, runde: int, pk: Any) -> HttpResponse:
    place, _inventory = owned(request, EDIT, nummer=nummer)
    found, use = _of(request, place, runde), find_use(place, pk)
    looking_over.confirm(round=found, use=use, by=request.user)
    return _to_group(place.number, found, use.area.service_area_id)


@require_POST
@needs(EDIT, on="organisation")
def confirm_group(request: HttpRequest, nummer: str, runde: int, pk: int) -> HttpResponse:
    place, inventory = owned(request, EDIT, nummer=nummer)
    found, group = _of(request, place, runde), get_object_or_404(ServiceArea, pk=pk)
    number = looking_over.confirm_group(round=found, inventory=inventory, group=group, by=request.user)
    told = ngettext("%(count)s line is confirmed.", "%(count)s lines are confirmed.", number) % {"count": number}
    messages.success(request, f"{group}: {told}")
    return _to_group(place.number, found, group.pk)


@needs(SEE_ALL)
def rounds(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    context = _context(request, found) | {"rounds": ConfirmationRound.objects.filter(collaboration=found)}
    return TemplateResponse(request, "surveys/rounds/list.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = RoundForm(request.POST if request.method == "POST" else None, initial={"opens_on": timezone.localdate()})
    if form.is_valid():
        made = actions.open_round(collaboration=found, by=request.user, **form.said())
        messages.success(request, _("The round is open. The IT leaders find it among their tasks."))
        return redirect("round", found.slug, made.pk)
    return TemplateResponse(request, "surveys/rounds/form.html", _context(request, found) | {"form": form})


@needs(SEE_ALL)
def round(request: HttpRequest, samarbeid: str, runde: int) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    found = _find(collaboration, runde)
    progress = reading.progress(found)
    if request.GET.get("format") == "xlsx":
        return writing.response([_sheet(found, progress)], file_name=f"runde-{collaboration.slug}-{found.pk}.xlsx")
    page = Paginator(progress, tables.PER_PAGE).get_page(request.GET.get("page"))
    context = _context(request, collaboration) | {
        "round": found,
        "page": page,
        "members": len(progress),
        "told": actions.told_today(found),
        "delivered": sum(one.delivered for one in progress),
        "is_open": found.closed_on is None,
    }
    return TemplateResponse(request, "surveys/rounds/page.html", context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, runde: int) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found = _find(collaboration, runde)
    said = {"title": found.title, "opens_on": found.opens_on, "answer_by": found.answer_by}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=said, version=found.version)
    if form.is_valid():
        version = form.cleaned_data["version"]
        actions.change_round(round=found, version=version, by=request.user, **form.said())
        messages.success(request, _("The changes are saved."))
        return redirect("round", collaboration.slug, found.pk)
    context = _context(request, collaboration) | {"form": form, "round": found}
    return TemplateResponse(request, "surveys/rounds/form.html", context)


@require_POST
@needs(MANAGE)
def remind(request: HttpRequest, samarbeid: str, runde: int) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    sent = actions.remind(round=_find(collaboration, runde), by=request.user)
    text = ngettext("%(count)s municipality is reminded.", "%(count)s municipalities are reminded.", len(sent))
    messages.success(request, text % {"count": len(sent)})
    return redirect("round", collaboration.slug, runde)


@needs(MANAGE)
def close(request: HttpRequest, samarbeid: str, runde: int) -> HttpResponse:
    """Asked for once more: a closed round is not opened again."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found = _find(collaboration, runde)
    if request.method == "POST":
        actions.close_round(round=found, version=version_in(request), by=request.user)
        messages.success(request, _("The round is closed. What was not looked over stands as it did."))
        return redirect("round", collaboration.slug, runde)
    context = {
        "collaboration": collaboration,
        "title": _("Close the round?"),
        "text": _("Nobody can look over lines in «%(round)s» any more. It cannot be opened again.") % {"round": found},
        "submit": _("Close the round"),
        "cancel": reverse("round", args=[collaboration.slug, runde]),
        "version": found.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _sheet(found: ConfirmationRound, progress: list[reading.Progress]) -> writing.SheetSpec:
    """How far each municipality has come, with figures that can be counted with."""
    header = [_("Municipality"), _("Delivered"), _("Looked over"), _("Lines"), _("Answer by")]
    rows = [
        [one.municipality.name, _("yes") if one.delivered else _("no"), one.done, one.total, found.answer_by]
        for one in progress
    ]
    return writing.SheetSpec(found.title, header, rows)


def _context(request: HttpRequest, found: Collaboration) -> dict[str, Any]:
    return {"collaboration": found, "manages": holds(request.user, MANAGE, found)}


def _find(collaboration: Collaboration, pk: int) -> ConfirmationRound:
    there = ConfirmationRound.objects.filter(collaboration=collaboration).select_related("collaboration", "opened_by")
    return get_object_or_404(there, pk=pk)


def _of(request: HttpRequest, place: Any, pk: int) -> ConfirmationRound:
    """A round of a collaboration that the municipality is, or was, a member of."""
    there = ConfirmationRound.objects.filter(collaboration__memberships__organisation=place).distinct()
    return get_object_or_404(there.select_related("collaboration"), pk=pk)


def _chosen(request: HttpRequest, groups: list[reading.Group]) -> reading.Group | None:
    """The group asked for, else the first that is not finished."""
    asked = [one for one in groups if str(one.group.pk) == request.GET.get("gruppe")]
    left = [one for one in groups if one.left]
    return next(iter([*asked, *left, *groups]), None)


def _suggest(request: HttpRequest, inventory: Inventory, lines: list[reading.Line]) -> None:
    """For the areas without an answer: what the neighbours have."""
    empty = [line for line in lines if not line.uses]
    found = neighbours.suggestions(inventory, [line.area for line in empty], request.user) if empty else {}
    for line in empty:
        line.near = found.get(line.area.pk, [])


def _next(lines: list[reading.Line]) -> Any:
    """The first line that waits: its button has the focus, so that Enter goes through them all."""
    waiting = (use.pk for line in lines for use, said in line.uses if said is None and not use.is_covered)
    return next(waiting, None)


def _to_group(number: str, found: ConfirmationRound, group: int) -> HttpResponse:
    return redirect(f"{reverse('round_own', args=[number, found.pk])}?gruppe={group}")
