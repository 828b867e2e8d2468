"""What the pages beside a project's own have in common: who may change it, and a form with the way back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from digivesteralen.accounts.access import holds, require
from portfolio.actions.rollout import plans_for_all
from portfolio.models import Project
from portfolio.views.finding import LEAD, MANAGE, find_project
from portfolio.views.project_pages import Page

FORM = "portfolio/project_part_form.html"


def managed_project(request: HttpRequest, samarbeid: str, prosjekt: str) -> Project:
    found = find_project(request, samarbeid, prosjekt)
    require(request.user, MANAGE, on=found.collaboration)
    return found


def led_project(request: HttpRequest, samarbeid: str, prosjekt: str) -> Project:
    """For the secretariat, and for the leader of this very project as long as the role lasts (rule 6)."""
    found = find_project(request, samarbeid, prosjekt)
    if not plans_for_all(request.user, found):
        raise PermissionDenied(LEAD)
    return found


def shown(request: HttpRequest, project: Project, template: str, **context: Any) -> HttpResponse:
    manages = holds(request.user, MANAGE, project.collaboration)
    told = {
        "collaboration": project.collaboration,
        "project": project,
        "manages": manages,
        "writes": plans_for_all(request.user, project),
        **context,
    }
    return TemplateResponse(request, template, told)


def form_of(
    request: HttpRequest, project: Project, page: Page, form: Any, title: str, submit: str, *, about: Any = None
) -> HttpResponse:
    """``about`` is what is changed: text kept from one form is never offered in the form of another."""
    context = {
        "collaboration": project.collaboration,
        "project": project,
        "form": form,
        "title": title,
        "submit": submit,
        "part": page.label,
        "part_url": reverse(page.name, args=[project.collaboration.slug, project.slug]),
        "draft": f"{page.name}-{type(form).__name__}-{about.pk if about else 'new'}-{project.pk}",
    }
    return TemplateResponse(request, FORM, context)
