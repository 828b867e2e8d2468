"""Where a grant goes, and what it has paid for: a row each, added, changed and taken away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from digivesteralen.ui.numbers import version_in
from portfolio.actions import grants as actions
from portfolio.forms.grants import AllocationForm, SpendingForm
from portfolio.models import Grant
from portfolio.views.finding import MANAGE, posted
from portfolio.views.grants import own_grant, saved, shown


@needs(MANAGE)
def allocation(request: HttpRequest, samarbeid: str, pk: int, linje: int | None = None) -> HttpResponse:
    found = own_grant(request, samarbeid, pk)
    row = get_object_or_404(found.allocations, pk=linje) if linje else None
    form = AllocationForm(posted(request), grant=found, row=row)
    if form.is_valid():
        with form.refused_at_its_field():
            if row is None:
                actions.allocate(grant=found, by=request.user, **form.cleaned_data)
            else:
                actions.change_allocation(allocation=row, by=request.user, **form.cleaned_data)
            return saved(request, found, _("The allocation is saved."))
    return shown(request, found, form, _("Lay out the grant"), remove="remove_allocation", row=row)


@needs(MANAGE)
def spending(request: HttpRequest, samarbeid: str, pk: int, linje: int | None = None) -> HttpResponse:
    found = own_grant(request, samarbeid, pk)
    row = get_object_or_404(found.spending, pk=linje) if linje else None
    form = SpendingForm(posted(request), grant=found, row=row)
    if form.is_valid():
        with form.refused_at_its_field():
            if row is None:
                actions.spend(grant=found, by=request.user, **form.cleaned_data)
            else:
                actions.change_spending(spending=row, by=request.user, **form.cleaned_data)
            return saved(request, found, _("The spending is saved."))
    return shown(request, found, form, _("Spent of the grant"), remove="remove_spending", row=row)


@needs(MANAGE)
def remove_allocation(request: HttpRequest, samarbeid: str, pk: int, linje: int) -> HttpResponse:
    found = own_grant(request, samarbeid, pk)
    row = get_object_or_404(found.allocations.select_related("grant"), pk=linje)
    if request.method == "POST":
        actions.remove_allocation(allocation=row, version=version_in(request), by=request.user)
        return saved(request, found, _("The allocation is removed."))
    return _confirm(request, found, row, _("Remove the allocation?"))


@needs(MANAGE)
def remove_spending(request: HttpRequest, samarbeid: str, pk: int, linje: int) -> HttpResponse:
    found = own_grant(request, samarbeid, pk)
    row = get_object_or_404(found.spending.select_related("grant"), pk=linje)
    if request.method == "POST":
        actions.remove_spending(spending=row, version=version_in(request), by=request.user)
        return saved(request, found, _("The spending is removed."))
    return _confirm(request, found, row, _("Remove the spending?"))


def _confirm(request: HttpRequest, found: Grant, row: Any, title: str) -> HttpResponse:
    context = {
        "collaboration": found.collaboration,
        "title": title,
        "text": _("%(row)s is taken away. The history keeps what stood there.") % {"row": row},
        "submit": _("Remove"),
        "cancel": found.get_absolute_url(),
        "danger": True,
        "version": row.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)
