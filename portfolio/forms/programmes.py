from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from digivesteralen.ui.moments import ask_about_turned_clocks, moment
from governance.models import Collaboration, Organisation, Region
from portfolio.forms.moments import MomentField
from portfolio.models import Gathering, Measure, Precision, Project, TargetGroup

KINDS = [(kind.value, capfirst(kind.label)) for kind in Gathering.Kind]


class GatheringForm(forms.DsForm):
    """When, where and for whom; a season is enough until it is announced."""

    fields: dict[str, Any]
    folded = [
        (_("More about the gathering"), ["last_day", "link", "target_groups", "organiser", "cost_note", "measure"])
    ]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    kind = forms.RadioField(label=_("Kind"), choices=KINDS, initial=Gathering.Kind.GATHERING)
    day = MomentField(label=_("Day"))
    begins = forms.TimeField(label=_("Starts at"), required=False)
    ends = forms.TimeField(label=_("Ends at"), required=False)
    place = forms.forms.CharField(label=_("Place"), required=False, max_length=200)
    regions = forms.forms.ModelMultipleChoiceField(
        Region.objects.none(),
        label=_("For the regions"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
        help_text=_("Their municipalities are invited. With none chosen, all members are."),
    )
    capacity = forms.forms.IntegerField(
        label=_("Places"), required=False, min_value=1, max_value=5000, help_text=_("Empty: room for all.")
    )
    register_by = forms.DateField(label=_("Last day to register"), required=False)
    text = forms.TextField(label=_("Programme of the day"), required=False, rows=6)
    last_day = forms.DateField(label=_("Last day, when it lasts several"), required=False)
    link = forms.forms.URLField(
        label=_("Address of the digital meeting"), required=False, max_length=1000, assume_scheme="https"
    )
    target_groups = forms.forms.ModelMultipleChoiceField(
        TargetGroup.objects.none(),
        label=_("Target groups"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    organiser = forms.forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organiser"),
        required=False,
        help_text=_("Empty: the secretariat of the collaboration."),
    )
    cost_note = forms.forms.CharField(label=_("What it costs those who come"), required=False, max_length=300)
    measure = forms.forms.ModelChoiceField(
        Measure.objects.none(),
        label=_("Carries out the measure"),
        required=False,
        help_text=_("A measure of a focus area in the strategy."),
    )

    def __init__(self, *args: Any, project: Project, gathering: Gathering | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=gathering.version if gathering else None, **kwargs)
        place = project.collaboration
        self.fields["regions"].queryset = Region.objects.of(place)
        self.fields["target_groups"].queryset = project.target_groups.all()
        self.fields["organiser"].queryset = _organisers(place)
        measures = Measure.objects.filter(focus_area__collaboration=place).select_related("focus_area")
        self.fields["measure"].queryset = measures.order_by("focus_area__position", "position")
        self.fields["measure"].label_from_instance = lambda one: f"{one.focus_area.short_name}: {one.text}"
        for name in ("regions", "target_groups", "measure"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
        if gathering is not None:
            _fill_in(self, gathering)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        (day, precision), begins, ends = data["day"], data["begins"], data["ends"]
        if precision == Precision.DAY:
            ask_about_turned_clocks(self, begins=day, ends=data["last_day"] or day)
        if begins and precision != Precision.DAY:
            self.add_error("day", _("Write the day itself, for example 12.12.2026, when you write the hours."))
        elif bool(begins) != bool(ends):
            self.add_error("ends" if begins else "begins", _("Write both when it starts and when it ends."))
        elif begins and moment(data["last_day"] or day, ends) <= moment(day, begins):
            self.add_error("ends", _("The gathering must end after it starts."))
        elif data["register_by"] and precision == Precision.DAY and data["register_by"] > day:
            self.add_error("register_by", _("The last day to register can't be after the gathering."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the verb wants: two moments in Norwegian time, and the rest as written."""
        told = dict(self.cleaned_data)
        (day, precision), begins, ends = told.pop("day"), told.pop("begins"), told.pop("ends")
        last = told.pop("last_day") or day
        told.pop("version", None)
        told |= {"on": day, "precision": precision}
        told["starts_at"] = moment(day, begins) if begins else None
        told["ends_at"] = moment(last, ends) if begins else None
        return told


def _organisers(place: Collaboration) -> models.QuerySet[Organisation]:
    """Members, and those who are no municipality: a county authority, a competence office."""
    outside = Organisation.objects.exclude(kind=Organisation.Kind.MUNICIPALITY).values("pk")
    members = place.members().values("pk")
    return Organisation.objects.filter(models.Q(pk__in=outside) | models.Q(pk__in=members))


def _fill_in(form: GatheringForm, gathering: Gathering) -> None:
    values = {
        name: getattr(gathering, name) for name in ("title", "kind", "place", "link", "capacity", "text", "cost_note")
    }
    values |= {"register_by": gathering.register_by, "organiser": gathering.organiser_id}
    values |= {"measure": gathering.measure_id, "day": gathering.when}
    values["regions"] = list(gathering.regions.values_list("pk", flat=True))
    values["target_groups"] = list(gathering.target_groups.values_list("pk", flat=True))
    if gathering.precision == Precision.DAY:
        values["day"] = f"{gathering.on:%d.%m.%Y}"
    if gathering.starts_at and gathering.ends_at:
        starts, ends = timezone.localtime(gathering.starts_at), timezone.localtime(gathering.ends_at)
        values |= {"begins": starts.time(), "ends": ends.time()}
        values["last_day"] = ends.date() if ends.date() != starts.date() else None
    for name, value in values.items():
        if name in form.fields:
            form.fields[name].initial = value


class GatheringFilter(forms.FilterForm):
    """Which gatherings one looks at."""

    q = forms.forms.CharField(label=_("Search"), max_length=100)
    when = forms.forms.ChoiceField(
        label=_("When"), choices=[("", _("all")), ("coming", _("coming")), ("past", _("past"))]
    )
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Gathering.Kind.choices])
    region = forms.forms.ModelChoiceField(Region.objects.none(), label=_("Region"), empty_label=_("all"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["region"]
        regions.queryset = Region.objects.of(collaboration)

    def narrow(self, found: Any) -> Any:
        told = self.cleaned_data
        if told["q"]:
            found = found.filter(models.Q(title__icontains=told["q"]) | models.Q(project__title__icontains=told["q"]))
        if told["kind"]:
            found = found.filter(kind=told["kind"])
        if told["region"]:
            found = found.filter(pk__in=told["region"].gatherings.values("pk"))
        today = timezone.localdate()
        if told["when"] == "coming":
            found = found.filter(on__gte=today)
        return found.filter(on__lt=today) if told["when"] == "past" else found


class TargetGroupsForm(forms.DsForm):
    """Whom the programme is for."""

    names = forms.TextField(
        label=_("Target groups"), required=False, rows=5, help_text=_("One per line, for example «ledere».")
    )


class ParticipantForm(forms.DsForm):
    """One person; no more is asked than the organiser needs."""

    name = forms.forms.CharField(label=_("Name"), max_length=200)
    title = forms.forms.CharField(label=_("Role or title"), required=False, max_length=100)
    email = forms.forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For the confirmation, the calendar and the evaluation.")
    )
    needs = forms.forms.CharField(
        label=_("Needs"), required=False, max_length=300, help_text=_("For example access for a wheelchair.")
    )


class SelfForm(forms.DsForm):
    needs = forms.forms.CharField(
        label=_("Needs"), required=False, max_length=300, help_text=_("For example access for a wheelchair.")
    )


class CancelForm(forms.DsForm):
    reason = forms.forms.CharField(
        label=_("Why it is cancelled"),
        max_length=300,
        help_text=_("It stands in the e-mail to those who were to come."),
    )
