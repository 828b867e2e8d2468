"""Find what I may see (404); every view of this app begins here."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from governance.models import Adoption, Agreement, Body, Collaboration


def find_collaboration(request: HttpRequest, samarbeid: str) -> Collaboration:
    return get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)


def find_body(request: HttpRequest, samarbeid: str, organ: str) -> Body:
    bodies = Body.objects.visible_to(request.user).select_related("collaboration", "reports_to")
    return get_object_or_404(bodies, collaboration__slug=samarbeid, slug=organ)


def find_agreement(request: HttpRequest, samarbeid: str, avtale: str) -> Agreement:
    agreements = Agreement.objects.visible_to(request.user).select_related("collaboration")
    agreements = agreements.prefetch_related("sections", "adoptions__organisation", "adoptions__collaboration")
    return get_object_or_404(agreements, collaboration__slug=samarbeid, slug=avtale)


def find_adoption(request: HttpRequest, samarbeid: str, pk: int) -> Adoption:
    adoptions = Adoption.objects.visible_to(request.user).select_related(
        "collaboration", "organisation", "agreement__collaboration", "case__body__collaboration", "extract", "registered_by"
    )
    return get_object_or_404(adoptions, collaboration__slug=samarbeid, pk=pk)
