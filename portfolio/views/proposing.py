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
from portfolio.candidates import LAST, PROJECT, in_order, latest_places
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
    projects = _to_choose_from(collaboration)
    form = ProposeForm(
        posted(request),
        projects=projects,
        body=collaboration.steering_group(),
        places=_places(projects),
    )
    if form.is_valid():
        with form.refused_at_its_field():
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


def _to_choose_from(collaboration: Collaboration) -> list[Project]:
    """What has not ended, in the order of «Prioritering», and then what has ended and stood in the last version."""
    order = {entry.number: entry.place for entry in in_order(collaboration) if entry.kind == PROJECT}
    first = sorted(order, key=lambda number: order[number])[: actions.MOST_PROJECTS]
    wanted = Q(number__in=first) | Q(state__in=ENDED, pk__in=latest_places(collaboration))
    projects = collaboration.projects.filter(wanted).select_related("focus_area", "collaboration").in_order()
    found = sorted(projects, key=lambda project: order.get(project.number, LAST))
    return found[: actions.MOST_PROJECTS]


def _places(projects: list[Project]) -> dict[int, int]:
    """The places one begins with; what has ended gets none."""
    alive = [project.pk for project in projects if project.state not in ENDED]
    return {pk: place for place, pk in enumerate(alive, 1)}
