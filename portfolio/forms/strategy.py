from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from digivesteralen.ui.wording import short_day
from governance.models import Case, Collaboration, Resolution
from governance.models.outcomes import ADOPTED
from portfolio.forms.moments import MomentField
from portfolio.models import FocusArea, Goal, Measure, Pillar, Strategy, moments
from surveys.models import Finding


class StrategyForm(forms.DsForm):
    """Vision, main goal and period; goals and pillars have forms of their own."""

    folded = [(_("More"), ["title", "period", "note"])]

    vision = forms.TextField(label=_("Vision"), rows=2, required=False)
    main_goal = forms.TextField(label=_("Main goal"), rows=2, required=False)
    starts = MomentField(label=_("Holds from"), required=False)
    ends = MomentField(label=_("Holds to"), required=False, last=True)
    reason = forms.TextField(label=_("Why it is revised"), rows=3)
    title = forms.forms.CharField(label=_("Title"), max_length=200, required=False)
    period = forms.forms.CharField(
        label=_("Period as it is written"),
        max_length=100,
        required=False,
        help_text=_("Only where it is written in another way, for example «2021/22–2025»."),
    )
    note = forms.TextField(label=_("Note"), rows=3, required=False)

    def __init__(self, *args: Any, strategy: Strategy | None = None, **kwargs: Any) -> None:
        if strategy is not None:
            kwargs.setdefault("version", strategy.version)
            kwargs.setdefault("initial", _initial(strategy))
        super().__init__(*args, **kwargs)
        if strategy is None or strategy.number == 1:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts", (None,))[0], data.get("ends", (None,))[0]
        if starts and ends and ends < starts:
            self.add_error("ends", _("The period must end after it begins."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        data["starts_on"], data["starts_precision"] = data.pop("starts")
        data["ends_on"], data["ends_precision"] = data.pop("ends")
        return data


def _initial(strategy: Strategy) -> dict[str, Any]:
    names = ["vision", "main_goal", "reason", "title", "period", "note"]
    return {
        **{name: getattr(strategy, name) for name in names},
        "starts": moments.say(strategy.starts_on, strategy.starts_precision),
        "ends": moments.say(strategy.ends_on, strategy.ends_precision),
    }


class PillarForm(forms.DsForm):
    title = forms.forms.CharField(label=_("Title"), max_length=200)
    text = forms.TextField(label=_("Text"), rows=3, required=False)

    def __init__(self, *args: Any, part: Pillar | Goal | None = None, **kwargs: Any) -> None:
        if part is not None:
            kwargs.setdefault("version", part.version)
            kwargs.setdefault("initial", {name: getattr(part, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)


class GoalForm(PillarForm):
    pillar: Any = forms.forms.ModelChoiceField(Pillar.objects.none(), label=_("Pillar"), required=False)

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].queryset = strategy.pillars.all()
        if not strategy.pillars.exists():
            del self.fields["pillar"]


class NewEditionForm(forms.DsForm):
    reason = forms.TextField(
        label=_("Why it is revised"),
        rows=4,
        help_text=_("For example that the period is over, or an initiative that came from the revision."),
    )


class LayForm(forms.DsForm):
    asks_municipalities = forms.forms.BooleanField(
        label=_("Each municipality is asked to accede to it"),
        required=False,
        initial=True,
        help_text=_("The municipalities are asked when the steering group has adopted it. Each decides itself."),
    )


class ResolutionField(forms.forms.ModelChoiceField):
    def label_from_instance(self, obj: Resolution) -> str:
        case = obj.item.case
        return f"{case.body.name} {case.number}, {short_day(obj.item.meeting.day)}: {case.title}"


class AdoptForm(forms.DsForm):
    """A case of the portal in which it was adopted, or a day and a body where it was not treated here."""

    resolution: Any = ResolutionField(Resolution.objects.none(), label=_("Adopted in the case"), required=False)
    adopted_by = forms.forms.CharField(
        label=_("Or by whom"), max_length=200, required=False, help_text=_("For example «styringsgruppen».")
    )
    adopted_on = forms.DateField(label=_("On the day"), required=False)

    def __init__(self, *args: Any, strategy: Strategy, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=strategy.version, **kwargs)
        treated = Resolution.objects.filter(
            item__case__in=Case.objects.visible_to(user).filter(body__collaboration=strategy.collaboration),
            outcome__in=ADOPTED,
        )
        rows = treated.select_related("item__case__body", "item__meeting").order_by("-item__meeting__starts_at", "-pk")
        self.fields["resolution"].queryset = rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or data.get("resolution"):
            return data
        if not data.get("adopted_by"):
            self.add_error("adopted_by", _("Choose the case, or write who adopted it and when."))
        if not data.get("adopted_on"):
            self.add_error("adopted_on", _("Write the day it was adopted."))
        elif data["adopted_on"] > timezone.localdate():
            self.add_error("adopted_on", _("A strategy can't be adopted on a day to come."))
        return data


class AccessionForm(forms.DsForm):
    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day and day < timezone.localdate():
            self.add_error("answer_by", _("The deadline is past. Choose today or a later day."))
        return day


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
    folded = [(_("Findings it stands on"), ["findings"])]

    text = forms.forms.CharField(label=_("Measure"), max_length=300)
    project: Any = forms.forms.ModelChoiceField(None, label=_("Became the project"), required=False)
    findings: Any = forms.forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=_("Stands on the findings"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, collaboration: Collaboration, measure: Measure | None = None, **kwargs: Any) -> None:
        if measure is not None:
            first = {"text": measure.text, "project": measure.project_id, "findings": list(measure.findings.all())}
            kwargs.setdefault("version", measure.version)
            kwargs.setdefault("initial", first)
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = collaboration.projects.all()
        known = Finding.objects.filter(category__collaboration=collaboration)
        self.fields["findings"].queryset = known
        if not known.exists():
            del self.fields["findings"]

    @property
    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**data, "findings": list(data.get("findings", ()))}
