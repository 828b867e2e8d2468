"""Asking those who came what they thought, and their answer by the link they got (J6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import needs, public, require
from portfolio.actions import evaluations as actions
from portfolio.views.finding import MANAGE, posted
from portfolio.views.gatherings import find_gathering
from surveys import answering
from surveys.forms.answering import ThemeForm


@needs(MANAGE)
def evaluate(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = find_gathering(request, samarbeid, pk)
    require(request.user, MANAGE, on=found.project.collaboration)
    if request.method == "POST":
        actions.evaluate(gathering=found, by=request.user)
        messages.success(request, _("The evaluation is open for two weeks, and its link is sent to those who came."))
        return redirect(found)
    context = {
        "collaboration": found.project.collaboration,
        "title": _("Evaluate «%(gathering)s»?") % {"gathering": found},
        "text": _(
            "Those who came and have an e-mail address get a link to four questions, open for two weeks. "
            "Nobody sees who answered what."
        ),
        "submit": _("Send the evaluation"),
        "cancel": found.get_absolute_url(),
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@public
def answer(request: HttpRequest, lenke: str) -> HttpResponse:
    """Four questions on one page, for the one who holds the link; answered once."""
    registration = actions.whose(lenke)
    if registration is None or registration.gathering.evaluation is None:
        raise Http404
    survey = registration.gathering.evaluation
    form = ThemeForm(posted(request), theme=answering.themes(survey)[0], said={})
    done = actions.given(registration) is not None
    if not done and survey.is_open and form.is_valid() and _is_whole(form):
        actions.answer(registration=registration, said=form.said())
        done = True
    context = {"gathering": registration.gathering, "form": form, "done": done, "is_open": survey.is_open}
    response = TemplateResponse(request, "portfolio/evaluation.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _is_whole(form: ThemeForm) -> bool:
    """Here there is no page to look it over, so what must be answered is told at once."""
    for _theme, question in answering.missing([form.theme], form.said()):
        if question.required:
            form.add_error(f"q{question.pk}", _("Choose a step."))
    return not form.errors
