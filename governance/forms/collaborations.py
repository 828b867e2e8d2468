from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance import checklists
from governance.addresses import plain
from governance.models import Collaboration, Duty, Membership, Organisation
from governance.models.collaborations import RESERVED_SLUGS


class CollaborationForm(forms.DsModelForm):
    """Who we are, as the secretariat may change it."""

    fieldsets = [(_("Its place among other collaborations"), ["parent", "siblings"])]
    folded = [(_("More: public pages and sign-in"), ["public_pages", "second_step"])]

    class Meta:
        model = Collaboration
        fields = ["name", "purpose", "period", "parent", "siblings", "public_pages", "second_step"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Others that the user can't see are not offered: their names are their own business.
        visible = Collaboration.objects.visible_to(user)
        known = Collaboration.objects.filter(Q(external=True) | Q(pk__in=visible)).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = known
        self.fields["parent"].empty_label = _("None")
        self.fields["siblings"].queryset = known


class NewCollaborationForm(forms.DsModelForm):
    """A new collaboration and the one who starts it."""

    secretary_name = forms.forms.CharField(label=_("Name of the person in the secretariat"), max_length=200)
    secretary_email = forms.forms.EmailField(
        label=_("The person's e-mail"), help_text=_("An invitation to choose a password is sent here.")
    )
    legal_form = forms.forms.ChoiceField(
        label=_("Organisational form"),
        choices=Collaboration.LegalForm,
        initial=Collaboration.LegalForm.AGREEMENT,
        help_text=_("It can be changed from a day on, when the municipalities have decided it."),
    )
    fieldsets = [(_("Secretariat"), ["secretary_name", "secretary_email"])]

    class Meta:
        model = Collaboration
        fields = ["name", "slug", "purpose", "period"]
        help_texts = {"slug": _("Stands in every address, for example «vesteralen». It can't be changed later.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean_slug(self) -> str:
        slug = plain(self.cleaned_data["slug"] or self.cleaned_data.get("name", ""))
        if slug in RESERVED_SLUGS:
            raise forms.forms.ValidationError(_("This address is taken by the portal itself. Choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if wanted := checklists.name_lacks(cleaned.get("legal_form", ""), cleaned.get("name", "")):
            self.add_error("name", wanted)
        return cleaned


class OwnDecision(forms.DsForm):
    """The municipality's own decision that a membership stands on (rule 1)."""

    decided_by = forms.forms.CharField(
        label=_("Decided by"), max_length=200, required=False, help_text=_("For example «The municipal council».")
    )
    decided_on = forms.DateField(label=_("Decided on"), required=False)
    case_number = forms.forms.CharField(label=_("The municipality's case number"), max_length=50, required=False)
    extract = UploadField(
        label=_("Extract of the record"), required=False, help_text=_("PDF, Word or a picture, at most 10 MB.")
    )

    def clean(self) -> dict[str, Any]:
        return _with_its_decision(self, super().clean() or self.cleaned_data)


def _with_its_decision(form: forms.DsForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    if cleaned.get("ground") == Membership.Ground.DECISION:
        for name in ("decided_by", "decided_on"):
            if not cleaned.get(name) and name not in form.errors:
                form.add_error(name, _("Name the body and the day of the municipality's own decision."))
        if not cleaned.get("extract") and "extract" not in form.errors:
            form.add_error("extract", _("Attach the extract when you register on behalf of a municipality."))
        decided_on = cleaned.get("decided_on")
        if decided_on and decided_on > timezone.localdate():
            form.add_error("decided_on", _("The date of the decision is in the future. Register it when it is made."))
    return cleaned


class MemberForm(OwnDecision):
    """A municipality that becomes a member."""

    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose a municipality"),
        help_text=_("Is it not on the list? Choose «New municipality» above."),
    )
    since = forms.DateField(label=_("From"))
    ground = forms.RadioField(
        label=_("Member by"),
        choices=Membership.Ground.choices,
        initial=Membership.Ground.FOUNDING,
        hints={Membership.Ground.DECISION: _("Who joins later has decided it itself: tell where and when.")},
    )
    named_role = forms.forms.CharField(
        label=_("Named role"),
        max_length=100,
        required=False,
        help_text=_("A role besides being a member, for example «central role»."),
    )
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)
    field_order = ["organisation", "since", "ground", "decided_by", "decided_on", "case_number", "extract"]
    folded = [(_("More"), ["named_role", "note"])]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = Organisation.objects.members_of(collaboration)
        places = Organisation.objects.municipalities().existing()
        self.fields["organisation"].queryset = places.exclude(pk__in=current)


class MunicipalityForm(forms.DsForm):
    """A municipality that the portal does not know yet."""

    number = forms.forms.RegexField(
        r"^[0-9]{4}$",
        label=_("Municipality number"),
        help_text=_("Four digits, for example 1865."),
        error_messages={"invalid": _("The municipality number has four digits, for example 1865.")},
    )
    name = forms.forms.CharField(label=_("Name"), max_length=200)
    county = forms.forms.CharField(label=_("County"), max_length=100, required=False)

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        known = Organisation.objects.filter(number=number).first()
        if known is not None:
            raise forms.forms.ValidationError(
                _("The number %(number)s belongs to %(name)s, which is already registered."),
                params={"number": number, "name": known},
            )
        return number


class EndForm(forms.DsForm):
    """The last day of something that has a period."""

    until = forms.DateField(label=_("Last day"), help_text=_("What it gives access to ends after this day."))

    def __init__(self, *args: Any, since: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < self.since:
            raise forms.forms.ValidationError(
                format_lazy(_("It began on {day}. Choose that day or a later one."), day=f"{self.since:%d.%m.%Y}")
            )
        return until


class MemberRoleForm(forms.DsModelForm):
    """What a member is besides being one."""

    class Meta:
        model = Membership
        fields = ["named_role", "note"]


class EndMemberForm(EndForm):
    """The last day of a membership, and whose decision it is."""

    ground = forms.RadioField(
        label=_("Ended by"), choices=Membership.EndGround.choices, initial=Membership.EndGround.DECISION
    )
    decided_by = OwnDecision.base_fields["decided_by"]
    decided_on = OwnDecision.base_fields["decided_on"]
    case_number = OwnDecision.base_fields["case_number"]
    extract = OwnDecision.base_fields["extract"]

    def clean(self) -> dict[str, Any]:
        return _with_its_decision(self, super().clean() or self.cleaned_data)


class DutyForm(forms.DsForm):
    """Who does for the collaboration what only a legal entity can do (R4)."""

    kind = forms.forms.ChoiceField(label=_("Duty"), choices=Duty.Kind)
    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none(), empty_label=_("Choose a municipality")
    )
    since = forms.DateField(label=_("From"))

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(
            legal_entity=True, pk__in=Organisation.objects.members_of(collaboration)
        )
