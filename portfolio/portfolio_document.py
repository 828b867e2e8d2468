"""The portfolio PDF: what the steering group approved, or has before it, version by version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.ui import charts
from governance.models import Collaboration
from portfolio.models import PortfolioItem, PortfolioVersion, Project, Status
from portfolio.overview import STATE_COLORS
from portfolio.snapshots import differences


def collaboration_of(subject: str) -> Collaboration:
    return PortfolioVersion.objects.select_related("collaboration").get(pk=subject).collaboration


def make(job: Job, report: Report) -> Made:
    """The work of the job: one PDF per version, the same on a second run."""
    version = PortfolioVersion.objects.select_related("collaboration", "case__body__collaboration").get(pk=job.subject)
    report(20, _("Collecting the projects"))
    content = render(version)
    report(90, _("Storing the file"))
    return Made(
        content,
        f"portefolje-{version.collaboration.slug}-versjon-{version.number}.pdf",
        "application/pdf",
        title_of(version),
        made_from={"version": version.pk, "items": [item.facts for item in version.items.all()]},
    )


def render(version: PortfolioVersion) -> bytes:
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    with override("nb"):
        return pdf.render("pdf/portfolio.html", context(version), title=title_of(version))


def title_of(version: PortfolioVersion) -> str:
    with override("nb"):
        return f"{version.collaboration}: {version}"


def context(version: PortfolioVersion) -> dict[str, Any]:
    """All that the document tells, from the version's own rows alone."""
    items = list(version.items.all())
    shown = [_told(item) for item in items]
    return {
        "version": version,
        "collaboration": version.collaboration,
        "case": version.case,
        "approved_on": timezone.localdate(version.frozen_at)
        if version.state == "approved" and version.frozen_at
        else None,
        "items": shown,
        "groups": _by_area(shown),
        "known_cost": sum((item["cost"] for item in shown if item["cost"] is not None), Decimal(0)),
        "unknown": sum(item["cost"] is None for item in shown),
        "unfunded": sum((item["unfunded"] for item in shown if item["unfunded"] is not None), Decimal(0)),
        "chart": _chart(shown),
        "municipalities": _municipalities(shown),
        "example": version.example,
    }


def _told(item: PortfolioItem) -> dict[str, Any]:
    facts = item.facts
    shares = [
        {
            **line,
            "status": Status(line["status"]).label,
            "pays": line["pays"],
            **{name: _amount(line[name]) for name in ("if_all", "so_far", "covered")},
        }
        for line in facts["shares"]
    ]
    return {
        **facts,
        "position": item.position,
        "state": Project.State(facts["state"]).label,
        "state_code": facts["state"],
        "key": Project.Key(facts["key"]).label,
        "cost": _amount(facts["shared_cost"]),
        "grant": _amount(facts["grant_share"]),
        "to_share": _amount(facts["to_share"]),
        "unfunded": _amount(facts["unfunded"]),
        "shares": shares,
        "if_all_total": _sum(shares, "if_all"),
        "so_far_total": _sum(shares, "so_far"),
        "with_us": [line["name"] for line in shares if line["pays"]],
        "changes": _changes(item),
    }


def _changes(item: PortfolioItem) -> list[dict[str, Any]]:
    """What was otherwise when the agenda was sent: the steering group shall not find out by itself."""
    words = {
        "title": _("Title"),
        "shared_cost": _("Shared cost"),
        "grant_share": _("Grants"),
        "to_share": _("To share"),
    }
    return [
        {
            "what": words[name],
            "amount": name != "title",
            "before": item.laid[name],
            "after": item.frozen[name] if item.frozen else "",
        }
        for name in differences(item.laid, item.frozen)
    ]


def _by_area(shown: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for item in shown:
        grouped.setdefault(item["focus_area"] or _("Without focus area"), []).append(item)
    return list(grouped.items())


def _chart(shown: list[dict[str, Any]]) -> charts.Chart:
    states = list(Project.State)
    return charts.stacked_bars(
        _("Projects by focus area and state"),
        [
            (area, [sum(item["state_code"] == state for item in items) for state in states])
            for area, items in _by_area(shown)
        ],
        [(str(state.label), STATE_COLORS[state]) for state in states],
        label=_("Focus area"),
        id="tilstand",
    )


def _municipalities(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each municipality pays in all, with what it has said yes to and if all invited joined."""
    totals: dict[str, dict[str, Any]] = {}
    for item in shown:
        for line in item["shares"]:
            row = totals.setdefault(
                line["name"], {"name": line["name"], "projects": 0, "so_far": Decimal(0), "if_all": Decimal(0)}
            )
            row["projects"] += line["pays"]
            row["so_far"] += line["so_far"] or 0
            row["if_all"] += line["if_all"] or 0
    order = {name: place for place, name in enumerate(_in_norwegian_order(totals))}
    return sorted(totals.values(), key=lambda row: order[row["name"]])


def _in_norwegian_order(names: Any) -> list[str]:
    last = str.maketrans("æøå", "{|}")
    return sorted(names, key=lambda name: name.lower().translate(last))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _sum(shares: list[dict[str, Any]], name: str) -> Decimal | None:
    amounts = [line[name] for line in shares if line[name] is not None]
    return sum(amounts, Decimal(0)) if amounts else None
