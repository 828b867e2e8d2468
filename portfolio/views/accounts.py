from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui.numbers import version_in
from portfolio import accounts as reading
from portfolio.actions import accounts as actions
from portfolio.forms.accounts import AccountForm
from portfolio.models import Project, ProjectAccount
from portfolio.periods import MONTH, Period
from portfolio.views.finding import MANAGE, SEE, find_project, posted


@needs(SEE)
def accounts(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """«Regnskap og prognose»: month by month, against the budget; the secretariat writes the next month here."""
    found = find_project(request, samarbeid, prosjekt)
    picture = reading.picture(found)
    if request.GET.get("format") == "xlsx":
        return writing.response(reading.sheets(picture), file_name=f"regnskap-{found.slug}.xlsx")
    if request.method == "POST":
        require(request.user, MANAGE, on=found.collaboration)
    form = AccountForm(posted(request), project=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.write_account(project=found, by=request.user, **form.cleaned_data)
            return _saved(request, found, _("The month is registered."))
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "picture": picture,
        "months": [(Period(one.month, MONTH), one, so_far) for one, so_far in reversed(picture.rows)],
        "chart": reading.chart(picture),
        "form": form,
        "manages": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "portfolio/accounts.html", context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found, account = _find(request, samarbeid, prosjekt, pk)
    form = AccountForm(posted(request), project=found, account=account)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_account(account=account, by=request.user, **form.cleaned_data)
            return _saved(request, found, _("The month is saved."))
    context = {
        "collaboration": found.collaboration,
        "project": found,
        "account": account,
        "form": form,
        "title": str(Period(account.month, MONTH)).capitalize(),
    }
    return TemplateResponse(request, "portfolio/account_form.html", context)


@needs(MANAGE)
def remove(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    found, account = _find(request, samarbeid, prosjekt, pk)
    if request.method == "POST":
        actions.remove_account(account=account, version=version_in(request), by=request.user)
        return _saved(request, found, _("The month is removed."))
    context = {
        "collaboration": found.collaboration,
        "title": _("Remove %(month)s from the accounts?") % {"month": Period(account.month, MONTH)},
        "text": _("The history keeps what stood there."),
        "submit": _("Remove"),
        "cancel": reverse("project_accounts", args=[samarbeid, prosjekt]),
        "danger": True,
        "version": account.version,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def _find(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> tuple[Project, ProjectAccount]:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    return found, get_object_or_404(found.accounts, pk=pk)


def _saved(request: HttpRequest, found: Project, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("project_accounts", found.collaboration.slug, found.slug)


def panel(request: Any, project: Project) -> str:
    """On the project's page: the sums, or one line while there are none."""
    picture = reading.picture(project)
    manages = holds(request.user, MANAGE, project.collaboration)
    if not picture.accounts and not manages:
        return ""
    newest = Period(picture.newest.month, MONTH) if picture.newest else None
    context = {"project": project, "collaboration": project.collaboration, "picture": picture, "newest": newest}
    return render_to_string("portfolio/_accounts_panel.html", context, request)
