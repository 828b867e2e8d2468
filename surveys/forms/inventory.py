from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Meeting
from surveys.models import Inventory, Review, ServiceArea
from surveys.models.catalogue import key_of


def area_choices() -> list[tuple[Any, Any]]:
    """The areas under their service areas, as one list to choose from."""
    groups = ServiceArea.objects.prefetch_related("areas")
    return [("", ""), *((str(group), [(area.pk, str(area)) for area in group.areas.all()]) for group in groups)]


def nameable(name: str) -> str:
    """A name of nothing but signs, as «®», could be told from no other."""
    if not key_of(name):
        raise ValidationError(_("Write a name with letters or digits in it."))
    return name


class OwnFilter(forms.FilterForm):
    """Narrows the own list."""

    q = forms.forms.CharField(label=_("Search for system or supplier"))
    tjeneste = forms.forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), empty_label=_("All service areas")
    )
    utlop = forms.forms.ChoiceField(
        label=_("Contract end"),
        choices=[
            ("", _("All")),
            ("18", _("within 18 months")),
            ("ukjent", _("not known")),
            ("utlopt", _("has passed")),
        ],
    )


class ReviewForm(forms.DsForm):
    """One meeting that went through several municipalities' inventories (R30)."""

    kind = forms.RadioField(label=_("What was done"), choices=Review.Kind.choices)
    inventories = forms.CheckboxesField(label=_("Municipalities"))
    on = forms.DateField(label=_("Date"))
    meeting = forms.forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting in the portal"), required=False, empty_label=_("not in the portal")
    )
    meeting_name = forms.forms.CharField(label=_("Name of the meeting"), max_length=200, required=False)
    present = forms.forms.CharField(label=_("Who went through it"), max_length=300)

    def __init__(self, *args: Any, collaboration: Collaboration, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["meeting"].queryset = Meeting.objects.filter(body__collaboration=collaboration)
        ready = Inventory.objects.of(collaboration).filter(state__in=["submitted", "reviewed"])
        self.found = {str(one.pk): one for one in ready.select_related("municipality")}
        self.fields["inventories"].choices = [
            (pk, f"{one.municipality} – {one.get_state_display()}") for pk, one in self.found.items()
        ]

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("The date cannot be in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("meeting") and not said.get("meeting_name"):
            self.add_error("meeting_name", _("Choose the meeting, or write its name."))
        wanted = (
            Inventory.State.SUBMITTED if said.get("kind") == Review.Kind.WORKING_GROUP else Inventory.State.REVIEWED
        )
        wrong = [one for pk in said.get("inventories", []) if (one := self.found[pk]).state != wanted]
        if wrong and said.get("kind"):
            names = ", ".join(str(one.municipality) for one in wrong)
            self.add_error(
                "inventories",
                _("%(names)s: this step comes after «%(state)s».") % {"names": names, "state": wanted.label},
            )
        return said

    def said(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "inventories"}
        return said | {"inventories": [self.found[pk] for pk in self.cleaned_data["inventories"]]}
