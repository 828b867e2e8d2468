"""«Tidslinje»: when the projects run and what stands on their way, with the meetings and windows beside (D11)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs
from digivesteralen.spreadsheets import writing
from governance.models import Collaboration, Organisation
from portfolio import overview, timeline_sheets
from portfolio import timeline as lines
from portfolio.actions.lists import order_timeline
from portfolio.forms.timeline import TimelineFilter
from portfolio.views.finding import SEE, find_collaboration, own_municipality
from portfolio.views.portfolio import PER_PAGE, ways_of_looking


@needs(SEE)
def timeline(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """As many projects at a time as one can look at, on the axis of all that the filter leaves."""
    collaboration = find_collaboration(request, samarbeid)
    own = own_municipality(request.user, collaboration)
    narrowed = TimelineFilter(request.GET, collaboration=collaboration, own=own)
    projects = lines.within(narrowed.narrow(overview.listed(collaboration)), *narrowed.years)
    if request.GET.get("format") == "xlsx" and narrowed.is_valid():
        sheets = timeline_sheets.of(collaboration, narrowed.in_order(projects), request.user, narrowed.years)
        return writing.response(sheets, file_name=f"tidslinje-{collaboration.slug}.xlsx")
    context = {**_shown(request, collaboration, own, narrowed, projects), "collaboration": collaboration}
    return TemplateResponse(request, "portfolio/timeline.html", context)


def _shown(
    request: HttpRequest,
    collaboration: Collaboration,
    own: Organisation | None,
    narrowed: TimelineFilter,
    projects: Any,
) -> dict[str, Any]:
    today = timezone.localdate()
    axis = lines.axis_of(projects, *narrowed.years, today)
    page = Paginator(narrowed.in_order(projects), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": narrowed,
        "page": page,
        "figures": {"count": page.paginator.count},
        "chart": lines.of_projects(list(page.object_list), axis, today) if page.object_list else None,
        "beside": lines.beside(collaboration, request.user, axis, today),
        "views": ways_of_looking(collaboration, own, narrowed.without_years, shown="timeline"),
    }


@needs(SEE)
@require_POST
def order_pdf(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The timeline as it is filtered, as a document; whoever filters wrongly is shown the filter again."""
    collaboration = find_collaboration(request, samarbeid)
    narrowed = TimelineFilter(request.GET, collaboration=collaboration)
    if not narrowed.is_valid():
        return redirect(f"{reverse('timeline', args=[samarbeid])}?{request.GET.urlencode()}")
    return redirect(order_timeline(collaboration=collaboration, query=narrowed.query, by=request.user))
