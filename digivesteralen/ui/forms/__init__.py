"""Forms in Designsystemet's markup. They turn text into domain values and never save: verbs do."""

from django import forms

from digivesteralen.ui.forms.base import DsForm, DsModelForm
from digivesteralen.ui.forms.fields import (
    CheckboxesField,
    DateField,
    FileField,
    MoneyField,
    NumberField,
    RadioField,
    RichField,
    TextField,
    TimeField,
)
from digivesteralen.ui.forms.filters import FilterForm

__all__ = [
    "CheckboxesField",
    "DateField",
    "DsForm",
    "DsModelForm",
    "FileField",
    "FilterForm",
    "MoneyField",
    "NumberField",
    "RadioField",
    "RichField",
    "TextField",
    "TimeField",
    "forms",
]
