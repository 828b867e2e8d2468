"""Forms about what the resolutions asked somebody to do."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Body, Collaboration, Organisation, Person, ResolutionPoint

STATES = [(value, capfirst(label)) for value, label in ResolutionPoint.State.choices]


class AnswerForm(forms.DsForm):
    """How it stands with a point."""

    state = forms.RadioField(label=_("How does it stand?"), choices=STATES)
    answer = forms.TextField(
        label=_("Answer"), required=False, rows=3, help_text=_("What was done, or what it waits for.")
    )
    done_on = forms.DateField(
        label=_("Day"), required=False, help_text=_("When it was carried out, or fell away. Today if left empty.")
    )


class HandOverForm(forms.DsForm):
    """Somebody else follows it up from now on."""

    fields: dict[str, Any]

    owner = forms.forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), required=False)
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality or organisation"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Person.objects.of(collaboration)
        self.fields["organisation"].queryset = Organisation.objects.members_of(collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("owner") and not cleaned.get("organisation"):
            self.add_error("owner", _("Choose a person, a municipality, or both."))
        return cleaned


class ReviewForm(forms.DsForm):
    """When a resolution is to be taken up again; empty when it is not."""

    review_on = forms.DateField(
        label=_("Take up again by"),
        required=False,
        help_text=_("The case is suggested when the agenda of a meeting near this day is made."),
    )


class FollowUpFilter(forms.FilterForm):
    """Narrows the list of points."""

    fields: dict[str, Any]

    q = forms.forms.CharField(label=_("Search in text and responsible"))
    status = forms.forms.ChoiceField(
        label=_("Status"),
        choices=[
            ("", _("All")),
            ("open", _("Open")),
            ("late", _("Overdue")),
            ("done", _("Carried out or no longer needed")),
            ("closed", _("Closed")),
        ],
    )
    body = forms.forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none(), empty_label=_("All"))
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("All")
    )

    def __init__(self, *args: Any, bodies: Any, organisations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        if organisations is None:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = organisations

    def narrowed(self, points: Any) -> Any:
        if not self.is_valid():
            return points
        wanted = self.cleaned_data
        if wanted["q"]:
            points = points.saying(wanted["q"])
        if wanted["body"]:
            points = points.of(wanted["body"])
        if wanted.get("organisation"):
            points = points.filter(organisation=wanted["organisation"])
        return points.with_status(wanted["status"])
