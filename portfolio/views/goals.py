"""One goal as it is followed: notes, indicators with their values, and the projects that serve it (G9–G13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.ui import tables
from portfolio import goal_progress
from portfolio.actions import goal_progress as actions
from portfolio.forms.goal_progress import IndicatorForm, NoteForm, ValueForm
from portfolio.models import Goal, GoalNote, Indicator, IndicatorValue, Strategy
from portfolio.strategy_tables import GoalProjectTable
from portfolio.views.finding import MANAGE, SEE, kept_as, posted
from portfolio.views.strategy import FORM, confirm


@needs(SEE)
def goal(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_goal(request, samarbeid, pk)
    collaboration = found.strategy.collaboration
    served = goal_progress.projects(found)
    context = {
        "collaboration": collaboration,
        "strategy": found.strategy,
        "goal": found,
        "notes": goal_progress.notes(found),
        "measured": goal_progress.measured(found),
        "table": tables.page(request, GoalProjectTable(served)),
        "any_project": served.exists(),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/goal.html", context)


def find_goal(request: HttpRequest, samarbeid: str, pk: int) -> Goal:
    seen = Goal.objects.filter(strategy__in=Strategy.objects.visible_to(request.user))
    return get_object_or_404(
        seen.select_related("strategy__collaboration", "pillar"), strategy__collaboration__slug=samarbeid, pk=pk
    )


@needs(MANAGE)
def new_note(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid, pk)
    form = NoteForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            actions.note_progress(goal=found, on=data["on"], text=data["text"], by=request.user)
            return redirect(found)
    return _form(request, found, form, _("Note progress"), draft=f"goal-note-{found.pk}")


@needs(MANAGE)
def change_note(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    note = _row(request, GoalNote, samarbeid, pk)
    form = NoteForm(posted(request), note=note)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_note(note=note, by=request.user, **form.cleaned_data)
            return redirect(note.goal)
    remove = reverse("remove_goal_note", args=[samarbeid, pk])
    return _form(request, note.goal, form, _("Change the note"), remove=remove)


@needs(MANAGE)
def remove_note(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    note = _row(request, GoalNote, samarbeid, pk)
    if request.method == "POST":
        actions.remove_note(note=note, by=request.user)
        messages.success(request, _("The note is taken out."))
        return redirect(note.goal)
    return _confirm(request, note.goal, _("Take the note out?"), note.text)


@needs(MANAGE)
def new_indicator(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _managed(request, samarbeid, pk)
    form = IndicatorForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_indicator(goal=found, by=request.user, **form.values)
            return redirect(found)
    return _form(request, found, form, _("New indicator"))


@needs(MANAGE)
def change_indicator(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    indicator = _row(request, Indicator, samarbeid, pk)
    form = IndicatorForm(posted(request), indicator=indicator)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_indicator(indicator=indicator, version=version, by=request.user, **form.values)
            return redirect(indicator.goal)
    remove = reverse("remove_indicator", args=[samarbeid, pk])
    return _form(request, indicator.goal, form, _("Change the indicator"), remove=remove)


@needs(MANAGE)
def remove_indicator(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    indicator = _row(request, Indicator, samarbeid, pk)
    if request.method == "POST":
        actions.remove_indicator(indicator=indicator, by=request.user)
        messages.success(request, _("The indicator is taken out."))
        return redirect(indicator.goal)
    return _confirm(request, indicator.goal, _("Take the indicator out?"), indicator.name)


@needs(MANAGE)
def new_value(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    indicator = _row(request, Indicator, samarbeid, pk)
    form = ValueForm(posted(request), indicator=indicator)
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            actions.write_value(
                indicator=indicator, on=data["on"], value=data["value"], note=data["note"], by=request.user
            )
            return redirect(indicator.goal)
    return _form(request, indicator.goal, form, _("New value of %(name)s") % {"name": indicator.name})


@needs(MANAGE)
def remove_value(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    rows = IndicatorValue.objects.filter(indicator__goal__strategy__in=Strategy.objects.visible_to(request.user))
    value = get_object_or_404(
        rows.select_related("indicator__goal__strategy__collaboration"),
        indicator__goal__strategy__collaboration__slug=samarbeid,
        pk=pk,
    )
    found = value.indicator.goal
    require(request.user, MANAGE, on=found.strategy.collaboration)
    if request.method == "POST":
        actions.remove_value(value=value, by=request.user)
        messages.success(request, _("The value is taken out."))
        return redirect(found)
    return _confirm(request, found, _("Take the value out?"), value.indicator.name)


def _managed(request: HttpRequest, samarbeid: str, pk: int) -> Goal:
    found = find_goal(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.strategy.collaboration)
    return found


def _row(request: HttpRequest, model: Any, samarbeid: str, pk: int) -> Any:
    """A note or an indicator, of a goal that is seen."""
    rows = model.objects.filter(goal__strategy__in=Strategy.objects.visible_to(request.user))
    rows = rows.select_related("goal__strategy__collaboration")
    found = get_object_or_404(rows, goal__strategy__collaboration__slug=samarbeid, pk=pk)
    require(request.user, MANAGE, on=found.goal.strategy.collaboration)
    return found


def _form(request: HttpRequest, found: Goal, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"collaboration": found.strategy.collaboration, "form": form, "title": title, "lead": found.title}
    return TemplateResponse(
        request, FORM, {**context, "back": found.get_absolute_url(), "draft": kept_as(request), **more}
    )


def _confirm(request: HttpRequest, found: Goal, title: str, text: str) -> HttpResponse:
    return confirm(request, found.strategy.collaboration, title, text, found.get_absolute_url())
