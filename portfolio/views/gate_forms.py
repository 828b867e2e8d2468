"""Preparing a gate: its front page, checkpoints, documents and tables (D13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, needs, require
from digivesteralen.ui.numbers import version_in
from portfolio.actions import gates as actions
from portfolio.forms.gates import ChecksForm, DocumentForm, FrontPageForm, ReceiverForm, VersionForm
from portfolio.models import Gate
from portfolio.views.finding import MANAGE, find_project, posted
from portfolio.views.gates import find_gate

FORM = "portfolio/gate_form.html"


@needs(MANAGE)
def front_page(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    gate = open_gate(request, samarbeid, prosjekt, port)
    form = FrontPageForm(posted(request), gate=gate)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_front_page(gate=gate, version=version, by=request.user, **form.values)
            return done(request, gate, _("The front page is saved."))
    return shown(request, gate, form, _("Front page of %(gate)s") % {"gate": gate})


@needs(MANAGE)
def checks(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    gate = open_gate(request, samarbeid, prosjekt, port)
    form = ChecksForm(posted(request), gate=gate)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.answer_checks(gate=gate, version=version, answers=form.answers, by=request.user)
            return done(request, gate, _("The checkpoints are saved."))
    return shown(request, gate, form, _("Checkpoints of %(gate)s") % {"gate": gate})


@needs(MANAGE)
def document(request: HttpRequest, samarbeid: str, prosjekt: str, port: str, dokument: str) -> HttpResponse:
    gate = open_gate(request, samarbeid, prosjekt, port)
    found = get_object_or_404(gate.documents, key=dokument)
    form = DocumentForm(posted(request), request.FILES or None, document=found, version=gate.version)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.name_document(gate=gate, key=dokument, by=request.user, **form.values)
            return done(request, gate, _("The document is saved."))
    return shown(request, gate, form, str(found.kind))


@needs(MANAGE)
def new_version(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    gate = open_gate(request, samarbeid, prosjekt, port)
    form = VersionForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_version(gate=gate, by=request.user, **form.cleaned_data)
            return done(request, gate, _("The version is added."))
    return shown(request, gate, form, _("New version"))


@needs(MANAGE)
def new_receiver(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    gate = open_gate(request, samarbeid, prosjekt, port)
    form = ReceiverForm(posted(request))
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_receiver(gate=gate, by=request.user, **form.cleaned_data)
            return done(request, gate, _("The receiver is added."))
    return shown(request, gate, form, _("New receiver"))


@needs(MANAGE)
@require_POST
def remove_version(request: HttpRequest, samarbeid: str, prosjekt: str, port: str, pk: int) -> HttpResponse:
    gate = mine(request, samarbeid, prosjekt, port)
    actions.remove_row(row=get_object_or_404(gate.versions, pk=pk), by=request.user)
    return done(request, gate, _("The row is taken out."))


@needs(MANAGE)
@require_POST
def remove_receiver(request: HttpRequest, samarbeid: str, prosjekt: str, port: str, pk: int) -> HttpResponse:
    gate = mine(request, samarbeid, prosjekt, port)
    actions.remove_row(row=get_object_or_404(gate.receivers, pk=pk), by=request.user)
    return done(request, gate, _("The row is taken out."))


@needs(MANAGE)
@require_POST
def new_stage(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """BP3.1, 3.2 …"""
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    made = actions.add_stage(project=found, seen=version_in(request, "seen"), by=request.user)
    messages.success(request, _("%(gate)s is added.") % {"gate": made})
    return redirect("gates", samarbeid, prosjekt)


@needs(MANAGE)
def remove_stage(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> HttpResponse:
    """Ask first; then take it out."""
    gate = mine(request, samarbeid, prosjekt, port)
    if request.method == "POST":
        actions.remove_stage(gate=gate, by=request.user)
        messages.success(request, _("%(gate)s is taken out.") % {"gate": gate})
        return redirect("gates", samarbeid, prosjekt)
    context = {
        "collaboration": gate.project.collaboration,
        "title": _("Take out %(gate)s?") % {"gate": gate},
        "text": _("What is prepared for it goes with it: front page, checkpoints and documents."),
        "submit": _("Take out the stage"),
        "cancel": gate.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def mine(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> Gate:
    gate = find_gate(request, samarbeid, prosjekt, port)
    require(request.user, MANAGE, on=gate.project.collaboration)
    return gate


def open_gate(request: HttpRequest, samarbeid: str, prosjekt: str, port: str) -> Gate:
    """One that is still being prepared: nobody fills in a form that can't be saved."""
    gate = mine(request, samarbeid, prosjekt, port)
    if refusal := actions.why_it_stands(gate):
        raise NotAllowedNow(refusal)
    return gate


def done(request: HttpRequest, gate: Gate, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect(gate)


def shown(request: HttpRequest, gate: Gate, form: Any, title: str, submit: str = "") -> HttpResponse:
    context = {
        "collaboration": gate.project.collaboration,
        "project": gate.project,
        "gate": gate,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": f"gate-{gate.pk}-{type(form).__name__}",
    }
    return TemplateResponse(request, FORM, context)
