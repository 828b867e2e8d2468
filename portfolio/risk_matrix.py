"""Risks and opportunities as matrices and as a workbook: in words, numbers and places (K1, D16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts
from portfolio.models import Risk
from portfolio.models.risks import level_of

# More than so many marks can't be told from each other.
MOST_DRAWN = 200
RISK_COLORS = {"low": "success", "medium": "warning", "high": "danger"}
OPPORTUNITY_COLORS = {"low": "neutral", "medium": "info", "high": "success"}


def level_in_words(score: int | None) -> str:
    return {"": "", "low": _("low"), "medium": _("medium"), "high": _("high")}[level_of(score)]


def colors_of(kind: str) -> dict[str, str]:
    return OPPORTUNITY_COLORS if kind == Risk.Kind.OPPORTUNITY else RISK_COLORS


def drawn(risks: Iterable[Any], *, name: str = "") -> list[charts.Chart]:
    """One chart for the risks and one for the opportunities, each only where there are any."""
    found: dict[str, list[Any]] = {}
    for risk in risks:
        found.setdefault(risk.kind, []).append(risk)
    titles = {Risk.Kind.RISK: _("Risks before and after the measures"),
              Risk.Kind.OPPORTUNITY: _("Opportunities before and after the measures")}  # fmt: skip
    return [_matrix(titles[kind], found[kind], kind, name) for kind in Risk.Kind if kind in found]


def _matrix(title: str, risks: Sequence[Any], kind: str, name: str) -> charts.Chart:
    shown = risks[:MOST_DRAWN]
    colors = colors_of(kind)
    levels = [
        charts.Level(4, _("low (1–4)"), colors["low"]),
        charts.Level(9, _("medium (5–9)"), colors["medium"]),
        charts.Level(25, _("high (10–25)"), colors["high"]),
    ]
    return charts.matrix(
        f"{title}: {name}" if name else title,
        [charts.Placed(risk.label, risk.description, (_now(risk), _after(risk))) for risk in shown],
        names=(_("Now"), _("After the measure")),
        axes=(_("Likelihood"), _("Consequence")),
        levels=levels,
        label=_("What"),
        note=_note(risks, shown),
    )


def _now(risk: Any) -> tuple[int, int] | None:
    return (risk.likelihood, risk.consequence) if risk.likelihood else None


def _after(risk: Any) -> tuple[int, int] | None:
    return (risk.likelihood_after, risk.consequence_after) if risk.likelihood_after else None


def _note(risks: Sequence[Any], shown: Sequence[Any]) -> str:
    said = []
    if len(shown) < len(risks):
        said.append(_("The %(shown)s highest of %(all)s are drawn.") % {"shown": len(shown), "all": len(risks)})
    missing = [risk.label for risk in shown if risk.likelihood_after is None]
    if missing:
        said.append(_("Not assessed after the measure: %(labels)s.") % {"labels": ", ".join(missing)})
    return " ".join(said)


def sheet(risks: Iterable[Any]) -> SheetSpec:
    """Everything that is written of each; figures as figures."""
    header = [
        _("Number"), _("Project"), _("Kind"), _("Description"), _("Phase"), _("Proximity"), _("Likelihood"),
        _("Consequence"), _("Likelihood × consequence"), _("Level"), _("Measure"), _("Responsible"), _("Strategy"),
        _("Likelihood after the measure"), _("Consequence after the measure"), _("Product after the measure"),
        _("Product at the assessment before"), _("Assessed"), _("Status"), _("Shown in the portfolio"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Risks and opportunities"), header, [_row(risk) for risk in risks])


def _row(risk: Any) -> list[Any]:
    return [
        risk.label, risk.project.title if risk.project else "", risk.get_kind_display(), risk.description,
        risk.get_phase_display(), risk.get_proximity_display(), risk.likelihood, risk.consequence, risk.score,
        level_in_words(risk.score), risk.measure, risk.responsible, risk.get_strategy_display(),
        risk.likelihood_after, risk.consequence_after, risk.score_after, risk.score_before, risk.assessed_on,
        risk.get_status_display(), _("yes") if risk.in_portfolio else "", _("yes") if risk.example else "",
    ]  # fmt: skip
