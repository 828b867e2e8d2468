"""Import in four steps: upload, connect the columns, look over, done. Nothing is written before the third is over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, own, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from surveys import import_kinds, raw_values
from surveys.actions import imports as actions
from surveys.actions.inventory import inventory_of
from surveys.error_file import error_sheet
from surveys.forms.imports import WIDE, ColumnsForm, OnBehalfUploadForm, OwnUploadForm
from surveys.inventory_tables import ImportTable, RowTable
from surveys.models import ImportJob, ImportRow
from surveys.views.finding import collaboration_of, find_collaboration, find_import, find_municipality, version_of

MANAGE, EDIT = "governance.manage_surveys", "governance.edit_inventory"
State = ImportJob.State


@needs("governance.view_collaboration")
def log(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    jobs = ImportJob.objects.visible_to(request.user).filter(collaboration=found).newest_first()
    table = tables.page(
        request, ImportTable(jobs.select_related("municipality", "asked_by", "collaboration"), user=request.user)
    )
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"importer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "may_import": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "surveys/imports/log.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """An administrator's upload on behalf of a municipality, or of all of them in one wide sheet."""
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    posted = request.method == "POST"
    form = OnBehalfUploadForm(request.POST if posted else None, request.FILES if posted else None, collaboration=found)
    if form.is_valid():
        job = actions.upload(
            kind="inventory",
            content=form.cleaned_data["file"],
            file_name=form.cleaned_data["file"].name,
            collaboration=found,
            municipality=form.place,
            on_behalf=True,
            wide=form.cleaned_data["municipality"] == WIDE,
            by=request.user,
        )
        return redirect(job)
    return TemplateResponse(
        request, "surveys/imports/upload.html", {"collaboration": found, "form": form, "on_behalf": True}
    )


@needs(EDIT, on="organisation")
def new_own(request: HttpRequest, nummer: str) -> HttpResponse:
    """An IT leader's upload for the own municipality."""
    place = find_municipality(request, nummer)
    require(request.user, EDIT, on=place)
    found = collaboration_of(request.user, place)
    if found is None or not inventory_of(place).is_draft:
        messages.warning(request, _("The inventory is submitted. Open it for changes before you upload a file."))
        return redirect("inventory", place.number)
    posted = request.method == "POST"
    form = OwnUploadForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        job = actions.upload(
            kind="inventory",
            content=file,
            file_name=file.name,
            collaboration=found,
            municipality=place,
            by=request.user,
        )
        return redirect(job)
    context = {"collaboration": found, "municipality": place, "form": form}
    return TemplateResponse(request, "surveys/imports/upload.html", context)


@own
def step(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """The page of the step that the import is in."""
    job = find_import(request, samarbeid, pk)
    kind = import_kinds.kind_of(job)
    kind.require(request.user, job)
    busy = job.work is not None and not job.work.is_finished and job.state in (State.UPLOADED, State.READ)
    context = {"collaboration": job.collaboration, "import": job, "kind": kind, "busy": busy, "steps": _steps(job)}
    context |= {
        "failed": job.work is not None
        and job.work.state in ("failed", "cancelled")
        and job.state in (State.UPLOADED, State.READ)
    }
    if job.state == State.REFUSED:
        context["again_url"] = kind.again(job)
    if job.state == State.READ and not busy:
        context["form"] = ColumnsForm(job=job, known=kind.columns(job))
        context["samples"] = _samples(job)
    if job.state in (State.PREVIEWED, State.APPLIED, State.UNDONE):
        context |= _rows(request, job) | {"done_url": kind.done(job), "twin": _twin(job)}
    return TemplateResponse(request, "surveys/imports/step.html", context)


@own
def columns(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Step two, also to come back to it from the preview."""
    job = find_import(request, samarbeid, pk)
    kind = import_kinds.kind_of(job)
    kind.require(request.user, job)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, job=job, known=kind.columns(job))
    if form.is_valid():
        actions.connect(job=job, version=form.cleaned_data["version"], columns=form.connected(), by=request.user)
        return redirect(job)
    context = {
        "collaboration": job.collaboration,
        "import": job,
        "kind": kind,
        "form": form,
        "steps": _steps(job, at=2),
    }
    return TemplateResponse(
        request, "surveys/imports/step.html", context | {"samples": _samples(job), "connecting": True}
    )


@require_POST
@own
def apply(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    job = find_import(request, samarbeid, pk)
    actions.apply(job=job, version=version_of(request), by=request.user)
    messages.success(request, _("The import is done."))
    return redirect(job)


@require_POST
@own
def check_again(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    return redirect(actions.check_again(job=find_import(request, samarbeid, pk), by=request.user))


@require_POST
@own
def cancel(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    job = actions.cancel(job=find_import(request, samarbeid, pk), by=request.user)
    messages.success(request, _("The import is cancelled. Nothing was written."))
    return redirect("imports", job.collaboration.slug)


@require_POST
@own
def undo(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    job = actions.undo(job=find_import(request, samarbeid, pk), by=request.user)
    messages.success(request, _("The import is undone. Everything is as it was."))
    return redirect(job)


@own
def errors(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """The rows that cannot be imported, as a sheet with what is wrong in each."""
    job = find_import(request, samarbeid, pk)
    import_kinds.kind_of(job).require(request.user, job)
    return writing.response([error_sheet(job)], file_name=f"feil-{job.file_name.rpartition('.')[0]}.xlsx")


def _steps(job: ImportJob, at: int = 0) -> list[tuple[str, str]]:
    """The four steps, and where this import stands."""
    now = at or {State.UPLOADED: 1, State.REFUSED: 1, State.READ: 2, State.PREVIEWED: 3}.get(State(job.state), 4)
    names = [_("Upload"), _("Connect columns"), _("Look over"), _("Done")]
    return [(name, "done" if number < now else "now" if number == now else "") for number, name in enumerate(names, 1)]


def _samples(job: ImportJob) -> list[list[str]]:
    """The first rows as they stand, to recognise the columns by."""
    letters = [column["letter"] for column in job.columns]
    rows = []
    for row in job.rows.in_order()[:3]:
        by_letter = {address.rstrip("0123456789"): value for address, value in row.raw.items()}
        rows.append([raw_values.shown(by_letter.get(letter) or "") for letter in letters])
    return rows


def _rows(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """The rows with one result, those with errors first of all."""
    verdicts = [name for name in ("error", "new", "changed", "unchanged") if job.counts.get(_count_of(name))]
    shown = request.GET.get("resultat") or next(iter(verdicts), "new")
    rows = job.rows.filter(verdict=shown).in_order()
    views = [
        (f"{ImportRow.Verdict(name).label} ({job.counts[_count_of(name)]})", f"?resultat={name}", name == shown)
        for name in verdicts
    ]
    return {"table": tables.page(request, RowTable(rows)), "views": views, "extra": _extra(job)}


def _count_of(verdict: str) -> str:
    return "errors" if verdict == "error" else verdict


def _extra(job: ImportJob) -> str:
    """The kind's own part of the preview, where it has one."""
    name = f"surveys/imports/_{job.kind}_preview.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


def _twin(job: ImportJob) -> ImportJob | None:
    """The same file, when it was imported before."""
    same = ImportJob.objects.filter(
        collaboration=job.collaboration, kind=job.kind, fingerprint=job.fingerprint, state=State.APPLIED
    )
    earlier = same.filter(municipality=job.municipality, subject=job.subject).exclude(pk=job.pk)
    found: ImportJob | None = earlier.order_by(F("applied_at").desc()).first()
    return found
