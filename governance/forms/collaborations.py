from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import laws
from governance.addresses import plain
from governance.models import Body, Collaboration, Duty, Organisation
from governance.models.collaborations import RESERVED_SLUGS


class CollaborationForm(forms.DsModelForm):
    """Who we are, as the secretariat may change it."""

    fieldsets = [(_("Its place among other collaborations"), ["parent", "siblings"])]

    class Meta:
        model = Collaboration
        fields = ["name", "purpose", "legal_form", "period", "parent", "siblings"]

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
    fieldsets = [(_("Secretariat"), ["secretary_name", "secretary_email"])]

    class Meta:
        model = Collaboration
        fields = ["name", "slug", "purpose", "legal_form", "period"]
        help_texts = {"slug": _("Stands in every address, for example «vesteralen». It can't be changed later.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean_slug(self) -> str:
        slug = plain(self.cleaned_data["slug"] or self.cleaned_data.get("name", ""))
        if slug in RESERVED_SLUGS:
            raise forms.forms.ValidationError(_("This address is taken by the portal itself. Choose another."))
        return slug


class MemberForm(forms.DsForm):
    """A municipality that becomes a member."""

    organisation = forms.forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose a municipality"),
        help_text=_("Is it not on the list? Choose «New municipality» above."),
    )
    since = forms.DateField(label=_("From"))
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = Organisation.objects.members_of(collaboration)
        self.fields["organisation"].queryset = Organisation.objects.municipalities().exclude(pk__in=current)


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


class BodyForm(forms.DsModelForm):
    """A body: what it is, whom it reports to, how many it takes from each municipality."""

    fieldsets = [(_("Seats"), ["seats_minimum", "seats_maximum"])]
    folded = [(_("More about the body"), ["permanent", "existed_before", "decision_rule", "rules", "remark_days"])]

    class Meta:
        model = Body
        fields = [
            "name",
            "kind",
            "level",
            "reports_to",
            "mandate",
            "seats_minimum",
            "seats_maximum",
            "permanent",
            "existed_before",
            "decision_rule",
            "rules",
            "remark_days",
        ]
        help_texts = {"seats_minimum": _("Leave both empty when there is no rule about it.")}

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collaboration = collaboration
        self.fields["rules"].help_text = format_lazy(
            _("An elected body decides in writing only when every member agrees to it: {ground}."),
            ground=laws.provision("written_treatment").dated,
        )
        self.fields["reports_to"].empty_label = _("None")
        self.fields["reports_to"].queryset = collaboration.bodies.exclude(pk=self.instance.pk)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.instance.pk is None and self.collaboration.bodies.filter(slug=plain(name)).exists():
            raise forms.forms.ValidationError(_("There is already a body with this name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fewest, most = cleaned.get("seats_minimum"), cleaned.get("seats_maximum")
        if fewest is not None and most is not None and most < fewest:
            self.add_error("seats_maximum", _("The most can't be lower than the fewest."))
        return cleaned
