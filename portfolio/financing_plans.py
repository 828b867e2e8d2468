"""Which financing plan a case is about, and which the steering group has decided (D18, R10)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from digivesteralen.documents.models import Document
from digivesteralen.ui import wording
from governance.case_panels import with_earlier
from governance.models import Body, Case, Resolution
from portfolio.models import FinancingPlan, Project

DOCUMENT = "portfolio.financing_plan"
GOOD_OUTCOMES = [Resolution.Outcome.AS_PROPOSED, Resolution.Outcome.CHANGED, Resolution.Outcome.RECOMMENDED]
ENDED = ["held", "remarks", "approved"]


class Decided(NamedTuple):
    plan: FinancingPlan
    resolution: Resolution


def with_later(case: Case) -> list[Case]:
    """The case and those it came back as, the newest last."""
    found = [case]
    while newer := found[-1].continued_by.select_related("body__collaboration").order_by("-pk").first():
        found.append(newer)
    return found


def plan_of(case: Case) -> FinancingPlan | None:
    """The plan that lies before the body in this case, also when the case was postponed and is back."""
    plans = FinancingPlan.objects.filter(case__in=with_earlier(case))
    return plans.select_related("project__collaboration", "case").order_by("-pk").first()


def newest_document(plan: FinancingPlan) -> Document | None:
    """The file, when it has been made."""
    document: Document | None = Document.objects.of(DOCUMENT, plan.pk).latest_version()
    return document


def waits(plan: FinancingPlan) -> bool:
    """The steering group has not treated it: neither the case nor what it came back as is closed."""
    return with_later(plan.case)[-1].stage not in {Case.Stage.TREATED, Case.Stage.WITHDRAWN}


def resolution_on(plan: FinancingPlan) -> Resolution | None:
    """What made it the decided plan."""
    return (
        Resolution.objects.filter(
            item__case__in=with_later(plan.case),
            item__case__body__kind=Body.Kind.STEERING,
            item__meeting__state__in=ENDED,
            outcome__in=GOOD_OUTCOMES,
        )
        .order_by("-pk")
        .first()
    )


def decided(project: Project) -> Decided | None:
    """The newest plan that the steering group has decided."""
    for plan in project.plans.select_related("case").order_by("-number"):
        if resolution := resolution_on(plan):
            return Decided(plan, resolution)
    return None


def beyond(plan: FinancingPlan, project: Project) -> str:
    """By what the project is larger than the plan: the cost, or what the participants share of it; else empty."""
    compared: list[tuple[str, Decimal, Decimal | None]] = [
        (_("a shared cost of %(plan)s, but it is now %(now)s"), plan.shared_cost, project.shared_cost),
        (_("%(plan)s to be shared, but it is now %(now)s"), plan.to_share, project.to_share),
    ]
    grown = [
        said % {"plan": wording.money(then), "now": wording.money(now)}
        for said, then, now in compared
        if now is None or now > then
    ]
    if not grown:
        return ""
    return _("The steering group has decided %(what)s. Lay a new plan.") % {"what": _(" and ").join(grown)}
