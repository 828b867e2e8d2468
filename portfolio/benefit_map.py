"""The benefit map of a project: from what is delivered, by what changes, to the benefit and the goal (D14)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from digivesteralen.ui import charts
from portfolio.models import BenefitChain, Project


def chains(project: Project) -> Any:
    return project.benefit_chains.select_related("benefit", "goal")


def drawn(project: Project) -> charts.Chart | None:
    """The map as a chart, with the same lines as a table; nothing where nobody has drawn one."""
    found = list(chains(project))
    if not found:
        return None
    return charts.flow(
        _("Benefit map: %(project)s") % {"project": project},
        heads(),
        [steps(chain) for chain in found],
        id=f"gevinstkart-{project.pk}",
    )


def heads() -> list[str]:
    return [
        _("Enabler or deliverable"),
        _("What changes"),
        _("How the work is done then"),
        _("First gain"),
        _("Benefit in the end"),
        _("Goal of the strategy"),
    ]


def steps(chain: BenefitChain) -> list[str]:
    goal = chain.goal.title if chain.goal else ""
    return [chain.enabler, chain.change, chain.work, chain.early, chain.benefit.gain, goal]
