"""One source of money: what is known of it, what can be done with it now, where it goes and what it has paid for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from portfolio.actions import grants as actions
from portfolio.forms import grants as forms
from portfolio.forms.grants import GrantForm
from portfolio.models import Grant
from portfolio.money_tables import GRANT_COLORS
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/grant_form.html"


class Step(NamedTuple):
    """A step of a grant: where it leads, what its button and page say, and what is asked."""

    to: str
    button: Any
    title: Any
    form: Any
    verb: Callable[..., Grant]
    done: Any


STEPS: dict[str, Step] = {
    "sok": Step(
        Grant.State.APPLIED, gettext_lazy("Applied for"), gettext_lazy("The application is sent"), forms.ApplyForm,
        actions.apply, gettext_lazy("The application is registered."),
    ),
    "innvilg": Step(
        Grant.State.GRANTED, gettext_lazy("Granted"), gettext_lazy("The grant is awarded"), forms.AwardForm,
        actions.award, gettext_lazy("The grant is registered. Next: lay it out."),
    ),
    "avslag": Step(
        Grant.State.REFUSED, gettext_lazy("Refused"), gettext_lazy("The application is refused"), forms.RefuseForm,
        actions.refuse, gettext_lazy("The refusal is registered."),
    ),
    "utbetalt": Step(
        Grant.State.PAID, gettext_lazy("Paid out"), gettext_lazy("The grant is paid out"), forms.PaidForm,
        actions.pay_out, gettext_lazy("The payment is registered."),
    ),
    "rapporter": Step(
        Grant.State.REPORTED, gettext_lazy("Reported"), gettext_lazy("The use is reported"), forms.ReportedForm,
        actions.report, gettext_lazy("The report is registered."),
    ),
    "sok-igjen": Step(
        Grant.State.TO_APPLY, gettext_lazy("Apply again"), gettext_lazy("To be applied for once more"),
        forms.AgainForm, actions.apply_again, gettext_lazy("The source is to be applied for again."),
    ),
}  # fmt: skip


@needs(SEE)
def grant(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_grant(request, samarbeid, pk)
    allocations = list(found.allocations.select_related("project__collaboration"))
    context = {
        "collaboration": found.collaboration,
        "grant": found,
        "color": GRANT_COLORS[Grant.State(found.state)],
        "allocations": allocations,
        "to_base_budget": any(row.project_id is None for row in allocations),
        "spending": found.spending.select_related("project__collaboration"),
        "applicants": list(found.applicants.all()),
        "steps": [(name, step.button) for name, step in STEPS.items() if step.to in Grant.NEXT[found.state]],
        "manages": holds(request.user, MANAGE, found.collaboration),
    }
    return TemplateResponse(request, "portfolio/grant.html", context)


def find_grant(request: HttpRequest, samarbeid: str, pk: int) -> Grant:
    known = Grant.objects.visible_to(request.user).with_totals().with_deadline()
    known = known.select_related("collaboration", "giver", "receiver", "project__collaboration")
    known = known.prefetch_related("giver__names")
    return get_object_or_404(known, collaboration__slug=samarbeid, pk=pk)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    collaboration = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=collaboration)
    form = GrantForm(posted(request), collaboration=collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.register_grant(collaboration=collaboration, by=request.user, **form.cleaned_data)
            messages.success(request, _("The source is registered."))
            return redirect(made)
    context = {
        "collaboration": collaboration,
        "form": form,
        "title": _("New source of money"),
        "submit": _("Register the source"),
        "draft": f"grant-new-{collaboration.pk}",
    }
    return TemplateResponse(request, FORM, context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = own_grant(request, samarbeid, pk)
    form = GrantForm(posted(request), collaboration=found.collaboration, grant=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.change_grant(grant=found, by=request.user, **form.cleaned_data)
            return saved(request, found, _("The source is saved."))
    return shown(request, found, form, _("Change the source"), draft=f"grant-{found.pk}")


@needs(MANAGE)
def step(request: HttpRequest, samarbeid: str, pk: int, steg: str) -> HttpResponse:
    """Apply, grant, refuse, paid, reported: only what can follow from the state it is in."""
    found = own_grant(request, samarbeid, pk)
    wanted = STEPS[steg]
    if wanted.to not in Grant.NEXT[found.state]:
        raise NotAllowedNow(
            _("«%(grant)s» is %(state)s. This step can't be taken from there.")
            % {"grant": found, "state": found.get_state_display()}
        )
    form = wanted.form(posted(request), grant=found)
    if form.is_valid():
        with form.refused_at_its_field():
            wanted.verb(grant=found, by=request.user, **form.cleaned_data)
            return saved(request, found, str(wanted.done))
    return shown(request, found, form, str(wanted.title))


def own_grant(request: HttpRequest, samarbeid: str, pk: int) -> Grant:
    """A grant that the reader may change."""
    found = find_grant(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    return found


def saved(request: HttpRequest, found: Grant, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(found)


def shown(request: HttpRequest, found: Grant, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"collaboration": found.collaboration, "grant": found, "form": form, "title": title, **more}
    return TemplateResponse(request, FORM, context)
