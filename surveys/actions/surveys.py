"""Making surveys, their questions and choices, and filling in what an answer lacks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation
from surveys.models import Dimension, Option, Question, Response, Survey
from surveys.models.questionnaires import CUT, TAKEN_SLUGS, key_of, question_key, tidy

RIGHT = "governance.manage_surveys"
NORDIC = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "Å": "a", "Ø": "o", "Æ": "ae"})


class SurveyFacts(TypedDict, total=False):
    """What is said about a survey as a whole."""

    title: str
    purpose: str
    opens_on: date | None
    closes_on: date | None
    precision: str
    personal_opinion: bool
    named: bool
    reported_answers: int | None
    reported_people: int | None
    reported_approximate: bool
    note: str


class QuestionFacts(TypedDict, total=False):
    """What is said about a question beside its choices."""

    number: str
    theme: str
    group: str
    help: str
    required: bool
    about_role: bool
    dimension: Dimension | None
    scale_min: Decimal | None
    scale_max: Decimal | None
    lowest_label: str
    highest_label: str
    reversed: bool


class OptionFacts(TypedDict, total=False):
    """A choice as it is known; ``reported_count`` None is unknown, ``score`` None is no score."""

    text: str
    cut: bool
    is_other: bool
    score: Decimal | None
    reported_count: int | None
    uncertain: bool


def slug_for(collaboration: Collaboration, title: str) -> str:
    """An address from the title that no other survey of the collaboration has."""
    wanted = slugify(title.translate(NORDIC))[:50].strip("-") or "undersokelse"
    taken = set(Survey.objects.of(collaboration).values_list("slug", flat=True)) | set(TAKEN_SLUGS)
    return next(
        slug for number in range(1, 10_000) if (slug := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )


@transaction.atomic
def define_survey(
    *, collaboration: Collaboration, slug: str = "", example: bool = False, by: Any = None, **facts: Unpack[SurveyFacts]
) -> Survey:
    """Make a survey; its questions come with the first import, or are written by hand."""
    if by:
        require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    slug = slug or slug_for(collaboration, facts["title"])
    return Survey.objects.create(collaboration=collaboration, slug=slug, example=example, **facts)


@transaction.atomic
def change_survey(*, survey: Survey, version: int | None = None, by: Any, **facts: Unpack[SurveyFacts]) -> Survey:
    """Correct what is said about the survey; names that are no longer to be kept go from every answer."""
    survey = _locked(survey, version)
    require(by, RIGHT, on=survey.collaboration)
    opinion = facts.get("personal_opinion", survey.personal_opinion)
    if opinion != survey.personal_opinion and survey.responses.exists():
        raise NotAllowedNow(
            _("Those who have answered were told whom they answer for, so that can no longer be changed. "
              "Make a new survey for the other way of answering.")
        )  # fmt: skip
    if survey.named and not facts.get("named", survey.named):
        survey.responses.exclude(respondent_name="", respondent_email="").update(
            respondent_name="", respondent_email=""
        )
        if survey.personal_opinion:
            survey.responses.exclude(answered_by=None).update(answered_by=None)
    for name, value in facts.items():
        setattr(survey, name, value)
    survey.version += 1
    survey.save()
    return survey


@transaction.atomic
def define_question(
    *,
    survey: Survey,
    text: str,
    kind: str,
    options: list[OptionFacts] | None = None,
    by: Any = None,
    **facts: Unpack[QuestionFacts],
) -> Question:
    """Add a question at the end, with its choices in order."""
    survey = _locked(survey, None)
    if by:
        require(by, RIGHT, on=survey.collaboration)
    last = survey.questions.aggregate(last=Max("position"))["last"] or 0
    question = Question(survey=survey, position=last + 1, kind=kind)
    _say(question, text, facts)
    _write_options(question, options or [])
    _changed(survey)
    return question


@transaction.atomic
def change_question(
    *,
    question: Question,
    version: int | None = None,
    text: str,
    options: list[OptionFacts] | None = None,
    by: Any,
    **facts: Unpack[QuestionFacts],
) -> Question:
    """Correct a question and its choices; what somebody has chosen can be renamed, but not taken away."""
    survey = _locked(question.survey, None)
    require(by, RIGHT, on=survey.collaboration)
    question = Question.objects.select_for_update().get(pk=question.pk)
    check_version(question, version)
    question.version += 1
    _say(question, text, facts)
    if options is not None and question.has_choices:
        _write_options(question, options)
    _changed(survey)
    return question


def _say(question: Question, text: str, facts: QuestionFacts) -> None:
    """Its words and what is said about it; a survey asks a question once."""
    for name, value in facts.items():
        setattr(question, name, value)
    question.text, question.group = tidy(text), tidy(question.group)
    question.key = question_key(question.text, question.group)
    if Question.objects.filter(survey=question.survey_id, key=question.key).exclude(pk=question.pk).exists():
        raise NotAllowedNow(_("The survey has this question already."))
    question.save()


@transaction.atomic
def change_response(
    *, response: Response, version: int | None = None, municipality: Organisation | None, people: int, by: Any
) -> Response:
    """Say which municipality an answer comes from and how many people stand behind it (R31)."""
    response = (
        Response.objects.select_for_update(of=["self"]).select_related("survey__collaboration").get(pk=response.pk)
    )
    require(by, RIGHT, on=response.survey.collaboration)
    check_version(response, version)
    if people < 1:
        raise NotAllowedNow(_("At least one person stands behind an answer."))
    if municipality is not None and not response.survey.collaboration.members().filter(pk=municipality.pk).exists():
        raise NotAllowedNow(_("%(name)s is not a member of the collaboration.") % {"name": municipality})
    if municipality != response.municipality:
        response.municipality = municipality
        response.municipality_from = Response.Source.ASKED if municipality else ""
    response.people, response.people_assumed = people, False
    response.version += 1
    response.save()
    return response


def _locked(survey: Survey, version: int | None) -> Survey:
    found: Survey = Survey.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=survey.pk)
    check_version(found, version)
    return found


def _changed(survey: Survey) -> None:
    survey.version += 1
    survey.save(update_fields=["version"])


def _write_options(question: Question, options: list[OptionFacts]) -> None:
    """The choices become these, in this order; known ones are kept by their words, so that answers stay with them."""
    there = {option.key: option for option in question.options.all()}
    wanted = {key_of(facts["text"]): facts for facts in options if tidy(facts["text"])}
    gone = [option for key, option in there.items() if key not in wanted]
    chosen = Option.objects.filter(pk__in=[option.pk for option in gone], answers__isnull=False).distinct()
    if kept := ", ".join(f"«{option.label}»" for option in chosen):
        raise NotAllowedNow(_("%(choices)s stands in answers and cannot be taken away.") % {"choices": kept})
    Option.objects.filter(pk__in=[option.pk for option in gone]).delete()
    for place, (key, facts) in enumerate(wanted.items(), start=1):
        option = there.get(key) or Option(question=question, key=key)
        text = tidy(facts["text"])
        option.position, option.text = place, text
        option.cut = facts.get("cut", False) or text.endswith(CUT)
        option.is_other = facts.get("is_other", False)
        option.reported_count, option.uncertain = facts.get("reported_count"), facts.get("uncertain", False)
        option.score = facts.get("score", option.score)
        option.save()
