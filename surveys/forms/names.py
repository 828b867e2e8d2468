"""What the unknown names of a file are: one question for each, answered by radio buttons or by a known name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import forms
from surveys import naming
from surveys.models import ImportName, Product
from surveys.models.catalogue import key_of
from surveys.naming import Candidate

Decision = ImportName.Decision
SAME = "same:"
OTHER = "other"
LIST = "katalog"


class NamesForm(forms.DsForm):
    """The names of one page. What nobody has answered is left as it is."""

    optional_marks = False

    def __init__(
        self, *args: Any, names: Sequence[ImportName], near: Mapping[str, Sequence[Candidate]],
        users: Mapping[int, Sequence[str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.names = names
        for name in names:
            self._ask(name, near.get(name.key, []), users)
        self._prepare(None)

    def _ask(self, name: ImportName, near: Sequence[Candidate], users: Mapping[int, Sequence[str]]) -> None:
        choices = [(f"{SAME}{one.product.pk}", _("The same as %(system)s") % {"system": one.product}) for one in near]
        hints = {f"{SAME}{one.product.pk}": told(one, users.get(one.product.pk, [])) for one in near}
        if name.product and f"{SAME}{name.product.pk}" not in hints:
            choices.append((f"{SAME}{name.product.pk}", _("The same as %(system)s") % {"system": name.product}))
        choices += [
            (OTHER, _("The same as another system in the catalogue")),
            (Decision.NEW.value, _("A new system")),
            (Decision.NOT_SYSTEM.value, _("Not a system")),
            (Decision.LATER.value, _("Decide later")),
        ]
        answered = f"{SAME}{name.product.pk}" if name.product else name.decision
        self.fields[f"valg_{name.pk}"] = forms.RadioField(
            label=name.name, choices=choices, hints=hints, required=False, initial=answered, help_text=_where(name)
        )
        self.fields[f"annet_{name.pk}"] = forms.forms.CharField(
            label=_("Another system than those, for «%(name)s»") % {"name": name.name},
            max_length=200,
            required=False,
            widget=forms.forms.TextInput(attrs={"list": LIST, "autocomplete": "off"}),
        )

    def questions(self) -> Iterator[tuple[Any, Any]]:
        for name in self.names:
            yield self[f"valg_{name.pk}"], self[f"annet_{name.pk}"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        typed = {name.pk: said.get(f"annet_{name.pk}", "") for name in self.names}
        self.known = naming.known(filter(None, typed.values()))
        for name in self.names:
            chosen = said.get(f"valg_{name.pk}") or OTHER
            if chosen == OTHER and self._lacks(said, name, typed[name.pk]):
                self.add_error(f"annet_{name.pk}", _unknown(typed[name.pk]))
            elif typed[name.pk] and chosen != OTHER:
                self.add_error(f"annet_{name.pk}", _("Take away the name, or choose that it is another system."))
        return said

    def _lacks(self, said: dict[str, Any], name: ImportName, typed: str) -> bool:
        """Whether a known system is wanted and not named."""
        wanted = typed or said.get(f"valg_{name.pk}")
        return bool(wanted) and key_of(typed) not in self.known

    def said(self) -> dict[str, tuple[str, Product | None]]:
        """The answers by key of the name."""
        chosen = {name: self.cleaned_data[f"valg_{name.pk}"] for name in self.names}
        ids = {int(one.removeprefix(SAME)) for one in chosen.values() if one.startswith(SAME)}
        products = Product.objects.in_bulk(ids)
        found: dict[str, tuple[str, Product | None]] = {}
        for name, one in chosen.items():
            if typed := self.cleaned_data[f"annet_{name.pk}"]:
                found[name.key] = (Decision.SAME, self.known[key_of(typed)])
            elif one.startswith(SAME):
                found[name.key] = (Decision.SAME, products[int(one.removeprefix(SAME))])
            elif one:
                found[name.key] = (one, None)
        return found


def told(one: Candidate, users: Sequence[str]) -> str:
    """Supplier, who has it, and why it is proposed."""
    parts = [str(one.product.supplier)] if one.product.supplier else []
    if users:
        shown = ", ".join(users[:3])
        more = len(users) - 3
        parts.append(
            _("Used by %(places)s and %(more)s more.") % {"places": shown, "more": more}
            if more > 0
            else _("Used by %(places)s.") % {"places": shown}
        )
    return " · ".join([*parts, one.why])


def _where(name: ImportName) -> str:
    if name.rows == 1:
        return _("Stands in cell %(cell)s.") % {"cell": name.cell}
    return _("Stands in %(rows)s rows, first in cell %(cell)s.") % {"rows": name.rows, "cell": name.cell}


def _unknown(typed: str) -> str:
    if not typed:
        return _("Write the name of the system in the catalogue, or choose another answer.")
    return _("The catalogue has no system with the name «%(name)s». Choose one from the list, or «A new system».") % {
        "name": typed
    }


SHOWN = [
    ("", gettext_lazy("Not decided")),
    ("new", gettext_lazy("New systems")),
    ("same", gettext_lazy("Same as a known one")),
    ("none", gettext_lazy("Not a system")),
    ("later", gettext_lazy("Decide later")),
]


def views(counts: Mapping[str, int], shown: str) -> Iterable[tuple[str, str, bool]]:
    """Which names to look at, with how many there are of each."""
    return [
        (f"{label} ({counts.get(value, 0)})", f"?vis={value or 'uavklart'}", value == shown)
        for value, label in SHOWN
        if counts.get(value) or value == shown
    ]
