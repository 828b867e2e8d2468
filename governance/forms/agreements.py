from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance import checklists
from governance.models import Agreement, AgreementSection, Obligation, Organisation, Resolution

HELP = {
    "background": _("Why the municipalities work together."),
    "purpose": _("What the collaboration shall achieve."),
    "value": _("In short for all; each party also has its own text."),
    "roles": _("What each party contributes and answers for."),
    "organisation": _("The bodies and who reports to whom."),
    "financing": _("The base budget, grants, and that single projects are financed by those who take part."),
    "period": _("From when to when, and how it is prolonged."),
    "changes": _("How the agreement is changed, and how a party leaves."),
}


class _Period(forms.DsForm):
    """A title and a period that ends after it starts."""

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    period_from = forms.DateField(label=_("Period from"), required=False)
    period_to = forms.DateField(label=_("Period to"), required=False)
    notice_months = forms.forms.IntegerField(
        label=_("Notice in months"), min_value=1, max_value=60, required=False,
        help_text=_("How long before the end of the period a party must say that it leaves."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("period_from"), cleaned.get("period_to")
        if begins and ends and ends <= begins:
            self.add_error("period_to", _("The period must end after it starts."))
        return cleaned


class _Formed(_Period):
    """What most leave as it is: another form than a plain agreement, and the rule for changes."""

    form = forms.forms.ChoiceField(
        label=_("Organisational form"), choices=Agreement.Form, required=False,
        help_text=_("It decides which checklist the agreement has to meet."),
    )  # fmt: skip
    entity_name = forms.forms.CharField(
        label=_("Name of the body it sets up"), max_length=200, required=False,
        help_text=_("The act wants the form to stand in the name of a political council (IPR) and a task body (KO)."),
    )  # fmt: skip
    other_changes = forms.forms.ChoiceField(
        label=_("Other changes are adopted by"), choices=Agreement.Rule, required=False,
        help_text=_("What binds a municipality or its money always needs every party's own body."),
    )  # fmt: skip
    folded = [(_("More"), ["form", "entity_name", "other_changes"])]

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or Agreement.Form.AGREEMENT

    def clean_other_changes(self) -> str:
        return self.cleaned_data["other_changes"] or Agreement.Rule.EVERY


class NewAgreementForm(_Formed):
    """Begin an agreement."""


FACTS = ("title", "period_from", "period_to", "notice_months", "form", "entity_name", "other_changes")


class WriteAgreementForm(_Formed):
    """A draft: in a plain agreement its eight sections (R14); in other forms the clauses are written one by one."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = AgreementSection.Kind.choices if agreement.form == Agreement.Form.AGREEMENT else []
        written = {section.kind: section.text for section in agreement.sections.all()}
        for kind, label in self.kinds:
            self.fields[kind] = forms.TextField(
                label=label, help_text=HELP[kind], required=False, rows=5, initial=written.get(kind, "")
            )
        if agreement.follows_id:
            self.fields["what_changed"] = forms.TextField(label=_("What is changed"), rows=3)
            self.fields["why"] = forms.TextField(label=_("Why it is changed"), rows=3)
        self._prepare(None)
        for name in self.facts:
            self.fields[name].initial = getattr(agreement, name)

    @property
    def facts(self) -> list[str]:
        return [name for name in (*FACTS, "what_changed", "why") if name in self.fields]

    @property
    def sections(self) -> dict[str, str]:
        return {kind: self.cleaned_data[kind] for kind, _label in self.kinds}


class NewVersionForm(forms.DsForm):
    """What the new version changes, and why."""

    what_changed = forms.TextField(label=_("What is changed"), rows=3)
    why = forms.TextField(label=_("Why it is changed"), rows=3)


class ClauseForm(forms.DsForm):
    """One numbered clause, and the points of the checklist that it settles."""

    heading = forms.forms.CharField(label=_("Heading"), max_length=200)
    text = forms.TextField(label=_("Text"), rows=8)
    meets = forms.CheckboxesField(label=_("The clause settles"), choices=[], required=False)

    def __init__(self, *args: Any, agreement: Agreement, clause: AgreementSection | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = [(point.key, str(point)) for point in checklists.points_of(agreement.form)]
        self.fields["meets"].choices = [(key, label[:1].upper() + label[1:]) for key, label in points]
        if clause is not None:
            self.initial.update(heading=str(clause), text=clause.text, meets=list(clause.meets))
            if clause.kind:
                del self.fields["meets"]


class ObligationForm(forms.DsForm):
    """What is expected of a party, or of all."""

    kind = forms.RadioField(label=_("Commitment"), choices=Obligation.Kind.choices, initial=Obligation.Kind.GOVERNING)
    organisation = forms.forms.ModelChoiceField(
        label=_("Party"), queryset=Organisation.objects.none(), required=False, empty_label=_("All it concerns")
    )
    text = forms.TextField(label=_("What"), rows=3)
    due = forms.forms.CharField(label=_("When"), max_length=200, required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(agreements__agreement=agreement)


class InForceForm(forms.DsForm):
    """From which day a new version holds."""

    effective_from = forms.DateField(label=_("From"))


class ExitForm(forms.DsForm):
    """A party that wants to leave: its own body is asked."""

    agreed_last_day = forms.DateField(
        label=_("Last day, if agreed otherwise"), required=False,
        help_text=_("Leave it empty where the notice decides."),
    )  # fmt: skip


class DissolveForm(forms.DsForm):
    """Until when the parties are asked to answer."""

    answer_by = forms.DateField(label=_("Answer by"), required=False)


class AgreementFilter(forms.FilterForm):
    """Narrow the list of agreements."""

    q = forms.forms.CharField(label=_("Agreement"))
    state = forms.forms.ChoiceField(label=_("State"), choices=[("", _("All")), *Agreement.State.choices])
    form = forms.forms.ChoiceField(label=_("Organisational form"), choices=[("", _("All")), *Agreement.Form.choices])
    ends = forms.forms.ChoiceField(
        label=_("Ends"),
        choices=[
            ("", _("All")),
            ("6", _("within 6 months")),
            ("12", _("within 12 months")),
            ("24", _("within 2 years")),
        ],
    )
    earlier = forms.forms.ChoiceField(
        label=_("Versions"), choices=[("", _("The newest")), ("alle", _("Earlier ones too"))]
    )


class ValueForm(forms.DsForm):
    """The value of the agreement for one party."""

    value = forms.TextField(label=_("Value for this municipality"), rows=6)


class PartyForm(forms.DsForm):
    """One more party."""

    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("Choose a municipality")
    )
    value = forms.TextField(label=_("Value for this municipality"), required=False)
    answer_by = forms.DateField(label=_("Answer by"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = agreement.parties.values("organisation")
        members = Organisation.objects.members_of(agreement.collaboration)
        self.fields["organisation"].queryset = members.exclude(pk__in=known)
        if agreement.state == Agreement.State.DRAFT:
            del self.fields["answer_by"]


class SendForm(forms.DsForm):
    """When the agreement went out, and when the answers are wanted; by the agreed rule, the resolution too."""

    sent_on = forms.DateField(label=_("Sent"), help_text=_("An earlier day, if it has been sent by e-mail already."))
    answer_by = forms.DateField(label=_("Answer by"), required=False)
    resolution = forms.forms.ModelChoiceField(
        label=_("The resolution"), queryset=Resolution.objects.none(), required=False,
        empty_label=_("Registered elsewhere"),
    )  # fmt: skip
    resolved_by = forms.forms.CharField(
        label=_("If it is registered elsewhere: body and case number"), max_length=300, required=False
    )
    resolved_on = forms.DateField(label=_("Resolved on"), required=False)
    extract = UploadField(
        label=_("Extract of the record"), required=False, help_text=_("PDF, Word or a picture, at most 10 MB.")
    )

    def __init__(self, *args: Any, agreement: Agreement, every: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ended = Resolution.objects.filter(item__case__body__collaboration=agreement.collaboration)
        ended = ended.filter(item__meeting__state__in=["held", "remarks", "approved"]).select_related(
            "item__case__body"
        )
        self.fields["resolution"].queryset = ended.filter(item__case__exempt=False).order_by("-pk")
        if every:
            for name in ("resolution", "resolved_by", "resolved_on", "extract"):
                del self.fields[name]

    def clean_sent_on(self) -> date:
        sent_on: date = self.cleaned_data["sent_on"]
        if sent_on > timezone.localdate():
            raise forms.forms.ValidationError(_("The day is in the future. Write the day on which it is sent."))
        return sent_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sent, deadline = cleaned.get("sent_on"), cleaned.get("answer_by")
        if sent and deadline and deadline < sent:
            self.add_error("answer_by", _("The deadline is before the day it is sent."))
        return cleaned
