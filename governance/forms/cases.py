from typing import Any

from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from digivesteralen.ui.forms import widgets
from governance import laws
from governance.forms.exemption import NAMES as EXEMPTION
from governance.forms.exemption import ExemptionFields
from governance.models import Body, Case, Collaboration, Opinion, Person

BOX = forms.forms.Textarea
# Written with headings, lists and tables.
RICH = ("information", "assessment", "consequences")


class CaseForm(ExemptionFields, forms.DsModelForm):  # type: ignore[misc]
    """What a case is about and what is proposed (D13)."""

    fields: dict[str, Any]

    class Meta:
        model = Case
        fields = [
            "body",
            "kind",
            "title",
            "information",
            "assessment",
            "consequences",
            "proposal",
            "case_officer",
            "recommended_by",
            "asks_municipalities",
        ]
        field_classes = dict.fromkeys(RICH, forms.RichField)
        widgets = {**{name: widgets.RichInput() for name in RICH}, "proposal": BOX(attrs={"rows": 5})}

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.of(collaboration)
        self.fields["case_officer"].queryset = people
        self.fields["recommended_by"].queryset = people
        self.begin(self.instance, self.instance.body if self.instance.pk else None, people)
        body = self.instance.body if self.instance.pk else collaboration.steering_group()
        if self.instance.pk:
            del self.fields["body"]
        else:
            self.fields["body"].queryset = collaboration.bodies.that_meet()
            self.fields["body"].initial = body
        self.folded = [(_("More"), more_of(body)), (_("Public disclosure"), EXEMPTION)]

    def clean_proposal(self) -> str:
        return str(self.cleaned_data["proposal"]).replace("\r\n", "\n")

    @property
    def texts(self) -> dict[str, Any]:
        skipped = {"body", "version", *EXEMPTION}
        return {**{name: value for name, value in self.cleaned_data.items() if name not in skipped}, **self.told}


def more_of(body: Body | None) -> list[str]:
    """What stands folded: for a steering group all but what it is about and what is proposed."""
    usual = ["case_officer", "recommended_by", "asks_municipalities"]
    simple = body is None or body.profile_on(timezone.localdate()).is_simple
    return ["kind", "assessment", "consequences", *usual] if simple else usual


class CaseFilter(forms.FilterForm):
    """Narrows the list of cases."""

    fields: dict[str, Any]

    q = forms.forms.CharField(label=_("Search"))
    body = forms.forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none(), empty_label=_("All"))
    stage = forms.forms.ChoiceField(
        label=_("Stage"), choices=[("", _("All")), *[(value, capfirst(label)) for value, label in Case.Stage.choices]]
    )
    year = forms.forms.ChoiceField(label=_("Year"))
    kind = forms.forms.ChoiceField(
        label=_("Kind of case"),
        choices=[("", _("All")), *[(value, capfirst(label)) for value, label in Case.Kind.choices]],
    )
    exempt = forms.forms.ChoiceField(
        label=_("Public disclosure"),
        choices=[("", _("All")), ("exempt", _("Exempt today")), ("open", _("Open today"))],
    )

    folded = [(_("More"), ["kind", "exempt"])]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(collaboration=collaboration)
        years = Case.objects.filter(body__collaboration=collaboration, year__isnull=False)
        known = years.order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"].choices = [("", _("All")), *[(str(year), str(year)) for year in known]]


class OpinionForm(forms.DsForm):
    """What a director says in the body: a view, and words when it is more than support."""

    fields: dict[str, Any]

    stance = forms.RadioField(
        label=_("Your view"), choices=[(value, capfirst(label)) for value, label in Opinion.Stance.choices]
    )
    text = forms.TextField(
        label=_("Remark"), required=False, rows=3, help_text=_("Needed when you do more than support.")
    )
    accepts_writing = forms.forms.BooleanField(label=_("I agree to written treatment"), required=False)

    def __init__(self, *args: Any, asks_about_form: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_about_form:
            self.fields["accepts_writing"].help_text = format_lazy(
                _("Without every member's consent to the form the case is taken up in a meeting: {ground}."),
                ground=laws.provision("written_treatment").dated,
            )
        else:
            del self.fields["accepts_writing"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        stance = cleaned.get("stance")
        if stance and stance != Opinion.Stance.SUPPORTS and not cleaned.get("text", "").strip():
            self.add_error("text", _("Write a remark when you do more than support."))
        return cleaned
