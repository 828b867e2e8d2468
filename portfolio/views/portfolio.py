from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs
from digivesteralen.spreadsheets import writing
from governance.actions.opinions import is_open, seats_of
from governance.models import Collaboration, Organisation
from portfolio import overview, sheets
from portfolio.actions.lists import order_list
from portfolio.actions.shares import up_to_date
from portfolio.actions.versions import case_of, unanswered
from portfolio.active_limit import active
from portfolio.forms.filters import PortfolioFilter
from portfolio.models import Participation, PortfolioVersion, SavedFilter
from portfolio.views.finding import MANAGE, SEE, find_collaboration, own_municipality

PER_PAGE = 50
# So many of what waits are shown on the page; the rest are one link away.
WAITING_SHOWN = 5
SAVED_SHOWN = 50


@needs(SEE)
def portfolio(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What we have said yes to, what it costs us, what waits for me (p. 8)."""
    collaboration = find_collaboration(request, samarbeid)
    up_to_date(collaboration)
    own = own_municipality(request.user, collaboration)
    narrowed = PortfolioFilter(request.GET, collaboration=collaboration, own=own)
    projects = narrowed.narrow(overview.listed(collaboration))
    if request.GET.get("format") == "xlsx" and narrowed.is_valid():
        sheets_shown = sheets.portfolio(narrowed.in_order(projects), own, told=narrowed.told)
        return writing.response(sheets_shown, file_name=f"portefolje-{collaboration.slug}.xlsx")
    context = {
        **waits(request, collaboration, own),
        "filter": narrowed,
        "figures": overview.figures(projects, own),
        "active": active(collaboration),
        "has_application_lists": collaboration.application_lists.exists(),
        **_saved_filters(request, collaboration),
        "approved": collaboration.portfolio_versions.approved().first(),
        "manages": holds(request.user, MANAGE, collaboration),
        "views": ways_of_looking(collaboration, own, narrowed.query),
        **_table(request, collaboration, own, narrowed, projects),
    }
    return TemplateResponse(request, "portfolio/portfolio.html", context)


def _saved_filters(request: HttpRequest, collaboration: Collaboration) -> dict[str, Any]:
    """One's own first, then as many of what the others share as one can look through."""
    seen = SavedFilter.objects.visible_to(request.user).filter(collaboration=collaboration)
    own_first = seen.annotate(is_own=Case(When(owner=request.user, then=0), default=1)).order_by("is_own", "name", "pk")
    return {"saved": own_first[:SAVED_SHOWN], "saved_count": seen.count()}


def _table(
    request: HttpRequest,
    collaboration: Collaboration,
    own: Organisation | None,
    narrowed: PortfolioFilter,
    projects: Any,
) -> dict[str, Any]:
    """By focus area, or as one list in the order that was asked for."""
    page = Paginator(narrowed.in_order(projects), PER_PAGE).get_page(request.GET.get("page"))
    found = overview.rows(page.object_list, own)
    areas = overview.areas_of(collaboration)
    empty_too = not narrowed.is_narrowed and not page.has_other_pages()
    return {
        "page": page,
        "found": found,
        "areas": [] if narrowed.sorted_by else overview.by_area(areas, found, empty_too=empty_too),
        "chart": overview.chart_of_states(areas, projects, empty_too=empty_too),
    }


@needs(SEE)
@require_POST
def order_pdf(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The list as it is filtered, as a document; whoever filters wrongly is shown the filter again."""
    collaboration = find_collaboration(request, samarbeid)
    own = own_municipality(request.user, collaboration)
    narrowed = PortfolioFilter(request.GET, collaboration=collaboration, own=own)
    if not narrowed.is_valid():
        return redirect(f"{reverse('portfolio', args=[samarbeid])}?{request.GET.urlencode()}")
    return redirect(order_list(collaboration=collaboration, query=narrowed.query, own=own, by=request.user))


def waits(request: HttpRequest, collaboration: Collaboration, own: Organisation | None) -> dict[str, Any]:
    """What waits for the reader and the own municipality, on top of the portfolio's pages."""
    asked = overview.waiting(collaboration, own) if own else Participation.objects.none()
    first = list(asked[:WAITING_SHOWN])
    laid = collaboration.portfolio_versions.laid().select_related("case__body__collaboration", "collaboration").first()
    return {
        "collaboration": collaboration,
        "own": own,
        "waiting": first,
        "waiting_count": asked.count(),
        "nearest": next((part.adoption.answer_by for part in first if part.adoption.answer_by), None),
        "laid": laid if laid and _my_view_is_wanted(request, laid) else None,
    }


def _my_view_is_wanted(request: HttpRequest, version: PortfolioVersion) -> bool:
    """Somebody with a seat, who has not said everything about the portfolio that is laid."""
    case = case_of(version)
    seats = list(seats_of(request.user, case.body))
    return bool(seats) and is_open(case) and any(unanswered(version, case, seat.represents) for seat in seats)


def ways_of_looking(
    collaboration: Collaboration, own: Organisation | None, query: str = "", *, shown: str = "portfolio"
) -> list[tuple[str, str, bool]]:
    """Three ways of looking; the filter goes along where it means something."""
    member = own or collaboration.members().first()
    views = [
        (label, reverse(name, args=[collaboration.slug]) + (f"?{query}" if query else ""), name == shown)
        for name, label in [("portfolio", _("Table")), ("timeline", _("Timeline"))]
    ]
    if member:
        url = reverse("portfolio_municipality", args=[collaboration.slug, member.number])
        views.append((_("My municipality") if own else _("One municipality"), url, False))
    return views
