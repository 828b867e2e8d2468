from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import charts
from governance.models import Collaboration
from portfolio.actions import budgets as actions
from portfolio.actions import grants as grant_actions
from portfolio.forms.financing import BaseBudgetForm, GrantForm, OwnEffortForm
from portfolio.models import Allocation, BaseBudget, Grant
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/form.html"


@needs(SEE)
def financing(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What the base budget needs, what the grants cover, and what is missing, as a range (p. 25, K3)."""
    collaboration = find_collaboration(request, samarbeid)
    grants = list(collaboration.grants.with_totals().select_related("giver").prefetch_related("applicants"))
    budgets = list(collaboration.base_budgets.counting())
    if request.GET.get("format") == "xlsx":
        return writing.response(
            _sheets(grants, budgets, collaboration), file_name=f"finansiering-{collaboration.slug}.xlsx"
        )
    context = {
        "collaboration": collaboration,
        "grants": grants,
        "years": [_year(budget, grants) for budget in budgets],
        "efforts": collaboration.own_efforts.all(),
        "chart": _chart(grants) if grants else None,
        "manages": holds(request.user, MANAGE, collaboration),
    }
    return TemplateResponse(request, "portfolio/financing.html", context)


def _year(budget: BaseBudget, grants: list[Grant]) -> dict[str, Any]:
    """A year's need, less what is laid out of the grants to it."""
    laid_out = Allocation.objects.filter(grant__in=grants, project=None, year=budget.year)
    covered = sum(laid_out.values_list("amount", flat=True), Decimal(0))
    lowest, highest = budget.gap(covered)
    return {"budget": budget, "covered": covered, "lowest": lowest, "highest": highest}


def _chart(grants: list[Grant]) -> charts.Chart:
    return charts.stacked_bars(
        _("Grants: spent and left"),
        [(grant.title, [grant.spent, grant.remaining]) for grant in grants],
        [(_("spent"), "neutral"), (_("left"), "success")],
        unit="kr",
        label=_("Grant"),
        note=_("What is spent and left is approximate.") if any(g.approximate for g in grants) else "",
        id="tilskudd",
    )


def _sheets(grants: list[Grant], budgets: list[BaseBudget], collaboration: Collaboration) -> list[SheetSpec]:
    return [
        SheetSpec(
            _("Grants"),
            [_("Grant"), _("Given by"), _("Applied for by"), _("Awarded"), _("Spent"), _("Left"), _("Approximate"),
             _("Example")],
            [
                [g.title, g.giver.name, ", ".join(a.name for a in g.applicants.all()), g.awarded, g.spent, g.remaining,
                 _("yes") if g.approximate else "", _("yes") if g.example else ""]
                for g in grants
            ],
        ),
        SheetSpec(
            _("Base budget"),
            [_("Year"), _("At least"), _("At most"), _("Budget"), _("Secretariat"), _("External consultants"),
             _("Gatherings and common arenas"), _("Running the secretariat"), _("Note"), _("Example")],
            [
                [b.year, b.minimum, b.maximum, b.figure, *(amount for _name, amount in b.lines), b.note,
                 _("yes") if b.example else ""]
                for b in budgets
            ],
        ),
        SheetSpec(
            _("Own effort"),
            [_("What"), _("Year"), _("Amount"), _("Hours"), _("Estimated"), _("Example")],
            [
                [e.title, e.year, e.amount, e.hours, _("yes") if e.estimated else "", _("yes") if e.example else ""]
                for e in collaboration.own_efforts.all()
            ],
        ),
    ]  # fmt: skip


@needs(MANAGE)
def base_budget(request: HttpRequest, samarbeid: str, ar: int | None = None) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    budget = get_object_or_404(collaboration.base_budgets.counting(), year=ar) if ar else None
    form = BaseBudgetForm(posted(request), collaboration=collaboration, budget=budget)
    if form.is_valid():
        if budget is None:
            actions.register_base_budget(collaboration=collaboration, by=request.user, **form.cleaned_data)
        else:
            actions.change_base_budget(budget=budget, by=request.user, **form.cleaned_data)
        return _saved(request, samarbeid)
    return _form(request, collaboration, form, _("Base budget"))


@needs(MANAGE)
def grant(request: HttpRequest, samarbeid: str, pk: int | None = None) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found = get_object_or_404(collaboration.grants, pk=pk) if pk else None
    form = GrantForm(posted(request), collaboration=collaboration, grant=found)
    if form.is_valid():
        if found is None:
            grant_actions.register_grant(collaboration=collaboration, by=request.user, **form.cleaned_data)
        else:
            grant_actions.change_grant(grant=found, by=request.user, **form.cleaned_data)
        return _saved(request, samarbeid)
    return _form(request, collaboration, form, _("Grant"))


@needs(MANAGE)
def own_effort(request: HttpRequest, samarbeid: str, pk: int | None = None) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    found = get_object_or_404(collaboration.own_efforts, pk=pk) if pk else None
    form = OwnEffortForm(posted(request), effort=found)
    if form.is_valid():
        if found is None:
            actions.register_own_effort(collaboration=collaboration, by=request.user, **form.cleaned_data)
        else:
            actions.change_own_effort(effort=found, by=request.user, **form.cleaned_data)
        return _saved(request, samarbeid)
    return _form(request, collaboration, form, _("Own effort"))


def _saved(request: HttpRequest, samarbeid: str) -> HttpResponse:
    messages.success(request, _("The financing is saved."))
    return redirect("financing", samarbeid)


def _form(request: HttpRequest, collaboration: Collaboration, form: Any, title: str) -> HttpResponse:
    context = {"collaboration": collaboration, "form": form, "title": title, "parent": "financing"}
    return TemplateResponse(request, FORM, context)
