from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from governance.models import Case, Collaboration
from portfolio import base_budgets
from portfolio.actions import budgets as actions
from portfolio.forms.budgets import AdjustForm, BaseBudgetForm, OwnEffortForm
from portfolio.forms.grants import GrantFilter
from portfolio.models import BaseBudget, Grant
from portfolio.money_tables import ONLY_IN_THE_WORKBOOK, GrantTable
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted
from portfolio.views.money import pages

FORM = "portfolio/form.html"


@needs(SEE)
def financing(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the base budget needs, what covers it and what is missing; and the sources of money (p. 25, K3)."""
    collaboration = find_collaboration(request, samarbeid)
    narrowed = GrantFilter(request.GET)
    grants = narrowed.narrow(_grants(collaboration))
    pictures = base_budgets.years(collaboration)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, collaboration, grants, pictures)
    focus, rest = base_budgets.in_focus(pictures)
    context = {
        "collaboration": collaboration,
        "pages": pages(collaboration, "financing"),
        "focus": focus,
        "rest": rest,
        "cases_seen": _cases_seen(request, pictures),
        "asked_for": _asked_for(collaboration),
        "filter": narrowed,
        "table": tables.page(request, GrantTable(grants, exclude=ONLY_IN_THE_WORKBOOK)),
        "any_grant": collaboration.grants.exists(),
        "efforts": collaboration.own_efforts.all(),
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/financing.html", context)


def _grants(collaboration: Collaboration) -> Any:
    """What has a deadline first; then the newest."""
    found = Grant.objects.filter(collaboration=collaboration).with_totals().with_deadline()
    found = found.select_related("collaboration", "giver", "receiver", "project").prefetch_related("giver__names")
    return found.order_by(F("deadline").asc(nulls_last=True), "-pk")


def _cases_seen(request: HttpRequest, pictures: list[base_budgets.YearPicture]) -> set[int]:
    """The cases behind revisions that the reader may open (rule 8)."""
    named = [budget.case_id for one in pictures for budget in [one.budget, *one.others] if budget.case_id]
    return set(Case.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True))


def _asked_for(collaboration: Collaboration) -> Any:
    """What is applied for and not answered: it covers nothing yet."""
    return collaboration.grants.filter(state=Grant.State.APPLIED).aggregate(all=Sum("sought"))["all"]


def _workbook(
    request: HttpRequest, collaboration: Collaboration, grants: Any, pictures: list[base_budgets.YearPicture]
) -> HttpResponse:
    table = tables.page(request, GrantTable(grants.prefetch_related("applicants")), per_page=None)
    header, *rows = table.as_values()
    efforts = [
        [e.title, e.year, e.amount, e.hours, e.estimated, e.note, _("yes") if e.example else ""]
        for e in collaboration.own_efforts.all()
    ]
    sheets = [
        SheetSpec(_("Sources of money"), header, rows),
        base_budgets.sheet(pictures),
        SheetSpec(
            _("Own effort in the plan"),
            [_("What"), _("Year"), _("Amount"), _("Hours"), _("Estimated"), _("Note"), _("Example")],
            efforts,
        ),
    ]
    return writing.response(sheets, file_name=f"finansiering-{collaboration.slug}.xlsx")


@needs(MANAGE)
def base_budget(request: HttpRequest, samarbeid: str, ar: int | None = None) -> HttpResponse:
    collaboration = _mine(request, samarbeid)
    budget = _newest(collaboration, ar) if ar else None
    form = BaseBudgetForm(posted(request), collaboration=collaboration, budget=budget)
    if form.is_valid():
        with form.refused_at_its_field():
            if budget is None:
                actions.register_base_budget(collaboration=collaboration, by=request.user, **form.cleaned_data)
            else:
                actions.change_base_budget(budget=budget, by=request.user, **form.cleaned_data)
            return _saved(request, samarbeid)
    title = _("Base budget %(year)s") % {"year": ar} if ar else _("New base budget")
    return _form(request, collaboration, form, title)


@needs(MANAGE)
def adjust(request: HttpRequest, samarbeid: str, ar: int) -> HttpResponse:
    """«Juster rammen»: a new revision; what stood before is kept (R18)."""
    collaboration = _mine(request, samarbeid)
    budget = _newest(collaboration, ar)
    cases = Case.objects.visible_to(request.user).filter(body__collaboration=collaboration, sequence__isnull=False)
    form = AdjustForm(posted(request), collaboration=collaboration, budget=budget, cases=cases.select_related("body"))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.adjust_base_budget(budget=budget, by=request.user, **form.cleaned_data)
            return _saved(request, samarbeid)
    return _form(request, collaboration, form, _("Adjust the frame of %(year)s") % {"year": ar}, _("Adjust the frame"))


def _newest(collaboration: Collaboration, year: int) -> BaseBudget:
    found = collaboration.base_budgets.filter(year=year).order_by("-revision")
    return get_object_or_404(found[:1])


@needs(MANAGE)
def own_effort(request: HttpRequest, samarbeid: str, pk: int | None = None) -> HttpResponse:
    collaboration = _mine(request, samarbeid)
    found = get_object_or_404(collaboration.own_efforts, pk=pk) if pk else None
    form = OwnEffortForm(posted(request), effort=found)
    if form.is_valid():
        with form.refused_at_its_field():
            if found is None:
                actions.register_own_effort(collaboration=collaboration, by=request.user, **form.cleaned_data)
            else:
                actions.change_own_effort(effort=found, by=request.user, **form.cleaned_data)
            return _saved(request, samarbeid)
    return _form(request, collaboration, form, _("Own effort in the plan"))


def _mine(request: HttpRequest, samarbeid: str) -> Collaboration:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    return collaboration


def _saved(request: HttpRequest, samarbeid: str) -> HttpResponse:
    messages.success(request, _("The financing is saved."))
    return redirect("financing", samarbeid)


def _form(request: HttpRequest, collaboration: Collaboration, form: Any, title: str, submit: str = "") -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "submit": submit, "parent": "financing"}
    return TemplateResponse(request, FORM, context)
