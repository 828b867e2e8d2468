from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import NotAllowedNow, holds, needs, require
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.numbers import version_in, whole
from governance.models import Case, Collaboration
from portfolio import active_limit
from portfolio.actions import ideas as actions
from portfolio.alike import alike
from portfolio.forms.ideas import AnswerForm, IdeaFilter, IdeaForm, RecommendForm, senders_for
from portfolio.forms.projects import ProjectForm
from portfolio.idea_tables import STATE_COLORS, IdeaTable
from portfolio.models import Idea, Measure, Project
from portfolio.models.ideas import IdeaState
from portfolio.views.finding import MANAGE, SEE, find_collaboration, posted

FORM = "portfolio/ideas/form.html"


@needs(SEE)
def ideas(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """All ideas of the collaboration, the newest first."""
    here = find_collaboration(request, samarbeid)
    form = IdeaFilter(request.GET, collaboration=here)
    seen = Idea.objects.visible_to(request.user).filter(collaboration=here)
    shown = form.narrow(seen, request.user).select_related(
        "collaboration__parent", "focus_area", "sender_organisation", "sender_body", "project"
    )
    as_workbook = request.GET.get("format") == "xlsx"
    if as_workbook:
        shown = shown.select_related("case__body").prefetch_related(
            "case__continued_by__body", "case__continued_by__continued_by__body"
        )
    table = tables.page(request, IdeaTable(shown, exclude=() if as_workbook else IdeaTable.FOR_WORKBOOKS))
    if as_workbook:
        return writing.response(table, file_name=f"ideer-{here.slug}.xlsx")
    context = {
        "collaboration": here,
        "table": table,
        "filter": form,
        "sends": _sends(request, here),
        "is_empty": not form.is_narrowed and not table.count,
    }
    return TemplateResponse(request, "portfolio/ideas/list.html", context)


@needs(SEE)
def idea(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """One idea: what it is, where it comes from, what was recommended and answered, what it became."""
    found = find_idea(request, samarbeid, pk)
    manages = holds(request.user, MANAGE, found.collaboration)
    context = {
        "collaboration": found.collaboration,
        "idea": found,
        "color": STATE_COLORS[IdeaState(found.state)],
        "manages": manages,
        "changes": found.is_open and actions.may_change(found, request.user),
        "takes_up": manages and (found.is_open or found.state == IdeaState.HERE),
        "case": Case.objects.visible_to(request.user).filter(ideas=found).first(),
        "findings": found.findings.select_related("category"),
        "areas": found.areas.all(),
        "municipalities": found.municipalities.all(),
        "alike": alike(found) if found.is_open or found.state == IdeaState.HERE else [],
    }
    return TemplateResponse(request, "portfolio/ideas/page.html", context)


@needs(SEE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """The short form, for whoever may send for a municipality or a body, and for the secretariat."""
    here = find_collaboration(request, samarbeid)
    senders, manages = senders_for(request.user, here), holds(request.user, MANAGE, here)
    if not senders and not manages:
        raise PermissionDenied(actions.SEND)
    begun = _begun(request, here)
    form = IdeaForm(posted(request), collaboration=here, senders=senders, by_itself=manages, initial=_given(begun))
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.register_idea(collaboration=here, by=request.user, **_source(begun), **form.values)
            messages.success(request, _("The idea is registered as number %(label)s.") % {"label": made.label})
            if near := len(alike(made)):
                said = ngettext(
                    "%(count)s other looks like it: see «Looks like this» on the page.",
                    "%(count)s others look like it: see «Looks like this» on the page.",
                    near,
                )
                messages.warning(request, said % {"count": near})
            return redirect(made)
    return _form(request, here, form, _("New idea"), _("Send the idea"), draft=f"new-idea-{here.pk}")


@needs(SEE)
def change(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_idea(request, samarbeid, pk)
    if not actions.may_change(found, request.user):
        raise PermissionDenied(MANAGE)
    form = IdeaForm(posted(request), collaboration=found.collaboration, idea=found)
    if form.is_valid():
        with form.refused_at_its_field():
            version = form.cleaned_data["version"]
            actions.change_idea(idea=found, version=version, by=request.user, **form.values)
            messages.success(request, _("The idea is saved."))
            return redirect(found)
    title = _("Detail the idea") if found.state == IdeaState.DETAIL else _("Change the idea")
    return _form(request, found.collaboration, form, title, _("Save the idea"), found)


@needs(MANAGE)
def recommend(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """What is recommended after the first step."""
    found = _open(request, samarbeid, pk)
    given = {"state": found.state if found.recommended_on else IdeaState.DETAIL, "comment": found.comment}
    form = RecommendForm(posted(request), version=found.version, initial=given)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.recommend(idea=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The recommendation is saved."))
            return redirect(found)
    return _form(request, found.collaboration, form, _("Recommend"), _("Save the recommendation"), found)


@needs(MANAGE)
def answer(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """Where it is solved, once."""
    found = _open(request, samarbeid, pk)
    form = AnswerForm(posted(request), idea=found, user=request.user)
    if form.is_valid():
        with form.refused_at_its_field():
            actions.answer_idea(idea=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The answer is registered, and the sender is told."))
            return redirect(found)
    return _form(request, found.collaboration, form, _("Answer the idea"), _("Register the answer"), found)


@needs(MANAGE)
def take_up(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """«Ta opp som prosjekt»: the project's own form, filled in from the idea."""
    found = find_idea(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    if found.state not in (*Idea.OPEN, IdeaState.HERE):
        raise NotAllowedNow(_("The idea is answered: %(answer)s.") % {"answer": found.answer_in_words})
    here = found.collaboration
    form = ProjectForm(
        posted(request), collaboration=here, user=request.user, version=found.version, initial=project_of(found)
    )
    if form.is_valid():
        with form.refused_at_its_field():
            made = actions.take_up(idea=found, version=form.cleaned_data["version"], by=request.user, **form.values)
            messages.success(request, _("The idea is a project now. Next: invite municipalities."))
            if warned := active_limit.warning(here, more=1):
                messages.warning(request, warned)
            return redirect(made)
    return _form(request, here, form, _("Take up as a project"), _("Register the project"), found, what="project")


@needs(MANAGE)
def take_up_quickly(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    """A quick measure without shared cost (K11); the idea is answered by it, once, so it asks first."""
    found = find_idea(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    if request.method != "POST":
        return _ask_first(request, found)
    told = {**project_of(found), "quick_measure": True}
    fields = {name: told[name] for name in ("title", "goal", "focus_area", "areas", "findings", "quick_measure")}
    made = actions.take_up(idea=found, version=version_in(request), by=request.user, **fields)
    messages.success(request, _("The idea is a quick measure now. It starts when those who take part have said so."))
    return redirect(made)


def _ask_first(request: HttpRequest, idea: Idea) -> HttpResponse:
    context = {
        "collaboration": idea.collaboration,
        "title": _("Take up as a quick measure?"),
        "text": _(
            "«%(idea)s» becomes a project. If the idea has no answer yet, it gets the answer «is solved here», which"
            " stands, and the sender is told by e-mail."
        )
        % {"idea": idea.title},
        "submit": _("Take up as a quick measure"),
        "version": idea.version,
        "cancel": idea.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


def project_of(idea: Idea) -> dict[str, Any]:
    """What the project begins with; a window gives its days, and what each must do by when."""
    bought = idea.source == Idea.Source.WINDOW
    return {
        "title": idea.title,
        "focus_area": idea.focus_area,
        "goal": idea.background,
        "kind": Project.Kind.PROCUREMENT if bought else Project.Kind.PROJECT,
        "starts": f"{idea.starts_on:%d.%m.%Y}" if idea.starts_on else "",
        "ends": f"{idea.ends_on:%d.%m.%Y}" if idea.ends_on else "",
        "note": idea.plan if bought else "",
        "areas": list(idea.areas.all()),
        "findings": list(idea.findings.all()),
        "key": Project.Key.EQUAL,
    }


# --- Finding, and the form that all have -----------------------------------------------------------


def find_idea(request: HttpRequest, samarbeid: str, pk: int) -> Idea:
    seen = Idea.objects.visible_to(request.user).select_related(
        "collaboration__parent",
        "focus_area",
        "sender_organisation",
        "sender_body",
        "sender_person",
        "answered_by",
        "project__collaboration",
        "proposal__collaboration",
        "measure__focus_area__collaboration",
        "window_area",
    )
    return get_object_or_404(seen, collaboration__slug=samarbeid, pk=pk)


def _open(request: HttpRequest, samarbeid: str, pk: int) -> Idea:
    """For those who answer; for them alone it may be too late."""
    found = find_idea(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.collaboration)
    if not found.is_open:
        raise NotAllowedNow(
            _("The idea is answered already: %(answer)s. Register a new idea if something has changed.")
            % {"answer": found.answer_in_words}
        )
    return found


def _sends(request: HttpRequest, here: Collaboration) -> bool:
    return holds(request.user, MANAGE, here) or bool(senders_for(request.user, here))


def _begun(request: HttpRequest, here: Collaboration) -> Measure | None:
    """The measure that the address names, where the idea begins from one (L17)."""
    named = Measure.objects.filter(focus_area__collaboration=here, pk=whole(request.GET.get("tiltak", "")) or 0)
    return named.select_related("focus_area").first()


def _given(begun: Measure | None) -> dict[str, Any]:
    return {"title": begun.text[:200], "focus_area": begun.focus_area} if begun else {}


def _source(begun: Measure | None) -> dict[str, Any]:
    return {"source": Idea.Source.MEASURE, "measure": begun} if begun else {}


def _form(
    request: HttpRequest,
    here: Collaboration,
    form: Any,
    title: str,
    submit: str,
    about: Idea | None = None,
    *,
    draft: str = "",
    what: str = "",
) -> HttpResponse:
    context = {
        "collaboration": here,
        "idea": about,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft or (f"{about.draft_key}{f'-{what}' if what else ''}" if about else ""),
    }
    return TemplateResponse(request, FORM, context)
