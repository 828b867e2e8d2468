"""Find what I may see (404); every view of this app begins here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from governance.models import Collaboration, Membership, Organisation
from surveys.actions.covering import up_to_date
from surveys.models import ImportJob, SystemUse


def find_collaboration(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)
    up_to_date(found)
    return found


def find_municipality(request: HttpRequest, nummer: str) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user).municipalities(), number=nummer)


def find_use(municipality: Organisation, pk: Any) -> SystemUse:
    uses = SystemUse.objects.counted().select_related("inventory__municipality", "area", "product", "supplier")
    return get_object_or_404(uses, inventory__municipality=municipality, pk=pk)


def find_import(request: HttpRequest, samarbeid: str, pk: Any) -> ImportJob:
    """Only the one who uploaded a file goes on with it; for everybody else it is not there."""
    jobs = ImportJob.objects.asked_by(request.user).select_related("collaboration", "municipality", "work", "file")
    found: ImportJob = get_object_or_404(jobs, collaboration=find_collaboration(request, samarbeid), pk=pk)
    return found


def collaboration_of(user: Any, municipality: Organisation) -> Collaboration | None:
    """The collaboration whose frame the municipality's own pages stand in."""
    memberships = Membership.objects.active().filter(organisation=municipality)
    return Collaboration.objects.visible_to(user).filter(memberships__in=memberships).order_by("pk").first()
