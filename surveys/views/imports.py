"""Import in four steps: upload, connect the columns, look over, done. Nothing is written before the third is over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
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
from digivesteralen.ui.numbers import version_in
from surveys import import_kinds, mapping_profiles, raw_values
from surveys.actions import imports as actions
from surveys.actions.inventory import inventory_of
from surveys.error_file import error_sheet
from surveys.forms.imports import WIDE, ColumnsForm, OnBehalfUploadForm, OwnUploadForm, ProfileForm
from surveys.import_steps import import_steps
from surveys.inventory_tables import ImportTable, RowTable
from surveys.models import ImportJob, ImportRow
from surveys.views.finding import collaboration_of, find_collaboration, find_import, find_municipality

MANAGE, EDIT = "governance.manage_surveys", "governance.edit_inventory"
State = ImportJob.State


@needs("governance.view_collaboration")
def log(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    jobs = ImportJob.objects.visible_to(request.user).filter(collaboration=found).newest_first()
    manages = holds(request.user, MANAGE, found)
    jobs = jobs.select_related("municipality", "asked_by", "collaboration")
    table = tables.page(request, ImportTable(jobs, user=request.user, manages=manages))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"importer-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "may_import": manages}
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
    busy = _is_busy(job)
    if job.state == State.PREVIEWED and kind.names and job.names.undecided().exists():
        return redirect("import_names", job.collaboration.slug, job.pk)
    if job.state == State.READ and not busy:
        return _connecting(request, job, kind)
    context = _frame(job, kind) | {"busy": busy, "failed": _has_failed(job)}
    if job.state == State.REFUSED:
        context["again_url"] = kind.again(job)
    if job.state in (State.PREVIEWED, State.APPLIED, State.UNDONE):
        context |= _rows(request, job) | {"done_url": kind.done(job), "again_url": kind.again(job), "twin": _twin(job)}
    return TemplateResponse(request, "surveys/imports/step.html", context)


@own
def columns(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Step two, also to come back to it from the preview."""
    job = find_import(request, samarbeid, pk)
    kind = import_kinds.kind_of(job)
    kind.require(request.user, job)
    if request.method != "POST":
        return _connecting(request, job, kind)
    form = ColumnsForm(request.POST, job=job, known=kind.columns(job))
    if form.is_valid():
        actions.connect(
            job=job,
            version=form.cleaned_data["version"],
            columns=form.connected(),
            remember_as=form.name(),
            by=request.user,
        )
        return redirect(job)
    return _connecting(request, job, kind, form=form)


def _connecting(
    request: HttpRequest, job: ImportJob, kind: import_kinds.ImportKind, form: ColumnsForm | None = None
) -> HttpResponse:
    """The columns as they are connected now, or as they would be by what a person chose to have them proposed by."""
    choosing = ProfileForm(request.GET or None, profiles=mapping_profiles.profiles(job))
    profile, proposed = job.profile, None
    if "kolonner" in request.GET and choosing.is_valid():
        profile = choosing.profile
        proposed = mapping_profiles.connected(profile, job, job.columns)
    choosing.initial["kolonner"] = str(profile.pk) if profile else ProfileForm.HEADERS
    form = form or ColumnsForm(job=job, known=kind.columns(job), proposed=proposed, profile=profile)
    context = _frame(job, kind, at=2) | {
        "form": form,
        "choosing": choosing if choosing.profiles else None,
        "profile": profile,
        "samples": _samples(job),
        "twin": _twin(job),
    }
    return TemplateResponse(request, "surveys/imports/step.html", context)


@require_POST
@own
def apply(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Yes: a worker writes it, and the page tells how far it has come."""
    job = actions.ask_to_apply(job=find_import(request, samarbeid, pk), version=version_in(request), by=request.user)
    return redirect(job)


@require_POST
@own
def check_again(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    return redirect(actions.check_again(job=find_import(request, samarbeid, pk), by=request.user))


@require_POST
@own
def cancel(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """Go no further with the file; while it is being written only the writing is stopped."""
    job = actions.cancel(job=find_import(request, samarbeid, pk), by=request.user)
    if job.state == State.PREVIEWED:
        messages.success(request, _("The writing is stopped. Nothing was written."))
        return redirect(job)
    messages.success(request, _("The import is cancelled. Nothing was written."))
    return redirect("imports", job.collaboration.slug)


@require_POST
@own
def undo(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    job = actions.ask_to_undo(job=find_import(request, samarbeid, pk), by=request.user)
    if job.state == State.UNDONE:
        messages.success(request, _("The import is undone. Everything is as it was."))
    return redirect(job)


@own
def errors(request: HttpRequest, samarbeid: str, pk: Any) -> HttpResponse:
    """The rows that are left out, as a sheet with what is wrong in each."""
    job = find_import(request, samarbeid, pk)
    import_kinds.kind_of(job).require(request.user, job)
    return writing.response([error_sheet(job)], file_name=f"feil-{job.file_name.rpartition('.')[0]}.xlsx")


def _frame(job: ImportJob, kind: import_kinds.ImportKind, at: int = 0) -> dict[str, Any]:
    """What each step's page shows."""
    steps = import_steps(job, at=at)
    return {"collaboration": job.collaboration, "import": job, "kind": kind, "steps": steps}


def _is_busy(job: ImportJob) -> bool:
    """A worker is at it."""
    if job.work is None or job.work.is_finished:
        return False
    undoing = job.state == State.APPLIED and job.work.kind == "surveys.import_undo"
    return undoing or job.state in (State.UPLOADED, State.READ, State.APPLYING)


def _has_failed(job: ImportJob) -> bool:
    """The work that should have brought it on did not; writing that stopped is told by the import itself."""
    return (
        job.work is not None and job.work.state in ("failed", "cancelled") and job.state in (State.UPLOADED, State.READ)
    )


def _samples(job: ImportJob) -> list[list[str]]:
    """The first rows as they stand, to recognise the columns by."""
    letters = [column["letter"] for column in job.columns]
    rows = []
    for row in job.rows.in_order()[:3]:
        by_letter = {import_kinds.letter_of(address): value for address, value in row.raw.items()}
        rows.append([raw_values.shown(by_letter.get(letter) or "") for letter in letters])
    return rows


def _rows(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """The rows with one result, those with errors first of all."""
    verdicts = [name for name in ("error", "waiting", "new", "changed", "unchanged") if job.counts.get(_count_of(name))]
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
    found: ImportJob | None = ImportJob.objects.same_file(job).select_related("asked_by").first()
    return found
