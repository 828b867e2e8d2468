"""The strategy as it counts now, and writing the edition that is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, Stale, holds, needs, require
from digivesteralen.ui.numbers import version_in
from governance.models import Collaboration
from portfolio import accession, goal_progress, overview, strategy_editions
from portfolio.actions import strategy as actions
from portfolio.forms.strategy import GoalForm, PillarForm, StrategyForm
from portfolio.models import Strategy
from portfolio.views.finding import (
    DECIDE,
    MANAGE,
    SEE,
    find_collaboration,
    kept_as,
    own_municipality,
    posted,
)

FORM = "portfolio/strategy_form.html"


@needs(SEE)
def strategy(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Vision, goals and focus areas with their measures, the empty ones too (F7)."""
    collaboration = find_collaboration(request, samarbeid)
    found = collaboration.strategies.select_related("collaboration", "resolution__item__case__body").in_force()
    areas = strategy_editions.with_projects(collaboration)
    manages = holds(request.user, MANAGE, collaboration)
    others = collaboration.strategies.visible_to(request.user).exclude(pk=found.pk) if found else []
    own = own_municipality(request.user, collaboration)
    context = {
        "collaboration": collaboration,
        "areas": [area for area in areas if area.retired_on is None],
        "ended": [area for area in areas if area.retired_on is not None],
        "others": others,
        "draft": next((one for one in others if one.is_draft), None),
        "local": collaboration.local_strategies.select_related("organisation", "collaboration"),
        "own": own,
        "decides": own is not None and holds(request.user, DECIDE, own),
        "manages": manages,
        "colors": overview.STATE_COLORS,
        **words(found, manages),
        **acceded(found),
    }
    return TemplateResponse(request, "portfolio/strategy.html", context)


def words(found: Strategy | None, manages: bool) -> dict[str, Any]:
    """What is shown of an edition itself, and whether its words can be changed now."""
    if found is None:
        return {"strategy": None}
    refusal = actions.why_not_changed(found) if manages else ""
    goals = list(found.goals.select_related("pillar", "strategy__collaboration"))
    return {
        "strategy": found,
        "followed": goal_progress.in_short(goals),
        "pillars": found.pillars.all(),
        "writes": manages and not refusal,
        "refusal": refusal if found.is_draft else "",
        "waiting": actions.waiting_case(found) if found.is_draft else None,
        "moved_on": strategy_editions.moved_on(found),
    }


def acceded(found: Strategy | None) -> dict[str, Any]:
    """How many have acceded, where anybody was asked."""
    numbers = accession.answers(found).numbers() if found else {"asked": 0}
    return {"numbers": numbers, "matter": accession.matter_of(found) if found and numbers["asked"] else ""}


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The words of the edition that is open; the very first one begins here."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found = draft_of(collaboration) if collaboration.strategies.exists() else None
    form = StrategyForm(posted(request), strategy=found)
    if form.is_valid():
        with form.refused_at_its_field():
            if found is None:
                found = actions.register_strategy(collaboration=collaboration, by=request.user, **form.values)
            else:
                version = form.cleaned_data["version"]
                found = actions.change_strategy(strategy=found, version=version, by=request.user, **form.values)
            messages.success(request, _("The strategy is saved."))
            return redirect(back_to(found))
    back = back_to(found) if found else reverse("strategy", args=[samarbeid])
    context = {"collaboration": collaboration, "form": form, "title": _("Vision and main goal"), "back": back}
    return TemplateResponse(request, FORM, {**context, "draft": f"strategy-{collaboration.pk}"})


def draft_of(collaboration: Collaboration) -> Strategy:
    """The edition whose words may be changed now; a sentence where there is none."""
    found: Strategy | None = collaboration.strategies.drafts().select_related("collaboration", "case").first()
    if found is None:
        raise NotAllowedNow(_("The strategy is adopted and stands as it is. Make a new edition to change it."))
    if refusal := actions.why_not_changed(found):
        raise NotAllowedNow(refusal)
    return found


def back_to(found: Strategy) -> str:
    """Where one was: the first edition is changed on the page of the strategy, a later one on its own."""
    if found.number == 1 and found.is_draft:
        return reverse("strategy", args=[found.collaboration.slug])
    return found.get_absolute_url()


def opened(request: HttpRequest, samarbeid: str) -> Strategy:
    """The draft, for whoever writes it."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    return draft_of(collaboration)


@needs(MANAGE)
def new_goal(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = opened(request, samarbeid)
    form = GoalForm(posted(request), strategy=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_goal(strategy=found, by=request.user, **_said(form))
            return redirect(back_to(found))
    return _form(request, found, form, _("New goal"))


@needs(MANAGE)
def change_goal(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = opened(request, samarbeid)
    goal = get_object_or_404(found.goals, pk=pk)
    form = GoalForm(posted(request), strategy=found, part=goal)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_goal(goal=goal, version=version, by=request.user, **_said(form))
            return redirect(back_to(found))
    remove = reverse("remove_goal", args=[samarbeid, pk])
    return _form(request, found, form, _("Change the goal"), remove=remove)


@needs(MANAGE)
def new_pillar(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = opened(request, samarbeid)
    form = PillarForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_pillar(strategy=found, by=request.user, **_said(form))
            return redirect(back_to(found))
    return _form(request, found, form, _("New pillar"))


@needs(MANAGE)
def change_pillar(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = opened(request, samarbeid)
    pillar = get_object_or_404(found.pillars, pk=pk)
    form = PillarForm(posted(request), part=pillar)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_pillar(pillar=pillar, version=version, by=request.user, **_said(form))
            return redirect(back_to(found))
    remove = reverse("remove_pillar", args=[samarbeid, pk])
    return _form(request, found, form, _("Change the pillar"), remove=remove)


@needs(MANAGE)
def remove_goal(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = opened(request, samarbeid)
    goal = get_object_or_404(found.goals, pk=pk)
    if request.method == "POST":
        actions.remove_goal(goal=goal, by=request.user)
        messages.success(request, _("The goal is taken out."))
        return redirect(back_to(found))
    return confirm(request, found.collaboration, _("Take the goal out?"), goal.title, back_to(found))


@needs(MANAGE)
def remove_pillar(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = opened(request, samarbeid)
    pillar = get_object_or_404(found.pillars, pk=pk)
    if request.method == "POST":
        actions.remove_pillar(pillar=pillar, by=request.user)
        messages.success(request, _("The pillar is taken out. Its goals stay."))
        return redirect(back_to(found))
    return confirm(request, found.collaboration, _("Take the pillar out?"), pillar.title, back_to(found))


@needs(MANAGE)
@require_POST
def move_goal(request: HttpRequest, samarbeid: str, pk: int, vei: str) -> HttpResponse:
    found = opened(request, samarbeid)
    one = get_object_or_404(found.goals, pk=pk)
    with refused_with_the_new_order(request):
        actions.move_goal(goal=one, up=upwards(vei), version=version_in(request), by=request.user)
    return redirect(back_to(found) + "#mal")


@needs(MANAGE)
@require_POST
def move_pillar(request: HttpRequest, samarbeid: str, pk: int, vei: str) -> HttpResponse:
    found = opened(request, samarbeid)
    one = get_object_or_404(found.pillars, pk=pk)
    with refused_with_the_new_order(request):
        actions.move_pillar(pillar=one, up=upwards(vei), version=version_in(request), by=request.user)
    return redirect(back_to(found) + "#soyler")


def upwards(vei: str) -> bool:
    if vei not in {"opp", "ned"}:
        raise Http404
    return vei == "opp"


@contextmanager
def refused_with_the_new_order(request: HttpRequest) -> Iterator[None]:
    """Somebody else has moved or changed the row since the page was shown: nothing is moved, and the list is shown."""
    try:
        yield
    except Stale:
        messages.warning(request, _("Nothing was moved: somebody else has changed the order. It now stands as below."))


def confirm(request: HttpRequest, collaboration: Collaboration, title: str, text: str, cancel: str) -> HttpResponse:
    """A page that asks once more before something is taken out."""
    context = {"collaboration": collaboration, "title": title, "text": text, "submit": _("Take it out")}
    return TemplateResponse(request, "ds/confirm_page.html", {**context, "cancel": cancel, "danger": True})


def _said(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _form(request: HttpRequest, found: Strategy, form: Any, title: str, remove: str = "") -> HttpResponse:
    context = {"collaboration": found.collaboration, "form": form, "title": title, "back": back_to(found)}
    return TemplateResponse(request, FORM, {**context, "remove": remove, "draft": kept_as(request)})
