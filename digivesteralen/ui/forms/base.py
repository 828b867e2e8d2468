import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.ui.forms import fields as ds
from digivesteralen.ui.forms import widgets

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# A title with a line break in it would stop the e-mail whose subject it is, and a tab part the columns of a list.
BREAKS = re.compile("[\r\n\t\x85\u2028\u2029]+")
DASHES = "---------"
DEFAULT_MISSING = forms.Field.default_error_messages["required"]
Heading = Any
Group = tuple[Heading, list[BoundField]]


class DsBoundField(BoundField):
    """A field that draws itself in Designsystemet's markup: ``{{ form.name.as_field_group }}``."""

    @property
    def template_name(self) -> str:
        return "ds/field.html"


class _DsMixin:
    """What plain forms and model forms have in common."""

    bound_field_class = DsBoundField
    use_required_attribute = False
    template_name = "ds/fields.html"
    # Optional: [(heading, [field names])]. What stands in neither comes first, without a heading.
    fieldsets: list[tuple[Any, list[str]]] = []
    folded: list[tuple[Any, list[str]]] = []

    def _prepare(self, version: int | None) -> None:
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            _restyle(field)
            _name_the_blank(field)
            label = field.label or name.replace("_", " ").capitalize()
            if field.required and field.error_messages.get("required") == DEFAULT_MISSING:
                field.error_messages["required"] = _missing(field, label)
        if version is not None and "version" not in self.fields:  # type: ignore[attr-defined]
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)  # type: ignore[attr-defined]

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        """What was sent, without signs that nobody sees and no font can write (T19)."""
        sent = _legible(super()._widget_data_value(widget, html_name))  # type: ignore[misc]
        one_line = isinstance(widget, forms.TextInput) and isinstance(sent, str)
        return BREAKS.sub(" ", sent) if one_line else sent

    @contextmanager
    def refused_at_its_field(self) -> Iterator[None]:
        """A rule that refuses what stands in a field is told there, with all that was typed; any other goes on."""
        try:
            yield
        except NotAllowedNow as refused:
            if refused.at not in self.fields:  # type: ignore[attr-defined]
                raise
            seen = not self[refused.at].is_hidden  # type: ignore[index]
            self.add_error(refused.at if seen else None, str(refused.sentence))  # type: ignore[attr-defined]

    def open_groups(self) -> Iterator[Group]:
        """The fields in the order they are shown, under their headings."""
        grouped = {name for _heading, names in [*self.fieldsets, *self.folded] for name in names}
        loose = [field for field in self.visible_fields() if field.name not in grouped]  # type: ignore[attr-defined]
        if loose:
            yield "", loose
        for heading, names in self.fieldsets:
            yield heading, self._of(names)

    def folded_groups(self) -> Iterator[tuple[Heading, list[BoundField], bool]]:
        """What most leave alone, folded away unless something in it must be corrected."""
        for heading, names in self.folded:
            bound = self._of(names)
            yield heading, bound, any(field.errors for field in bound)

    def _of(self, names: list[str]) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]  # type: ignore[attr-defined, index]


def _legible(sent: Any) -> Any:
    if isinstance(sent, str):
        return CONTROL.sub("", sent)
    return [_legible(one) for one in sent] if isinstance(sent, list) else sent


class DsForm(_DsMixin, forms.Form):  # type: ignore[misc]
    """A form of ours; ``version`` is carried along hidden, so that a late save is noticed."""

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare(version)


class DsModelForm(_DsMixin, forms.ModelForm):  # type: ignore[misc]
    """Labels, widgets and constraint messages from the model; the verb does the saving."""

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version is None and self.instance.pk and not self.instance._state.adding:
            version = getattr(self.instance, "version", None)
        self._prepare(version)


def _restyle(field: forms.Field) -> None:
    """Exchange Django's own widgets for ours, and let text areas fill the width."""
    widget = field.widget
    if type(widget) is forms.Textarea and widget.attrs.get("cols"):
        widget.attrs = {**widget.attrs, "cols": False, "rows": 4}
    elif type(widget) is forms.RadioSelect:
        _exchange(field, widgets.Choices)
    elif type(widget) is forms.CheckboxSelectMultiple:
        _exchange(field, widgets.MultipleChoices)
    elif type(widget) is forms.DateInput and type(field) is forms.DateField:
        field.widget = widgets.DayInput(attrs=widget.attrs)
        field.input_formats = ds.DateField().input_formats
        field.error_messages["invalid"] = ds.DateField.default_error_messages["invalid"]


def _name_the_blank(field: forms.Field) -> None:
    """Django's row of dashes is no word to choose."""
    blank = _("Not chosen") if not field.required else _("Choose")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = blank
            field.widget.choices = field.choices
    elif isinstance(field, forms.ChoiceField) and not callable(field.choices):
        field.choices = [(value, blank if label == DASHES else label) for value, label in field.choices]


def _exchange(field: forms.Field, kind: type[widgets.Choices]) -> None:
    old = field.widget
    field.widget = kind(attrs=old.attrs, choices=old.choices)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        field.widget.choices = field.choices


def _missing(field: forms.Field, label: Any) -> Any:
    """Say what to do, with the field's own name."""
    if isinstance(field, forms.FileField):
        return format_lazy(_("Choose a file for «{label}»."), label=label)
    if isinstance(field.widget, forms.CheckboxInput):
        return format_lazy(_("Tick «{label}»."), label=label)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return format_lazy(_("Choose an answer for «{label}»."), label=label)
    return format_lazy(_("Fill in «{label}»."), label=label)
