"""Find what I may see (404), and which municipality I belong to; every view of this app begins here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from digivesteralen.ui.numbers import whole
from governance import on_behalf
from governance.models import Collaboration, Organisation
from portfolio.models import Participation, PortfolioVersion, Project

MANAGE = "governance.manage_portfolio"
SEE = "governance.view_collaboration"
LEAD = "governance.report_status"
DECIDE = "governance.decide_for_municipality"


def find_collaboration(request: HttpRequest, samarbeid: str) -> Collaboration:
    return get_object_or_404(Collaboration.objects.visible_to(request.user), slug=samarbeid)


def find_project(request: HttpRequest, samarbeid: str, prosjekt: str) -> Project:
    projects = Project.objects.visible_to(request.user).select_related(
        "collaboration",
        "focus_area",
        "lead_organisation",
        "leader",
        "host",
        "service_area",
        "basis",
        "follows__collaboration",
        "agreement__collaboration",
        "financing_resolution",
    )
    return get_object_or_404(projects, collaboration__slug=samarbeid, slug=prosjekt)


def find_participation(request: HttpRequest, samarbeid: str, prosjekt: str, number: str) -> Participation:
    parts = Participation.objects.visible_to(request.user).select_related(
        "organisation", "adoption__collaboration", "withdrawal", "project__collaboration"
    )
    return get_object_or_404(
        parts, project__collaboration__slug=samarbeid, project__slug=prosjekt, organisation__number=number
    )


def find_version(request: HttpRequest, samarbeid: str, number: int) -> PortfolioVersion:
    versions = PortfolioVersion.objects.visible_to(request.user).select_related(
        "collaboration", "case__body__collaboration"
    )
    return get_object_or_404(versions, collaboration__slug=samarbeid, number=number)


def own_municipality(user: Any, collaboration: Collaboration) -> Organisation | None:
    """The member municipality a person works for, and of several the one acted for now; the secretariat has none."""
    return on_behalf.own(collaboration.members(), user)


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number that a button sends along; nothing where it is none."""
    return whole(request.POST.get(name, ""))


def kept_as(request: HttpRequest) -> str:
    """What text that is kept in the browser belongs to: the very page it was written on."""
    match = request.resolver_match
    assert match is not None
    return "-".join([str(match.url_name), *map(str, match.kwargs.values())])


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
