"""What the import of a survey asks beside its columns: municipality and people, and which words are choices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, own
from surveys import import_kinds
from surveys.actions import imports as actions
from surveys.forms.surveys import ChoicesForm, PlacesForm, ProgramForm
from surveys.models import ImportJob, ImportRow
from surveys.raw_values import shown
from surveys.survey_check import fields_for, survey_of
from surveys.survey_plan import program_of
from surveys.views.finding import find_import

PER_PAGE = 50


def _find(request: HttpRequest, samarbeid: str, pk: Any) -> ImportJob:
    job = find_import(request, samarbeid, pk)
    import_kinds.kind_of(job).require(request.user, job)
    if job.kind != "survey" or job.state != ImportJob.State.PREVIEWED:
        raise NotAllowedNow(_("This can be filled in while the import is being looked over."))
    return job


@own
def places(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """A grid of the answers: municipality and number of people, asked for where the file lacks them."""
    job = _find(request, samarbeid, pk)
    every = request.GET.get("vis") == "alle"
    rows = [row for row in job.rows.in_order() if every or _asked(row)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    said = job.mapping.get("by_row", {})
    data = request.POST if request.method == "POST" else None
    form = PlacesForm(data, rows=list(page), collaboration=job.collaboration, version=job.version, said=said)
    if form.is_valid():
        extra = {"by_row": said | form.by_row()}
        actions.connect(
            job=job, version=form.cleaned_data["version"], columns=job.mapping["columns"], extra=extra, by=request.user
        )
        messages.success(request, _("Kept. The answers are being checked once more."))
        return redirect(job)
    context = {"collaboration": job.collaboration, "import": job, "form": form, "page": page, "every": every}
    lines = [(row, place, people, _known(job, row)) for row, place, people in form.lines()]
    context |= {"survey": survey_of(job), "lines": lines}
    return TemplateResponse(request, "surveys/surveys/places.html", context)


def _asked(row: ImportRow) -> bool:
    """Where the municipality is lacking or not known, or one person is assumed."""
    if row.verdict == ImportRow.Verdict.ERROR:
        return True
    return row.values.get("municipality") is None or bool(row.values.get("people_assumed"))


def _known(job: ImportJob, row: ImportRow) -> str:
    """What helps to know an answer again: its number, its time, and what it said to the fixed questions."""
    wanted = ("id", "completed", "municipality", "role", "people")
    letters = {name: letter for letter, name in job.mapping["columns"].items() if name in wanted}
    cells = [row.raw.get(f"{letters[name]}{row.number}") for name in wanted if name in letters]
    return " · ".join(shown(cell)[:60] for cell in cells if cell not in (None, ""))


@own
def program(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """What made the file, where it was recognised wrongly; the columns are then proposed anew."""
    job = _find(request, samarbeid, pk)
    data = request.POST if request.method == "POST" else None
    form = ProgramForm(data, initial={"program": program_of(job)}, version=job.version)
    if form.is_valid():
        said = form.cleaned_data
        fields = fields_for(job, said["program"])
        extra = {"program": said["program"]}
        actions.connect(job=job, version=said["version"], columns=fields, extra=extra, by=request.user)
        messages.success(request, _("The columns are proposed anew, and the answers are being checked once more."))
        return redirect(job)
    context = {"collaboration": job.collaboration, "import": job, "form": form, "survey": survey_of(job)}
    return TemplateResponse(request, "surveys/surveys/program.html", context)


@own
def choices(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Which words are choices of the form, where the file alone cannot tell."""
    job = _find(request, samarbeid, pk)
    data = request.POST if request.method == "POST" else None
    form = ChoicesForm(data, plan=job.basis.get("plan", []), version=job.version)
    if form.is_valid():
        extra = {"choices": job.mapping.get("choices", {}) | form.listed()}
        actions.connect(
            job=job, version=form.cleaned_data["version"], columns=job.mapping["columns"], extra=extra, by=request.user
        )
        messages.success(request, _("Kept. The answers are being checked once more."))
        return redirect(job)
    context = {"collaboration": job.collaboration, "import": job, "form": form, "survey": survey_of(job)}
    return TemplateResponse(request, "surveys/surveys/choices.html", context)
