"""What narrows the pages that compare the municipalities, and the form that keeps a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation, Region, RegionMembership
from surveys.comparison import Wanted
from surveys.models import AreaConvergence, ServiceArea, Supplier, SystemUse

choice = forms.forms.ModelChoiceField
MONTHS = [("6", _("6 months")), ("12", _("12 months")), ("18", _("18 months")), ("36", _("36 months"))]


def regions_in(collaboration: Collaboration) -> Any:
    """Regions with at least two of the members: one alone cannot be compared."""
    members = collaboration.sharing().values("pk")
    rows = RegionMembership.objects.active().filter(organisation__in=members)
    return Region.objects.filter(memberships__in=rows).annotate(some=Count("memberships")).filter(some__gt=1)


class InCollaboration(forms.FilterForm):
    """A filter whose municipalities and regions are those of the collaboration."""

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collaboration = collaboration
        if "kommune" in self.fields:
            self.fields["kommune"].queryset = collaboration.sharing()
        if "region" in self.fields:
            self._offer_regions()

    def _offer_regions(self) -> None:
        offered = regions_in(self.collaboration)
        self.fields["region"].queryset = offered
        if not offered.exists():
            del self.fields["region"]
            self.folded = [(heading, [name for name in names if name != "region"]) for heading, names in self.folded]

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None

    def among(self, members: Sequence[Organisation]) -> list[Organisation]:
        """The municipalities that the page is about: all, or those of the region."""
        region = self.said("region")
        inside = set(region.members.values_list("pk", flat=True)) if region else None
        return [place for place in members if inside is None or place.pk in inside]


def municipality_field() -> Any:
    return choice(
        Organisation.objects.none(),
        to_field_name="number",
        label=_("Municipality"),
        empty_label=_("All municipalities"),
    )


def region_field() -> Any:
    return choice(Region.objects.none(), label=_("Region"), empty_label=_("The whole collaboration"))


class UseFilter(InCollaboration):
    """What all lists of systems are narrowed by."""

    q = forms.forms.CharField(label=_("Search for system or supplier"))
    tjeneste = choice(ServiceArea.objects.all(), label=_("Service area"), empty_label=_("All service areas"))


class MatrixFilter(UseFilter):
    """Which areas and which municipalities to show."""

    bare = forms.forms.ChoiceField(
        label=_("Show only"),
        choices=[
            ("", _("All areas")),
            ("felles", _("At least four use the same system")),
            ("ulike", _("Different systems")),
            ("hull", _("Others have a system, one has none")),
            ("mangler", _("Answers are missing")),
        ],
    )
    kommune = municipality_field()
    region = region_field()
    leverandor = choice(Supplier.objects.none(), label=_("Supplier"), empty_label=_("All suppliers"))
    maneder = forms.forms.ChoiceField(label=_("A contract ends within"), choices=[("", _("All")), *MONTHS])

    folded = [(_("More filters"), ["kommune", "region", "leverandor", "maneder"])]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, collaboration=collaboration, **kwargs)
        uses = SystemUse.objects.of(collaboration).counted().order_by()
        self.fields["leverandor"].queryset = Supplier.objects.filter(Exists(uses.filter(supplier=OuterRef("pk"))))

    def wanted(self) -> Wanted:
        months = self.said("maneder")
        return Wanted(
            text=self.said("q") or "",
            service_area=self.said("tjeneste"),
            supplier=self.said("leverandor"),
            months=int(months) if months else None,
            only=self.said("bare") or "",
            place=self.said("kommune"),
        )


class SharedFilter(UseFilter):
    """Narrows the collaboration's list of systems."""

    utlop = forms.forms.ChoiceField(
        label=_("Contract end"),
        choices=[
            ("", _("All")),
            ("18", _("within 18 months")),
            ("ukjent", _("not known")),
            ("utlopt", _("has passed")),
        ],
    )
    kommune = municipality_field()


class ExpiryFilter(UseFilter):
    """Which contracts, and how far ahead to look."""

    maneder = forms.forms.ChoiceField(label=_("Contracts that end within"), choices=MONTHS, initial="18")
    kommune = municipality_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["maneder"].choices = [("", _("18 months")), *(one for one in MONTHS if one[0] != "18")]

    @property
    def months(self) -> int:
        return int(self.said("maneder") or 18)


class LikenessFilter(InCollaboration):
    """What the index is counted by, and for whom."""

    niva = forms.forms.ChoiceField(
        label=_("Counted by"),
        choices=[("", AreaConvergence.Level.PRODUCT.label), *AreaConvergence.Level.choices[1:]],
    )
    vekt = forms.forms.ChoiceField(
        label=_("All areas together"), choices=[("", _("each area counts the same")), ("kostnad", _("by shared costs"))]
    )
    region = region_field()

    def __init__(self, *args: Any, by_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_cost:
            del self.fields["vekt"]

    @property
    def level(self) -> str:
        return str(self.said("niva") or AreaConvergence.Level.PRODUCT)


class PairFilter(InCollaboration):
    """Two municipalities, and what to see of them."""

    a = choice(Organisation.objects.none(), to_field_name="number", label=_("Municipality"), empty_label=None)
    b = choice(Organisation.objects.none(), to_field_name="number", label=_("Compared with"), empty_label=None)
    bare = forms.forms.ChoiceField(label=_("Show only"))

    def __init__(self, *args: Any, verdicts: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].queryset = self.collaboration.sharing()
        self.fields["bare"].choices = [("", _("All areas")), *verdicts]

    def show(self, first: Organisation, second: Organisation) -> None:
        """The two that the page has chosen stand in the fields too."""
        query = QueryDict(mutable=True)
        query.update(dict(self.data.items()))
        query["a"], query["b"] = str(first.number), str(second.number)
        self.data = query

    @property
    def chips(self) -> list[Any]:
        """There are always two municipalities; only what is left out of the list is a filter."""
        return [chip for chip in super().chips if chip.label == str(self["bare"].label)]


class OneMunicipality(InCollaboration):
    """The municipality that the others are compared with."""

    kommune = choice(Organisation.objects.none(), to_field_name="number", label=_("Municipality"), empty_label=None)


class MeasureForm(forms.DsForm):
    """How alike the municipalities are today, kept under a name."""

    title = forms.forms.CharField(label=_("Name of the measure"), max_length=120)
