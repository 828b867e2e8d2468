"""Surveys: the list, the results that everybody may see, and the single answers that few may."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from surveys import results
from surveys.actions import imports as import_actions
from surveys.actions import surveys as actions
from surveys.forms.surveys import AnswerFilter, QuestionForm, ResponseForm, ResultFilter, SurveyForm, SurveyUploadForm
from surveys.models import Response, Survey
from surveys.survey_tables import AnswerTable, SurveyTable, answers_sheet, results_sheet, short_id, texts_sheet
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
    places, roles = (group(found, everything=everything) for group in (results.municipalities, results.roles))
    form = ResultFilter(request.GET, places=results.seen(places), roles=results.seen(roles))
    group = _narrowed(found, form, everything=everything)
    shown = results.summary(found, responses=group, everything=everything)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found, shown, everything=everything)
    answers, people, approximate = results.totals(found)
    context = {
        "collaboration": found.collaboration,
        "survey": found,
        "results": shown,
        "filter": form,
        "n": results.counted(answers, people, approximate=approximate),
        "group_n": results.counted(*group.totals()) if group is not None else "",
        "places": places if found.responses.exists() else [],
        "roles": roles,
        "assumed": found.responses.filter(people_assumed=True).count(),
        "unplaced": found.responses.without_municipality().count(),
        "may_manage": holds(request.user, MANAGE, found.collaboration),
        "sees_answers": everything,
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


# --- questions ------------------------------------------------------------------------------------


@needs(MANAGE)
def questions(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    found = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=found.collaboration)
    context = {
        "collaboration": found.collaboration,
        "survey": found,
        "questions": found.questions.prefetch_related("options"),
    }
    return TemplateResponse(request, "surveys/surveys/questions.html", context)


@needs(MANAGE)
def question_new(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    found = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=found.collaboration)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        actions.define_question(survey=found, kind=form.cleaned_data["kind"], by=request.user, **form.facts())
        messages.success(request, _("The question is added."))
        return redirect("survey_questions", samarbeid, slug)
    context = {"collaboration": found.collaboration, "survey": found, "form": form}
    return TemplateResponse(request, "surveys/surveys/question.html", context)


@needs(MANAGE)
def question(request: HttpRequest, samarbeid: str, slug: str, pk: int) -> HttpResponse:
    found = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=found.collaboration)
    asked = get_object_or_404(found.questions.prefetch_related("options"), pk=pk)
    form = QuestionForm(request.POST or None, question=asked)
    if form.is_valid():
        actions.change_question(question=asked, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The question is saved."))
        return redirect("survey_questions", samarbeid, slug)
    context = {"collaboration": found.collaboration, "survey": found, "question": asked, "form": form}
    return TemplateResponse(request, "surveys/surveys/question.html", context)


# --- single answers -------------------------------------------------------------------------------


@needs(ANSWERS)
def answers(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    found = find_survey(request, samarbeid, slug)
    require(request.user, ANSWERS, on=found.collaboration)
    form = AnswerFilter(request.GET, collaboration=found.collaboration)
    shown = found.responses.select_related("municipality", "survey__collaboration")
    if form.is_valid():
        if form.cleaned_data["kommune"]:
            shown = shown.filter(municipality__number=form.cleaned_data["kommune"])
        if form.cleaned_data["mangler"]:
            shown = shown.filter(Q(municipality=None) | Q(people_assumed=True))
    table = tables.page(request, AnswerTable(shown))
    if request.GET.get("format") == "xlsx":
        record("answers_exported", by=request.user, on=found)
        return writing.response([answers_sheet(found, shown)], file_name=f"svar-{found.slug}.xlsx")
    context = {"collaboration": found.collaboration, "survey": found, "table": table, "filter": form}
    return TemplateResponse(request, "surveys/surveys/answers.html", context)


def find_response(survey: Survey, pk: Any) -> Response:
    rows = survey.responses.select_related("municipality", "survey__collaboration", "imported_by")
    found: Response = get_object_or_404(rows, pk=pk)
    return found


@needs(ANSWERS)
def response(request: HttpRequest, samarbeid: str, slug: str, pk: Any) -> HttpResponse:
    survey = find_survey(request, samarbeid, slug)
    require(request.user, ANSWERS, on=survey.collaboration)
    found = find_response(survey, pk)
    given: dict[int, list[Any]] = {}
    for answer in found.answers.select_related("option").order_by("option__position", "pk"):
        given.setdefault(answer.question_id, []).append(answer)
    context = {
        "collaboration": survey.collaboration,
        "survey": survey,
        "response": found,
        "name": short_id(found),
        "given": [(asked, given.get(asked.pk, [])) for asked in survey.questions.all()],
        "may_manage": holds(request.user, MANAGE, survey.collaboration),
    }
    return TemplateResponse(request, "surveys/surveys/response.html", context)


@needs(MANAGE)
def response_change(request: HttpRequest, samarbeid: str, slug: str, pk: Any) -> HttpResponse:
    survey = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=survey.collaboration)
    found = find_response(survey, pk)
    initial = {"municipality": found.municipality_id, "people": found.people}
    form = ResponseForm(
        request.POST or None, collaboration=survey.collaboration, initial=initial, version=found.version
    )
    if form.is_valid():
        said = form.cleaned_data
        actions.change_response(
            response=found,
            version=said["version"],
            municipality=said["municipality"],
            people=said["people"],
            by=request.user,
        )
        messages.success(request, _("The answer is saved."))
        return redirect("survey_answers", samarbeid, slug)
    context = {"collaboration": survey.collaboration, "survey": survey, "response": found, "form": form}
    return TemplateResponse(request, "surveys/surveys/response_form.html", context | {"name": short_id(found)})
