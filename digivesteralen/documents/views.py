"""What I have asked for, how far it has come, and the files themselves."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from digivesteralen.accounts.access import own
from digivesteralen.documents import files, jobs, registry
from digivesteralen.documents.access import document_of, may_see
from digivesteralen.documents.models import Document, Job


@own
@require_GET
def jobs_of_mine(request: HttpRequest) -> HttpResponse:
    mine = Job.objects.asked_by(request.user).select_related("document").newest_first()
    page = Paginator(mine, 25).get_page(request.GET.get("side"))
    return TemplateResponse(request, "documents/jobs.html", {"page": page})


@own
@require_GET
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _find(Job.objects.select_related("document", "asked_by"), pk, request.user)
    # htmx asks for the card alone, each two seconds, until it is finished.
    template = "documents/_job.html" if request.headers.get("HX-Request") else "documents/job.html"
    made = document_of(found, request.user)
    return TemplateResponse(
        request, template, {"job": found, "title": made.title if made else registry.title_of(found)}
    )


@own
@require_POST
def cancel_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _find(Job.objects.all(), pk, request.user)
    return redirect(jobs.cancel(job=found, by=request.user))


@own
@require_POST
def ask_job_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _find(Job.objects.all(), pk, request.user)
    return redirect(jobs.ask_again(job=found, by=request.user))


@own
@require_GET
def document(request: HttpRequest, pk: UUID) -> FileResponse:
    found = _find(Document.objects.filter(erased_at__isnull=True), pk, request.user)
    kind = registry.kind(found.kind)
    if kind.exempt:
        registry.exempt_looked_at(request.user, kind.container(found.subject))
    return files.response(found, inline=request.GET.get("vis") == "1")


def _find(queryset: models.QuerySet[Any], pk: UUID, user: Any) -> Any:
    """Out of sight is the same answer as not there."""
    found = queryset.filter(pk=pk).first()
    if found is None or not may_see(user, found):
        raise Http404
    return found
