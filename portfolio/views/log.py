from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance.models import Case
from portfolio.actions import log as actions
from portfolio.actions.rollout import plans_for_all
from portfolio.forms.log import LessonFilter, LogFilter, LogForm
from portfolio.log_tables import LessonTable, LogTable, sheet
from portfolio.models import LogEntry, Project
from portfolio.views.finding import LEAD, SEE, find_collaboration, find_project, posted
from portfolio.views.project_parts import led_project

WITH = ("project__collaboration", "case__body__collaboration", "written_by", "corrects", "corrected_by")


@needs(SEE)
def log(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Logg»: events, deviations, changes and decisions of a project, in the order they happened (D16, K2)."""
    found = find_project(request, samarbeid, prosjekt)
    form = LogFilter(request.GET)
    entries = found.log.select_related(*WITH)
    entries = form.narrow(entries) if form.is_valid() else entries
    seen = _seen(request, entries)
    if request.GET.get("format") == "xlsx":
        return writing.response([sheet(entries, seen)], file_name=f"logg-{found.slug}.xlsx")
    writes = plans_for_all(request.user, found)
    table = tables.page(request, LogTable(entries, seen=seen, exclude=() if writes else ("correct",)))
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "filter": form,
        "table": table,
        "any": found.log.exists(),
        "writes": writes,
    }
    return TemplateResponse(request, "portfolio/log.html", context)


@needs(SEE)
def lessons(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Lærdommer»: what the projects have learned, for those that come after."""
    collaboration = find_collaboration(request, samarbeid)
    form = LessonFilter(request.GET, collaboration=collaboration)
    told = LogEntry.objects.lessons().filter(project__collaboration=collaboration).select_related(*WITH)
    entries = form.narrow(told) if form.is_valid() else told
    if request.GET.get("format") == "xlsx":
        found = sheet(entries, _seen(request, entries))
        return writing.response([found], file_name=f"laerdommer-{collaboration.slug}.xlsx")
    context = {
        "collaboration": collaboration,
        "filter": form,
        "table": tables.page(request, LessonTable(entries)),
        "any": told.exists(),
    }
    return TemplateResponse(request, "portfolio/lessons.html", context)


@needs(LEAD)
def new_entry(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = led_project(request, samarbeid, prosjekt)
    form = LogForm(posted(request), project=found, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.write_entry(project=found, by=request.user, **form.values)
            messages.success(request, _("It is written in the log."))
            return redirect("log", samarbeid, prosjekt)
    return _form(request, found, form, _("New entry in the log"), "log-new")


@needs(LEAD)
def correct_entry(request: HttpRequest, samarbeid: str, prosjekt: str, innslag: int) -> HttpResponse:
    """What was written stays; the correction is a new entry that names it."""
    found = led_project(request, samarbeid, prosjekt)
    entry: LogEntry = get_object_or_404(found.log.select_related("project__collaboration"), number=innslag)
    form = LogForm(posted(request), project=found, user=request.user, corrects=entry)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.correct_entry(entry=entry, by=request.user, **form.values)
            messages.success(request, _("The correction is written. The first entry stays readable."))
            return redirect("log", samarbeid, prosjekt)
    title = _("Correct entry %(number)s") % {"number": entry.number}
    return _form(request, found, form, title, f"log-{entry.pk}")


def _seen(request: HttpRequest, entries: Any) -> set[int]:
    """The cases of the entries that the reader may read (rule 8)."""
    named = Case.objects.filter(project_log__in=entries.order_by())
    return set(Case.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True))


def _form(request: HttpRequest, project: Project, form: Any, title: str, draft: str) -> HttpResponse:
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "form": form,
        "title": title,
        "draft": f"{draft}-{project.pk}",
        "parent_url": reverse("log", args=[project.collaboration.slug, project.slug]),
        "parent_name": _("Log"),
        "submit": _("Write in the log"),
    }
    return TemplateResponse(request, "portfolio/part_form.html", context)
