"""Focus areas and their measures: registering, changing, ordering; and the project a measure becomes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui.numbers import version_in
from portfolio.actions import focus_areas as actions
from portfolio.forms.projects import ProjectForm
from portfolio.forms.strategy import FocusAreaForm, MeasureForm
from portfolio.models import FocusArea, Measure
from portfolio.views.finding import MANAGE, find_collaboration, kept_as, posted
from portfolio.views.strategy import FORM, confirm, refused_with_the_new_order, upwards


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = FocusAreaForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            area = actions.register_focus_area(collaboration=collaboration, by=request.user, **form.cleaned_data)
            return redirect(area)
    back = reverse("strategy", args=[samarbeid])
    context = {"collaboration": collaboration, "form": form, "title": _("New focus area"), "back": back}
    return TemplateResponse(request, FORM, {**context, "draft": kept_as(request)})


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    area = _managed(request, samarbeid, omrade)
    form = FocusAreaForm(posted(request), area=area)
    if form.is_valid():
        with form.refused_at_its_field():
            return redirect(actions.change_focus_area(area=area, by=request.user, **form.cleaned_data))
    name = "take_up_focus_area" if area.retired_on else "end_focus_area"
    more = {"area": area, "end_url": reverse(name, args=[samarbeid, omrade])}
    return _form(request, area, form, area.name, **more)


@needs(MANAGE)
@require_POST
def move(request: HttpRequest, samarbeid: str, omrade: str, vei: str) -> HttpResponse:
    area = _managed(request, samarbeid, omrade)
    with refused_with_the_new_order(request):
        actions.move_focus_area(area=area, up=upwards(vei), version=version_in(request), by=request.user)
    return redirect(area)


@needs(MANAGE)
def end(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    area = _managed(request, samarbeid, omrade)
    if request.method == "POST":
        actions.end_focus_area(area=area, by=request.user)
        messages.success(request, _("The focus area is ended. Its projects and measures go on naming it."))
        return redirect("strategy", samarbeid)
    title, cancel = _("End the focus area?"), area.get_absolute_url()
    context = {"collaboration": area.collaboration, "title": title, "text": area.name, "submit": _("End it")}
    return TemplateResponse(request, "ds/confirm_page.html", {**context, "cancel": cancel, "danger": True})


@needs(MANAGE)
@require_POST
def take_up(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    area = _managed(request, samarbeid, omrade)
    return redirect(actions.take_up_focus_area(area=area, by=request.user))


@needs(MANAGE)
def new_measure(request: HttpRequest, samarbeid: str, omrade: str) -> HttpResponse:
    area = _managed(request, samarbeid, omrade)
    form = MeasureForm(posted(request), collaboration=area.collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.register_measure(focus_area=area, by=request.user, **form.values)
            return redirect(area)
    return _form(request, area, form, _("New measure in %(area)s") % {"area": area.name})


@needs(MANAGE)
def change_measure(request: HttpRequest, samarbeid: str, omrade: str, pk: int) -> HttpResponse:
    measure = _measure(request, samarbeid, omrade, pk)
    area = measure.focus_area
    form = MeasureForm(posted(request), collaboration=area.collaboration, measure=measure)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_measure(measure=measure, version=version, by=request.user, **form.values)
            return redirect(area)
    remove = reverse("remove_measure", args=[samarbeid, omrade, pk])
    return _form(request, area, form, _("Change the measure"), remove=remove)


@needs(MANAGE)
@require_POST
def move_measure(request: HttpRequest, samarbeid: str, omrade: str, pk: int, vei: str) -> HttpResponse:
    measure = _measure(request, samarbeid, omrade, pk)
    with refused_with_the_new_order(request):
        actions.move_measure(measure=measure, up=upwards(vei), version=version_in(request), by=request.user)
    return redirect(measure.focus_area)


@needs(MANAGE)
def remove_measure(request: HttpRequest, samarbeid: str, omrade: str, pk: int) -> HttpResponse:
    measure = _measure(request, samarbeid, omrade, pk)
    area = measure.focus_area
    if request.method == "POST":
        actions.remove_measure(measure=measure, by=request.user)
        messages.success(request, _("The measure is taken out."))
        return redirect(area)
    return confirm(request, area.collaboration, _("Take the measure out?"), measure.text, area.get_absolute_url())


@needs(MANAGE)
def project_of_measure(request: HttpRequest, samarbeid: str, omrade: str, pk: int) -> HttpResponse:
    """«Lag prosjekt av tiltaket»: the form of a new project, with what the measure says filled in (L17)."""
    measure = _measure(request, samarbeid, omrade, pk)
    area = measure.focus_area
    if measure.project:
        raise NotAllowedNow(
            _("The measure has become «%(project)s» already. Go on with that project.") % {"project": measure.project}
        )
    first = {"title": measure.text[:200], "focus_area": area, "key": "equal", "findings": list(measure.findings.all())}
    form = ProjectForm(posted(request), collaboration=area.collaboration, user=request.user, initial=first)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.project_from_measure(measure=measure, by=request.user, **form.values)
            messages.success(request, _("The project is registered. Next: invite municipalities."))
            return redirect(made)
    title = _("New project of the measure")
    return _form(request, area, form, title, submit=_("Register the project"), draft=f"measure-project-{measure.pk}")


def _managed(request: HttpRequest, samarbeid: str, omrade: str) -> FocusArea:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    return get_object_or_404(collaboration.focus_areas.select_related("collaboration"), slug=omrade)


def _measure(request: HttpRequest, samarbeid: str, omrade: str, pk: int) -> Measure:
    area = _managed(request, samarbeid, omrade)
    return get_object_or_404(area.measures.select_related("focus_area__collaboration", "project"), pk=pk)


def _form(request: HttpRequest, area: FocusArea, form: Any, title: str, /, **more: Any) -> HttpResponse:
    context = {"collaboration": area.collaboration, "form": form, "title": title, "back": area.get_absolute_url()}
    return TemplateResponse(request, FORM, {**context, "draft": kept_as(request), **more})
