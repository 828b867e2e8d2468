"""One bound field as the pieces its template needs. Works for any Django form, also those of packages."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from digivesteralen.ui.forms import FilterForm, TextField, widgets

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple, widgets.Choices)
PLAIN = (forms.CheckboxInput, *GROUPS)


def pieces(bound: BoundField) -> dict[str, Any]:
    field, widget = bound.field, bound.field.widget
    _adopt(widget)
    marked = getattr(bound.form, "optional_marks", True) and not isinstance(bound.form, FilterForm)
    optional = not field.required and marked and not widget.is_hidden
    return {
        "field": bound,
        "kind": _kind(widget),
        "control": _control(bound),
        "optional": optional and not isinstance(widget, forms.CheckboxInput),
        "limit": field.limit if isinstance(field, TextField) else None,
        "describedby": described_by(bound),
        "types": ", ".join(getattr(field, "types", ())),
        "max_mb": getattr(field, "max_mb", None),
    }


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "file" if isinstance(widget, forms.FileInput) else "input"


def _adopt(widget: forms.Widget) -> None:
    """Let Django's own groups of choices, in forms that are not ours, use our markup."""
    if type(widget) in (forms.RadioSelect, forms.CheckboxSelectMultiple):
        widget.template_name = "ds/widgets/choices.html"
        widget.option_template_name = "ds/widgets/choice.html"


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    attrs: dict[str, Any] = {"placeholder": False}  # a label that vanishes while one writes helps nobody
    if not isinstance(widget, GROUPS):
        attrs["class"] = f"{widget.attrs.get('class', '')} ds-input".strip()
        if described := described_by(bound):
            attrs["aria-describedby"] = described
        if bound.field.required and not widget.is_hidden:
            attrs["aria-required"] = "true"
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


def described_by(bound: BoundField) -> str:
    """Help first, then what is wrong; the counter speaks for itself."""
    ids = []
    if bound.help_text or getattr(bound.field, "types", None):
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def target(bound: BoundField) -> str:
    """Where a link from the error summary goes: the field, or the first choice of a group."""
    grouped = isinstance(bound.field.widget, GROUPS)
    return f"{bound.auto_id}_0" if grouped else str(bound.id_for_label or bound.auto_id)
