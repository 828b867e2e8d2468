"""The single answers, for the few who may see them: the list behind a figure, one answer, and the texts to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import holds, needs, require
from digivesteralen.accounts.session_limits import require_fresh
from digivesteralen.audit.log import record
from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from surveys.actions import surveys as actions
from surveys.actions import text_review
from surveys.answers_behind import behind
from surveys.forms.surveys import AnswerFilter, ResponseForm, TextsForm
from surveys.models import Answer, Response, Survey
from surveys.survey_tables import AnswerTable, answers_sheet, short_id
from surveys.views.surveys import ANSWERS, MANAGE, find_survey

TEXTS_PER_PAGE = 50


@needs(ANSWERS)
def answers(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    found = find_survey(request, samarbeid, slug)
    require(request.user, ANSWERS, on=found.collaboration)
    form = AnswerFilter(request.GET, collaboration=found.collaboration)
    shown, about = behind(found, request.GET)
    shown = shown.select_related("municipality", "survey__collaboration")
    if form.is_valid():
        if form.cleaned_data["kommune"]:
            shown = shown.filter(municipality__number=form.cleaned_data["kommune"])
        if form.cleaned_data["mangler"]:
            shown = shown.filter(Q(municipality=None) | Q(people_assumed=True))
    table = tables.page(request, AnswerTable(shown))
    if request.GET.get("format") == "xlsx":
        require_fresh(request)
        record("answers_exported", by=request.user, on=found)
        return writing.response([answers_sheet(found, shown)], file_name=f"svar-{found.slug}.xlsx")
    context = {"collaboration": found.collaboration, "survey": found, "table": table, "filter": form, "about": about}
    return TemplateResponse(request, "surveys/surveys/answers.html", context)


@needs(ANSWERS)
def texts(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    """What people wrote, read by somebody before others and a report see it."""
    found = find_survey(request, samarbeid, slug)
    require(request.user, ANSWERS, on=found.collaboration)
    every = request.GET.get("vis") == "alle"
    said = Answer.objects.texts_of(found) if every else Answer.objects.texts_of(found).unread()
    page = Paginator(said, TEXTS_PER_PAGE).get_page(request.GET.get("page"))
    may = text_review.may(request.user, found)  # the auditor reads, and decides nothing
    form = TextsForm(request.POST if request.method == "POST" and may else None, texts=list(page))
    if form.is_valid():
        text_review.review(survey=found, decided=form.decided(all_open="secondary" in request.POST), by=request.user)
        messages.success(request, _("What you decided is kept."))
        return redirect("survey_texts", samarbeid, slug)
    context = {"collaboration": found.collaboration, "survey": found, "form": form, "page": page, "every": every}
    context |= {"may_review": may, "lines": form.lines()}
    context["views"] = [(_("Not read yet"), "?vis=uleste", not every), (_("All texts"), "?vis=alle", every)]
    return TemplateResponse(request, "surveys/surveys/texts.html", context)


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
