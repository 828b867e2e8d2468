"""The pages that a project has beside its own, and when each is named: an empty one only to those who would fill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import holds
from portfolio.actions.rollout import plans_for_all
from portfolio.models import PhaseModel, Project
from portfolio.models.programmes import gathers
from portfolio.views.finding import MANAGE


def secretariat(user: Any, project: Project) -> bool:
    return holds(user, MANAGE, project.collaboration)


@dataclass(frozen=True)
class Page:
    """One page of a project: the name of its address, its label, and whether it holds anything yet."""

    name: str
    label: Any
    filled: Callable[[Project], bool]
    # Whether a project of this kind has such a page at all.
    fits: Callable[[Project], bool] = lambda project: True
    # Who would fill it: the secretariat, or the leader of the project too.
    writes: Callable[[Any, Project], bool] = secretariat


ROLES = Page("project_roles", _("Roles"), lambda project: project.roles.exists())
MANDATE = Page("mandate", _("Mandate"), lambda project: project.mandates.exists(), writes=plans_for_all)
DOCUMENTS = Page("project_documents", _("Documents"), lambda project: project.documents.exists(), writes=plans_for_all)
DELIVERABLES = Page(
    "deliverables", _("Deliverables"), lambda project: project.deliverables.exists(), writes=plans_for_all
)
# Only named from «who sees this», for those who may share.
GUESTS = Page("project_guests", _("Shared with people from outside"), lambda project: project.guests.exists())
PRECONDITIONS = Page(
    "preconditions",
    _("Preconditions"),
    lambda project: project.preconditions.exists() or project.dependencies.exists(),
)

PAGES: list[Page] = [
    ROLES,
    MANDATE,
    DOCUMENTS,
    DELIVERABLES,
    PRECONDITIONS,
    Page("milestones", _("Milestones"), lambda project: project.milestones.exists(), writes=plans_for_all),
    Page("project_risks", _("Risks and opportunities"), lambda project: project.risks.exists(), writes=plans_for_all),
    Page("programme", _("Gatherings and courses"), lambda project: project.gatherings.exists(), gathers),
    Page("benefits", _("Benefits"), lambda project: project.benefits.exists()),
    Page(
        "gates",
        _("Phases and gates"),
        lambda project: project.phase_model == PhaseModel.FULL,
        lambda project: not project.quick_measure,
    ),
    Page("log", _("Log"), lambda project: project.log.exists(), writes=plans_for_all),
]


def of(request: Any, project: Project) -> dict[str, list[tuple[str, Any]]]:
    """Those that hold something, and folded, those that are empty yet and this person would fill."""
    held = [page for page in PAGES if page.filled(project)]
    writers = {writes: writes(request.user, project) for writes in {page.writes for page in PAGES}}
    empty = [page for page in PAGES if page not in held and writers[page.writes] and page.fits(project)]
    return {"project_pages": _links(held, project), "empty_project_pages": _links(empty, project)}


def _links(pages: list[Page], project: Project) -> list[tuple[str, Any]]:
    return [(reverse(page.name, args=[project.collaboration.slug, project.slug]), page.label) for page in pages]
