"""Digital maturity: what a wave says, what has changed, and one municipality's score card."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, allowed, holds, needs, require
from digivesteralen.documents import jobs
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from governance import on_behalf
from governance.models import Collaboration, Membership, Organisation
from surveys import maturity_card
from surveys import maturity_figures as figures
from surveys.forms.maturity import ResultChoice
from surveys.maturity_results import Comparison, Wave, compare, earlier_waves, read, waves
from surveys.maturity_tables import sheets
from surveys.models import MaturityModel, Survey
from surveys.views.finding import find_collaboration, find_municipality

SEE, MANAGE, ANSWERS = "governance.view_collaboration", "governance.manage_surveys", "governance.view_answers"
OWN = "governance.view_organisation"


@needs(SEE)
def results(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The heat map, the spread and the change since the wave before."""
    found = find_collaboration(request, samarbeid)
    surveys = list(waves(found))
    manages = holds(request.user, MANAGE, found)
    if not surveys:
        models = MaturityModel.objects.of(found).count()
        context = {"collaboration": found, "may_manage": manages, "models": models}
        return TemplateResponse(request, "surveys/maturity/none.html", context)
    survey = next((one for one in surveys if one.slug == request.GET.get("undersokelse")), surveys[0])
    everything, weighted = holds(request.user, ANSWERS, found), request.GET.get("vekt") == "personer"
    earlier = earlier_waves(survey)
    before = _before(request, earlier)
    wave = read(survey, everything=everything, by_people=weighted)
    compared = compare(wave, before, everything=everything) if before else None
    if request.GET.get("format") == "xlsx":
        return writing.response(sheets(wave, compared), file_name=f"modenhet-{survey.slug}.xlsx")
    own = allowed(Organisation.objects.members_of(found), request.user, OWN)
    context = {
        "collaboration": found,
        "survey": survey,
        "filter": ResultChoice(request.GET, surveys=surveys, earlier=earlier),
        "may_manage": manages,
        "excel": f"?{_query(request)}",
    }
    mine = on_behalf.own(Organisation.objects.members_of(found), request.user, OWN)
    context |= _heat(request, wave, set(own.values_list("pk", flat=True))) | _spread(wave, mine)
    return TemplateResponse(request, "surveys/maturity/results.html", context | _change(compared))


def _before(request: HttpRequest, earlier: list[Survey]) -> Survey | None:
    """The wave just before, unless another is chosen, or none."""
    wanted = request.GET.get("mot", "")
    if wanted == "ingen" or not earlier:
        return None
    return next((one for one in earlier if one.slug == wanted), earlier[0])


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "xlsx"
    query.pop("page", None)
    return query.urlencode()


def _heat(request: HttpRequest, wave: Wave, own: set[int]) -> dict[str, Any]:
    page = Paginator(wave.places, tables.PER_PAGE).get_page(request.GET.get("page"))
    page.steps = page.paginator.get_elided_page_range(page.number)  # type: ignore[attr-defined]
    return {
        "wave": wave,
        "page": page,
        "whole": figures.whole(wave),
        "regions": figures.regions(wave),
        "rows": figures.rows_in_order(wave, list(page), own),
        "base": figures.base(wave),
    }


def _spread(wave: Wave, own: Organisation | None) -> dict[str, Any]:
    return {"dots": figures.dots(wave, own), "spreads": figures.spreads(wave), "gap": figures.gap_sentence(wave)}


def _change(compared: Comparison | None) -> dict[str, Any]:
    if compared is None:
        return {"compared": None}
    return {
        "compared": compared,
        "dumbbell": figures.dumbbell(compared) if compared.comparable else None,
        "moved": figures.moved(compared),
        "base_change": figures.base_change(compared),
    }


@needs(SEE)
def card(request: HttpRequest, nummer: str) -> HttpResponse:
    """One municipality's own figures beside the others', of the newest wave or a chosen one."""
    place, found = _place(request, nummer)
    surveys = list(waves(found))
    survey = next((one for one in surveys if one.slug == request.GET.get("undersokelse")), None)
    survey = survey or (surveys[0] if surveys else None)
    everything = holds(request.user, ANSWERS, found)
    context = {
        "collaboration": found,
        "place": place,
        "survey": survey,
        "surveys": surveys,
        "card": maturity_card.card(survey, place, everything=everything) if survey else None,
    }
    return TemplateResponse(request, "surveys/maturity/card.html", context)


@require_POST
@needs(SEE)
def card_pdf(request: HttpRequest, nummer: str) -> HttpResponse:
    place, found = _place(request, nummer)
    survey = next((one for one in waves(found) if one.slug == request.POST.get("undersokelse")), None)
    if survey is None or maturity_card.card(survey, place) is None:
        raise NotAllowedNow(
            _("There is no score card: %(municipality)s has not answered, or too few have answered for themselves.")
            % {"municipality": place}
        )
    job = jobs.ask(maturity_card.KIND, maturity_card.subject(survey, place), by=request.user)
    return redirect(job.get_absolute_url())


def _place(request: HttpRequest, nummer: str) -> tuple[Organisation, Collaboration]:
    """The municipality in the collaboration whose figures it is set beside: the one that asked it last."""
    place = find_municipality(request, nummer)
    memberships = Membership.objects.active().filter(organisation=place)
    mine = Collaboration.objects.visible_to(request.user).filter(memberships__in=memberships)
    asked = mine.filter(surveys__maturity__isnull=False).order_by("-surveys__opens_on").first()
    found = asked or mine.order_by("pk").first()
    if found is None:
        raise Http404
    require(request.user, SEE, on=found)
    return place, found
