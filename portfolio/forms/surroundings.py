"""The activity plan, and what others run."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Region
from portfolio import external_memberships
from portfolio.forms.moments import MomentField
from portfolio.models import Activity, Initiative, Project, Standing, moments

TOLD = ("kind", "since", "until", "source")


class ActivityForm(forms.DsForm):
    title = forms.forms.CharField(label=_("Activity"), max_length=200)
    starts = MomentField(label=_("Starts"))
    ends = MomentField(label=_("Ends"), required=False, last=True)
    responsible = forms.forms.CharField(
        label=_("Who answers for it"),
        max_length=100,
        required=False,
        help_text=_("A role or a body, for example «sekretariatet»."),
    )
    project = forms.forms.ModelChoiceField(Project.objects.none(), label=_("Belongs to the project"), required=False)

    def __init__(
        self, *args: Any, collaboration: Collaboration, activity: Activity | None = None, **kwargs: Any
    ) -> None:
        if activity is not None:
            kwargs.setdefault("version", activity.version)
            kwargs.setdefault("initial", _initial(activity))
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = collaboration.projects.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts", (None,))[0], data.get("ends", (None,))[0]
        if starts and ends and ends < starts:
            self.add_error("ends", _("The activity must end after it starts."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        data = {name: self.cleaned_data[name] for name in ("title", "responsible", "project")}
        data["starts_on"], data["starts_precision"] = self.cleaned_data["starts"]
        data["ends_on"], data["ends_precision"] = self.cleaned_data["ends"]
        return data


def _initial(activity: Activity) -> dict[str, Any]:
    names = {name: getattr(activity, name) for name in ("title", "responsible", "project")}
    return {
        **names,
        "starts": moments.say(activity.starts_on, activity.starts_precision),
        "ends": moments.say(activity.ends_on, activity.ends_precision),
    }


class InitiativeForm(forms.DsForm):
    name = forms.forms.CharField(label=_("Name"), max_length=200)
    run_by = forms.forms.CharField(label=_("Run by"), max_length=200)
    text = forms.TextField(label=_("What it is"), required=False, rows=3)
    counted = forms.forms.IntegerField(label=_("So many are in it"), required=False, min_value=0, max_value=999)
    counted_of = forms.forms.IntegerField(label=_("Of so many"), required=False, min_value=0, max_value=999)
    counted_on = forms.DateField(label=_("Counted on"), required=False)
    counted_source = forms.forms.CharField(label=_("Where the count is from"), required=False, max_length=200)
    folded = [(_("A count without names"), ["counted", "counted_of", "counted_on", "counted_source"])]

    def __init__(self, *args: Any, initiative: Initiative | None = None, **kwargs: Any) -> None:
        if initiative is not None:
            kwargs.setdefault("version", initiative.version)
            names = ("name", "run_by", "text", "counted", "counted_of", "counted_on", "counted_source")
            kwargs.setdefault("initial", {name: getattr(initiative, name) for name in names})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        some, all_of_them = data.get("counted"), data.get("counted_of")
        if (some is None) != (all_of_them is None) or (some or 0) > (all_of_them or 0):
            self.add_error(
                "counted", _("Tell how many are in it, and of how many: the first is no more than the second.")
            )
        return data


class OutsideFilter(forms.FilterForm):
    """Narrow the municipalities by region, and choose the day."""

    region = forms.forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.none(), empty_label=_("All"))
    dato = forms.DateField(label=_("On the day"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.of(collaboration)
        self.fields["region"].queryset = regions
        if not regions.exists():
            del self.fields["region"]

    def narrow(self, places: Any) -> Any:
        region = self.cleaned_data.get("region")
        day = self.cleaned_data["dato"] or timezone.localdate()
        return places.filter(pk__in=region.members_on(day)) if region else places


class StandingsForm(forms.DsForm):
    """One line for each municipality: how it stands, since when, and where that is known from."""

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        kwargs.setdefault("version", initiative.version)
        super().__init__(*args, **kwargs)
        self.members = list(external_memberships.told_of(initiative.collaboration))
        known = {one.organisation_id: one for one in initiative.standings.all()}
        for member in self.members:
            self._ask(member, known.get(member.pk))

    def _ask(self, member: Any, told: Standing | None) -> None:
        place = {"name": member.name}
        self.fields[f"kind_{member.pk}"] = forms.forms.ChoiceField(
            label=_("%(name)s: how it stands") % place,
            choices=[("", _("not known")), *Standing.Kind.choices],
            required=False,
            initial=told.kind if told else "",
        )
        self.fields[f"since_{member.pk}"] = forms.DateField(
            label=_("%(name)s: from") % place, required=False, initial=told.since if told else None
        )
        self.fields[f"until_{member.pk}"] = forms.DateField(
            label=_("%(name)s: last day") % place, required=False, initial=told.until if told else None
        )
        self.fields[f"source_{member.pk}"] = forms.forms.CharField(
            label=_("%(name)s: source") % place, required=False, max_length=200, initial=told.source if told else ""
        )

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        return [(one, *[self[f"{name}_{one.pk}"] for name in TOLD]) for one in self.members]

    @property
    def values(self) -> dict[int, Any]:
        """What the verb is given: by municipality."""
        return {one.pk: {name: self.cleaned_data[f"{name}_{one.pk}"] for name in TOLD} for one in self.members}
