from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs
from digivesteralen.spreadsheets import writing
from governance.models import Collaboration, Organisation
from portfolio import gatherings, municipality, municipality_sheets, overview
from portfolio.actions.shares import up_to_date
from portfolio.views.finding import DECIDE, SEE, find_collaboration, own_municipality

PER_PAGE = 25
# So many of each kind stand on the page; the workbook has them all.
SHOWN = 10


@needs(SEE)
def choose(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """To the municipality that was chosen, else to one's own, else to the first."""
    collaboration = find_collaboration(request, samarbeid)
    members = collaboration.members()
    chosen = members.filter(number=request.GET.get("kommune", "")).first()
    found = chosen or own_municipality(request.user, collaboration) or members.first()
    if found is None:
        raise Http404
    return redirect("portfolio_municipality", samarbeid, found.number)


@needs(SEE)
def my_municipality(request: HttpRequest, samarbeid: str, nummer: str) -> HttpResponse:
    """«Min kommune» (p. 13): our projects, cost per year, hours, commitments, benefits, agreements, open answers.

    The members of a collaboration see each other's: who takes part and what it pays is open among them.
    """
    collaboration = find_collaboration(request, samarbeid)
    members = collaboration.members()
    found = get_object_or_404(members, number=nummer)
    up_to_date(collaboration)
    asked = municipality.participations(collaboration, found)
    parts = _parts(request, collaboration, found, asked)
    if request.GET.get("format") == "xlsx":
        content = municipality_sheets.sheets(found, asked=asked, **parts)
        return writing.response(content, file_name=f"portefolje-{collaboration.slug}-{found.number}.xlsx")
    own = own_municipality(request.user, collaboration)
    page = Paginator(asked, PER_PAGE).get_page(request.GET.get("page"))
    firsts = {name: municipality.first_of(rows, SHOWN) for name, rows in _long(asked, parts).items()}
    keys = {name: [one.pk for one in firsts[name][0]] for name in ("reopened", "bound")}
    on_page: Any = page.object_list
    keys["page"] = list(on_page.values_list("pk", flat=True))
    told = {name: rows for name, (rows, _count) in firsts.items()}
    told |= municipality.loaded_once(asked, keys, collaboration, found)
    page.object_list = told.pop("page")
    context = {
        "collaboration": collaboration,
        "municipality": found,
        "own": own,
        "is_own": found == own,
        "members": members.values_list("number", "name"),
        "decides": holds(request.user, DECIDE, found),
        "page": page,
        "totals": municipality.totals(asked),
        "views": _views(collaboration, found, own),
        "state_colors": overview.STATE_COLORS,
        "status_colors": overview.STATUS_COLORS,
        "contributions": municipality.contributions(asked)[:SHOWN],
        **{f"{name}_count": count for name, (_rows, count) in firsts.items()},
        **told,
        **_per_year(request, parts["years"]),
        "efforts": parts["efforts"],
        "agreements": parts["agreements"],
        "gatherings": gatherings.of_municipality(collaboration, found)[:SHOWN],
        "shown": SHOWN,
    }
    return TemplateResponse(request, "portfolio/municipality.html", context)


def _parts(request: HttpRequest, collaboration: Collaboration, found: Organisation, asked: Any) -> dict[str, Any]:
    """What the page and the workbook both tell."""
    return {
        "years": municipality.years(collaboration, found),
        "efforts": municipality.efforts(collaboration, found),
        "benefits": municipality.benefits(collaboration, found),
        "agreements": municipality.agreements(collaboration, found),
        "answers": municipality.open_answers(collaboration, found, request.user),
    }


def _long(asked: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """Lists without an end of their own."""
    narrow = asked.select_related(None).only("pk")
    return {
        "answers": parts["answers"],
        "reopened": municipality.reopened(narrow),
        "bound": municipality.bound(narrow),
        "benefits": parts["benefits"],
    }


def _per_year(request: HttpRequest, years: municipality.Years) -> dict[str, Any]:
    """The chart per inhabitant where everybody is counted, and in kroner where one asks for it."""
    per_head = years.counted and request.GET.get("per") != "kommune"
    views = [(_("Per inhabitant"), "?per=innbygger", per_head), (_("In kroner"), "?per=kommune", not per_head)]
    return {
        "years": years,
        "year_chart": years.chart(per_head=per_head) if years.rows else None,
        "year_views": views if years.counted else [],
    }


def _views(collaboration: Collaboration, found: Organisation, own: Organisation | None) -> list[tuple[str, str, bool]]:
    mine = reverse("portfolio_municipality", args=[collaboration.slug, (own or found).number])
    return [
        (_("Table"), reverse("portfolio", args=[collaboration.slug]), False),
        (_("Timeline"), reverse("timeline", args=[collaboration.slug]), False),
        (_("My municipality") if own else _("One municipality"), mine, own is None or found == own),
    ]
