from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance.models import Organisation
from portfolio.models import IdeaMunicipality, Participation, Project


class InviteForm(forms.DsForm):
    """Who is asked, and by when they should answer."""

    organisations = forms.forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Municipalities"), widget=forms.forms.CheckboxSelectMultiple
    )
    answer_by = forms.DateField(
        label=_("Answer by"),
        required=False,
        help_text=_("A municipality that has not answered stays «not settled»; it never counts as a yes."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = project.participations.values("organisation")
        remaining = project.collaboration.members().exclude(pk__in=invited)
        if project.state == Project.State.EXECUTION:
            self.fields["answer_by"].help_text = _(
                "The project is under way: whoever joins now pays for no year before this one, "
                "and can choose a later day itself."
            )
        self.fields["organisations"].queryset = remaining
        proposed = remaining.filter(
            pk__in=IdeaMunicipality.objects.filter(idea__project=project).values("organisation")
        )
        self.fields["organisations"].initial = list(proposed) or list(remaining)

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day and day < timezone.localdate():
            self.add_error("answer_by", _("The last day for an answer can't be in the past."))
        return day


class InterestForm(forms.DsForm):
    """A signal that binds nobody."""

    interest = forms.RadioField(
        label=_("Signal from the municipality"),
        choices=[*Participation.Interest.choices, ("", _("no signal"))],
        required=False,
        hints={
            "interested": _("The municipality wants to hear more. It has not decided anything."),
            "waiting": _(
                "The municipality can come in later. Write why, for example that nobody is free to take part."
            ),
        },
    )
    reason = forms.TextField(
        label=_("Reason"), rows=2, required=False, help_text=_("Needed where the municipality waits.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("interest") == Participation.Interest.WAITING and not data.get("reason"):
            self.add_error("reason", _("Write why the municipality waits."))
        return data


class JoinForm(forms.DsForm):
    """«Deltar fra»: the day from which the municipality's own yes holds."""

    joins_on = forms.DateField(
        label=_("Takes part from"),
        required=False,
        help_text=_("The years before are not paid. Leave it empty to be with from the beginning."),
    )


class InternalCostForm(forms.DsForm):
    """What the municipality itself has to pay to receive the project; no part of what is shared."""

    internal_cost = forms.MoneyField(label=_("Internal cost"), required=False, min_value=0)
    internal_spent = forms.MoneyField(label=_("Of which spent so far"), required=False, min_value=0)


class NoticeForm(forms.DsForm):
    """The municipality's own decision to leave a project."""

    decided_by = forms.forms.CharField(
        label=_("Who decided"), max_length=100, help_text=_("For example «kommunestyret».")
    )
    decided_on = forms.DateField(label=_("Date of the decision"))
    case_number = forms.forms.CharField(label=_("Case number"), max_length=20, help_text=_("For example «63/19»."))
    leaves_on = forms.DateField(
        label=_("Last day in the project"),
        help_text=_("The municipality takes part, and pays, to the end of this day. The others share the rest."),
    )
    text = forms.TextField(label=_("Text of the decision"), required=False)
    extract = UploadField(label=_("Extract of the record"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        decided, leaves = data.get("decided_on"), data.get("leaves_on")
        if decided and decided > timezone.localdate():
            self.add_error("decided_on", _("The date of the decision is in the future. Register it when it is made."))
        if decided and leaves and leaves < decided:
            self.add_error("leaves_on", _("The last day can't be before the day of the decision."))
        return data
