from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.actions.local_strategies import Line
from portfolio.local_strategies import Place
from portfolio.models import LocalPriority, LocalStrategy

PRIORITIES = [("", "–"), *LocalPriority.Priority.choices]


class LocalStrategyForm(forms.DsForm):
    """One municipality's own: a text, its plan, and for each goal and focus area a priority and a remark."""

    text = forms.TextField(label=_("What the municipality makes of the strategy"), rows=5, required=False)
    plan_title = forms.forms.CharField(label=_("The municipality's own plan"), max_length=200, required=False)
    plan_link = forms.forms.CharField(
        label=_("Link to the plan"),
        required=False,
        max_length=500,
        validators=[URLValidator(schemes=["https"], message=_("Write a whole address that begins with https://."))],
        widget=forms.forms.URLInput,
    )

    def __init__(self, *args: Any, local: LocalStrategy | None, places: Iterable[Place], **kwargs: Any) -> None:
        own = {name: getattr(local, name) for name in self.base_fields} if local else {}
        self.places = list(places)
        kwargs.setdefault("initial", own | {key: value for place in self.places for key, value in place.initial})
        super().__init__(*args, version=local.version if local else 0, **kwargs)
        self.fieldsets = []
        for place in self.places:
            self.fields[place.key] = forms.forms.ChoiceField(label=_("Priority"), choices=PRIORITIES, required=False)
            self.fields[f"{place.key}-remark"] = forms.TextField(label=_("Remark"), rows=2, required=False)
            self.fieldsets.append((place.heading, [place.key, f"{place.key}-remark"]))

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        lines = [Line(place.about, data[place.key], data[f"{place.key}-remark"]) for place in self.places]
        return {**{name: data[name] for name in self.base_fields}, "version": data["version"], "lines": lines}
