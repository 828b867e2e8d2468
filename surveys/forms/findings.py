from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration
from surveys.models import Finding, FindingCategory, FindingRemark, InsightActivity, Instrument, Survey


class CategoryForm(forms.DsModelForm):
    class Meta:
        model = FindingCategory
        fields = ["name", "note"]


class FindingForm(forms.DsForm):
    category: Any = forms.forms.ModelChoiceField(queryset=None, label=_("Category"))
    text = forms.TextField(label=_("Finding"), rows=3, limit=1000)
    measure = forms.TextField(
        label=_("Measure"),
        rows=2,
        limit=1000,
        required=False,
        help_text=_("What the finding calls for, in a sentence."),
    )
    instruments = forms.CheckboxesField(label=_("Known from"), choices=Instrument.choices, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, finding: Finding | None = None, **kwargs: Any) -> None:
        if finding is not None:
            kwargs.setdefault("version", finding.version)
            kwargs.setdefault(
                "initial",
                {name: getattr(finding, name) for name in ("category", "text", "measure", "instruments")},
            )
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = FindingCategory.objects.of(collaboration)


class RemarkForm(forms.DsForm):
    """How far a municipality recognises itself in a category (R32)."""

    agreement = forms.RadioField(
        label=_("How far does the municipality agree?"), choices=FindingRemark.Agreement.choices
    )
    text = forms.TextField(label=_("Remark"), rows=3, required=False, limit=1000)


class ActivityForm(forms.DsModelForm):
    class Meta:
        model = InsightActivity
        fields = ["kind", "title", "summary", "since", "until", "precision", "survey"]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survey: Any = self.fields["survey"]
        survey.queryset = Survey.objects.of(collaboration)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
