"""All that has happened to one thing: read, narrowed, and taken out by the secretariat and the auditor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, require
from digivesteralen.accounts.session_limits import prove_first
from digivesteralen.audit.history import WholeHistory
from digivesteralen.audit.log import record
from digivesteralen.operations.trail import roof
from digivesteralen.operations.trail.forms import HistoryFilter
from digivesteralen.spreadsheets import writing

PER_PAGE = 50
EXPORT = "governance.export_all"


def whole_history(request: HttpRequest, thing: models.Model, collaboration: models.Model | None) -> HttpResponse:
    """The caller has found the thing for the reader."""
    form = HistoryFilter(request.GET, people=WholeHistory(thing).people())
    found = WholeHistory(thing, form.wanted())
    if request.GET.get("format") == "xlsx" and collaboration is not None:
        require(request.user, EXPORT, on=collaboration)
        return prove_first(request) or _workbook(request, thing, found)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("side"))
    context = {
        "collaboration": collaboration,
        "name": str(thing),
        "back": request.path,
        "filter": form,
        "page": page,
        "excel": _excel(request, collaboration),
    }
    return render(request, "operations/whole_history.html", context)


def _excel(request: HttpRequest, collaboration: models.Model | None) -> str:
    if collaboration is None or not holds(request.user, EXPORT, collaboration):
        return ""
    query = request.GET.copy()
    query["format"] = "xlsx"
    return f"?{query.urlencode()}"


def _workbook(request: HttpRequest, thing: models.Model, found: WholeHistory) -> HttpResponse:
    roof.refuse_more(len(found))
    header = [_("When"), _("Who"), _("What"), _("Field"), _("Before"), _("After")]
    sheet = writing.SheetSpec(_("History"), header, _rows(found))
    answer = writing.response([sheet], file_name=f"historikk-{slugify(str(thing))[:60] or thing.pk}.xlsx")
    record("history_exported", by=request.user, on=thing)
    return answer


def _rows(found: WholeHistory) -> Iterator[list[Any]]:
    """One row for each field that was changed, and one for what changed no field."""
    for entry in found:
        told = [entry.at, entry.who, entry.verb]
        for change in entry.changes:
            yield [*told, change.label, change.before, change.after]
        if not entry.changes:
            yield [*told, "", "", ""]
