from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration
from portfolio.models import FocusArea, Strategy


class StrategyForm(forms.DsForm):
    """Vision, main goal and goals; one goal per line, its title and text with a colon between."""

    folded = [(_("More"), ["title", "note"])]

    vision = forms.TextField(label=_("Vision"), rows=2, required=False)
    main_goal = forms.TextField(label=_("Main goal"), rows=2, required=False)
    goals = forms.TextField(
        label=_("Goals"), rows=6, required=False, help_text=_("One goal per line, for example «Kompetanse: nok folk».")
    )
    period = forms.forms.CharField(label=_("Period"), max_length=100, required=False)
    title = forms.forms.CharField(label=_("Title"), max_length=200, required=False)
    note = forms.TextField(label=_("Note"), rows=3, required=False)

    def __init__(self, *args: Any, strategy: Strategy | None = None, **kwargs: Any) -> None:
        if strategy is not None:
            kwargs.setdefault("version", strategy.version)
            kwargs.setdefault("initial", _initial(strategy))
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**data, "goals": [_goal(line) for line in data["goals"].splitlines() if line.strip()]}

    def clean_goals(self) -> str:
        text: str = self.cleaned_data["goals"]
        for line in text.splitlines():
            if len(_goal(line)[0]) > 200:
                self.add_error(
                    "goals", _("The title of a goal may be 200 characters long. Put a colon after the title.")
                )
        return text


def _initial(strategy: Strategy) -> dict[str, Any]:
    names = ["vision", "main_goal", "period", "title", "note"]
    lines = [f"{goal.title}: {goal.text}" if goal.text else goal.title for goal in strategy.goals.all()]
    return {**{name: getattr(strategy, name) for name in names}, "goals": "\n".join(lines)}


def _goal(line: str) -> tuple[str, str]:
    title, _colon, text = line.partition(":")
    return title.strip(), text.strip()


class FocusAreaForm(forms.DsForm):
    short_name = forms.forms.CharField(label=_("Short name"), max_length=60)
    name = forms.forms.CharField(label=_("Full name"), max_length=200)
    text = forms.TextField(label=_("What it is about"), required=False)

    def __init__(self, *args: Any, area: FocusArea | None = None, **kwargs: Any) -> None:
        if area is not None:
            kwargs.setdefault("version", area.version)
            kwargs.setdefault("initial", {"short_name": area.short_name, "name": area.name, "text": area.text})
        super().__init__(*args, **kwargs)


class MeasureForm(forms.DsForm):
    text = forms.forms.CharField(label=_("Measure"), max_length=300)
    project: Any = forms.forms.ModelChoiceField(None, label=_("Became the project"), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = collaboration.projects.all()
