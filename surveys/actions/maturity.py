"""Making a maturity model one's own, and asking about it: dimensions, statements, the survey (G14, S13)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration
from surveys.actions.surveys import NORDIC, define_survey
from surveys.models import Dimension, MaturityModel, Option, Question, Statement, Survey, SurveySeries
from surveys.models.questionnaires import key_of, question_key, tidy

RIGHT = "governance.manage_surveys"
TEMPLATE = Path(__file__).parents[1] / "data" / "maturity.toml"
MOST_STEPS = 10
Texts = Sequence[str]


class ModelFacts(TypedDict, total=False):
    """What is said about a model as a whole."""

    name: str
    description: str
    source: str
    scale_min: Decimal
    scale_max: Decimal
    lowest_label: str
    highest_label: str


def template() -> dict[str, Any]:
    """The neutral model that comes with the portal."""
    return tomllib.loads(TEMPLATE.read_text())


@transaction.atomic
def begin_with_template(*, collaboration: Collaboration, example: bool = False, by: Any) -> MaturityModel:
    """The collaboration's own copy of the neutral model, free to be changed."""
    told = template()
    facts = {name: told[name] for name in ModelFacts.__annotations__}
    model = define_model(collaboration=collaboration, example=example, by=by, **facts)
    for side in told["dimensions"]:
        _write_dimension(model, side["name"], side["text"], side["statements"], side.get("reversed", []))
    return model


@transaction.atomic
def copy_model(*, source: MaturityModel, collaboration: Collaboration, name: str, by: Any) -> MaturityModel:
    """A model of one's own that begins as another that may be used here."""
    if not MaturityModel.objects.usable_in(collaboration).filter(pk=source.pk).exists():
        raise NotAllowedNow(_("This model belongs to another collaboration."))
    facts = {field: getattr(source, field) for field in ModelFacts.__annotations__} | {"name": name}
    model = define_model(collaboration=collaboration, example=source.example, by=by, **facts)
    for dimension in source.dimensions.prefetch_related("statements"):
        texts: dict[bool, list[str]] = {False: [], True: []}
        for statement in dimension.statements.all():
            texts[statement.reversed].append(statement.text)
        _write_dimension(model, dimension.name, dimension.text, texts[False], texts[True])
    return model


@transaction.atomic
def define_model(
    *, collaboration: Collaboration, example: bool = False, by: Any, **facts: Unpack[ModelFacts]
) -> MaturityModel:
    """A model without dimensions yet."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    slug = _slug(collaboration, facts["name"])
    return MaturityModel.objects.create(collaboration=collaboration, slug=slug, example=example, **facts)


@transaction.atomic
def change_model(
    *, model: MaturityModel, version: int | None = None, by: Any, **facts: Unpack[ModelFacts]
) -> MaturityModel:
    """Correct what is said about the model; surveys that were made from it keep the scale they were answered on."""
    model = _locked(model, version, by)
    for name, value in facts.items():
        setattr(model, name, value)
    return _saved(model)


@transaction.atomic
def define_dimension(
    *,
    model: MaturityModel,
    version: int | None = None,
    name: str,
    text: str = "",
    statements: Texts,
    reversed: Texts = (),
    by: Any,
) -> Dimension:
    """One more side of maturity, last, with its statements."""
    model = _locked(model, version, by)
    _name_is_free(model, name)
    dimension = _write_dimension(model, name, text, statements, reversed)
    _saved(model)
    return dimension


@transaction.atomic
def change_dimension(
    *,
    dimension: Dimension,
    version: int | None = None,
    name: str,
    text: str = "",
    statements: Texts,
    reversed: Texts = (),
    by: Any,
) -> Dimension:
    """The statements become these, in this order; one that somebody has answered stays as it was asked."""
    model = _locked(dimension.model, version, by)
    _name_is_free(model, name, but=dimension)
    dimension.name, dimension.text = tidy(name), text
    dimension.save()
    _write_statements(dimension, statements, reversed)
    _saved(model)
    return dimension


@transaction.atomic
def move_dimension(*, dimension: Dimension, up: bool, by: Any) -> None:
    """One place up or down; the first stays first."""
    model = _locked(dimension.model, None, by)
    order = list(model.dimensions.all())
    place = order.index(dimension)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    Dimension.objects.bulk_update(order, ["position"])
    _saved(model)


@transaction.atomic
def remove_dimension(*, dimension: Dimension, by: Any) -> None:
    """Take away a dimension that no survey has asked about."""
    model = _locked(dimension.model, None, by)
    if survey := Survey.objects.filter(questions__dimension=dimension).first():
        raise NotAllowedNow(
            _("«%(survey)s» has questions about this, so it stays. Make a copy of the model to begin anew.")
            % {"survey": survey}
        )
    dimension.delete()
    _saved(model)


@transaction.atomic
def make_survey(
    *,
    model: MaturityModel,
    title: str,
    purpose: str = "",
    opens_on: date,
    closes_on: date,
    personal_opinion: bool = False,
    example: bool = False,
    by: Any,
) -> Survey:
    """A survey that asks about every statement, one theme for each dimension, answered in the portal.

    The questions are copies: the model may change afterwards, what was asked stays. All surveys of one model are waves
    of one series.
    """
    model = _locked(model, None, by)
    assert model.collaboration is not None
    dimensions = [one for one in model.dimensions.prefetch_related("statements") if one.statements.all()]
    if not dimensions:
        raise NotAllowedNow(_("The model has no statements yet. Add a dimension with statements first."))
    survey = define_survey(
        collaboration=model.collaboration,
        title=title,
        purpose=purpose,
        opens_on=opens_on,
        closes_on=closes_on,
        personal_opinion=personal_opinion,
        example=example,
        by=by,
    )
    survey.maturity, survey.in_portal = model, True
    survey.series, _new = SurveySeries.objects.get_or_create(collaboration=model.collaboration, name=model.name)
    survey.save()
    _ask(survey, model, dimensions)
    return survey


def _ask(survey: Survey, model: MaturityModel, dimensions: Sequence[Dimension]) -> None:
    """The words that are stored are bokmål, whoever makes the survey."""
    with override("nb"):
        choices = steps_of(model)
        asked: list[Question] = []
        for dimension in dimensions:
            for statement in dimension.statements.all():
                asked.append(_statement(survey, model, dimension, statement, with_choices=bool(choices)))
            comment = _("Comment on «%(dimension)s»") % {"dimension": dimension}
            asked.append(Question(survey=survey, text=comment, kind=Question.Kind.TEXT, group=dimension.name))
    for position, question in enumerate(asked, start=1):
        question.position, question.key = position, question_key(question.text, question.group)
    made = Question.objects.bulk_create(asked)
    Option.objects.bulk_create(
        Option(question=question, position=position, text=text, key=key_of(text), score=score)
        for question in made
        if question.kind == Question.Kind.SINGLE
        for position, (text, score) in enumerate(choices, start=1)
    )


def _statement(
    survey: Survey, model: MaturityModel, dimension: Dimension, statement: Statement, *, with_choices: bool
) -> Question:
    return Question(
        survey=survey,
        text=statement.text,
        kind=Question.Kind.SINGLE if with_choices else Question.Kind.SCALE,
        group=dimension.name,
        dimension=dimension,
        statement=statement,
        scale_min=model.scale_min,
        scale_max=model.scale_max,
        lowest_label=model.lowest_label,
        highest_label=model.highest_label,
        reversed=statement.reversed,
    )


def steps_of(model: MaturityModel) -> list[tuple[str, Decimal | None]]:
    """The choices of a short scale, anchored at both ends, and «don't know» without a score; none for a long one."""
    low, high = model.scale_min, model.scale_max
    if low != int(low) or high != int(high) or high - low > MOST_STEPS or high - low < 2:
        return []
    anchors = {int(low): model.lowest_label, int(high): model.highest_label}
    words = [
        (f"{step} – {anchors[step]}" if anchors.get(step) else str(step), Decimal(step))
        for step in range(int(low), int(high) + 1)
    ]
    return [*words, (_("Don't know / not relevant"), None)]


class Connection(TypedDict):
    """How one imported question counts towards a dimension."""

    dimension: Dimension
    scale_min: Decimal
    scale_max: Decimal
    reversed: bool
    scores: Mapping[int, Decimal | None]


@transaction.atomic
def connect_questions(
    *,
    survey: Survey,
    version: int | None = None,
    model: MaturityModel,
    connections: Mapping[int, Connection],
    by: Any,
) -> Survey:
    """Say which dimension each question of an imported survey is about, and what its choices count.

    A question that is not named counts no more. Nothing of what was answered changes.
    """
    survey = Survey.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=survey.pk)
    require(by, RIGHT, on=survey.collaboration)
    check_version(survey, version)
    if not MaturityModel.objects.usable_in(survey.collaboration).filter(pk=model.pk).exists():
        raise NotAllowedNow(_("This model belongs to another collaboration."))
    for question in survey.questions.prefetch_related("options"):
        _connect(question, connections.get(question.pk))
    survey.maturity = model if connections else None
    survey.version += 1
    survey.save()
    return survey


def _connect(question: Question, said: Connection | None) -> None:
    if said is None and question.dimension_id is None:
        return
    question.version += 1
    if said is None:
        question.dimension = None
        question.save()
        return
    question.dimension, question.reversed = said["dimension"], said["reversed"]
    question.scale_min, question.scale_max = said["scale_min"], said["scale_max"]
    question.save()
    for option in question.options.all():
        score = said["scores"].get(option.pk)
        if score != option.score:
            option.score = score
            option.save(update_fields=["score"])


def _write_dimension(model: MaturityModel, name: str, text: str, statements: Texts, reversed: Texts) -> Dimension:
    last = model.dimensions.aggregate(last=Max("position"))["last"] or 0
    dimension = Dimension.objects.create(model=model, name=tidy(name), text=text, position=last + 1)
    _write_statements(dimension, statements, reversed)
    return dimension


def _write_statements(dimension: Dimension, plain: Texts, reversed: Texts) -> None:
    """Known ones are kept by their words, so that waves stay comparable."""
    wanted = {key_of(text): (tidy(text), False) for text in plain if tidy(text)}
    wanted |= {key_of(text): (tidy(text), True) for text in reversed if tidy(text)}
    there = {key_of(statement.text): statement for statement in dimension.statements.all()}
    gone = [
        statement
        for key, statement in there.items()
        if key not in wanted or wanted[key] != (statement.text, statement.reversed)
    ]
    asked = Statement.objects.filter(pk__in=[statement.pk for statement in gone], questions__isnull=False).distinct()
    if kept := ", ".join(f"«{statement}»" for statement in asked):
        raise NotAllowedNow(
            _("%(statements)s has been asked and stays as it is. Write a new statement beside it.")
            % {"statements": kept}
        )
    Statement.objects.filter(pk__in=[there[key].pk for key in there if key not in wanted]).delete()
    for position, (key, (text, turned)) in enumerate(wanted.items(), start=1):
        statement = there.get(key) or Statement(dimension=dimension)
        statement.text, statement.reversed, statement.position = text, turned, position
        statement.save()


def _name_is_free(model: MaturityModel, name: str, but: Dimension | None = None) -> None:
    others = model.dimensions.filter(name=tidy(name))
    if but:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise NotAllowedNow(_("There is a dimension with this name already."))


def _slug(collaboration: Collaboration, name: str) -> str:
    wanted = slugify(name.translate(NORDIC))[:50].strip("-") or "modell"
    taken = set(MaturityModel.objects.of(collaboration).values_list("slug", flat=True)) | {"ny", "mal"}
    return next(
        slug for number in range(1, 10_000) if (slug := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )


def _locked(model: MaturityModel, version: int | None, by: Any) -> MaturityModel:
    """A template belongs to nobody and is changed by nobody."""
    found: MaturityModel = (
        MaturityModel.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=model.pk)
    )
    if found.collaboration is None:
        raise NotAllowedNow(_("This is a template for everybody. Make a copy of it, and change that."))
    require(by, RIGHT, on=found.collaboration)
    check_version(found, version)
    return found


def _saved(model: MaturityModel) -> MaturityModel:
    model.version += 1
    model.save()
    return model
