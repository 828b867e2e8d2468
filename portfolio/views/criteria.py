from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import holds, needs, require
from governance.models import Collaboration
from portfolio.actions import criteria as actions
from portfolio.actions import scores
from portfolio.actions.ordering import find
from portfolio.candidates import in_order
from portfolio.forms.criteria import AdoptForm, CriteriaForm
from portfolio.forms.ranking import PointsForm
from portfolio.models import Assessment, CriteriaSet, Habits
from portfolio.views.finding import MANAGE, SEE, find_collaboration, kept_as, posted

FORM = "portfolio/ranking_form.html"


@needs(SEE)
def criteria(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What candidates are scored by: the edition in use, the draft, and the earlier ones."""
    collaboration = find_collaboration(request, samarbeid)
    manages = holds(request.user, MANAGE, collaboration)
    editions = collaboration.criteria_sets.select_related(
        "collaboration", "resolution__item__meeting__body", "resolution__item__case__body"
    ).prefetch_related("criteria")
    context = {
        "collaboration": collaboration,
        "manages": manages,
        "scoring": Habits.objects.of(collaboration).scoring,
        "draft": editions.drafts().first() if manages else None,
        "used": list(editions.exclude(adopted_on=None)),
    }
    return TemplateResponse(request, "portfolio/criteria.html", context)


@require_POST
@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """A draft to change: as the criteria in use, else the usual ones."""
    collaboration = find_collaboration(request, samarbeid)
    actions.draft_criteria(collaboration=collaboration, by=request.user)
    return redirect("change_criteria", samarbeid)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration, draft = _draft(request, samarbeid)
    form = CriteriaForm(posted(request), edition=draft)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_criteria(edition=draft, version=version, lines=form.lines, by=request.user)
            messages.success(request, _("The draft is saved. Take it into use when it is decided."))
            return redirect("criteria", samarbeid)
    context = {"collaboration": collaboration, "form": form, "title": str(draft), "parent": "criteria"}
    return TemplateResponse(request, FORM, {**context, "draft": f"criteria-{draft.pk}"})


@needs(MANAGE)
def adopt(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Into use, on a named resolution or from a day; after that the criteria are not changed."""
    collaboration, draft = _draft(request, samarbeid)
    form = AdoptForm(posted(request), edition=draft, collaboration=collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.adopt_criteria(edition=draft, by=request.user, **form.cleaned_data)
            messages.success(request, _("The criteria are in use."))
            return redirect("criteria", samarbeid)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("Take the criteria into use"),
        "lead": _("From then on the criteria and their weights stand as they are. A change is a new edition."),
        "submit": _("Take into use"),
        "draft": f"adopt-criteria-{draft.pk}",
        "parent": "criteria",
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def discard(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration, draft = _draft(request, samarbeid)
    if request.method != "POST":
        context = {
            "collaboration": collaboration,
            "title": _("Throw the draft away?"),
            "text": _("The criteria of the draft are deleted. Those in use go on."),
            "submit": _("Throw the draft away"),
            "cancel": reverse("criteria", args=[samarbeid]),
            "danger": True,
        }
        return TemplateResponse(request, "ds/confirm_page.html", context)
    actions.discard_criteria(edition=draft, by=request.user)
    messages.success(request, _("The draft is thrown away. The criteria in use go on."))
    return redirect("criteria", samarbeid)


def _draft(request: HttpRequest, samarbeid: str) -> tuple[Collaboration, CriteriaSet]:
    collaboration = find_collaboration(request, samarbeid)
    draft = get_object_or_404(collaboration.criteria_sets.drafts().select_related("collaboration"))
    require(request.user, MANAGE, on=collaboration)
    return collaboration, draft


@needs(MANAGE)
def points(request: HttpRequest, samarbeid: str, key: str) -> HttpResponse:
    """Points for one candidate, by the criteria in use."""
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    edition = scores.require_scoring(collaboration)
    entry = find(in_order(collaboration), key)
    given = Assessment.objects.filter(candidate=entry.candidate, edition=edition) if entry.candidate else None
    standing = given.prefetch_related("scores").first() if given is not None else None
    form = PointsForm(posted(request), criteria=list(edition.criteria.all()), standing=standing)
    if form.is_valid():
        with form.refused_at_its_field():
            about = {name: form.cleaned_data[name] for name in ("adjustment", "comment", "version")}
            scores.give_points(collaboration=collaboration, key=key, given=form.given, by=request.user, **about)
            messages.success(request, _("The points are saved."))
            return redirect("order", samarbeid)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("Points: %(title)s") % {"title": entry.title},
        "lead": _("By %(criteria)s. What you leave open is scored later; there is a sum when all are scored.")
        % {"criteria": edition},
        "thing": standing,
        "draft": f"{kept_as(request)}-{edition.pk}",
    }
    return TemplateResponse(request, FORM, context)
