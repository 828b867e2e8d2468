"""The page of a programme: whom it is for, what it stands on, its gatherings, and who has taken part (J6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from portfolio import gatherings as reads
from portfolio.actions import programmes as actions
from portfolio.forms.programmes import TargetGroupsForm
from portfolio.models import Gathering, Project, ProjectDocument
from portfolio.programme_tables import AttendanceTable, GatheringTable
from portfolio.views.finding import MANAGE, SEE, find_project, posted

FORM = "portfolio/programme_form.html"


@needs(SEE)
def programme(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    rows = Gathering.objects.visible_to(request.user).filter(project=found)
    shown = rows.with_counts().select_related("project__collaboration").prefetch_related("regions")
    table = tables.page(request, GatheringTable(shown))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"samlinger-{found.slug}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "table": table,
        "any": rows.exists(),
        "target_groups": found.target_groups.all(),
        "documents": ProjectDocument.objects.visible_to(request.user).newest().filter(project=found),
        "manages": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "portfolio/programme.html", context)


@needs(SEE)
def attendance(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """Per municipality and region over all gatherings; those that sent nobody are named."""
    found = find_project(request, samarbeid, prosjekt)
    told = reads.attendance(found)
    if request.GET.get("format") == "xlsx":
        return writing.response(told.sheets(), file_name=f"deltakelse-{found.slug}.xlsx")
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "told": told,
        "table": tables.page(request, AttendanceTable(told.places), per_page=60),
        "chart": told.chart() if told.came else None,
    }
    return TemplateResponse(request, "portfolio/programme_attendance.html", context)


@needs(MANAGE)
def target_groups(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    there = "\n".join(group.name for group in found.target_groups.all())
    form = TargetGroupsForm(posted(request), initial={"names": there})
    if form.is_valid():
        with form.refused_at_its_field():
            names = form.cleaned_data["names"].splitlines()
            actions.name_target_groups(project=found, names=names, by=request.user)
            messages.success(request, _("The target groups are saved."))
            return redirect("programme", samarbeid, prosjekt)
    return _form(request, found, form, _("Target groups"))


def _form(request: HttpRequest, found: Project, form: Any, title: str) -> HttpResponse:
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "form": form,
        "title": title,
        "cancel": reverse("programme", args=[found.collaboration.slug, found.slug]),
        "draft": f"programme-{found.pk}-{title}",
    }
    return TemplateResponse(request, FORM, context)
