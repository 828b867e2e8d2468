"""The figures beside a status report, kept as they stood, and what differs from one report to the next (D15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Q, Sum
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from portfolio.benefits import HOURS, MONEY, planned_and_realised
from portfolio.benefits import said as said_in
from portfolio.models import Effort, Participation, Project, Status, StatusReport
from portfolio.models.participation import UNSETTLED
from portfolio.models.status_reports import LIGHTS

# More names than this become a number.
NAMES_SHOWN = 8

Facts = dict[str, Any]


def facts_of(project: Project, on: date) -> Facts:
    """What the portal itself knows of the project on the day; nobody types it, and what is unknown stays so."""
    accounts = project.accounts.filter(month__lte=on)
    spent = accounts.aggregate(amount=Sum("spent"), last=Max("month"))
    forecast = accounts.exclude(forecast=None).order_by("-month").values_list("forecast", flat=True).first()
    worked = Effort.objects.filter(project=project, starts_on__lte=on)
    delivered = worked.aggregate(hours=Sum("hours"), estimated=BoolOr("estimated"))
    parts = list(Participation.objects.filter(project=project).whole())
    pledged = [part.adoption.hours for part in parts if part.pays and part.adoption.hours is not None]
    step = project.milestones.filter(reached_on=None).first()
    return {
        "state": project.state,
        "shared_cost": _text(project.shared_cost),
        "spent": _text(spent["amount"]),
        "spent_until": spent["last"].isoformat() if spent["last"] else "",
        "forecast": _text(forecast),
        "hours_pledged": _text(sum(pledged, Decimal(0))) if pledged else None,
        "hours_delivered": _text(delivered["hours"]),
        "hours_estimated": bool(delivered["estimated"]),
        "participants": [{"name": part.organisation.name, "status": part.status.value} for part in parts],
        # One that has said yes and joins later has decided.
        "open_decisions": [part.organisation.name for part in parts if part.status in UNSETTLED and not part.is_bound],
        "next_milestone": {"title": step.title, "planned": step.planned} if step else None,
        "benefits": _gained(project, on),
    }


def said(facts: Facts) -> list[tuple[str, str]]:
    """The figures in words, in the language of the page; nothing where none were kept."""
    if not facts:
        return []
    return [
        (_("Total budget"), wording.money(_number(facts["shared_cost"]))),
        (_("Spent"), _spent(facts)),
        (_("Forecast"), wording.money(_number(facts["forecast"]))),
        (_("Own hours pledged"), wording.number(_number(facts["hours_pledged"]))),
        (_("Own hours delivered"), _delivered(facts)),
        *_participants(facts),
        (_("Open decisions"), _names(facts["open_decisions"]) or _("none")),
        (_("Next milestone"), _milestone(facts["next_milestone"])),
        *_benefits(facts.get("benefits") or {}),
    ]


def _gained(project: Project, on: date) -> dict[str, Any]:
    """What the municipalities expected and had realised by the day, per year; nothing where nobody has planned any."""
    told = planned_and_realised(project, until=on)
    return {
        name: [_text(sums.planned), _text(sums.realised)]
        for name, sums in (("money", told.money), ("hours", told.hours))
        if sums.lines
    }


def _benefits(gained: dict[str, Any]) -> Iterator[tuple[str, str]]:
    told = []
    for name, unit in (("money", MONEY), ("hours", HOURS)):
        if name in gained:
            planned, realised = (said_in(_number(value), unit) for value in gained[name])
            told.append(_("%(realised)s of %(planned)s realised") % {"realised": realised, "planned": planned})
    if told:
        yield _("Benefits per year"), "; ".join(told)


def amount(facts: Facts, name: str) -> Decimal | None:
    """One of the amounts as a number, for sums."""
    return _number(facts.get(name)) if facts else None


def takes_part(facts: Facts) -> int:
    paying = {Status.TAKES_PART, Status.RESERVED, Status.NOTICE}
    return sum(row["status"] in paying for row in facts.get("participants", []))


def _spent(facts: Facts) -> str:
    if facts["spent"] is None:
        return wording.money(None)
    month = format_date(date.fromisoformat(facts["spent_until"]), "F Y")
    return _("%(amount)s to the end of %(month)s") % {"amount": wording.money(_number(facts["spent"])), "month": month}


def _delivered(facts: Facts) -> str:
    text = wording.number(_number(facts["hours_delivered"]))
    return _("%(hours)s (estimated)") % {"hours": text} if facts["hours_estimated"] else text


def _participants(facts: Facts) -> Iterator[tuple[str, str]]:
    """A line for each state that somebody is in, in the order of the vocabulary."""
    for status in Status:
        names = [row["name"] for row in facts["participants"] if row["status"] == status.value]
        if names and status != Status.UNDECIDED:
            yield wording_of(status), _names(names)
    if not facts["participants"]:
        yield wording_of(Status.TAKES_PART), _("nobody invited")


def wording_of(status: Status) -> str:
    return str(status.label).capitalize()


def _names(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= NAMES_SHOWN else _("%(number)s municipalities") % {"number": len(names)}


def _milestone(step: dict[str, str] | None) -> str:
    return f"{step['title']} {step['planned']}".strip() if step else _("none")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(value: Decimal | None) -> str | None:
    """The same text for the same amount, wherever it was read from."""
    return None if value is None else f"{value:.2f}"


@dataclass(frozen=True)
class Difference:
    """One thing that another report says otherwise: what, before and after."""

    label: str
    before: str
    after: str


def report_before(report: StatusReport) -> StatusReport | None:
    """The published report that this one follows."""
    published = StatusReport.objects.published().filter(project=report.project).newest_first()
    if not report.is_published:
        return published.first()
    older = Q(reported_for__lt=report.reported_for) | Q(reported_for=report.reported_for, pk__lt=report.pk)
    return published.filter(older).first()


def differences(report: StatusReport, before: StatusReport | None, facts: Facts | None = None) -> list[Difference]:
    """Field by field, then figure by figure; the first report of a project differs from nothing."""
    if before is None:
        return []
    return [*_in_words(report, before), *_in_figures(facts if facts is not None else report.facts, before.facts)]


def _in_words(report: StatusReport, before: StatusReport) -> Iterator[Difference]:
    short = {"progress_text": _("progress"), "economy_text": _("economy"), "risk_text": _("risk")}
    for light in LIGHTS:
        for name in (light, f"{light}_text"):
            old, new = _shown(before, name), _shown(report, name)
            if old != new:
                label = str(StatusReport._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                yield Difference(label if report.full else short.get(name, label), old, new)


def _in_figures(facts: Facts, before: Facts) -> Iterator[Difference]:
    old, new = dict(said(before)), dict(said(facts))
    for label in [*new, *(label for label in old if label not in new)]:
        if old and new and old.get(label, "") != new.get(label, ""):
            yield Difference(label, old.get(label, ""), new.get(label, ""))


def _shown(report: StatusReport, name: str) -> str:
    display = getattr(report, f"get_{name}_display", None)
    return str(display() if display else getattr(report, name))
