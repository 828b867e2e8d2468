from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from governance.models import Collaboration, Organisation
from portfolio.actions.grants import proposed_receiver
from portfolio.models import Allocation, Grant, GrantSpending, Project

YEAR: dict[str, Any] = {"min_value": 2000, "max_value": 2100}
RECEIVER = _("The collaboration is no legal person: a municipality receives the money.")
OPEN_STATES = [
    (Grant.State.TO_APPLY, _("To be applied for")),
    (Grant.State.APPLIED, _("Applied for, not answered")),
    (Grant.State.GRANTED, _("Granted")),
]


class GrantFilter(forms.FilterForm):
    """The sources in one state, or by name."""

    q = forms.forms.CharField(label=_("Search"))
    state = forms.forms.ChoiceField(label=_("State"), choices=[("", _("all")), *Grant.State.choices])

    def narrow(self, grants: Any) -> Any:
        if not self.is_valid():
            return grants
        if self.cleaned_data["q"]:
            grants = grants.filter(title__icontains=self.cleaned_data["q"])
        return grants.filter(state=self.cleaned_data["state"]) if self.cleaned_data["state"] else grants


class GrantForm(forms.DsForm):
    """A source of money: what it is, who gives, who applies, and the deadlines (A2, D1)."""

    folded = [(_("More details"), ["kind", "project", "receiver", "report_by", "monthly_hours", "note"])]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    giver = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Given by"))
    state = forms.RadioField(label=_("How far it has come"), choices=OPEN_STATES, initial=Grant.State.TO_APPLY)
    apply_by = forms.DateField(label=_("Apply by"), required=False)
    sought = forms.MoneyField(
        label=_("Amount applied for"), required=False, min_value=0, help_text=_("Or what you mean to apply for.")
    )
    awarded = forms.MoneyField(
        label=_("Awarded"), required=False, min_value=0, help_text=_("Only when the grant is granted.")
    )
    applicants = forms.forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Applied for by"),
        required=False,
        widget=forms.forms.CheckboxSelectMultiple,
    )
    kind = forms.forms.ChoiceField(label=_("Kind"), choices=Grant.Kind.choices, initial=Grant.Kind.DISCRETIONARY)
    project = forms.forms.ModelChoiceField(
        Project.objects.none(),
        label=_("For the project"),
        required=False,
        help_text=_("Empty: for the base budget, or for several projects."),
    )
    receiver = forms.forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Received by"), required=False, help_text=RECEIVER
    )
    report_by = forms.DateField(label=_("Report by"), required=False)
    monthly_hours = forms.forms.BooleanField(
        label=_("The giver asks for hours month by month"),
        required=False,
        help_text=_("The municipalities then tell the hours of the project for each month."),
    )
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, grant: Grant | None = None, **kwargs: Any) -> None:
        if grant is not None:
            kwargs.setdefault("version", grant.version)
            initial = {name: getattr(grant, name) for name in self.base_fields if name != "applicants"}
            kwargs["initial"] = {**initial, "applicants": list(grant.applicants.all())}
        else:
            kwargs["initial"] = {"receiver": proposed_receiver(collaboration)}
        super().__init__(*args, **kwargs)
        self.grant = grant
        givers = Organisation.objects.exclude(kind=Organisation.Kind.MUNICIPALITY)
        self.fields["giver"].queryset = givers
        for name in ("applicants", "receiver"):
            self.fields[name].queryset = collaboration.members()
        self.fields["project"].queryset = open_projects(collaboration, grant.project_id if grant else None)
        self._fit()

    def _fit(self) -> None:
        """Once registered, the state moves by its own buttons, and an amount is put right only where there is one."""
        if self.grant is None:
            return
        del self.fields["state"]
        if not self.grant.is_won:
            del self.fields["awarded"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        state = self.grant.state if self.grant else data.get("state")
        awarded = data.get("awarded")
        if state in Grant.WON and awarded is None and "awarded" in self.fields and "awarded" not in self.errors:
            self.add_error("awarded", _("Write how much was awarded."))
        if state not in Grant.WON and awarded is not None:
            self.add_error("awarded", _("Nothing is awarded before the grant is granted. Leave it empty."))
        if self.grant is None and state == Grant.State.GRANTED and data.get("receiver") is None:
            self.add_error("receiver", _("Choose which municipality receives the grant."))
        self._above_what_is_used(awarded)
        return data

    def _above_what_is_used(self, awarded: Decimal | None) -> None:
        if self.grant is None or awarded is None:
            return
        most = max(self.grant.allocated, self.grant.spent)
        if awarded < most:
            sentence = _("%(used)s of the grant is already laid out or spent. Write that amount or more.")
            self.add_error("awarded", sentence % {"used": wording.money(most)})


class _Step(forms.DsForm):
    """One step of a grant, with the day it was taken."""

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        kwargs.setdefault("version", grant.version)
        kwargs.setdefault("initial", {}).setdefault(self.day, timezone.localdate())
        super().__init__(*args, **kwargs)

    day = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get(self.day) and data[self.day] > timezone.localdate():
            self.add_error(self.day, _("The day is in the future. Register it when it has happened."))
        return data


class ApplyForm(_Step):
    """The application is sent."""

    day = "applied_on"
    applied_on = forms.DateField(label=_("Sent"))
    sought = forms.MoneyField(label=_("Amount applied for"), min_value=1)
    applicants = forms.forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Applied for by"), widget=forms.forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        kwargs["initial"] = {"sought": grant.sought, "applicants": list(grant.applicants.all())}
        super().__init__(*args, grant=grant, **kwargs)
        self.fields["applicants"].queryset = grant.collaboration.members()


class AwardForm(_Step):
    """The giver has said yes."""

    day = "answered_on"
    answered_on = forms.DateField(label=_("Answered"))
    awarded = forms.MoneyField(label=_("Awarded"), min_value=1)
    receiver = forms.forms.ModelChoiceField(Organisation.objects.none(), label=_("Received by"), help_text=RECEIVER)
    report_by = forms.DateField(label=_("Report by"), required=False)

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        receiver = grant.receiver or proposed_receiver(grant.collaboration)
        kwargs["initial"] = {"awarded": grant.sought, "receiver": receiver, "report_by": grant.report_by}
        super().__init__(*args, grant=grant, **kwargs)
        self.fields["receiver"].queryset = grant.collaboration.members()


class RefuseForm(_Step):
    """The giver has said no."""

    day = "answered_on"
    answered_on = forms.DateField(label=_("Answered"))
    note = forms.forms.CharField(label=_("Reason given"), max_length=200, required=False)


class PaidForm(_Step):
    day = "paid_on"
    paid_on = forms.DateField(label=_("Paid out"))


class ReportedForm(_Step):
    day = "reported_on"
    reported_on = forms.DateField(label=_("Reported"))


class AgainForm(forms.DsForm):
    """To be applied for once more."""

    apply_by = forms.DateField(label=_("Apply by"), required=False)

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, version=grant.version, **kwargs)


class _PartOfGrant(forms.DsForm):
    """An amount of a grant: the form says how much is left, and the database refuses more for two at once."""

    amount = forms.MoneyField(label=_("Amount"))
    approximate = forms.forms.BooleanField(label=_("The amount is approximate"), required=False)
    left = ""
    too_much = _("%(left)s of the grant is left. Write that amount or less.")

    def __init__(self, *args: Any, grant: Grant, row: Any = None, **kwargs: Any) -> None:
        """``grant`` with its totals."""
        if row is not None:
            kwargs["version"] = row.version
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.room: Decimal = (getattr(grant, self.left) or Decimal(0)) + (row.amount if row else 0)
        self.fields["project"].queryset = self.projects(grant.collaboration, row)
        self.fields["amount"].help_text = gettext("%(left)s can be used.") % {"left": wording.money(self.room)}

    def projects(self, collaboration: Collaboration, row: Any) -> Any:
        return collaboration.projects.all()

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.forms.ValidationError(_("Write an amount above zero."))
        if amount > self.room:
            raise forms.forms.ValidationError(self.too_much % {"left": wording.money(self.room)})
        return amount


class AllocationForm(_PartOfGrant):
    """A part of the grant to a project, or to the base budget of a year (N9, L10)."""

    field_order = ["project", "year", "amount"]
    folded = [(_("More details"), ["approximate", "note"])]
    left = "free"
    too_much = _("%(left)s of the grant is not laid out yet. Write that amount or less.")

    project = forms.forms.ModelChoiceField(
        Project.objects.none(), label=_("Laid out to"), required=False, empty_label=_("The base budget")
    )
    year = forms.forms.IntegerField(label=_("Year"), **YEAR)
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, grant: Grant, row: Allocation | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": timezone.localdate().year, "project": grant.project})
        super().__init__(*args, grant=grant, row=row, **kwargs)
        self.others = grant.allocations.exclude(pk=row.pk if row else 0)

    def projects(self, collaboration: Collaboration, row: Any) -> Any:
        return open_projects(collaboration, row.project_id if row else None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("year") and self.others.filter(project=data.get("project"), year=data["year"]).exists():
            self.add_error("year", _("The grant is already laid out to this in this year. Change that row."))
        return data


class SpendingForm(_PartOfGrant):
    """Something the grant has paid for (N6)."""

    field_order = ["text", "spent_on", "amount"]
    folded = [(_("More details"), ["project", "approximate"])]
    left = "remaining"

    text = forms.forms.CharField(label=_("For what"), max_length=200)
    spent_on = forms.DateField(label=_("Date"))
    project = forms.forms.ModelChoiceField(Project.objects.none(), label=_("For the project"), required=False)

    def __init__(self, *args: Any, grant: Grant, row: GrantSpending | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"spent_on": timezone.localdate(), "project": grant.project})
        super().__init__(*args, grant=grant, row=row, **kwargs)

    def clean_spent_on(self) -> date:
        day: date = self.cleaned_data["spent_on"]
        if day > timezone.localdate():
            raise forms.forms.ValidationError(_("The day is in the future. Register it when it has happened."))
        return day


def open_projects(collaboration: Collaboration, besides: int | None = None) -> Any:
    """Projects that money can still be laid to, and the one that stands in the row already."""
    ended = [Project.State.FINISHED, Project.State.STOPPED]
    return collaboration.projects.filter(~Q(state__in=ended) | Q(pk=besides))
