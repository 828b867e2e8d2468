"""How the cost of a project is shared: a key, and the figures that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import forms
from portfolio import adding_up
from portfolio.actions.costs import no_years_with_amounts
from portfolio.dividing import NoShares
from portfolio.models import Participation, Project
from portfolio.rates import at_the_rate
from portfolio.shares import Financing, financing, no_people_on

Key = Project.Key
# What a small collaboration chooses between; the rest is folded (users.md).
PLAIN = [Key.EQUAL, Key.POPULATION]
NEEDED = {
    Key.MIXED: ("equal_percent", gettext_lazy("Write how many per cent are shared equally, from 0 to 100.")),
    Key.FIXED: ("fixed_amount", gettext_lazy("Write the fixed amount that each municipality pays.")),
    Key.RATE: ("rate", gettext_lazy("Write how many kroner are paid per inhabitant.")),
    Key.USE: ("use_unit", gettext_lazy("Write what the use is counted in.")),
}
FIELDS = ["key", "counted_on", "equal_percent", "fixed_amount", "rate", "use_unit"]


class SharingForm(forms.DsForm):
    """A key with its figures; for some keys a figure for each municipality."""

    key = forms.RadioField(
        label=gettext_lazy("The cost is shared"),
        choices=Key.choices,
        hints={
            Key.EQUAL: gettext_lazy("All who take part pay the same."),
            Key.POPULATION: gettext_lazy("By the number of people on a day you choose."),
            Key.MIXED: gettext_lazy("Some per cent equally; a small municipality carries more than by population."),
            Key.FIXED: gettext_lazy("The same amount from each, and the rest by population."),
            Key.RATE: gettext_lazy(
                "For example DigiFin's 20 kroner per inhabitant. The cost follows from the population of those who may "
                "join, and nobody pays more when others do not."
            ),
            Key.USE: gettext_lazy("By users, licences or something else that is counted in each municipality."),
            Key.MANUAL: gettext_lazy("Write each municipality's amount; together they are what is to be shared."),
        },
    )
    counted_on = forms.DateField(
        label=gettext_lazy("Population counted on"),
        required=False,
        help_text=gettext_lazy(
            "The newest count that is not later than this day is used. Empty means 1 January this year."
        ),
    )
    equal_percent = forms.forms.IntegerField(
        label=gettext_lazy("Per cent shared equally"), required=False, min_value=0, max_value=100,
        widget=forms.forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
    )  # fmt: skip
    fixed_amount = forms.MoneyField(label=gettext_lazy("Fixed amount for each"), required=False, min_value=0)
    rate = forms.MoneyField(
        label=gettext_lazy("Amount per inhabitant and year"), required=False, min_value=0, max_digits=9
    )
    use_unit = forms.forms.CharField(
        label=gettext_lazy("What use is counted in"), required=False, max_length=60,
        help_text=gettext_lazy("For example «users» or «licences»."),
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project, participations: Sequence[Participation], **kwargs: Any) -> None:
        kwargs.setdefault("version", project.version)
        kwargs.setdefault("initial", {name: getattr(project, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        self.project = project
        self.participations = participations
        for part in participations:
            self.fields[f"use_{part.pk}"] = forms.NumberField(
                label=part.organisation.name, required=False, min_value=0, max_digits=12, decimal_places=2,
                initial=part.use,
            )  # fmt: skip
            self.fields[f"amount_{part.pk}"] = forms.MoneyField(
                label=part.organisation.name, required=False, min_value=0, initial=part.amount
            )

    # --- what the page shows where ---------------------------------------------------------------

    @property
    def plain_choices(self) -> list[Any]:
        return [choice for choice in self["key"] if choice.data["value"] in PLAIN]

    @property
    def other_choices(self) -> list[Any]:
        return [choice for choice in self["key"] if choice.data["value"] not in PLAIN]

    @property
    def uses_other(self) -> bool:
        """Something that is folded away is chosen, or must be corrected."""
        chosen = str(self["key"].value() or "")
        folded = [name for name in self.errors if name not in {"key", "counted_on"}]
        return bool(folded) or chosen not in {key.value for key in PLAIN}

    @property
    def shows_use(self) -> bool:
        return self._shows(Key.USE, "use_")

    @property
    def shows_amounts(self) -> bool:
        return self._shows(Key.MANUAL, "amount_")

    def _shows(self, key: str, prefix: str) -> bool:
        return self["key"].value() == key or any(name.startswith(prefix) for name in self.errors)

    @property
    def use_fields(self) -> list[Any]:
        return [self[f"use_{part.pk}"] for part in self.participations]

    @property
    def amount_fields(self) -> list[Any]:
        return [self[f"amount_{part.pk}"] for part in self.participations]

    # --- what was written ------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        data = self.cleaned_data
        return {**{name: data[name] for name in FIELDS}, "amounts": self._each("amount"), "uses": self._each("use")}

    def _each(self, name: str) -> Mapping[int, Decimal | None]:
        return {part.pk: self.cleaned_data.get(f"{name}_{part.pk}") for part in self.participations}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        key = data.get("key")
        if key in Project.BY_PEOPLE:
            self._counted(data)
        needed, sentence = NEEDED.get(Key(key), ("", "")) if key else ("", "")
        if needed and needed not in self.errors and data.get(needed) in {None, ""}:
            self.add_error(needed, sentence)
        if key == Key.MANUAL and not self.errors:
            self._amounts_add_up()
        if key == Key.USE and not self.errors:
            self._all_counted()
        if key == Key.RATE and not self.errors and self.project.cost_lines.exists():
            self.add_error(
                "key",
                _("At an amount per inhabitant the cost follows from the population. Remove the cost lines first."),
            )
        if not self.errors and (problem := self._problem()):
            self.add_error("key", problem)
        return data

    def _counted(self, data: Mapping[str, Any]) -> None:
        if "counted_on" in self.errors:
            return
        if not data.get("counted_on"):
            # The same as where a project is registered: empty is 1 January.
            self.cleaned_data["counted_on"] = date(timezone.localdate().year, 1, 1)
        if refusal := no_people_on(
            self.cleaned_data["counted_on"], [part.organisation for part in self.participations]
        ):
            self.add_error("counted_on", refusal)

    def _amounts_add_up(self) -> None:
        if self.project.years.exists():
            self.add_error("key", no_years_with_amounts())
        elif wrong := adding_up.amounts_differ(self._each("amount").values(), self.project.to_share):
            self.add_error(f"amount_{self.participations[0].pk}" if self.participations else "key", wrong)

    def _all_counted(self) -> None:
        for part in self.participations:
            if part.may_still_join and self.cleaned_data.get(f"use_{part.pk}") is None:
                self.add_error(
                    f"use_{part.pk}",
                    _("Write the use of %(municipality)s, 0 if there is none.") % {"municipality": part.organisation},
                )

    # --- how it would be -------------------------------------------------------------------------

    def _problem(self) -> str:
        try:
            return self.preview().problem
        except NoShares as missing:
            return missing.sentence

    def preview(self) -> Financing:
        """The shares as they would be; nothing is saved."""
        project, parts = copy(self.project), [copy(part) for part in self.participations]
        for name in FIELDS:
            setattr(project, name, self.cleaned_data[name])
        for part in parts:
            part.use = self.cleaned_data.get(f"use_{part.pk}")
            part.amount = self.cleaned_data.get(f"amount_{part.pk}")
        return financing(at_the_rate(project, parts), parts)
