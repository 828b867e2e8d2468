from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Agreement, Body, Collaboration, Organisation, Person
from portfolio.forms.moments import MomentField
from portfolio.models import FocusArea, Goal, Project
from portfolio.shares import no_people_on
from surveys.models import Area, Finding

PLAIN_KEYS = [Project.Key.EQUAL, Project.Key.POPULATION]


class ProjectForm(forms.DsForm):
    """A project in few fields; what most leave empty is folded."""

    folded = [
        (
            _("More about the project"),
            ["kind", "goals", "mandate", "lead_organisation", "leader", "follows", "agreement", "hours", "note"],
        ),
        (_("Areas it concerns"), ["areas"]),
        (_("Findings it stands on"), ["findings"]),
        (_("Paid in another way"), ["in_base_budget", "quick_measure"]),
    ]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    focus_area = forms.forms.ModelChoiceField(FocusArea.objects.none(), label=_("Focus area"), required=False)
    goal = forms.TextField(label=_("Goal"), rows=3, required=False)
    starts = MomentField(label=_("Starts"), required=False)
    ends = MomentField(label=_("Ends"), required=False, last=True)
    shared_cost = forms.MoneyField(
        label=_("Shared cost"), required=False, min_value=0, help_text=_("Leave it empty while it is unknown.")
    )
    grant_share = forms.MoneyField(label=_("Of which grants"), required=False, min_value=0)
    key = forms.RadioField(label=_("The rest is shared"), initial=Project.Key.EQUAL)
    counted_on = forms.DateField(
        label=_("Population counted on"),
        required=False,
        help_text=_("Only when the cost is shared by population. Empty means 1 January this year."),
    )
    kind = forms.forms.ChoiceField(
        label=_("Kind of project"), choices=Project.Kind.choices, initial=Project.Kind.PROJECT
    )
    goals = forms.forms.ModelMultipleChoiceField(
        Goal.objects.none(),
        label=_("Serves the goals"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    mandate = forms.TextField(label=_("Mandate"), required=False, help_text=_("One point per line."))
    lead_organisation = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"), required=False)
    leader = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Project leader"), required=False)
    follows = forms.forms.ModelChoiceField(Project.objects.none(), label=_("Follows the project"), required=False)
    agreement = forms.forms.ModelChoiceField(
        Agreement.objects.none(),
        label=_("Agreement of its own"),
        required=False,
        help_text=_("A delivery of services has an agreement and a price of its own."),
    )
    hours = forms.NumberField(
        label=_("Own effort, hours in all"), required=False, min_value=0, max_digits=9, decimal_places=1
    )
    note = forms.TextField(label=_("Note"), rows=3, required=False)
    areas = forms.forms.ModelMultipleChoiceField(
        Area.objects.all(),
        label=_("Concerns the areas"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
        help_text=_("The municipality's own systems in these areas are named in its saksframlegg."),
    )
    findings = forms.forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=_("Stands on the findings"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    in_base_budget = forms.forms.BooleanField(label=_("The base budget pays the shared cost"), required=False)
    quick_measure = forms.forms.BooleanField(label=_("Quick measure without shared cost"), required=False)

    def __init__(
        self, *args: Any, collaboration: Collaboration, user: Any, project: Project | None = None, **kwargs: Any
    ) -> None:
        if project is not None:
            kwargs.setdefault("version", project.version)
            kwargs.setdefault("initial", initial_of(project))
        super().__init__(*args, **kwargs)
        self.project = project
        self.members = list(collaboration.members())
        keys = [*PLAIN_KEYS, *([Project.Key(project.key)] if project and project.key not in PLAIN_KEYS else [])]
        self._choose("key", "choices", [(key.value, key.label) for key in keys])
        newest = collaboration.strategies.newest()
        self._choose("goals", "queryset", newest.goals.all() if newest else Goal.objects.none())
        self._choose("focus_area", "queryset", collaboration.focus_areas.all())
        self._choose("lead_organisation", "queryset", collaboration.members())
        self._choose("leader", "queryset", Person.objects.visible_to(user))
        others = collaboration.projects.exclude(pk=project.pk) if project else collaboration.projects.all()
        self._choose("follows", "queryset", others)
        self._choose("agreement", "queryset", collaboration.agreements.all())
        self._cost_stands_elsewhere()
        if not newest:
            del self.fields["goals"]
        if not Area.objects.exists():
            del self.fields["areas"]
        self._choose("findings", "queryset", Finding.objects.filter(category__collaboration=collaboration))
        if not Finding.objects.filter(category__collaboration=collaboration).exists():
            del self.fields["findings"]

    def _cost_stands_elsewhere(self) -> None:
        """Where the cost has lines or years, or follows a rate, it is changed on the page where they add up."""
        project = self.project
        if project is None:
            return
        at_a_rate = project.key == Project.Key.RATE
        fixed = {
            "shared_cost": at_a_rate or project.cost_lines.exists() or project.years.exists(),
            "grant_share": at_a_rate or project.years.exists(),
        }
        page = format_html(
            '<a href="{}">{}</a>',
            reverse("costs", args=[project.collaboration.slug, project.slug]),
            _("Change the costs"),
        )
        for name in (name for name, stands in fixed.items() if stands):
            self.fields[name].disabled = True
            self.fields[name].help_text = page

    def _choose(self, name: str, what: str, values: Any) -> None:
        setattr(self.fields[name], what, values)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._order_of_days(data)
        self._grants_within_the_cost(data)
        if data.get("key") in Project.BY_PEOPLE and not data.get("counted_on"):
            data["counted_on"] = date(timezone.localdate().year, 1, 1)
        elif data.get("counted_on") and (refusal := no_people_on(data["counted_on"], self.members)):
            self.add_error("counted_on", refusal)
        if data.get("quick_measure") and data.get("shared_cost") and not data.get("in_base_budget"):
            self.add_error("quick_measure", _("A quick measure has no shared cost outside the base budget."))
        return data

    def _order_of_days(self, data: dict[str, Any]) -> None:
        starts, ends = data.get("starts", (None,))[0], data.get("ends", (None,))[0]
        if starts and ends and ends < starts:
            self.add_error("ends", _("The project must end after it starts."))

    def _grants_within_the_cost(self, data: dict[str, Any]) -> None:
        if "shared_cost" in self.errors or "grant_share" in self.errors:
            return
        if (data.get("grant_share") or 0) > (data.get("shared_cost") or 0):
            self.add_error("grant_share", _("The grants can't be larger than the shared cost."))

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        data["starts_on"], data["starts_precision"] = data.pop("starts")
        data["ends_on"], data["ends_precision"] = data.pop("ends")
        data["grant_share"] = data["grant_share"] or Decimal(0)
        for name in {"goals", "areas", "findings"} & data.keys():
            data[name] = list(data[name])
        return data


def initial_of(project: Project) -> dict[str, Any]:
    others = {"starts", "ends", "goals", "areas", "findings"}
    names = [name for name in ProjectForm.base_fields if name not in others]
    return {
        **{name: getattr(project, name) for name in names},
        "grant_share": project.grant_share or None,
        "starts": project.starts,
        "ends": project.ends,
        "goals": list(project.goals.all()),
        "areas": list(project.areas.all()),
        "findings": list(project.findings.all()),
    }


class MilestoneForm(forms.DsForm):
    title = forms.forms.CharField(label=_("Milestone"), max_length=200)
    planned = MomentField(label=_("Planned"), required=False, last=True)
    reached = MomentField(label=_("Reached"), required=False)
    check_with = forms.forms.ModelChoiceField(Body.objects.none(), label=_("To be checked with"), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["check_with"].queryset = collaboration.bodies.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and data["planned"][0] is None and data["reached"][0] is None:
            self.add_error("planned", _("Write when it is planned, or when it was reached."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        planned, reached = self.cleaned_data["planned"], self.cleaned_data["reached"]
        return {
            "title": self.cleaned_data["title"],
            "planned_on": planned[0],
            "planned_precision": planned[1],
            "reached_on": reached[0],
            "reached_precision": reached[1],
            "check_with": self.cleaned_data["check_with"],
        }


class BenefitForm(forms.DsForm):
    """A gain in three fields: what, whose, how much."""

    gain = forms.forms.CharField(label=_("Gain"), max_length=300)
    owner = forms.forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Owner"),
        required=False,
        empty_label=_("each municipality that takes part"),
    )
    target = forms.forms.CharField(label=_("Target"), max_length=300, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = collaboration.members()
