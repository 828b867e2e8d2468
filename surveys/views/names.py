"""The step «Names» of an import: which system does each unknown name mean (surveys.md 8.3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import own
from digivesteralen.ui.numbers import whole
from surveys import import_kinds, naming
from surveys.actions import imports
from surveys.actions import names as actions
from surveys.catalogue_reading import suggestions, used_by
from surveys.forms.names import NamesForm, views
from surveys.import_steps import NAMES, import_steps
from surveys.models import ImportJob, ImportName
from surveys.views.finding import find_import

PER_PAGE = 15
UNDECIDED = "uavklart"
Decision = ImportName.Decision


@own
def names(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Name by name: the same as a known system, a new one, no system, or later."""
    job = find_import(request, samarbeid, pk)
    kind = import_kinds.kind_of(job)
    kind.require(request.user, job)
    if request.method == "GET" and not _can_be_changed(job):
        return redirect(job)
    shown = _shown(request)
    page = Paginator(_names(request, job, shown), PER_PAGE).get_page(request.GET.get("page"))
    form = _form(request, job, list(page))
    if form.is_valid():
        return _kept(request, job, form)
    counts = {
        one["decision"]: one["many"] for one in job.names.values("decision").annotate(many=Count("pk")).order_by()
    }
    context = {
        "collaboration": job.collaboration, "import": job, "form": form, "page": page, "shown": shown or UNDECIDED,
        "views": views(counts, shown), "undecided": counts.get("", 0), "steps": import_steps(job, at=NAMES),
        "known": suggestions(),
    }  # fmt: skip
    return TemplateResponse(request, "surveys/imports/names.html", context)


def _can_be_changed(job: ImportJob) -> bool:
    return bool(job.state == ImportJob.State.PREVIEWED and job.names.exists())


def _shown(request: HttpRequest) -> str:
    said = request.GET.get("vis", UNDECIDED)
    return said if said in Decision.values else Decision.UNDECIDED.value


def _names(request: HttpRequest, job: ImportJob, shown: str) -> Any:
    """Those of one decision; when answers come in, those that the page showed."""
    names = job.names.select_related("product")
    if request.method == "POST":
        asked = [pk for said in request.POST.getlist("navn") if (pk := whole(said))][:PER_PAGE]
        return names.filter(pk__in=asked)
    return names.filter(decision=shown)


def _form(request: HttpRequest, job: ImportJob, asked: list[ImportName]) -> NamesForm:
    keys = [name.key for name in asked]
    near = naming.candidates(keys, shown_again={name.key for name in asked if name.decision})
    users = used_by({one.product.pk for several in near.values() for one in several}, job.collaboration)
    data = request.POST if request.method == "POST" else None
    return NamesForm(data, names=asked, near=near, users=users, version=job.version)


def _kept(request: HttpRequest, job: ImportJob, form: NamesForm) -> HttpResponse:
    """Keep the answers; when nothing is left to ask, or the rest is settled at once, check the file once more."""
    actions.decide(job=job, said=form.said(), version=form.cleaned_data["version"], by=request.user)
    rest = request.POST.get("resten")
    if rest in (Decision.NEW, Decision.LATER):
        actions.decide_rest(job=job, decision=rest, by=request.user)
    left = job.names.undecided().count()
    if left:
        sentence = ngettext("Kept. %(count)s name is left.", "Kept. %(count)s names are left.", left)
        messages.success(request, sentence % {"count": left})
        return redirect("import_names", job.collaboration.slug, job.pk)
    checking = imports.check_again(job=job, by=request.user)
    messages.success(request, _("Kept. The rows are being checked once more."))
    return redirect(checking)
