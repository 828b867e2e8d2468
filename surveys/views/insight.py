"""Insight: what was done to learn where the municipalities stand, and what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import NotAllowedNow, allowed, holds, needs, require
from digivesteralen.spreadsheets import writing
from governance.models import Collaboration, Organisation
from surveys import findings as told
from surveys import results
from surveys.actions import findings as actions
from surveys.forms.findings import ActivityForm, CategoryForm, FindingForm, RemarkForm
from surveys.models import Finding, FindingCategory, FindingRemark, InsightActivity, Instrument, Survey
from surveys.survey_tables import findings_sheet, remarks_sheet
from surveys.views.finding import find_collaboration

SEE, EDIT = "governance.view_collaboration", "governance.manage_collaboration"
ANSWERS = "governance.view_answers"
OWN, ON_BEHALF = "governance.decide_for_municipality", "governance.register_on_behalf"


@needs(SEE)
def insight(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """Which instruments were used, what each gave, and where it is told (S1)."""
    found = find_collaboration(request, samarbeid)
    activities = InsightActivity.objects.of(found).select_related("survey__collaboration")
    surveys = Survey.objects.of(found).newest_first().select_related("collaboration")
    instruments = [(label, [one for one in activities if one.kind == kind]) for kind, label in Instrument.choices]
    context = {
        "collaboration": found,
        "instruments": [(label, done) for label, done in instruments if done],
        "surveys": [
            (one, results.counted(*results.totals(one)[:2], approximate=results.totals(one)[2])) for one in surveys
        ],
        "categories": told.by_category(found),
        "may_edit": holds(request.user, EDIT, found),
        "reads_interviews": holds(request.user, ANSWERS, found),
    }
    return TemplateResponse(request, "surveys/surveys/insight.html", context)


@needs(EDIT)
def activity_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = ActivityForm(request.POST or None, collaboration=found)
    if form.is_valid():
        actions.define_activity(collaboration=found, by=request.user, **form.facts())
        messages.success(request, _("The activity is registered."))
        return redirect("insight", samarbeid)
    return _form(request, found, form, _("New activity"), _("Insight"), "insight")


@needs(EDIT)
def activity(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    done = get_object_or_404(InsightActivity.objects.of(found), pk=pk)
    title = str(done)
    form = ActivityForm(request.POST or None, collaboration=found, instance=done)
    if form.is_valid():
        actions.change_activity(activity=done, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The activity is saved."))
        return redirect("insight", samarbeid)
    return _form(request, found, form, title, _("Insight"), "insight", thing=done)


@needs(SEE)
def findings(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The findings by category, with what each municipality has said to them."""
    found = find_collaboration(request, samarbeid)
    categories = told.by_category(found)
    if request.GET.get("format") == "xlsx":
        return writing.response(
            [findings_sheet(categories), remarks_sheet(categories)], file_name=f"funn-{found.slug}.xlsx"
        )
    members = list(found.members())
    own = set(allowed(Organisation.objects.members_of(found), request.user, OWN).values_list("pk", flat=True))
    may_register = holds(request.user, ON_BEHALF, found)
    context = {
        "collaboration": found,
        "categories": [(one, _remarks(one, members, own, may_register=may_register)) for one in categories],
        "count": sum(len(one.findings) for one in categories),
        "example": any(finding.example for one in categories for finding in one.findings),
        "may_edit": holds(request.user, EDIT, found),
    }
    return TemplateResponse(request, "surveys/surveys/findings.html", context)


def _remarks(category: told.Category, members: list[Organisation], own: set[int], *, may_register: bool) -> list[Any]:
    """For each member its remark, and whether the reader may write it."""
    said = {remark.municipality_id: remark for remark in category.remarks}
    lines = []
    for place in members:
        remark = said.get(place.pk)
        may_write = place.pk in own or (may_register and (remark is None or remark.on_behalf))
        lines.append((place, remark, may_write))
    return lines


@needs(EDIT)
def finding_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    initial = {"category": request.GET.get("kategori")}
    form = FindingForm(request.POST or None, collaboration=found, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        actions.define_finding(
            category=said["category"], text=said["text"], measure=said["measure"],
            instruments=said["instruments"], by=request.user,
        )  # fmt: skip
        messages.success(request, _("The finding is added."))
        return redirect("findings", samarbeid)
    return _form(request, found, form, _("New finding"), _("Findings"), "findings")


@needs(EDIT)
def finding(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = _find_finding(found, pk)
    form = FindingForm(request.POST or None, collaboration=found, finding=one)
    if form.is_valid():
        said = form.cleaned_data
        actions.change_finding(
            finding=one, version=said["version"], category=said["category"], text=said["text"],
            measure=said["measure"], instruments=said["instruments"], by=request.user,
        )  # fmt: skip
        messages.success(request, _("The finding is saved."))
        return redirect("findings", samarbeid)
    return _form(request, found, form, _("Change finding"), _("Findings"), "findings", thing=one, removable=True)


@require_POST
@needs(EDIT)
def finding_move(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = actions.move_finding(finding=_find_finding(found, pk), up=request.POST.get("vei") == "opp", by=request.user)
    return redirect(f"{reverse('findings', args=[samarbeid])}#funn-{one.pk}")


@needs(EDIT)
def finding_remove(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = _find_finding(found, pk)
    if request.method == "POST":
        actions.remove_finding(finding=one, by=request.user)
        messages.success(request, _("The finding is removed."))
        return redirect("findings", samarbeid)
    context = {
        "collaboration": found,
        "title": _("Remove the finding?"),
        "text": one.text,
        "submit": _("Remove"),
        "cancel": reverse("findings", args=[samarbeid]),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(EDIT)
def category_new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    form = CategoryForm(request.POST or None, instance=FindingCategory(collaboration=found))
    if form.is_valid():
        actions.define_category(
            collaboration=found, name=form.cleaned_data["name"], note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, _("The category is added."))
        return redirect("findings", samarbeid)
    return _form(request, found, form, _("New category"), _("Findings"), "findings")


@needs(EDIT)
def category(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, EDIT, on=found)
    one = get_object_or_404(FindingCategory.objects.of(found), pk=pk)
    title = str(one)
    form = CategoryForm(request.POST or None, instance=one)
    if form.is_valid():
        said = form.cleaned_data
        actions.change_category(
            category=one, version=said["version"], name=said["name"], note=said["note"], by=request.user
        )
        messages.success(request, _("The category is saved."))
        return redirect("findings", samarbeid)
    return _form(request, found, form, title, _("Findings"), "findings", thing=one)


@needs(OWN, on="organisation")
def remark(request: HttpRequest, samarbeid: str, pk: int, nummer: str) -> HttpResponse:
    """One municipality's remark to one category: by its own people, or by the secretariat on its behalf."""
    found = find_collaboration(request, samarbeid)
    one = get_object_or_404(FindingCategory.objects.of(found), pk=pk)
    place = get_object_or_404(found.members(), number=nummer)
    if not holds(request.user, OWN, place):
        require(request.user, ON_BEHALF, on=found)
    there = FindingRemark.objects.filter(category=one, municipality=place).first()
    if there and not there.on_behalf and not holds(request.user, OWN, place):
        raise NotAllowedNow(_("The municipality has answered for itself; only its own people change that."))
    initial = {"agreement": there.agreement, "text": there.text} if there else {}
    form = RemarkForm(request.POST or None, initial=initial, version=there.version if there else 0)
    if form.is_valid():
        said = form.cleaned_data
        actions.remark(
            category=one, municipality=place, version=said["version"] or None, agreement=said["agreement"],
            text=said["text"], by=request.user,
        )  # fmt: skip
        messages.success(request, _("The remark of %(name)s is saved.") % {"name": place})
        return redirect("findings", samarbeid)
    title = _("%(name)s on «%(category)s»") % {"name": place, "category": one}
    return _form(request, found, form, title, _("Findings"), "findings", thing=there)


def _find_finding(collaboration: Collaboration, pk: int) -> Finding:
    return get_object_or_404(Finding.objects.select_related("category"), category__collaboration=collaboration, pk=pk)


def _form(
    request: HttpRequest, found: Collaboration, form: Any, title: str, parent: str, back: str, **more: Any
) -> HttpResponse:
    context = {
        "collaboration": found,
        "form": form,
        "title": title,
        "parent": parent,
        "back": reverse(back, args=[found.slug]),
    }
    return TemplateResponse(request, "surveys/surveys/insight_form.html", context | more)
