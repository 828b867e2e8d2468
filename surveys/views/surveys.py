"""Surveys: the list, the results that everybody may see, and the single answers that few may."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from surveys import grids, respondents, results
from surveys.actions import imports as import_actions
from surveys.actions import surveys as actions
from surveys.forms.surveys import ResultFilter, SurveyForm, SurveyUploadForm
from surveys.models import Survey
from surveys.survey_tables import SurveyTable, answers_sheet, results_sheet, texts_sheet
from surveys.views.finding import find_collaboration

SEE, MANAGE, ANSWERS = "governance.view_collaboration", "governance.manage_surveys", "governance.view_answers"


def find_survey(request: HttpRequest, samarbeid: str, slug: str) -> Survey:
    found: Survey = get_object_or_404(
        Survey.objects.select_related("collaboration"), collaboration=find_collaboration(request, samarbeid), slug=slug
    )
    return found


@needs(SEE)
def surveys(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    shown = Survey.objects.of(found).with_counts().newest_first().select_related("collaboration")
    table = tables.page(request, SurveyTable(shown))
    if request.GET.get("format") == "xlsx":
        return writing.response(table, file_name=f"undersokelser-{found.slug}.xlsx")
    context = {"collaboration": found, "table": table, "may_manage": holds(request.user, MANAGE, found)}
    return TemplateResponse(request, "surveys/surveys/list.html", context)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    form = SurveyForm(request.POST or None, instance=Survey(collaboration=found, slug="a"))
    if form.is_valid():
        survey = actions.define_survey(collaboration=found, by=request.user, **form.facts())
        messages.success(request, _("The survey is made. Import the answers, or write the questions by hand."))
        return redirect(survey)
    return TemplateResponse(request, "surveys/surveys/form.html", {"collaboration": found, "form": form})


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    survey = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=survey.collaboration)
    form = SurveyForm(request.POST or None, instance=survey)
    if form.is_valid():
        actions.change_survey(survey=survey, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The survey is saved."))
        return redirect(survey)
    context = {"collaboration": survey.collaboration, "survey": find_survey(request, samarbeid, slug), "form": form}
    return TemplateResponse(request, "surveys/surveys/form.html", context)


@needs(SEE)
def survey(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    """The results: what everybody in the collaboration may see, and more for those who may see single answers."""
    found = find_survey(request, samarbeid, slug)
    everything = holds(request.user, ANSWERS, found.collaboration)
    places, roles = (group(found, everything=everything) for group in (respondents.municipalities, respondents.roles))
    form = ResultFilter(request.GET, places=respondents.seen(places), roles=respondents.seen(roles))
    group = _narrowed(found, form, everything=everything)
    url = reverse("survey_answers", args=[samarbeid, slug]) if everything else ""
    shown = results.summary(found, responses=group, everything=everything, answers_url=url)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found, shown, everything=everything)
    answers, people, approximate = results.totals(found)
    context = {
        "collaboration": found.collaboration,
        "survey": found,
        "results": shown,
        "blocks": list(grids.blocks(shown)),
        "themes": grids.themes(shown),
        "filter": form,
        "n": results.counted(answers, people, approximate=approximate),
        "group_n": results.counted(*group.totals()) if group is not None else "",
        "places": places if found.responses.exists() else [],
        "roles": roles,
        "assumed": found.responses.filter(people_assumed=True).count(),
        "unplaced": found.responses.without_municipality().count(),
        "may_manage": holds(request.user, MANAGE, found.collaboration),
        "sees_answers": everything,
        "unread": sum(one.texts_waiting for one in shown) if everything else 0,
        "excel": f"?{_query(request)}",
        "small": results.SMALL,
    }
    return TemplateResponse(request, "surveys/surveys/results.html", context)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "xlsx"
    return query.urlencode()


def _narrowed(survey: Survey, form: ResultFilter, *, everything: bool) -> Any:
    """The answers of the chosen group; a choice that the reader may not see is no choice of the form."""
    if not form.is_valid() or not form.is_narrowed:
        return None
    place, role = form.cleaned_data.get("kommune"), form.cleaned_data.get("rolle")
    if place and role and not everything and survey.personal_opinion:
        role = ""  # two filters at once would make a small group of two that are shown
    wanted = Q()
    if place:
        wanted &= Q(municipality=None) if place == "ingen" else Q(municipality__number=place)
    if role:
        wanted &= Q(answers__option=role)
    return survey.responses.filter(wanted)


def _workbook(request: HttpRequest, survey: Survey, shown: Any, *, everything: bool) -> HttpResponse:
    sheets = [results_sheet(shown)]
    texts = texts_sheet(shown)
    sheets += [texts] if texts.rows else []
    if everything and survey.responses.exists():
        require_fresh(request)
        responses = survey.responses.select_related("municipality").order_by("completed", "external_id")
        sheets.append(answers_sheet(survey, responses))
        record("answers_exported", by=request.user, on=survey)
    return writing.response(sheets, file_name=f"{survey.slug}.xlsx")


@needs(MANAGE)
def upload(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    """The first of the four steps."""
    found = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=found.collaboration)
    posted = request.method == "POST"
    form = SurveyUploadForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        job = import_actions.upload(
            kind="survey",
            content=file,
            file_name=file.name,
            collaboration=found.collaboration,
            subject=str(found.pk),
            by=request.user,
        )
        return redirect(job)
    context = {"collaboration": found.collaboration, "survey": found, "form": form}
    return TemplateResponse(request, "surveys/surveys/upload.html", context)
