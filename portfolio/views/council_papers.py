from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from digivesteralen.accounts.access import holds, needs
from digivesteralen.audit.log import record
from governance.models import Adoption
from portfolio import council_paper
from portfolio.views.finding import DECIDE, MANAGE

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs(DECIDE, on="organisation")
def download(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """The saksframlegg as a Word file, for the municipality's own people and the secretariat that helps them."""
    adoptions = Adoption.objects.visible_to(request.user).select_related("collaboration", "organisation", "case__body")
    adoption = get_object_or_404(adoptions, collaboration__slug=samarbeid, pk=pk)
    if not (holds(request.user, DECIDE, adoption.organisation) or holds(request.user, MANAGE, adoption.collaboration)):
        raise PermissionDenied(DECIDE)
    content = council_paper.render(adoption)
    record("council_paper_made", by=request.user, on=adoption, detail={"matter": adoption.matter})
    response = HttpResponse(content, content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="{council_paper.file_name(adoption)}"'
    response["Cache-Control"] = "private, no-store"
    return response
