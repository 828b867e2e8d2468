from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import checklists
from governance.legal_forms import agreement_lacks
from governance.models import Agreement, Collaboration, FormReview


class ChangeForm(forms.DsForm):
    """Another organisational form from a day."""

    form = forms.RadioField(label=_("Organisational form"), choices=Collaboration.LegalForm.choices)
    since = forms.DateField(label=_("From"))
    name = forms.forms.CharField(
        label=_("Name under this form"),
        max_length=200,
        help_text=_("The act wants the form to stand in the name of a political council (IPR) and a task body (KO)."),
    )
    decided_by = forms.forms.CharField(
        label=_("Decided by"),
        max_length=300,
        help_text=_("Which bodies decided it, with dates and case numbers."),
    )
    agreement = forms.forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = collaboration.agreements.all()
        self.fields["name"].initial = collaboration.name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refusal = checklists.name_lacks(cleaned.get("form", ""), cleaned.get("name", ""), cleaned.get("since"))
        if refusal and "name" in cleaned:
            self.add_error("name", refusal)
        if "form" in cleaned and "since" in cleaned:
            lacking = agreement_lacks(cleaned["form"], cleaned["since"], cleaned.get("agreement"))
            if lacking and "agreement" not in self.errors:
                self.add_error("agreement", lacking)
        return cleaned


class RaiseForm(forms.DsForm):
    """What makes an assessment necessary."""

    trigger = forms.RadioField(label=_("What makes it necessary?"), choices=FormReview.Trigger.choices)
    note = forms.TextField(label=_("What it is about"), rows=4, required=False)


class AssessForm(forms.DsForm):
    """The dated assessment."""

    result = forms.RadioField(label=_("Result"), choices=FormReview.Result.choices)
    conclusion = forms.TextField(label=_("Conclusion"), rows=6)
    assessed_on = forms.DateField(label=_("Assessed on"))
    assessed_by = forms.forms.CharField(label=_("Assessed by"), max_length=200, required=False)
    next_review = forms.DateField(label=_("Next review"), required=False)

    def __init__(self, *args: Any, review: FormReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review

    def clean_assessed_on(self) -> Any:
        day = self.cleaned_data["assessed_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(_("The day is in the future. Write the day on which it was made."))
        if day < self.review.raised_on:
            raise forms.forms.ValidationError(_("The day is before the assessment was raised."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        made, again = cleaned.get("assessed_on"), cleaned.get("next_review")
        if made and again and again <= made:
            self.add_error("next_review", _("The next review must be after the assessment."))
        return cleaned
