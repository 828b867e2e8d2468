"""The questions of a survey and their choices, written and corrected by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, require
from surveys.actions import surveys as actions
from surveys.forms.surveys import QuestionForm
from surveys.views.surveys import MANAGE, find_survey


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
