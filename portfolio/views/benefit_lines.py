from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs
from portfolio import benefit_tables
from portfolio.actions import benefit_lines as actions
from portfolio.actions.participation import REPORT_RIGHT as REPORT
from portfolio.forms.benefits import CorrectionForm, LineForm, MeasurementForm
from portfolio.models import Benefit, BenefitLine, Participation
from portfolio.views.benefits import benefit_form, find_benefit
from portfolio.views.finding import SEE, find_participation, posted


@needs(SEE)
def line(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int, kommune: str) -> HttpResponse:
    """One municipality's part of a benefit: the owner, the chart of what was measured, and the same as a table."""
    benefit, part, found = _find(request, samarbeid, prosjekt, pk, kommune)
    told = list(found.measurements.select_related("registered_by__person", "corrected_by")) if found else []
    context = {
        "collaboration": benefit.project.collaboration,
        "project": benefit.project,
        "benefit": benefit,
        "part": part,
        "line": found,
        "measurements": told[::-1],
        "chart": benefit_tables.over_time(found, told) if found else None,
        "may_tell": actions.may_tell(request.user, part, found) and part.pays,
    }
    return TemplateResponse(request, "portfolio/benefit_line.html", context)


@needs(REPORT, on="organisation")
def plan(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int, kommune: str) -> HttpResponse:
    """Who owns the benefit in the municipality, and what it expects."""
    benefit, part, found = _find(request, samarbeid, prosjekt, pk, kommune)
    _may_tell(request, part, found)
    if found and (refusal := actions.why_not_planned(request.user, part, found)):
        messages.warning(request, refusal)
        return redirect(found)
    form = LineForm(posted(request), participation=part, line=found)
    if form.is_valid():
        with form.refused_at_its_field():
            saved = actions.plan_line(benefit=benefit, participation=part, by=request.user, **form.cleaned_data)
            messages.success(request, _("The plan of %(municipality)s is saved.") % {"municipality": part.organisation})
            return redirect(saved)
    title = _("The benefit in %(municipality)s") % {"municipality": part.organisation}
    cancel = found.get_absolute_url() if found else benefit.get_absolute_url()
    return benefit_form(
        request,
        benefit.project,
        form,
        title,
        draft=f"line-{benefit.pk}-{part.pk}",
        cancel=cancel,
        submit=_("Save the plan"),
    )


@needs(REPORT, on="organisation")
def measure(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int, kommune: str) -> HttpResponse:
    """Register what was measured."""
    benefit, part, found = _find(request, samarbeid, prosjekt, pk, kommune)
    _may_tell(request, part, found)
    if found is None:
        messages.warning(request, _("First write who owns the benefit in the municipality; then it can be measured."))
        return redirect("plan_benefit_line", samarbeid, prosjekt, pk, kommune)
    form = MeasurementForm(posted(request), line=found)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.measure(line=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The measurement is registered."))
            return redirect(found)
    title = _("New measurement in %(municipality)s") % {"municipality": part.organisation}
    return benefit_form(
        request, benefit.project, form, title, draft=f"measure-{found.pk}", cancel=found.get_absolute_url(),
        submit=_("Register the measurement"),
    )  # fmt: skip


@needs(REPORT, on="organisation")
def correct(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int, kommune: str, linje: int) -> HttpResponse:
    """The first figure stays to be read; the new one counts."""
    benefit, part, found = _find(request, samarbeid, prosjekt, pk, kommune)
    _may_tell(request, part, found)
    if found is None:
        raise Http404
    wrong = get_object_or_404(found.measurements.select_related("line__benefit"), pk=linje)
    form = CorrectionForm(posted(request), measurement=wrong)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.correct(measurement=wrong, by=request.user, **form.cleaned_data)
            messages.success(request, _("The measurement is corrected. The first figure stays to be read."))
            return redirect("benefit_line", samarbeid, prosjekt, pk, kommune)
    return benefit_form(
        request, benefit.project, form, _("Correct the measurement"), draft=f"correct-{wrong.pk}",
        cancel=found.get_absolute_url(), submit=_("Correct"),
    )  # fmt: skip


def _find(
    request: HttpRequest, samarbeid: str, prosjekt: str, pk: int, kommune: str
) -> tuple[Benefit, Participation, BenefitLine | None]:
    benefit = find_benefit(request, samarbeid, prosjekt, pk)
    part = find_participation(request, samarbeid, prosjekt, kommune)
    seen = BenefitLine.objects.visible_to(request.user).filter(benefit=benefit, participation=part)
    found = seen.with_gains().in_full().first()
    return benefit, part, found


def _may_tell(request: HttpRequest, part: Participation, line: BenefitLine | None) -> None:
    if not actions.may_tell(request.user, part, line):
        raise PermissionDenied(REPORT)
