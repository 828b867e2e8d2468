"""The status of one project: its reports, writing the next, and «uendret»."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in
from portfolio.actions import status as actions
from portfolio.forms.status import FullForm, ShortForm
from portfolio.models import Habits, Project, StatusReport
from portfolio.status import occasion_of
from portfolio.status_facts import differences, facts_of, report_before, said
from portfolio.status_tables import LIGHT_COLORS, ReportTable
from portfolio.views.finding import SEE, find_project, posted

RIGHT = actions.RIGHT


def find_report(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> StatusReport:
    reports = StatusReport.objects.visible_to(request.user).select_related(
        "project__collaboration", "project__leader", "meeting__body__collaboration", "written_by"
    )
    return get_object_or_404(reports, project__collaboration__slug=samarbeid, project__slug=prosjekt, pk=pk)


def may_write(request: HttpRequest, project: Project) -> bool:
    return Project.objects.reported_by(request.user).filter(pk=project.pk).exists()


def require_writer(request: HttpRequest, project: Project) -> None:
    """The secretariat, and the leader of this very project."""
    if not may_write(request, project):
        raise PermissionDenied(RIGHT)


@needs(SEE)
def reports(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    project = find_project(request, samarbeid, prosjekt)
    listed = StatusReport.objects.visible_to(request.user).published().filter(project=project)
    table = tables.page(request, ReportTable(listed.select_related("project__collaboration", "written_by")))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"status-{project.slug}.xlsx")
    writes = may_write(request, project)
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "table": table,
        "writes": writes and project.is_under_way,
        "draft": project.status_reports.drafts().first() if writes else None,
    }
    return TemplateResponse(request, "portfolio/status_reports.html", context)


@needs(SEE)
def report(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """One report as it was published, or a draft before it is: the lights, the figures, and what differs."""
    found = find_report(request, samarbeid, prosjekt, pk)
    before = report_before(found)
    facts = found.facts if found.is_published else facts_of(found.project, timezone.localdate())
    context = {
        "collaboration": found.project.collaboration,
        "project": found.project,
        "report": found,
        "color": LIGHT_COLORS.get(found.overall, "neutral"),
        "facts": said(facts),
        "before": before,
        "differences": differences(found, before, facts),
        "writes": may_write(request, found.project),
    }
    return TemplateResponse(request, "portfolio/status_report.html", context)


@needs(RIGHT)
def write(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The next report of a project, prefilled from the last."""
    project = find_project(request, samarbeid, prosjekt)
    require_writer(request, project)
    draft = project.status_reports.drafts().first()
    if draft and request.method != "POST":
        return redirect("change_status", samarbeid, prosjekt, draft.pk)
    return _form(request, project, draft or StatusReport(project=project, reported_for=timezone.localdate()))


@needs(RIGHT)
def change(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Go on with the draft; what is published is not changed."""
    found = find_report(request, samarbeid, prosjekt, pk)
    require_writer(request, found.project)
    if request.method != "POST":
        actions.must_be_draft(found)
    return _form(request, found.project, found)


def _form(request: HttpRequest, project: Project, report: StatusReport) -> HttpResponse:
    """«Publish» publishes at once; the other button keeps the draft and shows what differs from the last."""
    kind = FullForm if Habits.objects.of(project.collaboration).is_full else ShortForm
    finished = "look" not in request.POST
    last = actions.last_published(project)
    form = kind(posted(request), report=report, last=last, finished=finished)
    if form.is_valid():
        with form.refused_at_its_field():
            verb: Any = actions.publish if finished else actions.save_draft
            data = form.cleaned_data
            known = {"report": report if report.pk else None, "version": data["version"], "after": data["after"]}
            made = verb(project=project, by=request.user, **known, **form.told)
            return _done(request, made)
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "form": form,
        "last": last,
        "occasion": occasion_of(project.collaboration),
        "draft": f"status-{project.pk}-{last.pk if last else 0}",
        "facts": said(facts_of(project, timezone.localdate())),
    }
    return TemplateResponse(request, "portfolio/status_form.html", context)


def _done(request: HttpRequest, made: StatusReport) -> HttpResponse:
    if made.is_published:
        messages.success(request, _("The status is published, and can be read by all in the collaboration."))
    else:
        messages.success(request, _("The draft is saved. Look it over and publish it."))
    return redirect(made)


@needs(RIGHT)
@require_POST
def publish(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Publish the draft as it stands on its page."""
    found = find_report(request, samarbeid, prosjekt, pk)
    require_writer(request, found.project)
    version, after = version_in(request), version_in(request, "after")
    made = actions.publish(project=found.project, report=found, version=version, after=after, by=request.user)
    return _done(request, made)


@needs(RIGHT)
@require_POST
def unchanged(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Uendret», in one press from the list or from the project's page, and back to where one was."""
    project = find_project(request, samarbeid, prosjekt)
    require_writer(request, project)
    made = actions.repeat_unchanged(project=project, after=version_in(request, "after"), by=request.user)
    sentence = _("«%(project)s» is reported as unchanged: %(light)s.")
    messages.success(request, sentence % {"project": project, "light": made.get_overall_display()})
    if "query" not in request.POST:
        return redirect(project)
    query = QueryDict(request.POST["query"]).urlencode()
    return redirect(reverse("status", args=[samarbeid]) + (f"?{query}" if query else ""))


@needs(RIGHT)
def delete(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then throw the draft away."""
    found = find_report(request, samarbeid, prosjekt, pk)
    require_writer(request, found.project)
    actions.must_be_draft(found)
    if request.method == "POST":
        actions.delete_draft(report=found, version=version_in(request), by=request.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("project_status", samarbeid, prosjekt)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("Delete the draft"),
        "text": _("What is written in the draft is lost. The published reports stay."),
        "submit": _("Delete the draft"),
        "danger": True,
        "version": found.version,
        "cancel": found.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
