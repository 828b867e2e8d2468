from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from digivesteralen.ui.forms.base import DsForm

KEPT = ("sort", "vis")


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address of the page without it."""

    label: str
    value: str
    url: str


class FilterForm(DsForm):
    """Narrows a list by its address alone, so that a link reproduces what one sees. All fields are optional."""

    optional_marks = False

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data if data is not None else QueryDict(), **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Sorting and view live on when the filters change; the page number does not."""
        return [(key, self.data[key]) for key in KEPT if key in self.data and key not in self.fields]

    @property
    def reset_url(self) -> str:
        return "?" + "&".join(f"{key}={value}" for key, value in self.kept)

    @property
    def folded_in_use(self) -> bool:
        """Something that is folded away narrows the list, and is shown."""
        names = [self.add_prefix(name) for _heading, names in self.folded for name in names]
        return any(self.data.get(name) for name in names)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips)

    @property
    def chips(self) -> list[Chip]:
        if not self.is_valid():
            return []
        return [
            Chip(str(self[name].label), text, self._without(name, raw))
            for name in self.fields
            for raw, text in self._shown(name)
        ]

    def _shown(self, name: str) -> list[tuple[str, str]]:
        raws = [raw for raw in self.data.getlist(self.add_prefix(name)) if raw.strip()]  # type: ignore[attr-defined]
        field = self.fields[name]
        if isinstance(field.widget, forms.CheckboxInput):
            return [(raw, "") for raw in raws if self.cleaned_data.get(name)]
        names = {str(value): str(label) for value, label in _flat(getattr(field, "choices", ()))}
        return [(raw, names.get(raw, raw)) for raw in raws]

    def _without(self, name: str, raw: str) -> str:
        query = self.data.copy()  # type: ignore[attr-defined]
        key = self.add_prefix(name)
        query.setlist(key, [value for value in query.getlist(key) if value != raw])
        query.pop("page", None)
        return f"?{query.urlencode()}"


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        flat.extend(label if isinstance(label, list | tuple) else [(value, label)])
    return flat
