from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from governance import checklists
from governance.actions import legal_forms as actions
from governance.forms.legal_forms import AssessForm, ChangeForm, RaiseForm
from governance.legal_forms import form_flag
from governance.models import Collaboration
from governance.views.finding import find_collaboration

MANAGE = "governance.manage_collaboration"


@needs("governance.view_collaboration")
def legal_form(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The form today and before, what the act says of it, and the register of assessments."""
    found = find_collaboration(request, samarbeid)
    today = timezone.localdate()
    context = {
        "collaboration": found,
        "legal_form": found.legal_form_on(today),
        "rule": checklists.rule_of(found.legal_form_on(today), today),
        "periods": found.legal_forms.select_related("agreement__collaboration"),
        "reviews": found.form_reviews.newest_first(),
        "open_review": found.form_reviews.filter(assessed_on=None).first(),
        "flag": form_flag(found),
        "bodies": found.bodies.select_related("collaboration"),
        "manages": holds(request.user, MANAGE, found),
    }
    return TemplateResponse(request, "governance/legal_forms/page.html", context)


@needs(MANAGE)
def change_form(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = ChangeForm(request.POST if request.method == "POST" else None, collaboration=found)
    if form.is_valid():
        actions.change_form(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The organisational form is registered. Look through the rules of the bodies."))
        return redirect("legal_form", samarbeid)
    return _form(request, found, form, _("Change the organisational form"), _("Register the form"), "legal-form")


@needs(MANAGE)
def take_back_form(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    period = get_object_or_404(found.legal_forms, pk=pk)
    if not period.is_to_come:
        raise NotAllowedNow(_("The form has begun, and stays in the history. Register a new form from a later day."))
    if request.method == "POST":
        actions.take_back_form(period=period, by=request.user)
        messages.success(request, _("The coming form is taken back."))
        return redirect("legal_form", samarbeid)
    context = {
        "collaboration": found, "title": _("Take back the coming form?"), "submit": _("Take it back"),
        "text": _("The form in use today goes on."), "cancel": ".." ,
    }  # fmt: skip
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def raise_review(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = RaiseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.raise_review(collaboration=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The collaboration page shows that the form must be assessed, until it is done."))
        return redirect("legal_form", samarbeid)
    title = _("Raise an assessment of the organisational form")
    return _form(request, found, form, title, _("Raise the assessment"), "form-review")


@needs(MANAGE)
def assess(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    review = get_object_or_404(found.form_reviews, pk=pk)
    if review.assessed_on is not None:
        raise NotAllowedNow(_("The assessment is made. Raise a new one if something has changed."))
    data = request.POST if request.method == "POST" else None
    form = AssessForm(data, review=review, version=review.version, initial={"assessed_on": timezone.localdate()})
    if form.is_valid():
        actions.assess(review=review, by=request.user, **form.cleaned_data)
        messages.success(request, _("The assessment is registered."))
        return redirect("legal_form", samarbeid)
    return _form(request, found, form, _("Assess the organisational form"), _("Register the assessment"), "form-assess")


def _form(
    request: HttpRequest, collaboration: Collaboration, form: Any, title: str, submit: str, draft: str
) -> HttpResponse:
    context = {
        "collaboration": collaboration, "form": form, "title": title, "submit": submit,
        "draft": f"{draft}-{collaboration.pk}",
    }  # fmt: skip
    return TemplateResponse(request, "governance/legal_forms/form.html", context)
