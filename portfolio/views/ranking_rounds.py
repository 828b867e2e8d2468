from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from governance.actions import opinions
from governance.models import Appointment
from portfolio import candidates, ranking_spread
from portfolio.actions import ranking_rounds as actions
from portfolio.actions.cases import steering_group
from portfolio.forms.ranking import AskForm, OwnForm
from portfolio.models import RankingRound
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

# So many of the order are offered to be asked about.
OFFERED = 60


@needs(MANAGE)
def ask(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Ask the directors to rank, each for itself, before a meeting or a deadline."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    entries = candidates.in_order(collaboration)[:OFFERED]
    form = AskForm(posted(request), body=steering_group(collaboration), entries=entries)
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            made = actions.ask_directors(
                collaboration=collaboration,
                keys=data["keys"],
                meeting=data["meeting"],
                answer_by=data.get("answer_by"),
                by=request.user,
            )
            messages.success(request, _("The directors are asked. It stands on their page «Before the meeting»."))
            return redirect(made)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("Ask the directors to rank"),
        "lead": _("Each ranks for itself. None of them sees the others' ranking before the own is sent."),
        "submit": _("Ask the directors"),
    }
    return TemplateResponse(request, "portfolio/ranking_form.html", context)


@needs(SEE)
def round_page(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """Side by side with the spread, for those who may see it now; to all others only that it is asked."""
    found = _find(request, samarbeid, number)
    may = ranking_spread.may_compare(request.user, found)
    spread = ranking_spread.spread(found) if may else None
    if spread and request.GET.get("format") == "xlsx":
        file_name = f"rangering-direktorer-{found.number}.xlsx"
        return writing.response([ranking_spread.sheet(spread)], file_name=file_name)
    context = {
        "collaboration": found.collaboration,
        "round": found,
        "is_open": found.is_open(),
        "spread": spread,
        "chart": ranking_spread.chart(spread) if spread else None,
        "manages": holds(request.user, MANAGE, found.collaboration),
        "seats": list(opinions.seats_of(request.user, found.body)),
    }
    return TemplateResponse(request, "portfolio/ranking_round.html", context)


@needs(opinions.RIGHT, on="body")
def own(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """«Din rangering»: the director's own order; a view in the body, and no decision of the municipality."""
    found = _find(request, samarbeid, number)
    seats, seat = _seats(request, found)
    items = list(found.items.select_related("candidate__project__collaboration", "candidate__idea__collaboration"))
    standing = found.own_rankings.filter(organisation=seat.represents).first()
    moved = request.POST.get("move", "")
    if moved:
        form = OwnForm.moved(request.POST, moved, items=items, standing=standing)
    else:
        form = OwnForm(posted(request), items=items, standing=standing)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.send_own(
                round=found, organisation=seat.represents, places=form.places, version=version, by=request.user
            )
            messages.success(request, _("Your ranking is sent. It is no decision of the municipality."))
            return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "round": found,
        "organisation": seat.represents,
        "seats": seats,
        "standing": standing,
        "form": form,
        "is_open": found.is_open(),
        "moved": moved,
    }
    return TemplateResponse(request, "portfolio/own_ranking.html", context)


@needs(MANAGE)
def end(request: HttpRequest, samarbeid: str, number: int) -> HttpResponse:
    """No more answers are taken, once it is confirmed."""
    found = _find(request, samarbeid, number)
    require(request.user, MANAGE, on=found.collaboration)
    if request.method == "POST":
        actions.end_round(round=found, by=request.user)
        messages.success(request, _("The ranking is ended. The directors now see each other's."))
        return redirect(found)
    context = {
        "collaboration": found.collaboration,
        "title": _("End the ranking by the directors?"),
        "text": _("No more answers are taken, and all who were asked can see all answers. It can't be undone."),
        "submit": _("End the ranking"),
        "cancel": reverse("ranking_round", args=[samarbeid, number]),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, number: int) -> RankingRound:
    rounds = RankingRound.objects.visible_to(request.user).select_related(
        "collaboration", "body__collaboration", "meeting__body"
    )
    return get_object_or_404(rounds, collaboration__slug=samarbeid, number=number)


def _seats(request: HttpRequest, found: RankingRound) -> tuple[list[Appointment], Any]:
    """The municipalities the reader speaks for, and the one the address names."""
    require(request.user, opinions.RIGHT, on=found.body)
    seats = list(opinions.seats_of(request.user, found.body))
    if not seats:
        raise PermissionDenied(opinions.RIGHT)
    number = request.GET.get("kommune", "")
    return seats, next((seat for seat in seats if seat.represents and seat.represents.number == number), seats[0])
