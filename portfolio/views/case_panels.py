"""What the portfolio shows on the page of a case: the own share of the project it concerns, and the portfolio laid."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from governance.models import Case
from portfolio.actions.cases import earlier_and
from portfolio.models import PortfolioVersion, ProjectCase
from portfolio.shares import financing
from portfolio.views.finding import own_municipality


def own_share(case: Case, user: Any) -> str:
    """The project's cost, and what the reader's own municipality pays of it, twice (rule 2)."""
    links = ProjectCase.objects.filter(case=case).select_related("project__collaboration")
    own = own_municipality(user, case.body.collaboration)
    shown = []
    for link in links:
        divided = financing(link.project, list(link.project.participations.whole()))
        shown.append({"project": link.project, "divided": divided, "own": divided.of(own)})
    return render_to_string("portfolio/_case_share.html", {"shown": shown, "municipality": own}) if shown else ""


def portfolio_laid(case: Case, user: Any) -> str:
    """The way from the case to the version of the portfolio that it is about."""
    about = PortfolioVersion.objects.filter(case__in=earlier_and(case)).select_related("collaboration")
    version = about.first()
    return render_to_string("portfolio/_case_version.html", {"version": version}) if version else ""
