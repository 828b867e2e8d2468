from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui import wording
from governance.models import Collaboration
from portfolio.actions import versions as actions
from portfolio.forms.versions import ProposeForm
from portfolio.models import Project
from portfolio.overview import ENDED
from portfolio.views.finding import MANAGE, find_collaboration, posted


@needs(MANAGE)
def propose(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Lay a version before the steering group: which projects, in which order, in a meeting or in writing."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    actions.require_none_waiting(collaboration)
    latest = _latest(collaboration)
    projects = _to_choose_from(collaboration, latest)
    form = ProposeForm(
        posted(request),
        projects=projects,
        body=collaboration.steering_group(),
        latest=_places(projects, latest),
    )
    if form.is_valid():
        made = actions.propose_portfolio_version(
            collaboration=collaboration, projects=form.chosen, by=request.user, **form.treatment
        )
        messages.success(request, _told(form.treatment))
        return redirect(made)
    context = {"collaboration": collaboration, "form": form, "most": actions.MOST_PROJECTS}
    return TemplateResponse(request, "portfolio/propose.html", context)


def _told(treatment: dict[str, object]) -> str:
    if not treatment:
        return _("The version is laid, and its case is ready for an agenda.")
    return _("The version is sent for written treatment. The deadline is %(moment)s.") % {
        "moment": wording.moment(treatment["answer_by"])  # type: ignore[arg-type]
    }


def _latest(collaboration: Collaboration) -> dict[int, int]:
    """The places of the version that was approved last."""
    version = collaboration.portfolio_versions.approved().first()
    return dict(version.items.values_list("project", "position")) if version else {}


def _to_choose_from(collaboration: Collaboration, latest: dict[int, int]) -> list[Project]:
    """What has not ended, and what stood in the last version."""
    wanted = collaboration.projects.filter(~Q(state__in=ENDED) | Q(pk__in=latest))
    projects = list(wanted.select_related("focus_area", "collaboration").in_order()[: actions.MOST_PROJECTS])
    return sorted(projects, key=lambda project: latest.get(project.pk, actions.MOST_PROJECTS))


def _places(projects: list[Project], latest: dict[int, int]) -> dict[int, int]:
    """The order of last time; what is new comes after it, and what has ended gets no place."""
    alive = [project.pk for project in projects if project.state not in ENDED]
    ordered = sorted(alive, key=lambda pk: latest.get(pk, actions.MOST_PROJECTS))
    return {pk: place for place, pk in enumerate(ordered, 1)}
