"""National solutions × municipalities: who has come how far, what is needed first, and the own answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import on_behalf
from governance.models import Collaboration, Organisation
from surveys import solutions as reading
from surveys.actions import solutions as actions
from surveys.forms.solutions import SolutionFilter, UptakeForm
from surveys.models import NationalSolution, SharingRule, Uptake
from surveys.solution_tables import OwnTable, matrix_sheet, standing_sheet
from surveys.views.finding import collaboration_of, find_collaboration, find_municipality

SEE, SEE_OWN = "governance.view_collaboration", "governance.view_organisation"
COLUMNS_PER_PAGE = 8


@needs(SEE)
def matrix(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Who lags in which solution (S10)."""
    found = find_collaboration(request, samarbeid)
    members = list(found.sharing())
    form = SolutionFilter(request.GET)
    solutions = form.narrow(reading.of(found), Uptake.objects.filter(municipality__in=members))
    order = request.GET.get("sort")
    solutions = solutions.order_by(*(["-in_use", "sort_key"] if order == "-in_use" else ["category", "sort_key"]))
    if request.GET.get("format") == "xlsx":
        rows = reading.matrix(list(solutions), members, len(members))
        return writing.response([matrix_sheet(rows, members)], file_name=f"nasjonale-losninger-{found.slug}.xlsx")
    page = Paginator(solutions, tables.PER_PAGE).get_page(request.GET.get("page"))
    columns = Paginator(members, COLUMNS_PER_PAGE).get_page(request.GET.get("kommuner"))
    shares = reading.municipality_shares(list(columns))
    context = {
        "collaboration": found,
        "filter": form,
        "page": page,
        "columns": columns,
        "rows": reading.matrix(list(page), list(columns), len(members)),
        "shares": [shares[place.pk] for place in columns],
        "any": form.is_narrowed or bool(page.paginator.count),
        "order": order == "-in_use",
        "manages": holds(request.user, actions.RIGHT, found),
        "own": _own(request, found),
    }
    return TemplateResponse(request, "surveys/solutions/matrix.html", context)


@require_POST
@needs(actions.RIGHT)
def define(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Bring the list up to the one that came with the portal."""
    found = find_collaboration(request, samarbeid)
    new = actions.define_solutions(collaboration=found, by=request.user)
    messages.success(request, _("The list is brought up to date. New: %(n)s.") % {"n": new})
    return redirect("solutions", samarbeid)


@needs(SEE)
def solution(request: HttpRequest, samarbeid: str, losning: str) -> HttpResponse:
    """One solution: what it asks for, and where each municipality stands."""
    found = find_collaboration(request, samarbeid)
    one = get_object_or_404(reading.of(found), slug=losning)
    members = found.sharing()
    if request.GET.get("format") == "xlsx":
        sheet = standing_sheet(_standings(found, one, list(members)))
        return writing.response([sheet], file_name=f"{one.slug}-{found.slug}.xlsx")
    page = Paginator(members, tables.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "collaboration": found,
        "solution": one,
        "requirements": one.requirements.select_related("other", "member_of"),
        "share": reading.share_of(one, members.count()),
        "page": page,
        "standings": _standings(found, one, list(page)),
        "own": _own(request, found),
    }
    return TemplateResponse(request, "surveys/solutions/solution.html", context)


@needs(SEE_OWN, on="organisation")
def own(request: HttpRequest, nummer: str) -> HttpResponse:
    """The own answers, solution by solution; those without one are the first to look at."""
    place = find_municipality(request, nummer)
    require(request.user, SEE_OWN, on=place)
    form = SolutionFilter(request.GET)
    answers = Uptake.objects.filter(municipality=place)
    solutions = form.narrow(reading.own(place), answers).order_by(F("state").asc(nulls_first=True), "sort_key")
    table = tables.page(
        request, OwnTable(solutions, municipality=place, answers=holds(request.user, actions.OWN_RIGHT, place))
    )
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"nasjonale-losninger-{place.number}.xlsx")
    context = {
        "collaboration": collaboration_of(request.user, place),
        "municipality": place,
        "filter": form,
        "table": table,
        "share": reading.municipality_shares([place])[place.pk],
    }
    return TemplateResponse(request, "surveys/solutions/own.html", context)


@needs(actions.OWN_RIGHT, on="organisation")
def own_solution(request: HttpRequest, nummer: str, losning: str) -> HttpResponse:
    """How far the municipality has come with one solution."""
    place = find_municipality(request, nummer)
    require(request.user, actions.OWN_RIGHT, on=place)
    one = get_object_or_404(NationalSolution, slug=losning, counted=True)
    there = Uptake.objects.filter(solution=one, municipality=place).first()
    uptake = there or Uptake(solution=one, municipality=place)
    form = UptakeForm(request.POST or None, instance=uptake, solution=one)
    if form.is_valid():
        said = form.said()
        version = form.cleaned_data["version"]
        actions.register_uptake(solution=one, municipality=place, version=version, by=request.user, **said)
        messages.success(request, _("The answer for %(solution)s is saved.") % {"solution": one})
        return redirect("own_solutions", place.number)
    context = {
        "collaboration": collaboration_of(request.user, place),
        "municipality": place,
        "solution": one,
        "form": form,
        "uptake": there,
        "standing": reading.standings(one, [place], timezone.localdate())[0],
    }
    return TemplateResponse(request, "surveys/solutions/own_solution.html", context)


def _standings(found: Collaboration, one: NationalSolution, places: list[Organisation]) -> list[reading.Standing]:
    """Which systems are connected is told where the sharing rule says so (rule 9)."""
    shared = SharingRule.objects.of(found).integrations
    return reading.standings(one, places, timezone.localdate(), systems=shared)


def _own(request: HttpRequest, found: Collaboration) -> Organisation | None:
    return on_behalf.own(Organisation.objects.members_of(found), request.user, actions.OWN_RIGHT)
