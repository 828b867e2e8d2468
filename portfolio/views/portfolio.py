from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import holds, needs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import forms
from governance.actions.opinions import is_open, seats_of
from governance.models import Collaboration, Organisation
from portfolio import overview
from portfolio.actions.versions import case_of
from portfolio.models import FocusArea, Participation, PortfolioVersion, Project
from portfolio.tables import portfolio_sheet
from portfolio.views.finding import MANAGE, SEE, find_collaboration, own_municipality

PER_PAGE = 50
TABLE, TIMELINE, MUNICIPALITY = "tabell", "tidslinje", "kommune"


class PortfolioFilter(forms.FilterForm):
    q = forms.forms.CharField(label=gettext_lazy("Search"))
    state = forms.forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", gettext_lazy("all")), *Project.State.choices]
    )
    area = forms.forms.ModelChoiceField(
        FocusArea.objects.none(),
        label=gettext_lazy("Focus area"),
        empty_label=gettext_lazy("all"),
        to_field_name="slug",
    )

    def narrow(self, projects: Any) -> Any:
        if not self.is_valid():
            return projects
        data = self.cleaned_data
        projects = projects.filter(title__icontains=data["q"]) if data["q"] else projects
        projects = projects.filter(state=data["state"]) if data["state"] else projects
        return projects.filter(focus_area=data["area"]) if data["area"] else projects


@needs(SEE)
def portfolio(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All projects by focus area, with what waits for the own municipality on top (p. 8)."""
    collaboration = find_collaboration(request, samarbeid)
    own = own_municipality(request.user, collaboration)
    narrowed = PortfolioFilter(request.GET)
    areas = overview.areas_of(collaboration)
    narrowed.fields["area"].queryset = collaboration.focus_areas.all()  # type: ignore[attr-defined]
    projects = narrowed.narrow(collaboration.projects.select_related("collaboration", "focus_area").in_order())
    shown = request.GET.get("vis", TABLE)
    if shown == MUNICIPALITY:
        return municipality(request, collaboration, own, projects)
    if request.GET.get("format") == "xlsx":
        sheet = portfolio_sheet(overview.rows(projects, own), own)
        return writing.response([sheet], file_name=f"portefolje-{collaboration.slug}.xlsx")
    page = Paginator(projects, PER_PAGE).get_page(request.GET.get("page"))
    found = overview.rows(page.object_list, own)
    whole = not narrowed.is_narrowed
    context = {
        **_frame(request, collaboration, own, shown),
        "filter": narrowed,
        "page": page,
        "areas": overview.by_area(areas, found, empty_too=whole and not page.has_other_pages()),
        "found": found,
        "figures": figures(projects, own),
        "chart": overview.chart_of_states(areas, projects, empty_too=whole),
        "timeline": overview.timeline(projects, timezone.localdate()) if shown == TIMELINE else None,
    }
    return TemplateResponse(request, "portfolio/portfolio.html", context)


def municipality(
    request: HttpRequest, collaboration: Collaboration, own: Organisation | None, projects: Any
) -> HttpResponse:
    """«Min kommune»: what one municipality is asked, has decided and pays (p. 13)."""
    members = collaboration.members()
    chosen = members.filter(number=request.GET.get("kommune", "")).first() or own or members.first()
    found = overview.rows(projects.filter(participations__organisation=chosen) if chosen else [], chosen)
    paying = [row for row in found if row.own and row.own.participation.pays]
    context = {
        **_frame(request, collaboration, own, MUNICIPALITY),
        "members": members,
        "chosen": chosen,
        "found": found,
        "total": sum((row.own_share or Decimal(0) for row in paying), Decimal(0)),
        "covered": sum((row.own.covered or Decimal(0) for row in paying if row.own), Decimal(0)),
    }
    return TemplateResponse(request, "portfolio/municipality.html", context)


def _frame(request: HttpRequest, collaboration: Collaboration, own: Organisation | None, shown: str) -> dict[str, Any]:
    asked = overview.waiting(collaboration, own) if own else []
    laid = collaboration.portfolio_versions.laid().select_related("case__body__collaboration", "collaboration").first()
    return {
        "collaboration": collaboration,
        "own": own,
        "waiting": asked,
        "nearest": next((part.adoption.answer_by for part in asked if part.adoption.answer_by), None),
        "laid": laid if laid and _my_view_is_wanted(request, laid) else None,
        "approved": collaboration.portfolio_versions.approved().first(),
        "manages": holds(request.user, MANAGE, collaboration),
        "shown": shown,
        "views": [
            (_("Table"), "?", shown == TABLE),
            (_("Timeline"), f"?vis={TIMELINE}", shown == TIMELINE),
            (_("My municipality") if own else _("One municipality"), f"?vis={MUNICIPALITY}", shown == MUNICIPALITY),
        ],
    }


def _my_view_is_wanted(request: HttpRequest, version: PortfolioVersion) -> bool:
    """Somebody with a seat, who has not said anything about the portfolio that is laid."""
    case = case_of(version)
    seats = [seat.represents_id for seat in seats_of(request.user, case.body)]
    return bool(seats) and is_open(case) and not case.opinions.filter(organisation__in=seats).exists()


def figures(projects: Any, own: Organisation | None) -> dict[str, Any]:
    """The numbers on top; a cost nobody knows is counted as unknown, not as nothing."""
    alive = projects.exclude(state__in=[Project.State.FINISHED, Project.State.STOPPED]).order_by()
    unknown = Count("pk", filter=Q(shared_cost=None))
    told = alive.aggregate(cost=Coalesce(Sum("shared_cost"), Decimal(0)), unknown=unknown)
    told["under_way"] = projects.filter(state=Project.State.EXECUTION).count()
    told["undecided"] = Participation.objects.not_settled().filter(project__in=alive).count()
    return told | (_own_figures(alive, own) if own else {})


def _own_figures(alive: Any, own: Organisation) -> dict[str, Decimal]:
    """What the municipality pays where it has said yes, and would pay if all invited joined."""
    asked = overview.rows(alive.filter(participations__organisation=own), own)
    lines = [(row, row.own) for row in asked if row.own]
    return {
        "own": sum((row.own_share or Decimal(0) for row, line in lines if line.participation.pays), Decimal(0)),
        "own_if_all": sum(
            (line.if_all or Decimal(0) for _row, line in lines if line.participation.may_still_join), Decimal(0)
        ),
    }
