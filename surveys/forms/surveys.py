from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, rendering
from governance.models import Collaboration
from surveys import respondents
from surveys.actions.surveys import OptionFacts
from surveys.forms.imports import LARGEST_MB
from surveys.models import Answer, ImportRow, Option, Question, Survey
from surveys.models.questionnaires import key_of, tidy
from surveys.survey_check import MOST_PEOPLE
from surveys.survey_words import Program

_COUNTED = re.compile(r"^(?P<text>.*\S)\s*=\s*(?P<count>\d{1,6}|\?)\s*(?P<uncertain>\??)$")


class SurveyForm(forms.DsModelForm):
    """What is said about a survey; its questions come with the first import."""

    class Meta:
        model = Survey
        fields = [
            "title", "purpose", "opens_on", "closes_on", "personal_opinion", "precision", "named",
            "reported_answers", "reported_people", "reported_approximate", "note",
        ]  # fmt: skip

    folded = [
        (
            _("More details"),
            ["precision", "named", "reported_answers", "reported_people", "reported_approximate", "note"],
        )
    ]

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SurveyUploadForm(forms.DsForm):
    """The export from the form."""

    file = forms.FileField(
        label=_("Spreadsheet from the form"),
        types=(".xlsx", ".csv"),
        max_mb=LARGEST_MB,
        help_text=_(
            "In Microsoft Forms: Responses, then «Open in Excel». Nothing is written before you have looked it over."
        ),
    )


class QuestionForm(forms.DsForm):
    """A question with its choices, one on each line."""

    text = forms.TextField(label=_("Question"), rows=2)
    number = forms.forms.CharField(label=_("Number"), required=False, max_length=10)
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=Question.Kind.choices)
    group = forms.forms.CharField(
        label=_("Group"),
        required=False,
        max_length=300,
        help_text=_("Statements of one grid have the same group, and are shown together."),
    )
    theme = forms.forms.ChoiceField(
        label=_("Is about"), choices=[("", _("Nothing special")), *Question.Theme.choices], required=False
    )
    about_role = forms.forms.BooleanField(label=_("Asks for the role of the one who answers"), required=False)
    choices = forms.TextField(
        label=_("Choices"),
        rows=8,
        required=False,
        help_text=_(
            "One on each line. Known only as a figure from a report? Write it after «=», as in "
            "«Joint procurement = 29». «= 12?» is an uncertain figure, «= ?» an unknown one."
        ),
    )
    other = forms.forms.BooleanField(label=_("The last choice is «Other», with words of one's own"), required=False)

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        if question is not None:
            kwargs.setdefault("version", question.version)
            kwargs.setdefault("initial", _said(question))
        super().__init__(*args, **kwargs)
        if question is not None:
            self.fields["kind"].disabled = True

    def clean_choices(self) -> list[OptionFacts]:
        found = [_option(line) for line in self.cleaned_data["choices"].splitlines() if tidy(line)]
        keys = [key_of(one["text"]) for one in found]
        twice = [one["text"] for place, one in enumerate(found) if keys[place] in keys[:place]]
        if twice:
            raise ValidationError(
                gettext("«%(choice)s» stands there twice. Delete one of them.") % {"choice": twice[0]}
            )
        if any(len(one["text"]) > 1000 for one in found):
            raise ValidationError(gettext("A choice can be 1 000 characters long at most."))
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        options = said.get("choices") or []
        if said.get("kind") in (Question.Kind.SINGLE, Question.Kind.MULTIPLE) and "choices" in said and not options:
            self.add_error("choices", gettext("Write at least one choice, one on each line."))
        if said.get("about_role") and said.get("kind") != Question.Kind.SINGLE:
            self.add_error("about_role", gettext("A question about the role must be of the kind «one choice»."))
        if said.get("other") and options:
            options[-1]["is_other"] = True
        return said

    def facts(self) -> dict[str, Any]:
        names = ("text", "number", "group", "theme", "about_role")
        return {name: self.cleaned_data[name] for name in names} | {"options": self.cleaned_data["choices"]}


def _option(line: str) -> OptionFacts:
    found = _COUNTED.match(tidy(line))
    if not found:
        return {"text": tidy(line)}
    count = found["count"]
    known = None if count == "?" else int(count)
    return {"text": found["text"], "reported_count": known, "uncertain": known is not None and bool(found["uncertain"])}


def _said(question: Question) -> dict[str, Any]:
    options = list(question.options.all())
    return {
        "text": question.text,
        "number": question.number,
        "kind": question.kind,
        "group": question.group,
        "theme": question.theme,
        "about_role": question.about_role,
        "choices": "\n".join(_line(option) for option in options),
        "other": any(option.is_other for option in options),
    }


def _line(option: Option) -> str:
    if option.reported_count is None:
        return option.label
    return f"{option.label} = {option.reported_count}{'?' if option.uncertain else ''}"


class ResultFilter(forms.FilterForm):
    """One municipality, or one role: only groups that the reader may see by themselves."""

    def __init__(
        self, *args: Any, places: Sequence[respondents.Group], roles: Sequence[respondents.Group], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, everybody, groups in (
            ("kommune", _("Municipality"), _("All municipalities"), places),
            ("rolle", _("Role"), _("All roles"), roles),
        ):
            if len(groups) > 1:
                chosen = [(one.key or "ingen", f"{one.name} ({one.answers})") for one in groups]
                self.fields[name] = forms.forms.ChoiceField(
                    label=label, required=False, choices=[("", everybody), *chosen]
                )
        self._prepare(None)


class AnswerFilter(forms.FilterForm):
    kommune = forms.forms.ChoiceField(label=_("Municipality"))
    mangler = forms.forms.BooleanField(label=_("Only answers without municipality or with one person assumed"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [(place.number, str(place)) for place in collaboration.members()]
        kommune: Any = self.fields["kommune"]
        kommune.choices = [("", _("All municipalities")), *members]


class ResponseForm(forms.DsForm):
    """What a form cannot know: where an answer comes from, and how many stand behind it."""

    municipality: Any = forms.forms.ModelChoiceField(
        queryset=None, label=_("Municipality"), required=False, empty_label=_("Not known")
    )
    people = forms.forms.IntegerField(
        label=_("People behind the answer"),
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={"min_value": _("The number of people must be a whole number, 1 or more. Write for example 3.")},
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality: Any = self.fields["municipality"]
        municipality.queryset = collaboration.members()


class PlacesForm(forms.DsForm):
    """Municipality and number of people for the answers that lack them, before the import is carried out."""

    def __init__(
        self,
        *args: Any,
        rows: Sequence[ImportRow],
        collaboration: Collaboration,
        version: int,
        said: dict[str, Any],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rows = rows
        members = [("", _("Not known")), *((str(place.pk), str(place)) for place in collaboration.members())]
        for row in rows:
            there = said.get(str(row.number), {})
            self.fields[f"kommune_{row.number}"] = forms.forms.ChoiceField(
                choices=members,
                required=False,
                label=gettext("Municipality, row %(row)s") % {"row": row.number},
                initial=there.get("municipality") or row.values.get("municipality") or "",
            )
            self.fields[f"personer_{row.number}"] = forms.forms.IntegerField(
                min_value=1,
                max_value=MOST_PEOPLE,
                required=False,
                label=gettext("Number of people, row %(row)s") % {"row": row.number},
                initial=there.get("people")
                or (None if row.values.get("people_assumed", True) else row.values.get("people")),
                widget=forms.forms.NumberInput(attrs={"min": 1, "size": 4}),
            )
        self._prepare(version)

    def lines(self) -> Iterable[tuple[ImportRow, Any, Any]]:
        """Row by row the two fields; their labels are the heads of the columns."""
        for row in self.rows:
            yield row, self._in_cell(f"kommune_{row.number}"), self._in_cell(f"personer_{row.number}")

    def _in_cell(self, name: str) -> dict[str, Any]:
        return {"bound": self[name], **rendering.pieces(self[name])}

    def by_row(self) -> dict[str, dict[str, int]]:
        """What was said, by row; an empty field says nothing."""
        found = {}
        for row in self.rows:
            place, people = (self.cleaned_data[f"{name}_{row.number}"] for name in ("kommune", "personer"))
            said = {}
            if place and (
                int(place) != row.values.get("municipality") or row.values.get("municipality_from") == "asked"
            ):
                said["municipality"] = int(place)
            if people and (row.values.get("people_assumed", True) or people != row.values.get("people_in_file")):
                said["people"] = people
            found[str(row.number)] = said
        return found


class ChoicesForm(forms.DsForm):
    """Which words in the file are choices of the form; the rest is words of one's own, under «Other»."""

    def __init__(self, *args: Any, plan: Sequence[dict[str, Any]], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = [one for one in plan if one["kind"] in ("single", "multiple")]
        for one in self.plan:
            self.fields[one["letter"]] = forms.TextField(
                label=one["text"],
                rows=min(max(len(one["options"]) + 1, 3), 12),
                required=False,
                initial="\n".join(option["text"] for option in one["options"]),
                help_text=gettext(
                    "The choices of the form, one on each line. Found beside them, as words of one's own: %(count)s."
                )
                % {"count": one["own_words"]},
            )
        self._prepare(version)

    def listed(self) -> dict[str, list[str]]:
        return {
            one["letter"]: [tidy(line) for line in self.cleaned_data[one["letter"]].splitlines() if tidy(line)]
            for one in self.plan
        }


class ProgramForm(forms.DsForm):
    """What made the file; another program writes its questions and choices in another way."""

    program = forms.RadioField(
        label=_("What is the file from?"),
        choices=Program.choices,
        hints={
            Program.MICROSOFT: _("Choices are joined by semicolons."),
            Program.GOOGLE: _("Choices are joined by commas, and grids stand as «Question [row]»."),
            Program.LIMESURVEY: _("A code stands before each question, and each choice has its own column."),
            Program.INDICO: _("The section stands before each question."),
        },
    )


class TextsForm(forms.DsForm):
    """For each text whether others may read it."""

    def __init__(self, *args: Any, texts: Sequence[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for one in texts:
            self.fields[f"tekst_{one.pk}"] = forms.forms.ChoiceField(
                choices=Answer.Review.choices,
                required=False,
                initial=one.review,
                label=gettext("Text %(number)s") % {"number": one.pk},
            )
        self._prepare(None)

    def lines(self) -> list[tuple[Answer, dict[str, Any]]]:
        bound = [self[f"tekst_{one.pk}"] for one in self.texts]
        return [
            (one, {"bound": field, **rendering.pieces(field)}) for one, field in zip(self.texts, bound, strict=True)
        ]

    def decided(self, *, all_open: bool) -> dict[int, str]:
        """What was decided; «all» opens those on the page that nobody has held back."""
        said = {one.pk: self.cleaned_data[f"tekst_{one.pk}"] for one in self.texts}
        return {pk: decision or ("open" if all_open else "") for pk, decision in said.items()}
