"""Models, dimensions and surveys about maturity; and how an imported survey's questions count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from surveys.actions.maturity import Connection
from surveys.likert import proposed_scores
from surveys.models import Dimension, MaturityModel, Question, Survey
from surveys.models.questionnaires import key_of, tidy


class ModelForm(forms.DsModelForm):
    """What is said about the model as a whole."""

    class Meta:
        model = MaturityModel
        fields = ["name", "description", "source", "scale_min", "scale_max", "lowest_label", "highest_label"]
        field_classes = {"scale_min": forms.NumberField, "scale_max": forms.NumberField}

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CopyForm(forms.DsForm):
    """The name of a copy that one is free to change."""

    name = forms.forms.CharField(label=_("Name of the copy"), max_length=120)


class DimensionForm(forms.DsForm):
    """A dimension with its statements, one on each line."""

    name = forms.forms.CharField(label=_("Dimension"), max_length=120)
    text = forms.TextField(label=_("What it is about"), rows=2, required=False, limit=500)
    statements = forms.TextField(
        label=_("Statements"), rows=8, required=False, help_text=_("One on each line, in the order they are asked.")
    )
    reversed = forms.TextField(
        label=_("Statements that count from the other end"),
        rows=3,
        required=False,
        help_text=_("One on each line. Agreeing with these tells of low maturity; they are asked last."),
    )

    def __init__(self, *args: Any, dimension: Dimension | None = None, **kwargs: Any) -> None:
        if dimension is not None:
            texts: dict[bool, list[str]] = {False: [], True: []}
            for statement in dimension.statements.all():
                texts[statement.reversed].append(statement.text)
            kwargs["initial"] = {
                "name": dimension.name,
                "text": dimension.text,
                "statements": "\n".join(texts[False]),
                "reversed": "\n".join(texts[True]),
            }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        lines = {name: _lines(said.get(name, "")) for name in ("statements", "reversed")}
        every = lines["statements"] + lines["reversed"]
        keys = [key_of(line) for line in every]
        twice = [line for place, line in enumerate(every) if keys[place] in keys[:place]]
        if twice:
            self.add_error(
                "statements", gettext("«%(line)s» stands there twice. Delete one of them.") % {"line": twice[0]}
            )
        if not every:
            self.add_error("statements", gettext("Write at least one statement, one on each line."))
        return said | lines

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "text", "statements", "reversed")}


def _lines(text: str) -> list[str]:
    return [tidy(line) for line in text.splitlines() if tidy(line)]


class MaturitySurveyForm(forms.DsForm):
    """When it is open, and whether each answers for themselves."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    purpose = forms.TextField(label=_("Purpose"), rows=3, required=False)
    opens_on = forms.DateField(label=_("First day"))
    closes_on = forms.DateField(label=_("Last day"))
    who = forms.RadioField(
        label=_("Who answers"),
        choices=[("municipality", _("One answer for each municipality")), ("person", _("Each for themselves"))],
        hints={
            "municipality": _(
                "Open to everybody in the collaboration, and written together by the municipality's people."
            ),
            "person": _("Municipalities with fewer than five answers are shown to the secretariat only."),
        },
        initial="municipality",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("opens_on"), said.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", gettext("The last day must be on or after the first."))
        return said

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = ("title", "purpose", "opens_on", "closes_on")
        return {name: said[name] for name in names} | {"personal_opinion": said["who"] == "person"}


class ConnectForm(forms.DsForm):
    """Each question of an imported survey: the dimension it is about, and what its choices count.

    What the words suggest is filled in; it counts when the person has saved it.
    """

    def __init__(
        self, *args: Any, survey: Survey, model: MaturityModel, questions: Sequence[Question], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.dimensions = {str(one.pk): one for one in model.dimensions.all()}
        choices = [("", _("Does not count")), *((pk, one.name) for pk, one in self.dimensions.items())]
        self.names = {question.pk: self._ask(question, model, choices) for question in questions}
        self._prepare(kwargs.get("version"))

    def lines(self) -> Iterator[tuple[Question, Any, str, list[Any], bool]]:
        """Question by question: its dimension, what its choices count as it stands, and the fields to change that."""
        for question in self.questions:
            first, *rest = (self[name] for name in self.names[question.pk])
            yield question, first, self._told(question), rest, any(field.errors for field in rest)

    def _told(self, question: Question) -> str:
        """«Helt enig = 5, Enig = 4, Vet ikke = –»: what was proposed or saved, in one line."""
        at = f"q{question.pk}"
        options = question.options.all() if question.kind == Question.Kind.SINGLE else []
        scores = [(option.label, self[f"{at}_o{option.pk}"].value()) for option in options]
        said = [f"{label} = {'–' if score in (None, '') else _shown(score)}" for label, score in scores]
        low, high = (_shown(self[f"{at}_{end}"].value()) for end in ("min", "max"))
        return ", ".join(said) or gettext("From %(low)s to %(high)s.") % {"low": low, "high": high}

    def _ask(self, question: Question, model: MaturityModel, choices: list[Any]) -> list[str]:
        at = f"q{question.pk}"
        options = list(question.options.all()) if question.kind == Question.Kind.SINGLE else []
        proposed = proposed_scores([option.text for option in options])
        known = [score for score in proposed if score is not None]
        dimension = question.dimension_id if str(question.dimension_id) in self.dimensions else ""
        self.fields[f"{at}_dimension"] = forms.forms.ChoiceField(
            label=_("Dimension"), choices=choices, required=False, initial=dimension
        )
        names = [f"{at}_dimension"]
        for option, score in zip(options, proposed, strict=True):
            self.fields[f"{at}_o{option.pk}"] = forms.NumberField(
                label=_("Score of «%(choice)s»") % {"choice": option.label},
                required=False,
                max_digits=5,
                decimal_places=2,
                initial=option.score if question.dimension_id else score,
            )
            names.append(f"{at}_o{option.pk}")
        for end, label, there, fallback in (
            ("min", _("lowest step"), question.scale_min, min(known, default=model.scale_min)),
            ("max", _("highest step"), question.scale_max, max(known, default=model.scale_max)),
        ):
            self.fields[f"{at}_{end}"] = forms.NumberField(
                label=str(label).capitalize(),
                required=False,
                max_digits=5,
                decimal_places=2,
                initial=there if there is not None else fallback,
            )
            names.append(f"{at}_{end}")
        self.fields[f"{at}_reversed"] = forms.forms.BooleanField(
            label=_("Counts from the other end"), required=False, initial=question.reversed
        )
        return [*names, f"{at}_reversed"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for question in self.questions:
            if said.get(f"q{question.pk}_dimension"):
                self._check(question, said)
        return said

    def _check(self, question: Question, said: dict[str, Any]) -> None:
        at = f"q{question.pk}"
        low, high = said.get(f"{at}_min"), said.get(f"{at}_max")
        if low is None or high is None or low >= high:
            if f"{at}_max" not in self.errors and f"{at}_min" not in self.errors:
                self.add_error(f"{at}_max", gettext("Write both steps; the highest must be above the lowest."))
            return
        scores = self.scores(question, said)
        for pk, score in scores.items():
            if score is not None and not low <= score <= high:
                self.add_error(f"{at}_o{pk}", ValidationError(gettext("The score must lie on the scale.")))
        if scores and sum(score is not None for score in scores.values()) < 2:
            self.add_error(
                f"{at}_dimension", gettext("Give at least two of the choices a score, or choose «Does not count».")
            )

    @staticmethod
    def scores(question: Question, said: dict[str, Any]) -> dict[int, Decimal | None]:
        if question.kind != Question.Kind.SINGLE:
            return {}
        return {option.pk: said.get(f"q{question.pk}_o{option.pk}") for option in question.options.all()}

    def connections(self) -> dict[int, Connection]:
        said = self.cleaned_data
        return {
            question.pk: {
                "dimension": self.dimensions[said[f"q{question.pk}_dimension"]],
                "scale_min": said[f"q{question.pk}_min"],
                "scale_max": said[f"q{question.pk}_max"],
                "reversed": said[f"q{question.pk}_reversed"],
                "scores": self.scores(question, said),
            }
            for question in self.questions
            if said[f"q{question.pk}_dimension"]
        }


def _shown(value: Any) -> str:
    return wording.number(value) if isinstance(value, Decimal) else str(value or "")


class ModelChoice(forms.FilterForm):
    """Which model an imported survey is read by."""

    def __init__(self, *args: Any, models: QuerySet[MaturityModel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["modell"] = forms.forms.ChoiceField(
            label=_("Maturity model"), choices=[(str(model.pk), model.name) for model in models]
        )
        self._prepare(None)


class ResultChoice(forms.FilterForm):
    """Which wave, beside which, and how the region's mean is made."""

    def __init__(self, *args: Any, surveys: Sequence[Survey], earlier: Sequence[Survey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["undersokelse"] = forms.forms.ChoiceField(
            label=_("Survey"), required=False, choices=[(one.slug, one.title) for one in surveys]
        )
        if earlier:
            self.fields["mot"] = forms.forms.ChoiceField(
                label=_("Compare with"),
                required=False,
                choices=[
                    ("", _("The wave before")),
                    ("ingen", _("Nothing")),
                    *((one.slug, one.title) for one in earlier),
                ],
            )
        self.fields["vekt"] = forms.forms.ChoiceField(
            label=_("Mean of the region"),
            required=False,
            choices=[("", _("Each municipality counts the same")), ("personer", _("By people behind the answers"))],
        )
        self._prepare(None)
