"""Those from outside who read one project: the secretariat's list, and the page they see themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from digivesteralen.accounts.access import needs, own
from digivesteralen.accounts.session_limits import fresh
from digivesteralen.audit.log import record
from digivesteralen.documents import files
from digivesteralen.ui.numbers import version_in
from governance.models import Collaboration
from portfolio import overview
from portfolio.actions import project_guests as actions
from portfolio.forms.project_guests import GuestForm
from portfolio.models import Project, ProjectDocument
from portfolio.views.finding import MANAGE, posted
from portfolio.views.project_pages import GUESTS
from portfolio.views.project_parts import form_of, managed_project, shown


@needs(MANAGE)
@require_GET
def guests(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """Who from outside reads the project, and who did."""
    found = managed_project(request, samarbeid, prosjekt)
    held = found.guests.select_related("person", "given_by", "ended_by")
    return shown(request, found, "portfolio/project_guests.html", standing=held.standing(), earlier=held.over())


@needs(MANAGE)
@fresh
def share(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    form = GuestForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            written = {key: form.cleaned_data[key] for key in ("name", "email", "purpose", "since", "until")}
            guest = actions.share_project(project=found, by=request.user, **written)
            messages.success(request, _("The project is shared with %(name)s.") % {"name": guest.person})
            return redirect("project_guests", samarbeid, prosjekt)
    return form_of(
        request, found, GUESTS, form, _("Share the project with somebody from outside"), _("Share the project")
    )


@needs(MANAGE)
def stop(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found = managed_project(request, samarbeid, prosjekt)
    guest = get_object_or_404(found.guests.select_related("person"), pk=pk)
    if request.method == "POST":
        actions.stop_sharing(guest=guest, version=version_in(request), by=request.user)
        messages.success(request, _("The project is not shared with %(name)s any more.") % {"name": guest.person})
        return redirect("project_guests", samarbeid, prosjekt)
    context = {
        "collaboration": found.collaboration,
        "title": _("Stop sharing the project with %(name)s?") % {"name": guest.person},
        "text": _("The access ends at once. That the project was shared stays in the list."),
        "submit": _("Stop sharing"),
        "cancel": reverse("project_guests", args=[samarbeid, prosjekt]),
        "version": guest.version,
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@own
@require_GET
def shared_project(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """The project as a guest reads it: what it is, and its open documents. Members of the collaboration may look."""
    found = _read(request, samarbeid, prosjekt)
    inside = Collaboration.objects.visible_to(request.user).filter(pk=found.collaboration_id).exists()
    documents = found.documents.filter(access=ProjectDocument.Access.OPEN).newest().select_related("file")
    context: dict[str, Any] = {
        "project": found,
        # A guest has nothing behind the menu of the collaboration.
        "collaboration": found.collaboration if inside else None,
        "inside": inside,
        "documents": documents.order_by("kind", "title"),
        "state_color": overview.STATE_COLORS[Project.State(found.state)],
        "guest": found.guests.active().filter(person__user=request.user.pk).first(),
    }
    return TemplateResponse(request, "portfolio/shared_project.html", context)


@own
@require_GET
def shared_document(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponseBase:
    """The file, as everybody who sees the shared page may read it; it is written down that a guest took it out."""
    found = _read(request, samarbeid, prosjekt)
    asked = get_object_or_404(
        found.documents.filter(access=ProjectDocument.Access.OPEN).newest().select_related("file"), pk=pk
    )
    record("shared_document_read", by=request.user, on=found, detail={"document": asked.title})
    return files.response(asked.file, inline=True)


def _read(request: HttpRequest, samarbeid: str, prosjekt: str) -> Project:
    read = Q(pk__in=Project.objects.shared_with(request.user)) | Q(pk__in=Project.objects.visible_to(request.user))
    projects = Project.objects.select_related("collaboration", "focus_area", "lead_organisation", "leader")
    return get_object_or_404(projects.filter(read), collaboration__slug=samarbeid, slug=prosjekt)
