from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs
from digivesteralen.audit.log import looked_at_exempt
from digivesteralen.documents import files
from portfolio.actions import project_documents as actions
from portfolio.forms.project_documents import DocumentForm, NextVersionForm
from portfolio.models import Project, ProjectDocument
from portfolio.project_readers import of_documents
from portfolio.views.finding import LEAD, SEE, find_project, posted
from portfolio.views.project_pages import DOCUMENTS
from portfolio.views.project_parts import form_of, led_project, shown


@needs(SEE)
def documents(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The plan and the other documents of the project, each with the versions it has had (D2)."""
    found = find_project(request, samarbeid, prosjekt)
    listed = list(_seen(request, found).select_related("file").order_by("kind", "title", "-number"))
    return shown(request, found, "portfolio/project_documents.html", chains=_chains(listed), seen=of_documents(found))


def _chains(listed: list[ProjectDocument]) -> list[tuple[ProjectDocument, list[ProjectDocument]]]:
    """Each newest version the reader sees, with those it replaced."""
    known = {one.pk: one for one in listed}
    replaced = {one.replaces_id for one in listed}
    chains = []
    for newest in (one for one in listed if one.pk not in replaced):
        before, at = [], newest.replaces_id
        while at in known:
            before.append(known[at])
            at = known[at].replaces_id
        chains.append((newest, before))
    return chains


@needs(SEE)
def document(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponseBase:
    """The file, for those who may read it."""
    found = find_project(request, samarbeid, prosjekt)
    asked: ProjectDocument = get_object_or_404(_seen(request, found).select_related("file"), pk=pk)
    if asked.access == ProjectDocument.Access.EXEMPT:
        looked_at_exempt(request.user, found)
    return files.response(asked.file, inline=True)


@needs(LEAD)
def add(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = led_project(request, samarbeid, prosjekt)
    form = DocumentForm(
        posted(request),
        _files(request),
        exempt=_reads_exempt(request, found),
        initial={"kind": request.GET.get("slag", "plan")},
    )
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_document(project=found, by=request.user, **form.values)
            messages.success(request, _("The document is put in."))
            return redirect("project_documents", samarbeid, prosjekt)
    return form_of(request, found, DOCUMENTS, form, _("New document"), _("Put in"))


@needs(LEAD)
def replace(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """A new version; the one before stays."""
    found = led_project(request, samarbeid, prosjekt)
    before = get_object_or_404(_seen(request, found), pk=pk)
    form = NextVersionForm(posted(request), _files(request), exempt=_reads_exempt(request, found), document=before)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.replace_document(document=before, by=request.user, **form.values)
            messages.success(request, _("The new version is put in. The one before stays as it was."))
            return redirect("project_documents", samarbeid, prosjekt)
    title = _("New version of «%(document)s»") % {"document": before}
    return form_of(request, found, DOCUMENTS, form, title, _("Put in the new version"), about=before)


def _seen(request: HttpRequest, project: Project) -> Any:
    return ProjectDocument.objects.visible_to(request.user).filter(project=project)


def _reads_exempt(request: HttpRequest, project: Project) -> bool:
    return holds(request.user, actions.READ_EXEMPT, project.collaboration)


def _files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None
