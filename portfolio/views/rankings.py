from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from portfolio import ranking_history, ranking_sheets
from portfolio.actions.meeting_papers import order_ranking
from portfolio.actions.rankings import adopt_ranking
from portfolio.forms.ranking import DecidedForm
from portfolio.models import Ranking
from portfolio.ranking_tables import RankingTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

PER_PAGE = 100


@needs(SEE)
def editions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The saved rankings: when, by whom and why."""
    collaboration = find_collaboration(request, samarbeid)
    table = tables.page(request, RankingTable(collaboration.rankings.in_short()))
    context = {"collaboration": collaboration, "table": table, "manages": holds(request.user, MANAGE, collaboration)}
    return TemplateResponse(request, "portfolio/rankings.html", context)


@needs(SEE)
def edition(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """One saved ranking, with how far each has moved since the one before; its resolution can be named here."""
    found = _find(request, samarbeid, number)
    before = ranking_history.earlier(found)
    lines = ranking_history.lines(found, before)
    if request.GET.get("format") == "xlsx":
        file_name = f"rangering-{found.collaboration.slug}-{found.number}.xlsx"
        return writing.response(ranking_sheets.ranking(found, lines), file_name=file_name)
    context = {
        "collaboration": found.collaboration,
        "ranking": found,
        "before": before,
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "gone": ranking_history.gone(found, before),
        "scored": ranking_history.has_points(lines),
        "manages": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "portfolio/ranking.html", context)


@needs(SEE)
@require_POST
def order_pdf(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """The saved ranking as a document, for the papers of a meeting."""
    return redirect(order_ranking(ranking=_find(request, samarbeid, number), by=request.user))


@needs(MANAGE)
def decided(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """Name the resolution that adopted the ranking."""
    found = _find(request, samarbeid, number)
    require(request.user, MANAGE, on=found.collaboration)
    form = DecidedForm(posted(request), collaboration=found.collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            adopt_ranking(ranking=found, resolution=form.cleaned_data["resolution"], by=request.user)
            messages.success(request, _("The resolution is named."))
            return redirect(found)
    context = {"collaboration": found.collaboration, "form": form, "title": _("Decided in"), "ranking": found}
    return TemplateResponse(request, "portfolio/ranking_form.html", context)


def _find(request: HttpRequest, samarbeid: str, number: int) -> Ranking:
    rankings = Ranking.objects.visible_to(request.user).select_related(
        "collaboration",
        "focus_area",
        "made_by",
        "criteria",
        "resolution__item__meeting__body",
        "resolution__item__case",
    )
    return get_object_or_404(rankings, collaboration__slug=samarbeid, number=number)
