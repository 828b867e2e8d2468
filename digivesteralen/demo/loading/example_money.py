"""Money and hours of the present-day layer: sources in every state, a frame that is adjusted, hours and accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio import periods
from portfolio.actions import accounts, budgets, effort, grants
from portfolio.effort_rules import Told
from portfolio.models import Grant, Project
from portfolio.periods import MONTH, Period

LINES = {
    "Sekretariat": "secretariat",
    "Ekstern konsulentbistand": "consultants",
    "Samlinger og fellesarenaer": "gatherings",
    "Drift av sekretariatet": "operation",
}


def load(cast: Cast, collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    _base_budget(cast, collaboration, told["base_budget"], secretary)
    for fact in told["grants"]:
        _grant(cast, collaboration, fact, facts.vesteralen()["organisations"], secretary)
    _hours(cast, collaboration, told["hours"], secretary)
    for fact in told["accounts"]:
        project = collaboration.projects.get(slug=fact["project"])
        for month in fact["months"]:
            _account(project, month, secretary)


def load_trondelag(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    told = facts.example()["trondelag"]["money"]
    budget = told["base_budget"]
    budgets.register_base_budget(
        collaboration=collaboration,
        year=cast.today.year + budget["year"],
        minimum=Decimal(budget["minimum"]),
        maximum=Decimal(budget["maximum"]),
        example=True,
        by=secretary,
    )
    for fact in told["grants"]:
        _grant(cast, collaboration, fact, facts.trondelag()["organisations"], secretary)
    _hours(cast, collaboration, told, secretary)


def _base_budget(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], by: Any) -> None:
    """As it was first decided, and as it was adjusted since (R18)."""
    lines = {LINES[line["name"]]: Decimal(line["amount"]) for line in fact["lines"]}
    budget = budgets.register_base_budget(
        collaboration=collaboration, year=cast.today.year + fact["year"], example=True, by=by, **_figures(lines)
    )
    change = fact["adjusted"]
    lines[LINES[change["line"]]] = Decimal(change["amount"])
    budgets.adjust_base_budget(
        budget=budget,
        version=None,
        reason=change["reason"],
        applies_from=min(cast.day(change["days"], same_year=True), cast.today),
        by=by,
        **_figures(lines),
    )


def _figures(lines: dict[str, Decimal]) -> dict[str, Any]:
    whole = sum(lines.values(), Decimal(0))
    return {"minimum": whole, "maximum": whole, "figure": whole, **lines}


def _grant(
    cast: Cast, collaboration: Collaboration, fact: dict[str, Any], organisations: list[dict[str, Any]], by: Any
) -> None:
    """A source, moved step by step to where it stands."""
    known = {one["slug"]: one for one in organisations}
    applicants = cast.municipalities(fact["applicants"])
    grant = grants.register_grant(
        collaboration=collaboration,
        title=fact["name"],
        kind=fact["kind"],
        giver=cast.organisation(known[fact["giver"]]),
        project=collaboration.projects.get(slug=fact["project"]) if "project" in fact else None,
        applicants=applicants,
        sought=Decimal(fact["sought"]),
        apply_by=cast.day(fact["apply_by_days"]) if "apply_by_days" in fact else None,
        example=True,
        by=by,
    )
    applied = fact.get("applied_days", fact.get("answered_days", 0) - 60 if "answered_days" in fact else None)
    if applied is None:
        return
    grants.apply(
        grant=grant,
        version=None,
        applied_on=cast.past(applied),
        sought=Decimal(fact["sought"]),
        applicants=applicants,
        by=by,
    )
    if "refused_days" in fact:
        day = cast.past(fact["refused_days"])
        grants.refuse(grant=grant, version=None, answered_on=day, note=fact["note"], by=by)
    if "awarded" in fact:
        _awarded(cast, grant, fact, by)


def _awarded(cast: Cast, grant: Grant, fact: dict[str, Any], by: Any) -> None:
    grants.award(
        grant=grant,
        version=None,
        answered_on=cast.past(fact["answered_days"]),
        awarded=Decimal(fact["awarded"]),
        receiver=cast.municipality(fact["recipient"]),
        report_by=cast.day(fact["report_due_days"]),
        by=by,
    )
    grants.pay_out(grant=grant, version=None, paid_on=cast.past(fact["paid_days"]), by=by)
    projects = grant.collaboration.projects
    for row in fact["allocations"]:
        grants.allocate(
            grant=grant,
            project=projects.get(slug=row["project"]) if "project" in row else None,
            year=cast.today.year,
            amount=Decimal(row["amount"]),
            example=True,
            by=by,
        )
    for row in fact["spending"]:
        grants.spend(
            grant=grant,
            project=projects.get(slug=row["project"]) if "project" in row else None,
            spent_on=cast.past(row["days"]),
            text=row["text"],
            amount=Decimal(row["amount"]),
            example=True,
            by=by,
        )


def _hours(cast: Cast, collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    """Told by the municipalities' own directors, but where the secretariat did it for them."""
    effort.agree_rate(
        collaboration=collaboration,
        since=date(cast.today.year - 3, 1, 1),
        amount=Decimal(told["rate"]),
        example=True,
        by=secretary,
    )
    for fact in [*told["half_years"], *told.get("months", [])]:
        project = collaboration.projects.get(slug=fact["project"]) if "project" in fact else None
        one = Told(
            organisation=cast.municipality(fact["number"]),
            project=project,
            period=_back(periods.this_month() if project else periods.this_month().half_year, fact["back"]),
            hours=Decimal(str(fact["hours"])),
            estimated=fact.get("estimated", False),
            example=True,
        )
        by = secretary if fact.get("by_secretariat") else cast.director_of(fact["number"])
        effort.tell_hours(collaboration=collaboration, told=[one], by=by)


def _account(project: Project, fact: dict[str, Any], by: Any) -> None:
    month = _back(periods.this_month(), fact["back"])
    assert month.span == MONTH
    accounts.write_account(
        project=project,
        month=month,
        spent=Decimal(fact["spent"]),
        forecast=Decimal(fact["forecast"]) if "forecast" in fact else None,
        note=fact.get("note", ""),
        example=True,
        by=by,
    )


def _back(period: Period, number: int) -> Period:
    """So many periods before."""
    for _step in range(number):
        period = period.before
    return period
