from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Person
from portfolio.actions.benefit_lines import NEW, why_not_then
from portfolio.models import Benefit, BenefitChain, BenefitLine, BenefitMeasurement, Goal, Participation, Project

EACH = "each"
THREE = ["gain", "owner", "target"]


class BenefitForm(forms.DsModelForm):
    """Three fields, and nothing else on screen until somebody opens the rest (E10)."""

    owner = forms.forms.ChoiceField(label=_("Owner"))

    class Meta:
        model = Benefit
        fields = [
            *THREE, "side", "kind", "arises", "indicator", "unit", "direction", "baseline", "baseline_on",
            "target_value", "target_on", "yearly_value", "starts_year", "used_for", "prerequisites", "measure",
            "measure_by", "method", "method_by", "measured_every", "importance", "importance_reason",
        ]  # fmt: skip
        field_classes = {  # noqa: RUF012 -- the way of Django's forms
            "baseline": forms.NumberField,
            "target_value": forms.NumberField,
            "yearly_value": forms.MoneyField,
            "baseline_on": forms.DateField,
            "target_on": forms.DateField,
        }

    folded = [
        (_("More about the benefit"), [name for name in Meta.fields if name not in THREE]),
    ]  # fmt: skip

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.number: place for place in collaboration.members()}
        choices = [("", _("Choose")), (EACH, _("each municipality that takes part"))]
        self.fields["owner"].choices = [*choices, *((number, place.name) for number, place in self.places.items())]
        if self.instance.pk:
            self.initial["owner"] = self.instance.owner.number if self.instance.owner else EACH
        self.fields["owner"].error_messages["required"] = _(
            "Choose who owns the benefit: each municipality that takes part, or one of them."
        )

    def clean_owner(self) -> Organisation | None:
        return self.places.get(self.cleaned_data["owner"])

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class LineForm(forms.DsForm):
    """What one municipality says of its own part: who owns it there, and what it expects."""

    optional_marks = False

    owner = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Owner in the municipality"), required=False)
    owner_role = forms.forms.CharField(
        label=_("Or the role that owns it"),
        max_length=100,
        required=False,
        help_text=_("For example «head of finance»."),
    )
    expected = forms.NumberField(
        label=_("Expected gain per year"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Empty: the way from the start value to the common target."),
    )
    ready = forms.forms.BooleanField(label=_("The prerequisites are met"), required=False)
    baseline = forms.NumberField(
        label=_("Own start value"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Empty: the common start value."),
    )
    comment = forms.TextField(label=_("Comment"), required=False, rows=3)

    folded = [(_("Own start value and comment"), ["baseline", "comment"])]

    def __init__(self, *args: Any, participation: Participation, line: BenefitLine | None, **kwargs: Any) -> None:
        names = ("owner", "owner_role", "expected", "ready", "baseline", "comment")
        if line is not None:
            kwargs.setdefault("initial", {name: getattr(line, name) for name in names})
        super().__init__(*args, version=line.version if line else NEW, **kwargs)
        self.fields["owner"].queryset = Person.objects.at(participation.organisation)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("owner") and not data.get("owner_role") and "owner" not in self.errors:
            self.add_error("owner", _("Choose who owns the benefit in the municipality, or write the role that does."))
        return data


class MeasurementForm(forms.DsForm):
    """What was measured, and when."""

    on = forms.DateField(label=_("Day of the measurement"))
    value = forms.NumberField(label=_("Measured value"), max_digits=14, decimal_places=2)
    comment = forms.TextField(label=_("Comment"), required=False, rows=3)

    def __init__(self, *args: Any, line: BenefitLine, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, version=line.version, **kwargs)
        self.line = line
        if line.benefit.indicator:
            self.fields["value"].label = line.benefit.indicator
            self.fields["value"].help_text = line.benefit.get_unit_display()

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if refusal := why_not_then(self.line.benefit, day):
            raise ValidationError(refusal)
        return day


class CorrectionForm(MeasurementForm):
    """The right figure, and why the first was wrong; the first stays to be read."""

    reason = forms.TextField(label=_("Reason for the correction"), rows=2)

    def __init__(self, *args: Any, measurement: BenefitMeasurement, **kwargs: Any) -> None:
        names = ("on", "value", "comment")
        kwargs.setdefault("initial", {name: getattr(measurement, name) for name in names})
        super().__init__(*args, line=measurement.line, **kwargs)


class ReasonForm(forms.DsForm):
    """Why a project gives only reduced cost, or only better services (E11)."""

    reason = forms.TextField(
        label=_("Why not both"), required=False, rows=3, help_text=_("Empty takes the sentence away.")
    )


class ChainForm(forms.DsModelForm):
    """One line of the benefit map, from the means to the goal."""

    class Meta:
        model = BenefitChain
        fields = ["enabler", "change", "work", "early", "benefit", "goal"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["benefit"].queryset = Benefit.objects.filter(project=project)
        in_force = Q(strategy=project.collaboration.strategies.in_force())
        self.fields["goal"].queryset = Goal.objects.filter(in_force | Q(pk=self.instance.goal_id))


class BenefitFilter(forms.FilterForm):
    """Which part of the portfolio, of whom, and as of the end of which year."""

    area = forms.forms.ChoiceField(label=_("Focus area"))
    municipality = forms.forms.ChoiceField(label=_("Municipality"))
    year = forms.forms.IntegerField(label=_("At the end of the year"), min_value=2000, max_value=2100)

    def __init__(self, data: QueryDict, *, collaboration: Collaboration) -> None:
        super().__init__(data)
        self.collaboration = collaboration
        areas = collaboration.focus_areas.values_list("slug", "short_name")
        self.fields["area"].choices = [("", _("all")), *areas]
        self.fields["municipality"].choices = [("", _("all")), *collaboration.members().values_list("number", "name")]

    @property
    def wanted(self) -> dict[str, Any]:
        """What ``planned_and_realised`` is asked for."""
        data = self.cleaned_data if self.is_valid() else {}
        area, place = data.get("area"), data.get("municipality")
        return {
            "area": self.collaboration.focus_areas.filter(slug=area).first() if area else None,
            "organisation": self.collaboration.members().filter(number=place).first() if place else None,
            "year": data.get("year"),
        }

    @property
    def told(self) -> list[str]:
        """What narrows, in words, for a document."""
        return [f"{chip.label}: {chip.value}" for chip in self.chips]
