"""A municipality's own page about the shared strategy: read by all in the collaboration, written by itself (L19)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from governance.models import Collaboration, Organisation
from portfolio.actions import local_strategies as actions
from portfolio.forms.local_strategies import LocalStrategyForm
from portfolio.local_strategies import places
from portfolio.models import LocalStrategy
from portfolio.views.finding import DECIDE, SEE, find_collaboration, posted


@needs(SEE)
def local_strategy(request: HttpRequest, nummer: str, samarbeid: str) -> HttpResponse:
    collaboration, municipality, local = _find(request, nummer, samarbeid)
    strategy = collaboration.strategies.in_force()
    context = {
        "collaboration": collaboration,
        "municipality": municipality,
        "local": local,
        "strategy": strategy,
        "places": [place for place in places(collaboration, strategy, local) if place.said],
        "decides": holds(request.user, DECIDE, municipality),
    }
    return TemplateResponse(request, "portfolio/local_strategy.html", context)


@needs(DECIDE, on="organisation")
def change(request: HttpRequest, nummer: str, samarbeid: str) -> HttpResponse:
    """Only the municipality's own people; not the secretariat (rule 1)."""
    collaboration, municipality, local = _find(request, nummer, samarbeid)
    require(request.user, DECIDE, on=municipality)
    shown = places(collaboration, collaboration.strategies.in_force(), local)
    form = LocalStrategyForm(posted(request), local=local, places=shown)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.write_local_strategy(
                collaboration=collaboration, organisation=municipality, by=request.user, **form.values
            )
            messages.success(request, _("The municipality's own page is saved."))
            return redirect(made)
    context = {"collaboration": collaboration, "municipality": municipality, "form": form}
    return TemplateResponse(request, "portfolio/local_strategy_form.html", context)


def _find(
    request: HttpRequest, nummer: str, samarbeid: str
) -> tuple[Collaboration, Organisation, LocalStrategy | None]:
    collaboration = find_collaboration(request, samarbeid)
    municipality = get_object_or_404(collaboration.members(), number=nummer)
    local = collaboration.local_strategies.filter(organisation=municipality)
    return collaboration, municipality, local.select_related("organisation", "collaboration").first()
