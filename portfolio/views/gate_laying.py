"""Laying a gate before the body, and what its resolution came to (D13)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs
from digivesteralen.ui.numbers import version_in
from portfolio.actions import gate_cases, gate_decisions
from portfolio.forms.gates import LayForm, ToldForm
from portfolio.gates import told_resolution
from portfolio.views.finding import MANAGE, posted
from portfolio.views.gate_forms import done, mine, shown


@needs(MANAGE)
def lay(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    """«Legg fram BP2»: the case for the body, made from the front page."""
    gate = mine(request, samarbeid, prosjekt, port)
    if missing := gate_cases.what_is_missing(gate):
        raise NotAllowedNow(" ".join(missing))
    form = LayForm(posted(request), gate=gate)
    if form.is_valid():
        with form.refused_at_its_field():
            laid = gate_cases.lay_gate(gate=gate, by=request.user, **form.cleaned_data)
            messages.success(request, _("The case is made from the gate. Look through it before it goes on an agenda."))
            return redirect(laid.case)  # type: ignore[arg-type]
    return shown(request, gate, form, _("Lay %(gate)s before the body") % {"gate": gate}, _("Make the case"))


@needs(MANAGE)
def tell(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    """What the body's resolution came to, where it was not what was proposed."""
    gate = mine(request, samarbeid, prosjekt, port)
    resolution = told_resolution(gate)
    if resolution is None:
        raise NotAllowedNow(_("No resolution on %(gate)s waits to be told. A gate is decided by its case.") % {
            "gate": gate
        })  # fmt: skip
    allowed = gate_decisions.may_be_told(gate, resolution)
    form = ToldForm(posted(request), gate=gate, allowed=allowed)
    if form.is_valid():
        with form.refused_at_its_field():
            version, answer = form.cleaned_data["version"], form.cleaned_data["answer"]
            gate_decisions.tell_answer(gate=gate, version=version, answer=answer, by=request.user)
            return done(request, gate, _("The decision is registered."))
    return shown(request, gate, form, _("What the body decided on %(gate)s") % {"gate": gate}, _("Register"))


@needs(MANAGE)
@require_POST
def take_up_again(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    """A gate at which the project was ended is prepared anew."""
    gate = mine(request, samarbeid, prosjekt, port)
    gate_decisions.take_up_again(gate=gate, version=version_in(request), by=request.user)
    return done(request, gate, _("The gate can be prepared and laid again."))
