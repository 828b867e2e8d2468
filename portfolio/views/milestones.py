from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui.numbers import version_in
from governance.models import Body, Case
from portfolio.actions import milestones as actions
from portfolio.actions.rollout import plans_for_all
from portfolio.forms.milestones import CheckForm, MilestoneForm
from portfolio.models import Milestone, MilestoneCheck, Project
from portfolio.views.finding import LEAD, SEE, find_project, posted
from portfolio.views.project_parts import led_project

# So many are shown on the project's own page: what is not reached, the nearest first.
SHOWN = 6


def panel(request: Any, project: Project) -> str:
    """«Milepæler» on the page of a project: what comes next, and the way to all."""
    count = project.milestones.count()
    if not count:
        return ""
    context = {
        **_told(request, project, project.milestones.not_reached()[:SHOWN]),
        "count": count,
        "writes": plans_for_all(request.user, project),
    }
    return render_to_string("portfolio/_milestones_panel.html", context, request)


@needs(SEE)
def milestones(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    """All milestones: what was planned, where it was moved, what the body found, when it was reached (N13, B8)."""
    found = find_project(request, samarbeid, prosjekt)
    context = {
        **_told(request, found, found.milestones.all()),
        "writes": plans_for_all(request.user, found),
        "seen": set(Case.objects.visible_to(request.user).filter(milestone_checks__milestone__project=found)
                    .values_list("pk", flat=True)),
    }  # fmt: skip
    return TemplateResponse(request, "portfolio/milestones.html", context)


def _told(request: Any, project: Project, found: Any) -> dict[str, Any]:
    """Each with its body's check, and whether it waits for one that this person may register."""
    rows = list(found.select_related("check_with").prefetch_related("moves", "checks__case__body__collaboration"))
    may = set(Body.objects.where_may(request.user, actions.CHECK).filter(
        collaboration=project.collaboration, milestones__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )  # fmt: skip
    told = []
    for row in rows:
        row.project = project
        passed = any(
            one.body_id == row.check_with_id and one.result in MilestoneCheck.PASSED for one in row.checks.all()
        )
        waits = row.check_with_id is not None and row.reached_on is None and not passed
        told.append({"one": row, "waits": waits, "may_check": waits and row.check_with_id in may})
    return {"project": project, "collaboration": project.collaboration, "rows": told}


@needs(LEAD)
def new_milestone(request: HttpRequest, samarbeid: str, prosjekt: str) -> HttpResponse:
    found = led_project(request, samarbeid, prosjekt)
    form = MilestoneForm(posted(request), collaboration=found.collaboration)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.add_milestone(project=found, by=request.user, **form.values)
            messages.success(request, _("The milestone is in the plan."))
            return redirect("milestones", samarbeid, prosjekt)
    return _form(request, found, form, _("New milestone"), "milestone-new")


@needs(LEAD)
def change_milestone(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    milestone = _find(led_project(request, samarbeid, prosjekt), pk)
    form = MilestoneForm(posted(request), collaboration=milestone.project.collaboration, milestone=milestone)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_milestone(milestone=milestone, version=version, by=request.user, **form.values)
            messages.success(request, _("The milestone is saved."))
            return redirect("milestones", samarbeid, prosjekt)
    return _form(request, milestone.project, form, milestone.title, f"milestone-{milestone.pk}", milestone=milestone)


@needs(LEAD)
@require_POST
def reach_milestone(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    milestone = _find(led_project(request, samarbeid, prosjekt), pk)
    actions.reach_milestone(milestone=milestone, version=version_in(request), on=timezone.localdate(), by=request.user)
    return redirect(milestone)


@needs(LEAD)
def remove_milestone(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """Ask first; then take it out of the plan."""
    milestone = _find(led_project(request, samarbeid, prosjekt), pk)
    if request.method == "POST":
        actions.remove_milestone(milestone=milestone, by=request.user)
        messages.success(request, _("The milestone is taken out of the plan."))
        return redirect("milestones", samarbeid, prosjekt)
    context = {
        "collaboration": milestone.project.collaboration,
        "title": _("Take the milestone «%(milestone)s» out of the plan?") % {"milestone": milestone},
        "text": _("It is no longer shown. What it was stays in the history."),
        "submit": _("Take it out"),
        "cancel": milestone.get_absolute_url(),
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(actions.CHECK, on="body")
def check_milestone(request: HttpRequest, samarbeid: str, prosjekt: str, pk: int) -> HttpResponse:
    """«Til utsjekk»: the body's own people say what it found, or the secretariat for it (B8)."""
    milestone = _find(find_project(request, samarbeid, prosjekt), pk)
    if milestone.check_with is None:
        raise Http404
    require(request.user, actions.CHECK, on=milestone.check_with)
    form = CheckForm(posted(request), body=milestone.check_with, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.check_milestone(milestone=milestone, by=request.user, **form.cleaned_data)
            messages.success(request, _("The check is registered."))
            return redirect(milestone)
    title = _("Check of «%(milestone)s» by %(body)s") % {"milestone": milestone, "body": milestone.check_with}
    return _form(request, milestone.project, form, title, f"check-{milestone.pk}", submit=_("Register the check"))


def _find(project: Project, pk: int) -> Milestone:
    found: Milestone = get_object_or_404(project.milestones.select_related("check_with__collaboration"), pk=pk)
    found.project = project
    return found


def _form(request: HttpRequest, project: Project, form: Any, title: str, draft: str, **more: Any) -> HttpResponse:
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "form": form,
        "title": title,
        "draft": f"{draft}-{project.pk}",
        "parent_url": reverse("milestones", args=[project.collaboration.slug, project.slug]),
        "parent_name": _("Milestones"),
        "submit": _("Save the milestone"),
        **more,
    }
    return TemplateResponse(request, "portfolio/part_form.html", context)
