"""The financing plan as a document, made from the plan's own frozen facts alone (D18, rule 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import charts, wording
from governance.models import Body
from portfolio.financing_plans import resolution_on
from portfolio.models import CostLine, FinancingPlan, Grant, Project, Status

PDF = "application/pdf"


def body_of(subject: str) -> Body:
    """The plan belongs to the papers of the body that treats it."""
    return FinancingPlan.objects.select_related("case__body").get(pk=subject).case.body


def make(job: Job, report: Report) -> Made:
    """The work of the job: one PDF for each plan, the same on a second run."""
    plan = FinancingPlan.objects.select_related("project__collaboration", "case__body").get(pk=job.subject)
    report(20, _("Setting the pages"))
    content = render(plan)
    report(90, _("Storing the file"))
    return Made(content, file_name(plan), PDF, title_of(plan), made_from={"plan": plan.pk, "facts": plan.facts})


def render(plan: FinancingPlan) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/financing_plan.html", context(plan), title=title_of(plan))


def file_name(plan: FinancingPlan) -> str:
    """Never the title of the project: the case may be exempt (rule 8)."""
    project = plan.project
    return f"finansieringsplan-{project.collaboration.slug}-{project.number}-{plan.number}.pdf"


def title_of(plan: FinancingPlan) -> str:
    with override("nb"):
        return f"{plan}: {plan.facts['title']}"


def context(plan: FinancingPlan) -> dict[str, Any]:
    """The frozen facts in words, for the document and for the page of the plan."""
    facts = plan.facts
    years = [_year(year) for year in facts["years"]]
    shares = [_share(share, facts) for share in facts["shares"]]
    return {
        "plan": plan,
        "collaboration": plan.project.collaboration,
        "facts": facts,
        "laid_on": timezone.localdate(plan.laid_at),
        **{name: amount(facts[name]) for name in ("shared_cost", "grant_share", "to_share", "hours", "missing",
            "secured", "covered")},
        "key": key_in_words(facts),
        "lines": [{**line, "kind": CostLine.Kind(line["kind"]).label, "amount": amount(line["amount"])}
            for line in facts["lines"]],
        "years": years,
        "chart": phase_in(years),
        "sources": [{**source, "state": Grant.State(source["state"]).label, "amount": amount(source["amount"])}
            for source in facts["sources"]],
        "shares": shares,
        "if_all": _total(shares, "if_all"),
        "so_far": _total(shares, "so_far"),
        "all_hours": _total(shares, "hours"),
        "year_sums": [_sum(parts) for parts in zip(*[share["year_parts"] for share in shares], strict=True)],
        "changes": [change_in_words(change) for change in facts["changes"]],
        "example": plan.example,
    }  # fmt: skip


def _share(share: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    return {
        **share,
        "status": Status(share["status"]).label,
        "people": facts["people"].get(share["municipality"]),
        **{name: amount(share[name]) for name in ("if_all", "so_far", "hours", "covered")},
        "year_parts": [amount(share["years"].get(str(year["year"]))) for year in facts["years"]],
    }


def _year(year: dict[str, Any]) -> dict[str, Any]:
    cost, grants = Decimal(year["cost"]), Decimal(year["grant_share"])
    return {"year": year["year"], "cost": cost, "grant_share": grants, "to_share": cost - grants}


def phase_in(years: list[dict[str, Any]]) -> charts.Chart | None:
    """The grants fall and what the municipalities pay rises, year by year (R24)."""
    if not any(year["cost"] for year in years):
        return None
    return charts.stacked_bars(
        _("Who pays, year by year"),
        [(str(year["year"]), [year["grant_share"], year["to_share"]]) for year in years],
        [(_("grants"), "accent"), (_("the municipalities"), "success")],
        unit="kr",
        label=pgettext("calendar", "Year"),
        id="innfasing",
    )


def key_in_words(facts: dict[str, Any]) -> str:
    """How the cost is shared, with the figures of the key."""
    key = Project.Key(facts["key"])
    day = wording.day(date.fromisoformat(facts["counted_on"])) if facts["counted_on"] else ""
    said = {
        "percent": facts["equal_percent"],
        "fixed": wording.money(amount(facts["fixed_amount"]) or Decimal(0)),
        "rate": wording.money(amount(facts["rate"]) or Decimal(0)),
        "unit": facts["use_unit"],
        "day": day,
    }
    sentences = {
        Project.Key.EQUAL: _("equally between those who take part"),
        Project.Key.POPULATION: _("by population on %(day)s"),
        Project.Key.MIXED: _("%(percent)s per cent equally, the rest by population on %(day)s"),
        Project.Key.FIXED: _("%(fixed)s from each, the rest by population on %(day)s"),
        Project.Key.RATE: _("%(rate)s for each inhabitant and year, population on %(day)s"),
        Project.Key.USE: _("by use, counted in %(unit)s"),
        Project.Key.MANUAL: _("by amounts that are written in"),
    }
    return sentences[key] % said


def change_in_words(change: dict[str, Any]) -> dict[str, str]:
    """What, from and to, of a newer plan."""
    words = {
        "shared_cost": _("Shared cost"),
        "grant_share": _("Of which grants"),
        "to_share": _("To be shared"),
        "hours": _("Own effort, hours"),
        "key": _("How the cost is shared"),
        "counted_on": _("Population counted on"),
        "rate": _("Amount per inhabitant and year"),
        "fixed_amount": _("Fixed amount for each"),
        "equal_percent": _("Per cent shared equally"),
    }
    what = change["what"]
    if what == "share":
        words[what] = _("The share of %(municipality)s if all invited join") % {"municipality": change["name"]}
    return {"what": words[what], "before": _said(what, change["before"]), "after": _said(what, change["after"])}


def _said(what: str, value: Any) -> str:
    if value is None:
        return "–"
    if what == "key":
        return str(Project.Key(value).label)
    if what == "counted_on":
        return wording.day(date.fromisoformat(value))
    if what == "hours":
        return wording.number(Decimal(value))
    return str(value) if what == "equal_percent" else wording.money(Decimal(value))


def amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _total(rows: list[dict[str, Any]], name: str) -> Decimal | None:
    return _sum(row[name] for row in rows)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if known else None


def decided_on(plan: FinancingPlan) -> date | None:
    """The day of the meeting in which the steering group decided it."""
    found = resolution_on(plan)
    return found.item.meeting.day if found else None
