from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Agreement, Collaboration, Organisation, Person
from portfolio import sustainability
from portfolio.forms.moments import MomentField
from portfolio.models import FocusArea, Goal, Project, ProjectDocument
from portfolio.shares import no_people_on
from surveys.models import Area, Finding, ServiceArea

PLAIN_KEYS = [Project.Key.EQUAL, Project.Key.POPULATION]


class ProjectForm(forms.DsForm):
    """A project in few fields; what most leave empty is folded."""

    folded = [
        (
            _("More about the project"),
            ["kind", "goals", "lead_organisation", "leader", "follows", "basis", "agreement", "hours", "note"],
        ),
        (_("The procurement"), ["procurement", "threshold_note", "announced"]),
        (_("Users and employees"), ["user_involvement", "change_management"]),
        (
            _("Archive, service area and sustainability"),
            ["archive_reference", "service_area", "host", "sustainability"],
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
    lead_organisation = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"), required=False)
    leader = forms.forms.ModelChoiceField(Person.objects.none(), label=_("Project leader"), required=False)
    follows = forms.forms.ModelChoiceField(Project.objects.none(), label=_("Follows the project"), required=False)
    basis = forms.forms.ModelChoiceField(
        ProjectDocument.objects.none(),
        label=_("The report it stands on"),
        required=False,
        help_text=_("A report among the documents of the project it follows."),
    )
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
    procurement = forms.forms.ChoiceField(
        label=_("Type of procurement"), choices=[("", _("Not settled")), *Project.Procurement.choices], required=False
    )
    threshold_note = forms.forms.CharField(
        label=_("Size against the thresholds"),
        max_length=300,
        required=False,
        help_text=_("What it is worth in all, and which rules follow from that."),
    )
    announced = MomentField(label=_("Planned announcement"), required=False)
    user_involvement = forms.TextField(
        label=_("User involvement"),
        rows=3,
        required=False,
        help_text=_("Who uses the service, how they take part, and who has not been asked yet."),
    )
    change_management = forms.TextField(
        label=_("Change management"),
        rows=3,
        required=False,
        help_text=_("What changes for the employees, how leaders make them safe, and who is told when."),
    )
    archive_reference = forms.forms.CharField(
        label=_("Case or archive reference"),
        max_length=100,
        required=False,
        help_text=_("The number in the archive of the municipality that keeps it, for example 2026/1234."),
    )
    service_area = forms.forms.ModelChoiceField(ServiceArea.objects.all(), label=_("Service area"), required=False)
    host = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Run by"), required=False)
    sustainability = forms.forms.TypedMultipleChoiceField(
        label=_("UN sustainability goals"),
        coerce=int,
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
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
        self,
        *args: Any,
        collaboration: Collaboration,
        user: Any,
        project: Project | None = None,
        follows: Project | None = None,
        **kwargs: Any,
    ) -> None:
        if project is not None:
            kwargs.setdefault("version", project.version)
            kwargs.setdefault("initial", initial_of(project))
        super().__init__(*args, **kwargs)
        self.project = project
        self.members = list(collaboration.members())
        keys = [*PLAIN_KEYS, *([Project.Key(project.key)] if project and project.key not in PLAIN_KEYS else [])]
        self._choose("key", "choices", [(key.value, key.label) for key in keys])
        newest = collaboration.strategies.in_force()
        self._choose("goals", "queryset", newest.goals.all() if newest else Goal.objects.none())
        areas = collaboration.focus_areas.in_use()
        kept = collaboration.focus_areas.filter(pk=project.focus_area_id or 0) if project else areas.none()
        self._choose("focus_area", "queryset", areas | kept)
        self._choose("lead_organisation", "queryset", collaboration.members())
        self._choose("host", "queryset", collaboration.members())
        self._choose("leader", "queryset", Person.objects.of(collaboration))
        self._choose("sustainability", "choices", sustainability.choices())
        self._choose("sustainability", "help_text", sustainability.source())
        others = collaboration.projects.exclude(pk=project.pk) if project else collaboration.projects.all()
        self._choose("follows", "queryset", others)
        self._choose("agreement", "queryset", collaboration.agreements.all())
        self._cost_stands_elsewhere()
        self._only_where_it_fits(user, project.follows if project else follows)
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

    def _only_where_it_fits(self, user: Any, before: Project | None) -> None:
        """What belongs to a joint procurement alone, and the reports of a project that went before."""
        if self.project is None or self.project.kind != Project.Kind.PROCUREMENT:
            for name in ("procurement", "threshold_note", "announced"):
                del self.fields[name]
        if not ServiceArea.objects.exists():
            del self.fields["service_area"]
        reports = ProjectDocument.objects.visible_to(user).filter(project=before, kind=ProjectDocument.Kind.REPORT)
        self._choose("basis", "queryset", reports.order_by("title", "-number"))
        if before is None or not reports.exists():
            del self.fields["basis"]

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
        if "announced" in data:
            data["announced_on"], data["announced_precision"] = data.pop("announced")
        data["grant_share"] = data["grant_share"] or Decimal(0)
        for name in {"goals", "areas", "findings"} & data.keys():
            data[name] = list(data[name])
        return data


def initial_of(project: Project) -> dict[str, Any]:
    others = {"starts", "ends", "announced", "leader", "goals", "areas", "findings"}
    names = [name for name in ProjectForm.base_fields if name not in others]
    return {
        **{name: getattr(project, name) for name in names},
        "grant_share": project.grant_share or None,
        "starts": project.starts,
        "ends": project.ends,
        "announced": project.announced,
        "leader": project.current_leader,
        "goals": list(project.goals.all()),
        "areas": list(project.areas.all()),
        "findings": list(project.findings.all()),
    }
