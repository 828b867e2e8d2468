"""What the portfolio shows on the page of a case: a project's financing plan and the own share, the portfolio laid."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from governance.case_panels import with_earlier
from governance.models import Case
from portfolio import financing_plan_document
from portfolio.financing_plans import newest_document, plan_of
from portfolio.models import PortfolioVersion, ProjectCase
from portfolio.shares import financing
from portfolio.views.finding import own_municipality


def financing_plan(case: Case, user: Any) -> str:
    """The plan that lies before the body, frozen as it was laid; a postponed case takes it along (D18)."""
    plan = plan_of(case)
    if plan is None:
        return ""
    found = {**financing_plan_document.context(plan), "document": newest_document(plan)}
    return render_to_string("portfolio/_case_plan.html", found)


def own_share(case: Case, user: Any) -> str:
    """The project's cost, and what the reader's own municipality pays of it, twice (rule 2)."""
    links = list(ProjectCase.objects.filter(case__in=with_earlier(case)).select_related("project__collaboration"))
    if not links:
        return ""
    own = own_municipality(user, case.body.collaboration)
    shown = []
    for link in links:
        divided = financing(link.project, list(link.project.participations.whole()))
        shown.append({"project": link.project, "divided": divided, "own": divided.of(own)})
    return render_to_string("portfolio/_case_share.html", {"shown": shown, "municipality": own})


def portfolio_laid(case: Case, user: Any) -> str:
    """The way from the case to the version of the portfolio that it is about."""
    about = PortfolioVersion.objects.filter(case__in=with_earlier(case)).select_related("collaboration")
    version = about.first()
    return render_to_string("portfolio/_case_version.html", {"version": version}) if version else ""
