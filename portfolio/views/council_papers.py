from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.audit.log import record
from digivesteralen.documents import jobs
from governance.models import Adoption
from portfolio import council_paper
from portfolio.council_paper.files import READ
from portfolio.views.finding import DECIDE, SEE


@needs(SEE)
@require_GET
def word(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The saksframlegg as a Word file, for those who may see the municipality's matter."""
    adoption = _find(request, samarbeid, pk)
    made = council_paper.word_file(adoption)
    record("council_paper_made", by=request.user, on=adoption, detail={"file": made.file_name})
    response = HttpResponse(made.content, content_type=made.mime)
    response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    return response


@needs(SEE)
@require_POST
def pdf(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The same as a PDF; of an exempt matter it is kept for the municipality's own people alone (rule 8)."""
    adoption = _find(request, samarbeid, pk)
    kind = council_paper.kind_of(adoption)
    if kind == council_paper.EXEMPT:
        require(request.user, DECIDE, on=adoption.organisation)
    return redirect(jobs.ask(kind, adoption.pk, by=request.user, key=council_paper.key_of(adoption)))


def panel(request: Any, adoption: Adoption) -> str:
    """On the page of a municipality's matter: the paper to take home."""
    exempt = council_paper.kind_of(adoption) == council_paper.EXEMPT
    context = {
        "adoption": adoption,
        "as_pdf": not exempt or holds(request.user, DECIDE, adoption.organisation),
        "nynorsk": adoption.organisation.language_form == "nn",
    }
    return render_to_string("portfolio/_council_paper_panel.html", context, request)


def _find(request: HttpRequest, samarbeid: str, pk: int) -> Adoption:
    adoptions = Adoption.objects.visible_to(request.user).select_related(*READ)
    return get_object_or_404(adoptions, collaboration__slug=samarbeid, pk=pk)
