"""Editions of the strategy: the list, one, two beside each other; a new one, laid, adopted, put to the members."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from governance.models import Case
from portfolio import accession, strategy_editions
from portfolio.actions import editions as actions
from portfolio.actions.accession import ask_for_accession
from portfolio.actions.meeting_papers import order_strategy
from portfolio.actions.strategy import waiting_case
from portfolio.forms.strategy import AccessionForm, AdoptForm, LayForm, NewEditionForm
from portfolio.models import Strategy
from portfolio.views.finding import MANAGE, SEE, find_collaboration, kept_as, posted
from portfolio.views.strategy import FORM, acceded, back_to, confirm, words


@needs(SEE)
def editions(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Every edition, the newest first; earlier ones stay readable (R33)."""
    collaboration = find_collaboration(request, samarbeid)
    found = collaboration.strategies.visible_to(request.user).select_related("collaboration")
    context = {
        "collaboration": collaboration,
        "editions": list(found),
        "in_force": collaboration.strategies.in_force(),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/editions.html", context)


@needs(SEE)
def edition(request: HttpRequest, samarbeid: str, utgave: int) -> HttpResponse:
    found = find_edition(request, samarbeid, utgave)
    manages = holds(request.user, MANAGE, found.collaboration)
    in_force = found.collaboration.strategies.in_force()
    rows = accession.by_municipality(found, request.user)
    others = found.collaboration.strategies.visible_to(request.user).select_related("collaboration")
    context = {
        "collaboration": found.collaboration,
        "areas": strategy_editions.areas_of(found),
        "is_in_force": found == in_force,
        "others": others.exclude(pk=found.pk),
        "answers": rows,
        "not_asked": sum(row.adoption is None for row in rows),
        "case": _case(request, found),
        "manages": manages,
        **words(found, manages),
        **acceded(found),
    }
    return TemplateResponse(request, "portfolio/edition.html", context)


@needs(SEE)
@require_POST
def order_pdf(request: HttpRequest, samarbeid: str, utgave: int) -> HttpResponse:
    """The edition as a document, for the papers of a meeting."""
    return redirect(order_strategy(strategy=find_edition(request, samarbeid, utgave), by=request.user))


def find_edition(request: HttpRequest, samarbeid: str, utgave: int) -> Strategy:
    found = Strategy.objects.visible_to(request.user).select_related("collaboration", "case")
    return get_object_or_404(found, collaboration__slug=samarbeid, number=utgave)


def _case(request: HttpRequest, found: Strategy) -> Case | None:
    """The case it was treated in, for those who may see it."""
    if found.case_id is None:
        return None
    seen = Case.objects.visible_to(request.user).select_related("body__collaboration")
    return seen.filter(pk=found.case_id).first()


@needs(SEE)
def compare(request: HttpRequest, samarbeid: str, utgave: int, annen: int) -> HttpResponse:
    """Two editions beside each other: what is new, changed and taken out."""
    pair = [find_edition(request, samarbeid, utgave), find_edition(request, samarbeid, annen)]
    older, newer = sorted(pair, key=lambda one: one.number)
    differences = strategy_editions.compare(older, newer)
    context = {
        "collaboration": older.collaboration,
        "older": older,
        "newer": newer,
        "differences": differences,
        "changed": sum(one.changed for one in differences),
    }
    return TemplateResponse(request, "portfolio/edition_compare.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    if refusal := actions.why_no_new_edition(collaboration):
        raise NotAllowedNow(refusal)
    form = NewEditionForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.new_edition(collaboration=collaboration, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(
                request, _("The new edition is a copy of the one in force. Change it, then have it adopted.")
            )
            return redirect(made)
    return _form(request, collaboration, form, _("New edition"), reverse("strategy", args=[samarbeid]))


@needs(MANAGE)
def discard(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = _draft(request, samarbeid)
    if request.method == "POST":
        actions.discard_edition(strategy=found, by=request.user)
        messages.success(request, _("The edition is thrown away. The one in force stands as before."))
        return redirect("strategy", samarbeid)
    return confirm(request, found.collaboration, _("Throw the edition away?"), str(found), back_to(found))


@needs(MANAGE)
def lay(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """«Legg fram for styringsgruppen»."""
    found = _draft(request, samarbeid)
    form = LayForm(posted(request), version=found.version)
    if form.is_valid():
        with form.refused_at_its_field():
            data = form.cleaned_data
            case = actions.lay_edition(
                strategy=found,
                version=data["version"],
                asks_municipalities=data["asks_municipalities"],
                by=request.user,
            )
            messages.success(request, _("The case is made. Put it on the agenda of a meeting."))
            return redirect(case)
    title = _("Lay the strategy before the steering group")
    return _form(request, found.collaboration, form, title, back_to(found), submit=_("Make the case"))


@needs(MANAGE)
def adopt(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The case in which it was adopted, or who and when; from then on it is frozen."""
    found = _draft(request, samarbeid)
    if waiting := waiting_case(found):
        raise NotAllowedNow(
            _("The strategy already waits for %(body)s. It must be treated, or its case withdrawn, first.")
            % {"body": waiting.body}
        )
    form = AdoptForm(posted(request), strategy=found, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        known: Any = {"strategy": found, "version": data["version"], "by": request.user}
        with form.refused_at_its_field():
            if data["resolution"]:
                actions.adopt_on(resolution=data["resolution"], **known)
            else:
                actions.adopt_dated(adopted_on=data["adopted_on"], adopted_by=data["adopted_by"], **known)
            messages.success(request, _("The strategy is adopted and frozen."))
            return redirect(found)
    title = _("Register that the strategy is adopted")
    lead = _("From then on its words stand. What is changed later is a new edition.")
    return _form(
        request, found.collaboration, form, title, back_to(found), submit=_("Register the adoption"), lead=lead
    )


@needs(MANAGE)
def ask(request: HttpRequest, samarbeid: str, utgave: int) -> HttpResponse:
    """«Spør kommunene»: each member that was not asked gets the matter; nothing is answered for it."""
    found = find_edition(request, samarbeid, utgave)
    require(request.user, MANAGE, on=found.collaboration)
    form = AccessionForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            asked = ask_for_accession(strategy=found, answer_by=form.cleaned_data["answer_by"], by=request.user)
            messages.success(request, _("%(count)s municipalities are asked.") % {"count": len(asked)})
            return redirect(found)
    title = _("Ask the municipalities to accede")
    lead = _("Each municipality that has not been asked gets the matter, and decides itself.")
    back = found.get_absolute_url()
    return _form(request, found.collaboration, form, title, back, submit=_("Ask the municipalities"), lead=lead)


def _draft(request: HttpRequest, samarbeid: str) -> Strategy:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found: Strategy | None = collaboration.strategies.drafts().select_related("collaboration", "case").first()
    if found is None:
        raise NotAllowedNow(_("No edition is being written. Make a new edition first."))
    return found


def _form(request: HttpRequest, collaboration: Any, form: Any, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "back": back}
    return TemplateResponse(request, FORM, {**context, "draft": kept_as(request), **more})
