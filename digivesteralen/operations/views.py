"""Whether the portal answers, for those who watch it; and how it runs, for those who run it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from prometheus_client import CONTENT_TYPE_LATEST

from digivesteralen import tracing
from digivesteralen.accounts.access import operators, public
from digivesteralen.documents.models import Job
from digivesteralen.operations import actions, figures, standing, words
from digivesteralen.operations.watching import operators_or_token, watches
from digivesteralen.ui import failing


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers and has the tables of this code.

    Queue and cache may be away: reading and saving go on without them. Which of all this it is, only those who run
    the installation are told.
    """
    if not standing.database_answers():
        return HttpResponse("no database", status=503, content_type="text/plain")
    missing = standing.migrations_missing_once()
    status = 503 if missing else 200
    if not watches(request):
        return HttpResponse("upgrade not finished" if missing else "ok", status=status, content_type="text/plain")
    return JsonResponse({"database": "ok", "migrations_missing": missing, **standing.details()}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page about a fault of our own, with the number it has in the log."""
    doing = tracing.now()
    return failing.failed(request, number=doing.short if doing else "")


@operators_or_token
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus."""
    return HttpResponse(figures.page(), content_type=CONTENT_TYPE_LATEST)


@operators
@require_GET
def drift(request: HttpRequest) -> HttpResponse:
    """«Drift»: servers, queues, failures, regular work, disk and versions on one page."""
    rhythms = [(words.REGULAR.get(one.name, one.name), one) for one in standing.rhythms()]
    shown = {
        "workers": standing.workers(),
        "cache_answers": standing.cache_answers(),
        "migrations_missing": standing.migrations_missing(),
        "queues": [(words.QUEUES.get(queue.name, queue.name), queue) for queue in standing.queues()],
        "rhythms": sorted(rhythms, key=lambda told: not _wants_a_look(told[1])),
        "failures": Paginator(standing.failures(), 25).get_page(request.GET.get("side")),
        "erasures_to_tell": standing.erasures_to_tell(),
        "mail": standing.mail(),
        "disk": standing.disk(),
        "versions": list(standing.versions()),
    }
    return TemplateResponse(request, "operations/drift.html", shown)


def _wants_a_look(one: standing.Rhythm) -> bool:
    return one.work is not None and (bool(one.work.fault) or one.is_late)


@operators
@require_POST
def try_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.try_again(job=get_object_or_404(Job, pk=pk), by=request.user)
    messages.success(request, _("The job is asked for once more, in the name of the one who asked."))
    return redirect("drift")


@operators
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.stop(job=get_object_or_404(Job, pk=pk), by=request.user)
    messages.success(request, _("The job is stopped."))
    return redirect("drift")
