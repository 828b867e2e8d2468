from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.forms.bodies import decided_field, offer_resolutions, resolution_field
from governance.models import Collaboration
from portfolio.actions.criteria import Line, unbalanced
from portfolio.models import CriteriaSet

LINES = 8


class CriteriaForm(forms.DsForm):
    """The criteria of a draft, each with its weight; the weights make 100."""

    optional_marks = False

    def __init__(self, *args: Any, edition: CriteriaSet, **kwargs: Any) -> None:
        super().__init__(*args, version=edition.version, **kwargs)
        standing = list(edition.criteria.all())
        self.fieldsets, groups = [], []
        for number in range(1, LINES + 1):
            one = standing[number - 1] if number <= len(standing) else None
            groups.append((_("Criterion %(number)s") % {"number": number}, self._ask(number, one)))
        open_ones = max(len(standing), 3)
        self.fieldsets = groups[:open_ones]
        self.folded = [(_("More criteria"), [name for _head, names in groups[open_ones:] for name in names])]
        self.folded = [group for group in self.folded if group[1]]

    def _ask(self, number: int, one: Any) -> list[str]:
        name, text, weight = f"name_{number}", f"text_{number}", f"weight_{number}"
        self.fields[name] = forms.forms.CharField(
            label=_("Name"), max_length=120, required=False, initial=one.name if one else ""
        )
        self.fields[text] = forms.forms.CharField(
            label=_("What the points mean"), max_length=300, required=False, initial=one.text if one else ""
        )
        self.fields[weight] = forms.forms.DecimalField(
            label=_("Weight, of 100"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100,
            required=False, localize=True, initial=one.weight.normalize() if one else None,
        )  # fmt: skip
        return [name, text, weight]

    @property
    def lines(self) -> list[Line]:
        data = self.cleaned_data
        return [
            Line(data[f"name_{n}"].strip(), data[f"text_{n}"].strip(), data[f"weight_{n}"])
            for n in range(1, LINES + 1)
            if data.get(f"name_{n}")
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(1, LINES + 1):
            name, weight = data.get(f"name_{number}", "").strip(), data.get(f"weight_{number}")
            if name and weight is None and f"weight_{number}" not in self.errors:
                self.add_error(f"weight_{number}", _("Write how much «%(name)s» weighs, of 100.") % {"name": name})
            if weight and not name:
                self.add_error(f"name_{number}", _("Write what is weighed, or take the weight away."))
            if name and name.casefold() in seen:
                self.add_error(f"name_{number}", _("«%(name)s» stands above already.") % {"name": name})
            seen.add(name.casefold())
        if not self.errors and (sentence := unbalanced(self.lines)):
            self.add_error(None, sentence)
        return data


class AdoptForm(forms.DsForm):
    """From which day the criteria are used, and who decided it."""

    optional_marks = False

    adopted_on = forms.DateField(label=_("In use from"))
    resolution = resolution_field()
    decided_by = decided_field()

    def __init__(self, *args: Any, edition: CriteriaSet, collaboration: Collaboration, **kwargs: Any) -> None:
        kwargs["initial"] = {"adopted_on": timezone.localdate()}
        super().__init__(*args, version=edition.version, **kwargs)
        offer_resolutions(self, collaboration)

    def clean_adopted_on(self) -> Any:
        day = self.cleaned_data["adopted_on"]
        if day and day > timezone.localdate():
            self.add_error("adopted_on", _("The day is in the future. Take the criteria into use when it has come."))
        return day
