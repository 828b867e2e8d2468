from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Meeting, Organisation
from surveys.models import Area, Inventory, Review, ServiceArea, SystemUse
from surveys.models.catalogue import key_of

SHOWN_SUGGESTIONS = 500


def area_choices() -> list[tuple[Any, Any]]:
    """The areas under their service areas, as one list to choose from."""
    groups = ServiceArea.objects.prefetch_related("areas")
    return [("", ""), *((str(group), [(area.pk, str(area)) for area in group.areas.all()]) for group in groups)]


class SystemForm(forms.DsForm):
    """One system in use: four answers, and more for those who have it at hand."""

    area = forms.forms.ModelChoiceField(Area.objects.all(), label=_("Area"))
    product = forms.forms.CharField(
        label=_("System"),
        max_length=200,
        widget=forms.forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
    supplier = forms.forms.CharField(
        label=_("Supplier"),
        max_length=200,
        required=False,
        widget=forms.forms.TextInput(attrs={"list": "suppliers", "autocomplete": "off"}),
    )
    contract_end = forms.DateField(label=_("Contract end"), required=False)
    end_unknown = forms.forms.BooleanField(label=_("I do not know when the contract ends"), required=False)
    end_running = forms.forms.BooleanField(label=_("The contract runs until it is terminated"), required=False)
    release = forms.forms.CharField(label=_("Version in use"), max_length=60, required=False)
    operation = forms.forms.ChoiceField(
        label=_("Operated by"), choices=[("", _("not stated")), *SystemUse.Operation.choices], required=False
    )
    operated_by = forms.forms.CharField(label=_("Name of the operator"), max_length=200, required=False)
    annual_cost = forms.MoneyField(
        label=_("Cost per year"),
        required=False,
        min_value=0,
        max_digits=12,
        help_text=_("Is not shared with the other municipalities."),
    )
    planned_replacement = forms.forms.CharField(
        label=_("Planned replacement"),
        max_length=200,
        required=False,
        help_text=_("Is not shared with the other municipalities."),
    )
    remark = forms.TextField(
        label=_("Remark"), limit=2000, required=False, help_text=_("Is not shared with the other municipalities.")
    )

    folded = [
        (
            _("More details"),
            ["end_running", "release", "operation", "operated_by", "annual_cost", "planned_replacement", "remark"],
        )
    ]

    def __init__(self, *args: Any, inventory: Inventory, use: SystemUse | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=use.version if use else None, **kwargs)
        self.inventory, self.use = inventory, use
        self.fields["area"].widget.choices = area_choices()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        ends = [bool(said.get(name)) for name in ("contract_end", "end_unknown", "end_running")]
        if "contract_end" not in self.errors and sum(ends) == 0:
            self.add_error("contract_end", _("Fill in the day the contract ends, or tick that you do not know."))
        elif sum(ends) > 1:
            self.add_error("contract_end", _("Choose one: a day, «do not know», or «runs until it is terminated»."))
        self._refuse_twice(said)
        return said

    def _refuse_twice(self, said: dict[str, Any]) -> None:
        if not (said.get("area") and key_of(said.get("product", ""))):
            return
        same = SystemUse.objects.counted().filter(
            inventory=self.inventory, area=said["area"], product__key=key_of(said["product"])
        )
        if (same.exclude(pk=self.use.pk) if self.use else same).exists():
            self.add_error("product", _("This system is already registered in this area."))

    def said(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


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


class SharedFilter(OwnFilter):
    """Narrows the collaboration's list."""

    kommune = forms.forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="number",
        label=_("Municipality"),
        empty_label=_("All municipalities"),
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = collaboration.members()


class MatrixFilter(forms.FilterForm):
    """Which rows of the picture to show."""

    q = forms.forms.CharField(label=_("Search for system or supplier"))
    tjeneste = forms.forms.ModelChoiceField(
        ServiceArea.objects.all(), label=_("Service area"), empty_label=_("All service areas")
    )
    bare = forms.forms.ChoiceField(
        label=_("Show only"),
        choices=[
            ("", _("All areas")),
            ("utlop", _("A contract ends within 18 months")),
            ("ulike", _("Different systems")),
            ("mangler", _("Answers are missing")),
        ],
    )


class ExpiryFilter(forms.FilterForm):
    """How far ahead to look."""

    maneder = forms.forms.ChoiceField(
        label=_("Contracts that end within"),
        choices=[("18", _("18 months")), ("6", _("6 months")), ("12", _("12 months")), ("36", _("36 months"))],
    )

    @property
    def months(self) -> int:
        return int(self.cleaned_data["maneder"] or 18) if self.is_valid() else 18


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
