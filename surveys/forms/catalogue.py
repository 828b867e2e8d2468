"""What a person says about a system, its names and its supplier; systems are named, not picked from a long list."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration
from surveys import naming
from surveys.forms.inventory import area_choices, nameable
from surveys.models import Alias, Area, Family, Product, Supplier
from surveys.models.catalogue import key_of

text = forms.forms.CharField


def _chosen_from(names: str) -> Any:
    return forms.forms.TextInput(attrs={"list": names, "autocomplete": "off"})


class _Named(forms.DsForm):
    """Fields in which a system of the catalogue is written by its name."""

    def _system(self, name: str) -> Product | None:
        said = self.cleaned_data.get(name, "")
        if not said:
            return None
        found = naming.known([said]).get(key_of(said))
        if found is None:
            raise ValidationError(
                _("The catalogue has no system with the name «%(name)s». Choose one from the list."),
                params={"name": said},
            )
        return found


class ProductForm(_Named):
    """A system: what it is called, who delivers it, and how it belongs together with others."""

    name = text(label=_("Name"), max_length=200)
    supplier = text(label=_("Supplier"), max_length=200, required=False, widget=_chosen_from("suppliers"))
    family = text(
        label=_("Product family"), max_length=120, required=False, widget=_chosen_from("families"),
        help_text=_("Products of one supplier that share a name, as «Visma Flyt»."),
    )  # fmt: skip
    area: Any = forms.forms.ModelChoiceField(Area.objects.all(), label=_("Mostly used in"), required=False)
    kind = forms.RadioField(label=_("Kind"), choices=Product.Kind.choices, initial=Product.Kind.SYSTEM)
    module_of = text(label=_("Module of"), required=False, widget=_chosen_from("systems"))
    successor = text(label=_("Replaced by"), required=False, widget=_chosen_from("systems"))
    supported_until = forms.DateField(label=_("Supported until"), required=False)

    folded = [(_("How it belongs together with others"), ["kind", "module_of", "successor", "supported_until"])]

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        if product:
            names = ("name", "supplier", "family", "module_of", "successor")
            initial: dict[str, Any] = {name: str(getattr(product, name) or "") for name in names}
            initial |= {"area": product.area_id, "kind": product.kind, "supported_until": product.supported_until}
            kwargs |= {"initial": initial, "version": product.version}
        super().__init__(*args, **kwargs)
        self.fields["area"].widget.choices = area_choices()

    def clean_name(self) -> str:
        return nameable(self.cleaned_data["name"])

    def clean_module_of(self) -> Product | None:
        return self._system("module_of")

    def clean_successor(self) -> Product | None:
        return self._system("successor")

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AliasForm(forms.DsForm):
    """Another name that the system goes by."""

    name = text(label=_("Other name"), max_length=200)
    kind = forms.forms.ChoiceField(label=_("Kind of name"), choices=Alias.Kind.choices)
    municipality: Any = forms.forms.ModelChoiceField(
        queryset=None, label=_("Used in"), required=False, empty_label=_("everywhere")
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = collaboration.members()


class MergeForm(_Named):
    """Which system this one is a double of."""

    kept = text(label=_("The same as"), max_length=200, widget=_chosen_from("systems"))

    def clean_kept(self) -> Product | None:
        return self._system("kept")


class SupplierForm(forms.DsForm):
    name = text(label=_("Name"), max_length=200)
    organisation_number = text(
        label=_("Organisation number"), required=False, max_length=11, help_text=_("Nine digits.")
    )
    website = forms.forms.URLField(label=_("Web address"), required=False, max_length=200, assume_scheme="https")
    successor: Any = forms.forms.ModelChoiceField(
        Supplier.objects.all(), label=_("Taken over by"), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, supplier: Supplier, **kwargs: Any) -> None:
        names = ("name", "organisation_number", "website", "successor")
        initial = {name: getattr(supplier, name) for name in names}
        super().__init__(*args, initial=initial, version=supplier.version, **kwargs)
        self.fields["successor"].queryset = Supplier.objects.exclude(pk=supplier.pk)

    def clean_name(self) -> str:
        return nameable(self.cleaned_data["name"])

    def clean_organisation_number(self) -> str:
        digits = "".join(self.cleaned_data["organisation_number"].split())
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) == 9):
            raise ValidationError(_("An organisation number has nine digits."))
        return digits

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProductFilter(forms.FilterForm):
    """Narrows the catalogue."""

    q = text(label=_("Search for a system or another name of it"))
    fag: Any = forms.forms.ModelChoiceField(Area.objects.all(), label=_("Area"), empty_label=_("All areas"))
    bruk = forms.forms.ChoiceField(
        label=_("Show only"),
        choices=[
            ("", _("All")),
            ("ja", _("used by somebody here")),
            ("nei", _("used by nobody here")),
            ("import", _("came with an import")),
            ("uten", _("without supplier")),
        ],
    )
    leverandor: Any = forms.forms.ModelChoiceField(
        Supplier.objects.all(), label=_("Supplier"), empty_label=_("All suppliers")
    )
    familie: Any = forms.forms.ModelChoiceField(
        Family.objects.all(), label=_("Product family"), empty_label=_("All families")
    )

    folded = [(_("More filters"), ["leverandor", "familie"])]


class SupplierFilter(forms.FilterForm):
    q = text(label=_("Search for a supplier"))
