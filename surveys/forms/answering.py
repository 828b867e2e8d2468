"""One page of a survey, and what is said when the answer is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from surveys.answering import OTHER, Theme
from surveys.models import Question
from surveys.survey_check import MOST_PEOPLE

LONGEST = 4_000


class ThemeForm(forms.DsForm):
    """The questions of one theme; nothing has to be answered before the whole is handed in."""

    def __init__(self, *args: Any, theme: Theme, said: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme = theme
        for question in theme.questions:
            name = f"q{question.pk}"
            self.fields[name] = _field(question, said.get(str(question.pk)))
            if any(option.is_other for option in question.options.all()):
                self.fields[f"{name}{OTHER}"] = forms.forms.CharField(
                    label=gettext("In your own words, if you chose «other»"),
                    required=False,
                    max_length=LONGEST,
                    initial=said.get(f"{question.pk}{OTHER}", ""),
                )
        self._prepare(kwargs.get("version"))

    def said(self) -> dict[str, Any]:
        """What can be kept as it stands: strings and lists, by question; a field with a fault is left as it was."""
        names = [name for name in self.cleaned_data if name.startswith("q")]
        return {name.removeprefix("q"): _plain(self.cleaned_data[name]) for name in names}


def _field(question: Question, value: Any) -> forms.forms.Field:
    about: dict[str, Any] = {"label": str(question), "help_text": question.help, "required": False, "initial": value}
    choices = [(str(option.pk), option.label) for option in question.options.all()]
    if question.kind == Question.Kind.SINGLE:
        return forms.RadioField(choices=choices, **about)
    if question.kind == Question.Kind.MULTIPLE:
        return forms.CheckboxesField(choices=choices, **about)
    if question.kind == Question.Kind.TEXT:
        return forms.TextField(rows=3, limit=LONGEST, **about)
    if question.kind == Question.Kind.DATE:
        about["initial"] = date.fromisoformat(value) if value else None
        return forms.DateField(**about)
    low, high = question.scale_min, question.scale_max
    if low is not None and high is not None:
        ends = {"low": _end(low, question.lowest_label), "high": _end(high, question.highest_label)}
        about["help_text"] = about["help_text"] or gettext("From %(low)s to %(high)s.") % ends
    about["initial"] = _number(value)
    return forms.NumberField(min_value=low, max_value=high, max_digits=14, decimal_places=2, **about)


def _end(step: Decimal, label: str) -> str:
    words = wording.number(step)
    return f"{words} ({label})" if label else words


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(value) if value else None
    except InvalidOperation:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, list) else "" if value is None else str(value)


class HandInForm(forms.DsForm):
    """How many stand behind the municipality's common answer (R31)."""

    people = forms.forms.IntegerField(
        label=_("How many people stand behind the answer?"),
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=_("Count everybody who took part, you too."),
        widget=forms.forms.NumberInput(attrs={"size": 4, "min": 1}),
    )

    def __init__(self, *args: Any, personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if personal:
            del self.fields["people"]

    def people_behind(self) -> int:
        return self.cleaned_data.get("people") or 1
