"""What the documents about the portfolio have in common: the projects as they are told, and the figures over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import XLSX, SheetSpec, workbook
from portfolio.models import Project, Status, StatusReport
from portfolio.overview import states_by_area

PDF = "application/pdf"
TEMPLATE = "pdf/portfolio.html"
# A table longer than this is no reading: its rows go along as a workbook inside the document.
MOST_ROWS = 1_000
Item = dict[str, Any]


def written(context: dict[str, Any], *, title: str) -> bytes:
    """The document; with data inside it where its tables are too long to be read."""
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    sheets = context["attachments"]
    if not sheets:
        return pdf.render(TEMPLATE, context, title=title)
    inside = pdf.Attachment("portefolje.xlsx", workbook(sheets), XLSX, _("The projects and the municipalities' shares"))
    return pdf.render(TEMPLATE, context, title=title, variant="pdf/a-3a", attachments=[inside])


def attached(sheets: Sequence[SheetSpec], *, rows: int) -> Sequence[SheetSpec]:
    return sheets if rows > MOST_ROWS else []


def parts(
    shown: Sequence[Item], states: Any, municipalities: Sequence[dict[str, Any]], *, example: bool
) -> dict[str, Any]:
    """What every document about the portfolio tells."""
    return {
        "items": shown,
        "groups": by_area(shown),
        "known_cost": _total(item["cost"] for item in shown),
        "unknown": sum(item["cost"] is None for item in shown),
        "unfunded": _total(item["unfunded"] for item in shown),
        "chart": states,
        "municipalities": municipalities,
        "lights": any(item["light"] for item in shown),
        "example": example,
    }


def told(facts: Mapping[str, Any], position: int | None) -> Item:
    """A project's facts, with amounts as amounts and codes as words."""
    shares = [
        {
            **line,
            "status": Status(line["status"]).label,
            **{name: _amount(line[name]) for name in ("if_all", "so_far", "covered")},
        }
        for line in facts["shares"]
    ]
    light = facts.get("light", "")
    return {
        **facts,
        "position": position,
        "state": Project.State(facts["state"]).label,
        "state_code": facts["state"],
        "light": StatusReport.Light(light).label if light else "",
        "key": Project.Key(facts["key"]).label,
        "cost": _amount(facts["shared_cost"]),
        "grant": _amount(facts["grant_share"]),
        "to_share": _amount(facts["to_share"]),
        "unfunded": _amount(facts["unfunded"]),
        "shares": shares,
        "if_all_total": _sum(shares, "if_all"),
        "so_far_total": _sum(shares, "so_far"),
        "with_us": [line["name"] for line in shares if line["pays"]],
    }


def by_area(shown: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    grouped: dict[str, list[Item]] = {}
    for item in shown:
        grouped.setdefault(item["focus_area"] or _("Without focus area"), []).append(item)
    return list(grouped.items())


def states_of(shown: Sequence[Item]) -> Any:
    return states_by_area(
        [
            (area, [sum(item["state_code"] == state for item in items) for state in Project.State])
            for area, items in by_area(shown)
        ]
    )


def municipalities_of(shown: Sequence[Item]) -> list[dict[str, Any]]:
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
    return sorted(totals.values(), key=lambda row: _norwegian(row["name"]))


def _norwegian(name: str) -> str:
    return name.lower().translate(str.maketrans("æøå", "{|}"))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _sum(shares: Sequence[dict[str, Any]], name: str) -> Decimal | None:
    amounts = [line[name] for line in shares if line[name] is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _total(amounts: Any) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
