from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.numbers import version_in
from governance.models import Collaboration
from portfolio import candidates, ranking_rows, ranking_sheets
from portfolio.actions import ordering
from portfolio.actions.ranking_rounds import open_round
from portfolio.actions.rankings import save_ranking
from portfolio.forms.ranking import OrderFilter, SaveForm
from portfolio.models import Habits
from portfolio.views.finding import MANAGE, SEE, find_collaboration, number_in, posted

PER_PAGE = 50
ROUNDS_SHOWN = 5


@needs(SEE)
def order(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Prioritering»: the secretariat's order of what is not ended, moved by buttons (R22)."""
    collaboration = find_collaboration(request, samarbeid)
    narrowed = OrderFilter(request.GET, areas=list(collaboration.focus_areas.all()))
    everything = candidates.in_order(collaboration)
    shown = narrowed.narrow(everything)
    edition = collaboration.criteria_sets.in_force() if Habits.objects.of(collaboration).scoring else None
    if request.GET.get("format") == "xlsx":
        sheets = ranking_sheets.order(shown, edition)
        return writing.response(sheets, file_name=f"prioritering-{collaboration.slug}.xlsx")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_about(request, collaboration),
        "edition": edition,
        "filter": narrowed,
        "page": page,
        "rows": ranking_rows.rows(page, shown, edition),
        "most": len(everything),
        "moved": request.GET.get("flyttet", ""),
    }
    return TemplateResponse(request, "portfolio/order.html", context)


def _about(request: HttpRequest, collaboration: Collaboration) -> dict[str, Any]:
    return {
        "collaboration": collaboration,
        "manages": holds(request.user, MANAGE, collaboration),
        "scoring": Habits.objects.of(collaboration).scoring,
        "latest": collaboration.rankings.in_short().first(),
        "round": open_round(collaboration),
        "rounds_before": collaboration.ranking_rounds.select_related("collaboration")[:ROUNDS_SHOWN],
    }


@require_POST
@needs(MANAGE)
def move(request: HttpRequest, samarbeid: str, key: str) -> HttpResponse:
    """Up, down, or to a place that is written; the reader stays where the line now stands."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    to = number_in(request, "to")
    if to is None:
        raise NotAllowedNow(_("Write the place as a number, for example 3."))
    seen = version_in(request, "seen")
    moved = ordering.move(collaboration=collaboration, key=key, to=to, seen=seen, by=request.user)
    messages.success(request, _("«%(title)s» now has place %(place)s.") % {"title": moved.title, "place": moved.place})
    area = request.POST.get("area", "")
    page = 1 if area else (moved.place - 1) // PER_PAGE + 1
    query = f"area={area}" if area else f"page={page}"
    return redirect(f"{reverse('order', args=[samarbeid])}?{query}&flyttet={moved.key}")


@needs(MANAGE)
def by_points(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Put all in the order of their points, once it is confirmed."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    if request.method == "POST":
        ordering.order_by_points(collaboration=collaboration, by=request.user)
        messages.success(request, _("The order now follows the points. You can still move each by hand."))
        return redirect("order", samarbeid)
    context = {
        "collaboration": collaboration,
        "title": _("Put all in the order of their points?"),
        "text": _("The present order is replaced. Save it as a ranking first, if you want to compare."),
        "submit": _("Order by points"),
        "cancel": reverse("order", args=[samarbeid]),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def save(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Lagre rangeringen»: over all, or of the focus area the address names."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    area = collaboration.focus_areas.filter(slug=request.GET.get("area", "")).first()
    form = SaveForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            said = {name: form.cleaned_data[name] for name in ("name", "reason")}
            made = save_ranking(collaboration=collaboration, focus_area=area, by=request.user, **said)
            messages.success(request, _("The ranking is saved as it stands today."))
            return redirect(made)
    context = {"collaboration": collaboration, "form": form, "area": area}
    return TemplateResponse(request, "portfolio/save_ranking.html", context)
