"""The form of a system: four answers, and the rest in groups that stay folded while they are empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from surveys import system_facts
from surveys.forms.inventory import area_choices, nameable
from surveys.models import Integration, Inventory, NationalSolution, SystemUse
from surveys.models.catalogue import key_of

CONTRACT_DAYS = ("concluded_on", "binding_until", "contract_end")
LIFE_DAYS = ("introduced_on", "live_on", "phased_out_on", "gone_on")
WHOLE = {
    "notice_months": (0, 60), "options": (0, 20), "option_months": (1, 120), "renews_months": (1, 120),
    "users": (0, 999_999), "business_fit": (1, 5), "technical_fit": (1, 5), "replacement_year": (2000, 2100),
}  # fmt: skip


class DayField(forms.DateField):
    """A day; what is no day is told with the field and what was written."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                _("%(field)s: «%(value)s» is not a day. Write it like 12.12.2026."),
                code="invalid",
                params={"field": self.label, "value": value},
            ) from None


class WholeField(forms.forms.CharField):
    """A whole number within limits; what is none is told with the field and what was written."""

    def __init__(self, *, smallest: int, largest: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.forms.TextInput(attrs={"inputmode": "numeric", "size": 8}), **kwargs)
        self.smallest, self.largest = smallest, largest

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"\s", "", str(value or "")) if value != 0 else "0"
        if not text:
            return None
        told = {"field": self.label, "value": value, "smallest": self.smallest, "largest": self.largest}
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ValidationError(_("%(field)s: «%(value)s» is not a whole number. Write digits only."), params=told)
        if not self.smallest <= int(text) <= self.largest:
            raise ValidationError(
                _("%(field)s: «%(value)s» does not fit. Write a number from %(smallest)s to %(largest)s."), params=told
            )
        return int(text)


class SystemForm(forms.DsModelForm):
    """One system in use: four answers, and more for those who have it at hand."""

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
    contract_end = DayField(label=_("Contract end"), required=False)
    end_unknown = forms.forms.BooleanField(label=_("I do not know when the contract ends"), required=False)
    annual_cost = forms.MoneyField(
        label=_("Cost per year"),
        required=False,
        min_value=0,
        max_digits=12,
        error_messages={"min_value": _("Cost per year: write 0 or more.")},
    )
    remark = forms.TextField(label=_("Remark"), limit=2000, required=False)

    class Meta:
        model = SystemUse
        fields = ["area", "contract_end", "end_unknown", *system_facts.MORE]
        field_classes = dict.fromkeys([*CONTRACT_DAYS, *LIFE_DAYS], DayField)

    field_order = ["area", "product", "supplier", "contract_end", "end_unknown"]

    def __init__(
        self, *args: Any, inventory: Inventory, use: SystemUse | None = None, costs_shared: bool = False, **kwargs: Any
    ) -> None:
        # The fields fill a copy: what stands is changed by the verb alone.
        super().__init__(*args, instance=copy(use) if use else SystemUse(inventory=inventory), **kwargs)
        self.inventory, self.use = inventory, use
        for name, (smallest, largest) in WHOLE.items():
            old = self.fields[name]
            self.fields[name] = WholeField(
                label=old.label, help_text=old.help_text, required=False, smallest=smallest, largest=largest
            )
        self.fields["area"].widget.choices = area_choices()
        self._say_who_sees_the_cost(costs_shared)
        self.solutions = self._ask_about_solutions(use)

    def _say_who_sees_the_cost(self, costs_shared: bool) -> None:
        if costs_shared:
            self.fields["shares_cost"].help_text = _("The collaboration shares costs. You decide for each system.")
            return
        del self.fields["shares_cost"]
        self.fields["annual_cost"].help_text = _(
            "Is not shared: the agreement of the collaboration does not say that costs are shared."
        )

    def _ask_about_solutions(self, use: SystemUse | None) -> dict[str, int]:
        """One choice for each solution that counts; answers with the names of the fields."""
        stands = dict(use.integrations.values_list("solution", "state")) if use else {}
        asked = {}
        for solution in NationalSolution.objects.filter(counted=True):
            name = f"solution_{solution.pk}"
            self.fields[name] = forms.forms.ChoiceField(
                label=solution.name, choices=[("", _("not stated")), *Integration.State.choices], required=False
            )
            self.initial.setdefault(name, stands.get(solution.pk, ""))
            asked[name] = solution.pk
        return asked

    @property
    def folded(self) -> list[tuple[Any, list[str]]]:  # type: ignore[override]
        groups: list[tuple[Any, list[str]]] = [(heading, list(names)) for heading, names in system_facts.GROUPS]
        return [*groups, (system_facts.INTEGRATIONS, list(self.solutions))] if self.solutions else groups

    def folded_groups(self) -> Iterator[tuple[Any, list[Any], bool]]:
        """A group is open when something stands in it, or must be corrected."""
        for heading, names in self.folded:
            bound = self._of(names)
            yield heading, bound, any(field.errors or field.value() not in (None, "", False) for field in bound)

    def clean_product(self) -> str:
        return nameable(self.cleaned_data["product"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        ends = [bool(said.get(name)) for name in ("contract_end", "end_unknown", "end_running")]
        if "contract_end" not in self.errors and sum(ends) == 0:
            self.add_error("contract_end", _("Fill in the day the contract ends, or tick that you do not know."))
        elif sum(ends) > 1:
            self.add_error("contract_end", _("Choose one: a day, «do not know», or «runs until it is terminated»."))
        for days in (CONTRACT_DAYS, LIFE_DAYS):
            self._in_order(said, days)
        if said.get("options") and not said.get("option_months") and "option_months" not in self.errors:
            self.add_error(
                "option_months",
                _("Options left: %(options)s. Say how many months each option lasts.") % {"options": said["options"]},
            )
        self._refuse_twice(said)
        return said

    def _in_order(self, said: dict[str, Any], names: tuple[str, ...]) -> None:
        for early, late in combinations(names, 2):
            first, second = said.get(early), said.get(late)
            if first and second and second < first:
                text = _("%(late)s (%(second)s) is before %(early)s (%(first)s). Correct one of them.") % {
                    "late": self._label(late),
                    "early": self._label(early).lower(),
                    "first": wording.short_day(first),
                    "second": wording.short_day(second),
                }
                self.add_error(late, text)
                return

    def _label(self, name: str) -> str:
        return capfirst(str(self.fields[name].label))

    def validate_constraints(self) -> None:
        """What is told at its field already is not told twice."""
        if not self.errors:
            super().validate_constraints()

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
        apart = {"version", *self.solutions}
        states = {pk: state for name, pk in self.solutions.items() if (state := self.cleaned_data[name])}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart} | {
            "integrations": states
        }
