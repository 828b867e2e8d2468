from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance.models import Collaboration, Person
from surveys.models import (
    ApplicationForm,
    CollectedDocument,
    CommonResponsible,
    InfrastructureFact,
    InsightActivity,
    Interview,
    Product,
)


class EntryForm(forms.DsModelForm):
    """A line of a register, with the place it belongs to already known."""

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}


class ApplicationFormForm(EntryForm):
    folded = [(_("More details"), ["area", "planned_for", "solution", "benefit"])]  # noqa: RUF012 -- as forms have it

    state = forms.RadioField(label=_("State of the form"), choices=ApplicationForm.State.choices)

    class Meta:
        model = ApplicationForm
        fields = ["name", "state", "yearly", "area", "planned_for", "solution", "benefit"]


class InfrastructureForm(EntryForm):
    class Meta:
        model = InfrastructureFact
        fields = ["topic", "text", "on"]


class DocumentForm(EntryForm):
    folded = [  # noqa: RUF012 -- as forms have it
        (_("More details"), ["publisher", "from_year", "until_year", "adapts", "activity", "note"])
    ]
    file = UploadField(label=_("File"), required=False)
    url = forms.forms.URLField(label=_("Web address"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = CollectedDocument
        fields = [
            "municipality", "kind", "title", "adopted_on", "adopted_by", "url", "publisher", "from_year", "until_year",
            "adapts", "activity", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, collaboration: Collaboration, common: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["municipality"]
        place.queryset, place.empty_label = collaboration.members(), _("Common to all")
        adapts: Any = self.fields["adapts"]
        adapts.queryset = CollectedDocument.objects.of(collaboration).filter(municipality=None)
        activity: Any = self.fields["activity"]
        activity.queryset = InsightActivity.objects.of(collaboration)
        if not common:
            del self.fields["municipality"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last, adopted = (data.get(name) for name in ("from_year", "until_year", "adopted_on"))
        if first and last and last < first:
            self.add_error("until_year", _("The last year must be the first or later."))
        if adopted and adopted > timezone.localdate():
            self.add_error("adopted_on", _("A document is adopted today or earlier."))
        return data

    def facts(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("file")
        return super().facts() | ({"file": chosen} if chosen else {})


class InterviewForm(EntryForm):
    class Meta:
        model = Interview
        fields = ["who", "municipality", "on", "by", "themes", "summary", "activity"]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = collaboration.members()
        self.fields["activity"].queryset = InsightActivity.objects.of(collaboration)


class CommonResponsibleForm(EntryForm):
    class Meta:
        model = CommonResponsible
        fields = ["person", "kind", "area", "product", "municipalities", "since", "until"]
        widgets = {"municipalities": forms.forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = collaboration.members()
        self.fields["municipalities"].queryset = members
        self.fields["person"].queryset = Person.objects.of(collaboration)
        self.fields["product"].queryset = Product.objects.standing()


class FormFilter(forms.FilterForm):
    q = forms.forms.CharField(label=_("Search"))
    tilstand = forms.forms.ChoiceField(
        label=_("State of the form"), choices=[("", _("All")), *ApplicationForm.State.choices]
    )

    def narrow(self, rows: Any) -> Any:
        if not self.is_valid():
            return rows
        said = self.cleaned_data
        rows = rows.filter(name__icontains=said["q"]) if said["q"] else rows
        return rows.filter(state=said["tilstand"]) if said["tilstand"] else rows
