from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance import vacancies
from governance.addresses import plain
from governance.models import (
    Body,
    BodyStatus,
    Case,
    Collaboration,
    Competence,
    ExternalTreatment,
    Organisation,
    Person,
    Region,
    Resolution,
)

NEWEST = 50


class ResolutionField(forms.forms.ModelChoiceField):
    """«Styringsgruppen, sak 12/26»: body and number, since a title may be exempt (rule 8)."""

    def label_from_instance(self, resolution: Any) -> str:
        item = resolution.item
        return f"{item.meeting.body} {item.case.number or '–'} ({item.meeting.label})"


def resolution_field() -> ResolutionField:
    return ResolutionField(
        label=_("Decided in"), queryset=Resolution.objects.none(), required=False, empty_label=_("Not in the portal")
    )


def decided_field() -> Any:
    return forms.forms.CharField(
        label=_("Decided by"),
        max_length=200,
        required=False,
        help_text=_("For a decision that the portal does not hold, for example «Formannskapet 63/19»."),
    )


def resolutions_of(collaboration: Collaboration) -> Any:
    """What the bodies of the collaboration have resolved, the newest first."""
    found = Resolution.objects.filter(item__meeting__body__collaboration=collaboration)
    return found.select_related("item__meeting__body", "item__case__body").order_by("-pk")[:NEWEST]


def offer_resolutions(form: Any, collaboration: Collaboration) -> None:
    newest = [one.pk for one in resolutions_of(collaboration)]
    known = Resolution.objects.filter(pk__in=newest).select_related("item__meeting__body", "item__case__body")
    form.fields["resolution"].queryset = known.order_by("-pk")


class BodyForm(forms.DsModelForm):
    """A body: what it is, whom it reports to, how many it takes from each municipality."""

    fieldsets = [(_("Seats"), ["seats_minimum", "seats_maximum"])]
    folded = [
        (
            _("More about the body"),
            ["permanent", "existed_before", "mandate_points", "region", "owner", "led_by", "fte_minimum"],
        )
    ]

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
            "mandate_points",
            "region",
            "owner",
            "led_by",
            "fte_minimum",
        ]
        help_texts = {
            "seats_minimum": _("Leave both empty when there is no rule about it."),
            "region": _("Only for a regional council (eFagråd)."),
            "owner": _("Only for an external political body: whose it is, for example the municipality's or KS'."),
            "led_by": _("Only for a secretariat: the organisation that leads it."),
            "fte_minimum": _("Only for a secretariat: a warning is shown when fewer are filled."),
        }

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collaboration = collaboration
        for name in ("reports_to", "region", "owner", "led_by"):
            self.fields[name].empty_label = _("None")
        self.fields["reports_to"].queryset = collaboration.bodies.exclude(pk=self.instance.pk)
        self.fields["region"].queryset = vacancies.regions_of(collaboration)
        for name in ("owner", "led_by"):
            self.fields[name].queryset = organisations_near(collaboration)

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
        self._belongs("region", Body.Kind.EFAGRAD, _("Choose the region of the council."))
        self._belongs("owner", Body.Kind.POLITICAL, _("Say whose body it is: the municipality, or KS."))
        return cleaned

    def _belongs(self, name: str, kind: str, lacking: Any) -> None:
        """A fact of one kind of body, and of that kind always."""
        if self.cleaned_data.get("kind") == kind and not self.cleaned_data.get(name):
            self.add_error(name, lacking)
        elif self.cleaned_data.get("kind") != kind:
            self.cleaned_data[name] = None


def organisations_near(collaboration: Collaboration) -> Any:
    """The members, and the counties, state bodies and associations that take part beside them."""
    others = ["county", "state", "association"]
    members = Organisation.objects.members_of(collaboration).values("pk")
    return Organisation.objects.filter(Q(pk__in=members) | Q(kind__in=others)).order_by("sort_key")


class StatusForm(forms.DsForm):
    """How far a body has come, and from when."""

    status = forms.RadioField(label=_("Status"), choices=BodyStatus.Status.choices)
    since = forms.DateField(label=_("From"))
    resolution = resolution_field()
    decided_by = decided_field()

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_resolutions(self, body.collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = cleaned.get("resolution") or cleaned.get("decided_by")
        if cleaned.get("status") == BodyStatus.Status.FORMALISED and not named:
            self.add_error("decided_by", _("A network is formalised by somebody's decision. Say which."))
        return cleaned


class CapacityForm(forms.DsForm):
    """Which body serves as something else, here."""

    body = forms.forms.ModelChoiceField(
        label=_("Body"), queryset=Body.objects.none(), empty_label=_("Choose a body"),
        help_text=_("A body of this collaboration, or of another that you see."),
    )  # fmt: skip
    kind = forms.forms.ChoiceField(label=_("Acts as"), choices=Body.Kind, initial=Body.Kind.EFAGRAD)
    region = forms.forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.none(), required=False, empty_label=_("None"),
        help_text=_("Only for a regional council (eFagråd)."),
    )  # fmt: skip
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until and including"), required=False)
    resolution = resolution_field()
    decided_by = decided_field()
    folded = [(_("More about the capacity"), ["until", "resolution", "decided_by"])]

    def __init__(self, *args: Any, collaboration: Collaboration, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.visible_to(user).select_related("collaboration").order_by("name")
        self.fields["body"].label_from_instance = lambda body: f"{body} ({body.collaboration})"
        self.fields["region"].queryset = vacancies.regions_of(collaboration)
        offer_resolutions(self, collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Body.Kind.EFAGRAD and not cleaned.get("region"):
            self.add_error("region", _("Choose the region of the council."))
        elif cleaned.get("kind") != Body.Kind.EFAGRAD:
            cleaned["region"] = None
        return cleaned


class NominationForm(forms.DsForm):
    """Whom somebody points out for a seat in the body."""

    region = forms.forms.ModelChoiceField(
        label=_("Contact point of"), queryset=Region.objects.none(), empty_label=_("No region"), required=False
    )
    person = forms.forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), empty_label=_("Choose a person")
    )
    nominated_on = forms.DateField(label=_("Pointed out on"))
    decided_by = decided_field()

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.of(body.collaboration)
        self.fields["region"].queryset = vacancies.regions_of(body.collaboration)


class PositionForm(forms.DsForm):
    """A position: who employs, how much, from when."""

    title = forms.forms.CharField(label=_("Title"), max_length=100)
    employer = forms.forms.ModelChoiceField(
        label=_("Employed by"), queryset=Organisation.objects.none(), empty_label=_("Choose an organisation"),
        help_text=_("The collaboration is no legal entity and employs nobody."),
    )  # fmt: skip
    person = forms.forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False, empty_label=_("Vacant")
    )
    share = forms.forms.IntegerField(label=_("Share of full time, per cent"), min_value=1, max_value=100, initial=100)
    since = forms.DateField(label=_("From"))
    permanent = forms.forms.BooleanField(label=_("Permanent"), required=False, initial=True)
    until = forms.DateField(label=_("Until and including"), required=False)
    competences = forms.forms.ModelMultipleChoiceField(
        label=_("Competences it asks for"), queryset=Competence.objects.none(), required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )  # fmt: skip
    resolution = resolution_field()
    decided_by = decided_field()
    folded = [(_("More about the position"), ["competences", "resolution", "decided_by"])]

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = organisations_near(body.collaboration).filter(legal_entity=True)
        self.fields["person"].queryset = Person.objects.of(body.collaboration)
        self.fields["competences"].queryset = body.collaboration.competences.all()
        offer_resolutions(self, body.collaboration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if not cleaned.get("permanent") and "until" in cleaned and not until:
            self.add_error("until", _("A temporary position has a last day. Write it."))
        elif since and until and until < since:
            self.add_error("until", _("The last day must be on or after the first."))
        return cleaned


class PositionChangeForm(forms.DsForm):
    """Another share or another person, from a day."""

    since = forms.DateField(label=_("From"))
    share = forms.forms.IntegerField(label=_("Share of full time, per cent"), min_value=1, max_value=100)
    person = forms.forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False, empty_label=_("Vacant")
    )
    resolution = resolution_field()
    decided_by = decided_field()

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.of(body.collaboration)
        offer_resolutions(self, body.collaboration)


class CompetencesForm(forms.DsForm):
    """Lines of the collaboration's catalogue: what a person can, or what a body needs."""

    competences = forms.forms.ModelMultipleChoiceField(
        label=_("Competences"), queryset=Competence.objects.none(), required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competences"].queryset = collaboration.competences.all()


class CompetenceForm(forms.DsForm):
    """One more line of the catalogue."""

    name = forms.forms.CharField(label=_("Competence"), max_length=100)


class TreatmentForm(forms.DsModelForm):
    """What an external political body did with a matter."""

    class Meta:
        model = ExternalTreatment
        fields = ["matter", "case", "treated_on", "case_number", "outcome", "text", "link"]

    treated_on = forms.DateField(label=_("Treated on"))
    text = forms.TextField(label=_("What it decided"), rows=4, required=False)
    link = forms.forms.URLField(label=_("Link to the record"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, body: Body, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases = Case.objects.visible_to(user).filter(body__collaboration=body.collaboration, sequence__isnull=False)
        self.fields["case"].queryset = cases.select_related("body").order_by("-year", "-sequence")
        self.fields["case"].required = False
        self.fields["case"].empty_label = _("None")
        if self.instance.pk is not None:
            del self.fields["case"]
