"""Risks, the log and a milestone to be checked: what is made up in one project, and what is told of the pre-project."""

from __future__ import annotations

from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration
from portfolio.actions import log, risks
from portfolio.models import Risk

TOLD = ("kind", "description", "measure", "phase", "proximity", "strategy", "in_portfolio")
WRITTEN = ("kind", "text", "reason", "consequence", "recommendation", "lesson", "concerns", "before", "after")


def load(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    told = facts.follow_up()
    for fact in told["risks"]:
        _risk(cast, collaboration, fact, secretary)
    for fact in told["log"]:
        entry: Any = {name: fact[name] for name in WRITTEN if name in fact}
        project = collaboration.projects.get(slug=fact["project"])
        log.write_entry(project=project, happened_on=fact["on"], by=secretary, **entry)


def _risk(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> None:
    """Registered with its first assessment; the later ones are the movement."""
    fields: Any = {name: fact[name] for name in TOLD if name in fact}
    if "municipality" in fact:
        fields["organisation"] = cast.municipality(fact["municipality"])
    first, *later = fact["assessments"]
    risk = risks.register_risk(
        collaboration=collaboration,
        project=collaboration.projects.get(slug=fact["project"]) if "project" in fact else None,
        **_judged(cast, first),
        example=True,
        by=secretary,
        **fields,
    )
    for one in later:
        risks.change_risk(risk=Risk.objects.get(pk=risk.pk), version=None, **_judged(cast, one), by=secretary)


def _judged(cast: Cast, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "judged": risks.Judged(*told["judged"]),
        "on": cast.past(told["days"]),
        "comment": told.get("comment", ""),
    }
