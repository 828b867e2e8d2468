"""Erasing an uploaded file before its time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import own
from surveys.actions import import_erasing as actions
from surveys.models import ImportJob
from surveys.views.finding import find_collaboration


@own
def erase(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Asked for once more: without the cells the import can't be undone. Who may not erase it finds nothing here."""
    found = find_collaboration(request, samarbeid)
    job = get_object_or_404(ImportJob.objects.select_related("collaboration"), collaboration=found, pk=pk)
    if not actions.may_erase(request.user, job):
        raise Http404
    mine = job.asked_by_id == request.user.pk
    back = job.get_absolute_url() if mine else reverse("imports", args=[found.slug])
    if request.method == "POST":
        actions.erase(job=job, by=request.user)
        messages.success(request, _("The file and its cells are erased. What was imported stands."))
        return redirect(back)
    context = {
        "collaboration": found,
        "title": _("Erase «%(file)s»") % {"file": job.file_name},
        "text": _(
            "The file and the cells that were read from it are erased for good. What was imported stands, with the "
            "counts and the history, but the import can no longer be undone."
        ),
        "submit": _("Erase the file now"),
        "cancel": back,
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
