from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Collaboration
from portfolio.actions import activities as actions
from portfolio.forms.surroundings import ActivityForm
from portfolio.models import Activity
from portfolio.surrounding_tables import ActivityTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/surroundings_form.html"


@needs(SEE)
def activities(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The activity plan of the collaboration; that there is none is told, not hidden (D19)."""
    collaboration = find_collaboration(request, samarbeid)
    manages = holds(request.user, MANAGE, collaboration)
    planned = collaboration.activities.select_related("collaboration", "project__collaboration")
    table = tables.page(request, ActivityTable(planned, exclude=() if manages else ("change",)))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"aktivitetsplan-{collaboration.slug}.xlsx")
    context = {"collaboration": collaboration, "table": table, "manages": manages, "any": planned.exists()}
    return TemplateResponse(request, "portfolio/activities.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = ActivityForm(posted(request), collaboration=collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.plan_activity(collaboration=collaboration, by=request.user, **form.values)
            messages.success(request, _("The activity is in the plan."))
            return redirect("activities", samarbeid)
    return _form(request, collaboration, form, _("New activity"))


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    form = ActivityForm(posted(request), collaboration=found.collaboration, activity=found)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_activity(activity=found, version=version, by=request.user, **form.values)
            messages.success(request, _("The activity is saved."))
            return redirect("activities", samarbeid)
    return _form(request, found.collaboration, form, found.title, activity=found)


@require_POST
@needs(MANAGE)
def done(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    actions.mark_done(activity=found, on=None if found.done_on else timezone.localdate(), by=request.user)
    return redirect("activities", samarbeid)


@needs(MANAGE)
def remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _find(request, samarbeid, pk)
    if request.method == "POST":
        actions.remove_activity(activity=found, by=request.user)
        messages.success(request, _("The activity is taken out of the plan."))
        return redirect("activities", samarbeid)
    context = {
        "collaboration": found.collaboration,
        "title": _("Take «%(activity)s» out of the plan?") % {"activity": found},
        "text": _("The line is no longer shown. What it was stays in the history."),
        "submit": _("Take it out"),
        "cancel": reverse("activities", args=[samarbeid]),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, pk: int) -> Activity:
    collaboration = find_collaboration(request, samarbeid)
    found: Activity = get_object_or_404(collaboration.activities.select_related("collaboration"), pk=pk)
    require(request.user, MANAGE, on=collaboration)
    return found


def _form(
    request: HttpRequest, collaboration: Collaboration, form: Any, title: str, activity: Activity | None = None
) -> HttpResponse:
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": title,
        "parent": "activities",
        "parent_name": _("Activity plan"),
        "activity": activity,
    }
    return TemplateResponse(request, FORM, context)
