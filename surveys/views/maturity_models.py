"""The maturity models of a collaboration: begin with the neutral one, change it, ask; connect what was imported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digivesteralen.accounts.access import needs, require
from digivesteralen.ui.numbers import whole
from governance.models import Collaboration
from surveys.actions import maturity as actions
from surveys.forms.maturity import ConnectForm, CopyForm, DimensionForm, MaturitySurveyForm, ModelChoice, ModelForm
from surveys.models import Dimension, MaturityModel, Question
from surveys.views.finding import find_collaboration
from surveys.views.surveys import find_survey

MANAGE = "governance.manage_surveys"


def _place(request: HttpRequest, samarbeid: str) -> Collaboration:
    found = find_collaboration(request, samarbeid)
    require(request.user, MANAGE, on=found)
    return found


def _own(found: Collaboration, slug: str) -> MaturityModel:
    model: MaturityModel = get_object_or_404(MaturityModel.objects.of(found), slug=slug)
    return model


def _form(request: HttpRequest, found: Collaboration, form: Any, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"collaboration": found, "form": form, "title": title, "back": back}
    return TemplateResponse(request, "surveys/maturity/form.html", context | more)


@needs(MANAGE)
def models(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """What there is to ask by; the first begins with the neutral model."""
    found = _place(request, samarbeid)
    usable = MaturityModel.objects.usable_in(found).prefetch_related("dimensions__statements", "surveys")
    context = {"collaboration": found, "models": usable, "template": actions.template()}
    return TemplateResponse(request, "surveys/maturity/models.html", context)


@require_POST
@needs(MANAGE)
def begin(request: HttpRequest, samarbeid: str) -> HttpResponse:
    found = _place(request, samarbeid)
    model = actions.begin_with_template(collaboration=found, by=request.user)
    messages.success(request, _("The model is yours. Change what does not fit before you ask anybody."))
    return redirect("maturity_model", samarbeid, model.slug)


@needs(MANAGE)
def new(request: HttpRequest, samarbeid: str) -> HttpResponse:
    """A model of one's own, from nothing."""
    found = _place(request, samarbeid)
    form = ModelForm(request.POST or None, instance=MaturityModel(collaboration=found, slug="a"))
    if form.is_valid():
        model = actions.define_model(collaboration=found, by=request.user, **form.facts())
        messages.success(request, _("The model is made. Add its dimensions."))
        return redirect("maturity_model", samarbeid, model.slug)
    return _form(request, found, form, _("New maturity model"), reverse("maturity_models", args=[samarbeid]))


@needs(MANAGE)
def copy(request: HttpRequest, samarbeid: str, pk: int) -> HttpResponse:
    found = _place(request, samarbeid)
    source = get_object_or_404(MaturityModel.objects.usable_in(found), pk=pk)
    form = CopyForm(request.POST or None, initial={"name": _("%(name)s, copy") % {"name": source}})
    if form.is_valid():
        model = actions.copy_model(source=source, collaboration=found, name=form.cleaned_data["name"], by=request.user)
        return redirect("maturity_model", samarbeid, model.slug)
    return _form(request, found, form, _("Make a copy"), reverse("maturity_models", args=[samarbeid]))


@needs(MANAGE)
def model(request: HttpRequest, samarbeid: str, modell: str) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _own(found, modell)
    context = {
        "collaboration": found,
        "model": one,
        "dimensions": one.dimensions.prefetch_related("statements"),
        "surveys": one.surveys.newest_first().select_related("collaboration"),
        "steps": [words for words, _score in actions.steps_of(one)],
    }
    return TemplateResponse(request, "surveys/maturity/model.html", context)


@needs(MANAGE)
def change(request: HttpRequest, samarbeid: str, modell: str) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _own(found, modell)
    back = reverse("maturity_model", args=[samarbeid, modell])
    form = ModelForm(request.POST or None, instance=one)
    if form.is_valid():
        actions.change_model(model=one, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The model is saved."))
        return redirect(back)
    return _form(request, found, form, _("Change the model"), back, thing=one)


@needs(MANAGE)
def dimension_new(request: HttpRequest, samarbeid: str, modell: str) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _own(found, modell)
    back = reverse("maturity_model", args=[samarbeid, modell])
    form = DimensionForm(request.POST or None, version=one.version)
    if form.is_valid():
        actions.define_dimension(model=one, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The dimension is added."))
        return redirect(back)
    return _form(request, found, form, _("New dimension"), back)


def _dimension(found: Collaboration, modell: str, pk: int) -> Dimension:
    own = Dimension.objects.select_related("model__collaboration").prefetch_related("statements")
    return get_object_or_404(own, model__collaboration=found, model__slug=modell, pk=pk)


@needs(MANAGE)
def dimension(request: HttpRequest, samarbeid: str, modell: str, pk: int) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _dimension(found, modell, pk)
    back = reverse("maturity_model", args=[samarbeid, modell])
    form = DimensionForm(request.POST or None, dimension=one, version=one.model.version)
    if form.is_valid():
        actions.change_dimension(dimension=one, version=form.cleaned_data["version"], by=request.user, **form.facts())
        messages.success(request, _("The dimension is saved."))
        return redirect(back)
    return _form(request, found, form, one.name, back)


@require_POST
@needs(MANAGE)
def dimension_move(request: HttpRequest, samarbeid: str, modell: str, pk: int) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _dimension(found, modell, pk)
    actions.move_dimension(dimension=one, up=request.POST.get("vei") == "opp", by=request.user)
    return redirect(f"{reverse('maturity_model', args=[samarbeid, modell])}#dimensjon-{pk}")


@needs(MANAGE)
def dimension_remove(request: HttpRequest, samarbeid: str, modell: str, pk: int) -> HttpResponse:
    found = _place(request, samarbeid)
    one = _dimension(found, modell, pk)
    back = reverse("maturity_model", args=[samarbeid, modell])
    if request.method == "POST":
        actions.remove_dimension(dimension=one, by=request.user)
        messages.success(request, _("The dimension is removed."))
        return redirect(back)
    context = {
        "collaboration": found,
        "title": _("Remove the dimension?"),
        "text": _("«%(name)s» goes with its statements.") % {"name": one},
        "submit": _("Remove"),
        "cancel": back,
        "danger": True,
    }
    return TemplateResponse(request, "ds/confirm_page.html", context)


@needs(MANAGE)
def survey_new(request: HttpRequest, samarbeid: str, modell: str) -> HttpResponse:
    """A survey with every statement of the model, answered in the portal."""
    found = _place(request, samarbeid)
    one = _own(found, modell)
    form = MaturitySurveyForm(request.POST or None)
    if form.is_valid():
        survey = actions.make_survey(model=one, by=request.user, **form.facts())
        messages.success(
            request, _("The survey is made. It is on the start page of those who answer from the first day.")
        )
        return redirect("survey_standings", samarbeid, survey.slug)
    back = reverse("maturity_model", args=[samarbeid, modell])
    return _form(request, found, form, _("Make a survey of the model"), back, submit=_("Make the survey"))


@needs(MANAGE)
def connect(request: HttpRequest, samarbeid: str, slug: str) -> HttpResponse:
    """Which dimension each question of an imported survey is about, and what its choices count."""
    survey = find_survey(request, samarbeid, slug)
    require(request.user, MANAGE, on=survey.collaboration)
    usable = MaturityModel.objects.usable_in(survey.collaboration)
    choice = ModelChoice(request.GET, models=usable)
    chosen = request.GET.get("modell") or str(survey.maturity_id or "")
    one = usable.filter(pk=whole(chosen) or 0).first()
    one = one or usable.first()
    context = {"collaboration": survey.collaboration, "survey": survey, "filter": choice, "model": one}
    questions = _scorable(survey)
    if one is None or not questions:
        return TemplateResponse(request, "surveys/maturity/connect.html", context)
    data = request.POST if request.method == "POST" else None
    form = ConnectForm(data, survey=survey, model=one, questions=questions, version=survey.version)
    if form.is_valid():
        actions.connect_questions(
            survey=survey,
            version=form.cleaned_data["version"],
            model=one,
            connections=form.connections(),
            by=request.user,
        )
        messages.success(request, _("The questions are connected. The scores are worked out from the answers."))
        return redirect(f"{reverse('maturity', args=[samarbeid])}?undersokelse={survey.slug}")
    return TemplateResponse(request, "surveys/maturity/connect.html", context | {"form": form})


def _scorable(survey: Any) -> list[Question]:
    """One choice or a step on a scale; the rest cannot be a score."""
    kinds = [Question.Kind.SINGLE, Question.Kind.SCALE]
    return list(survey.questions.filter(kind__in=kinds, about_role=False).prefetch_related("options"))
