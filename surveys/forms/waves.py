from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration
from surveys.models import Survey, SurveySeries
from surveys.models.questionnaires import tidy
from surveys.waves import Proposal


class SeriesForm(forms.DsForm):
    """The name of a series, and the surveys that are its waves."""

    name = forms.forms.CharField(label=_("Name of the series"), max_length=120)
    surveys: Any = forms.forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Surveys that ask the same"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
        help_text=_("They are compared in the order of their first day."),
    )

    def __init__(
        self, *args: Any, collaboration: Collaboration, series: SurveySeries | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.collaboration, self.series = collaboration, series
        free = Survey.objects.of(collaboration)
        surveys: Any = self.fields["surveys"]
        surveys.queryset = (
            (free.filter(series=None) | free.filter(series=series)) if series else free.filter(series=None)
        )
        if series:
            self.initial["name"] = series.name
            self.initial["surveys"] = list(series.waves.values_list("pk", flat=True))

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "surveys")}

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        others = SurveySeries.objects.filter(collaboration=self.collaboration, name=name)
        if (others.exclude(pk=self.series.pk) if self.series else others).exists():
            raise ValidationError(gettext("There is a series with this name already."))
        return name


class WavesForm(forms.FilterForm):
    """Which two waves stand side by side."""

    fra = forms.forms.ChoiceField(label=_("The earlier wave"), required=False)
    til = forms.forms.ChoiceField(label=_("The later wave"), required=False)

    def __init__(self, *args: Any, surveys: Sequence[Survey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("fra", "til"):
            chosen: Any = self.fields[name]
            chosen.choices = [("", _("Choose")), *((one.slug, f"{one} {one.period}".strip()) for one in surveys)]


class LinkForm(forms.DsForm):
    """For each question of the later wave the earlier one that asks the same; nothing is chosen beforehand."""

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in proposals:
            self.fields[f"sporsmal_{one.question.pk}"] = forms.forms.TypedChoiceField(
                label=str(one.question),
                choices=[("", _("Not asked then")), *((earlier.pk, str(earlier)) for earlier, _like in one.candidates)],
                coerce=int,
                empty_value=None,
                required=False,
                initial=one.linked,
                help_text=gettext("Looks like: «%(question)s»") % {"question": one.likest} if one.likest else "",
            )
        self._prepare(None)

    def links(self) -> dict[int, int | None]:
        return {int(name.removeprefix("sporsmal_")): chosen for name, chosen in self.cleaned_data.items()}
