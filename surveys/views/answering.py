"""Answering a survey for one's municipality: theme by theme, looked over, handed in, changed while it is open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import Stale, needs, require
from digivesteralen.spreadsheets import writing
from governance.models import Organisation
from surveys import answering as told
from surveys.actions import answering as actions
from surveys.answering_tables import standings_sheet
from surveys.forms.answering import HandInForm, ThemeForm
from surveys.models import ResponseDraft, Survey
from surveys.views.surveys import find_survey

ANSWER, MANAGE = "governance.answer_surveys", "governance.manage_surveys"


def _mine(request: HttpRequest, samarbeid: str, slug: str, nummer: str) -> tuple[Survey, Organisation]:
    """Another's municipality is 403; a survey that is not answered here, or not yet, is not there."""
    survey = find_survey(request, samarbeid, slug)
    place = get_object_or_404(survey.collaboration.members(), number=nummer)
    require(request.user, ANSWER, on=place)
    if not told.begun(survey):
        raise Http404
    return survey, place


def _frame(request: HttpRequest, survey: Survey, place: Organisation) -> dict[str, Any]:
    draft = told.draft_of(survey, place, request.user)
    response = told.answer_of(survey, place, request.user)
    return {
        "collaboration": survey.collaboration,
        "survey": survey,
        "place": place,
        "draft": draft,
        "said": draft.said if draft else told.said_of(response) if response else {},
        "version": draft.version if draft else 0,
        "response": response,
        "themes": told.themes(survey),
        "overview": reverse("answer_survey", args=[survey.collaboration.slug, survey.slug, place.number]),
    }


@needs(ANSWER, on="organisation")
def overview(request: HttpRequest, samarbeid: str, slug: str, nummer: str) -> HttpResponse:
    """Where one begins, sees how far it has come, and finds the receipt."""
    survey, place = _mine(request, samarbeid, slug, nummer)
    context = _frame(request, survey, place)
    context["lines"] = [(theme, theme.answered(context["said"])) for theme in context["themes"]]
    context["closed"] = "" if survey.is_open else actions.closed_words(survey)
    context["changed"] = _changed(context["draft"], context["response"])
    return TemplateResponse(request, "surveys/answering/overview.html", context)


def _changed(draft: ResponseDraft | None, response: Any) -> bool:
    """Something was written after it was handed in, and does not count yet."""
    if draft is None or response is None:
        return False
    return draft.updated_at > (response.modified or response.completed)


@needs(ANSWER, on="organisation")
def theme(request: HttpRequest, samarbeid: str, slug: str, nummer: str, steg: int) -> HttpResponse:
    """One theme. Each pause keeps what stands there; without script «Next» does."""
    survey, place = _mine(request, samarbeid, slug, nummer)
    context = _frame(request, survey, place)
    asked = next((one for one in context["themes"] if one.number == steg), None)
    if asked is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ThemeForm(data, theme=asked, said=context["said"], version=context["version"])
    if request.method == "POST":
        fine, version = form.is_valid(), form.cleaned_data.get("version")
        try:
            draft = actions.keep(survey=survey, municipality=place, said=form.said(), version=version, by=request.user)
        except Stale as overtaken:
            return _overtaken(request, context | {"theme": asked}, form.said(), overtaken)
        if "HX-Request" in request.headers:
            return render(request, "surveys/answering/_kept.html", {"draft": draft, "fine": fine})
        if fine:
            return redirect(_way(request, survey, place, steg, last=len(context["themes"])))
    context |= {"form": form, "theme": asked, "last": len(context["themes"])}
    return TemplateResponse(request, "surveys/answering/theme.html", context)


def _overtaken(request: HttpRequest, context: dict[str, Any], mine: dict[str, Any], overtaken: Stale) -> HttpResponse:
    """Somebody else wrote in the common draft meanwhile: both versions are shown, and neither is lost."""
    draft: Any = overtaken.current
    context["differs"] = [
        (question, told.told(question, mine), told.told(question, draft.said))
        for question in context["theme"].questions
        if told.told(question, mine) != told.told(question, draft.said)
    ]
    response = render(request, "surveys/answering/overtaken.html", context | {"draft": draft}, status=409)
    # htmx shows only answers it is told to show: the refusal takes the place of the whole page.
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "outerHTML"
    return response


def _way(request: HttpRequest, survey: Survey, place: Organisation, step: int, *, last: int) -> str:
    here = [survey.collaboration.slug, survey.slug, place.number]
    if "back" in request.POST:
        return reverse("answer_theme", args=[*here, step - 1]) if step > 1 else reverse("answer_survey", args=here)
    return reverse("answer_theme", args=[*here, step + 1]) if step < last else reverse("answer_review", args=here)


@needs(ANSWER, on="organisation")
def review(request: HttpRequest, samarbeid: str, slug: str, nummer: str) -> HttpResponse:
    """Everything that was answered, what is missing, and how many stand behind it; from here it is handed in."""
    survey, place = _mine(request, samarbeid, slug, nummer)
    context = _frame(request, survey, place)
    draft, said = context["draft"], context["said"]
    data = request.POST if request.method == "POST" else None
    form = HandInForm(
        data,
        personal=survey.personal_opinion,
        version=context["version"],
        initial={"people": draft.people if draft and context["response"] else None},
    )
    if form.is_valid():
        actions.hand_in(
            survey=survey,
            municipality=place,
            people=form.people_behind(),
            version=form.cleaned_data["version"],
            by=request.user,
        )
        messages.success(request, _("The answer is handed in. Thank you!"))
        return redirect(context["overview"])
    lacking = told.missing(context["themes"], said)
    context["form"] = form
    context["missing"] = lacking
    context["required"] = [question for _theme, question in lacking if question.required]
    context["lines"] = [
        (theme, [(question, told.told(question, said)) for question in theme.questions]) for theme in context["themes"]
    ]
    return TemplateResponse(request, "surveys/answering/review.html", context)


@needs(ANSWER, on="organisation")
def withdraw(request: HttpRequest, samarbeid: str, slug: str, nummer: str) -> HttpResponse:
    survey, place = _mine(request, samarbeid, slug, nummer)
    back = reverse("answer_survey", args=[samarbeid, slug, nummer])
    if request.method == "POST":
        actions.withdraw(survey=survey, municipality=place, by=request.user)
        messages.success(request, _("The answer is taken back and counts no more. What was written is still here."))
        return redirect(back)
    context = {
        "collaboration": survey.collaboration,
        "title": _("Take the answer back?"),
        "text": _("It counts no more in the results. What was written stays here, and can be handed in again."),
        "submit": _("Take it back"),
        "cancel": back,
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def standings(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    """Who has answered, who has begun, who has not; for the one who follows up."""
    survey = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=survey.collaboration)
    lines = told.standings(survey)
    if request.GET.get("format") == "xlsx":
        return writing.response([standings_sheet(lines)], file_name=f"svarstatus-{survey.slug}.xlsx")
    context = {
        "collaboration": survey.collaboration,
        "survey": survey,
        "lines": lines,
        "answered": sum(bool(line.answers) for line in lines),
        "reminded": actions.reminded_today(survey),
        "can_remind": survey.in_portal and survey.is_open and any(not line.answers for line in lines),
    }
    return TemplateResponse(request, "surveys/answering/standings.html", context)


@require_POST
@needs(MANAGE)
def remind(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    survey = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=survey.collaboration)
    sent = actions.remind(survey=survey, by=request.user)
    words = ngettext(
        "A reminder goes to %(count)s municipality.", "Reminders go to %(count)s municipalities.", len(sent)
    )
    messages.success(request, words % {"count": len(sent)})
    return redirect("survey_standings", samarbeid, slug)
