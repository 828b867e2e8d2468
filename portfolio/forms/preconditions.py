from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.forms.moments import MomentField
from portfolio.models import Deliverable, Dependency, Precondition, Project
from portfolio.models.dependencies import TARGETS
from surveys.models import Area, NationalSolution, Product


class DeliverableForm(forms.DsForm):
    """What is handed over, when, and who accepted it."""

    folded = [(_("Delivered and accepted"), ["delivered_on", "accepted_on", "accepted_by"])]

    title = forms.forms.CharField(label=_("Deliverable"), max_length=200)
    due = MomentField(label=_("Due"), required=False, last=True)
    delivered_on = forms.DateField(label=_("Delivered on"), required=False)
    accepted_on = forms.DateField(label=_("Accepted on"), required=False)
    accepted_by = forms.forms.CharField(
        label=_("Accepted by"), max_length=200, required=False, help_text=_("The body or the person, with the case.")
    )

    def __init__(self, *args: Any, deliverable: Deliverable | None = None, **kwargs: Any) -> None:
        if deliverable:
            names = ("title", "due", "delivered_on", "accepted_on", "accepted_by")
            kwargs["initial"] = {name: getattr(deliverable, name) for name in names}
            kwargs["version"] = deliverable.version
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        delivered, accepted, by = (data.get(name) for name in ("delivered_on", "accepted_on", "accepted_by"))
        if by and not accepted and "accepted_on" not in self.errors:
            self.add_error("accepted_on", _("Write when it was accepted."))
        if accepted and not by:
            self.add_error("accepted_by", _("Write who accepted it."))
        if accepted and (delivered is None or delivered > accepted) and "delivered_on" not in self.errors:
            self.add_error("delivered_on", _("It is accepted after it is delivered."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["due_on"], data["due_precision"] = data.pop("due")
        return data


class PreconditionForm(forms.DsForm):
    """What must be in place, whether it is, and who sees to it."""

    text = forms.TextField(label=_("What must be in place"), rows=2, limit=300)
    status = forms.RadioField(
        label=_("Status"), choices=Precondition.Status.choices, initial=Precondition.Status.MISSING
    )
    responsible = forms.forms.CharField(label=_("Who sees to it"), max_length=200, required=False)

    def __init__(self, *args: Any, precondition: Precondition | None = None, **kwargs: Any) -> None:
        if precondition:
            kwargs["initial"] = {name: getattr(precondition, name) for name in ("text", "status", "responsible")}
            kwargs["version"] = precondition.version
        super().__init__(*args, **kwargs)


class DependencyForm(forms.DsForm):
    """One thing that the project depends on: most often another project."""

    folded = [(_("A national solution, a system or an area"), ["solution", "product", "area"])]

    on_project = forms.forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False)
    solution = forms.forms.ModelChoiceField(
        NationalSolution.objects.all(), label=_("National solution"), required=False
    )
    product = forms.forms.ModelChoiceField(
        Product.objects.filter(merged_into=None).order_by("name"), label=_("System"), required=False
    )
    area = forms.forms.ModelChoiceField(Area.objects.all(), label=_("Area"), required=False)
    kind = forms.RadioField(label=_("How it depends"), choices=Dependency.Kind.choices, initial=Dependency.Kind.NEEDS)
    needed_by = forms.DateField(label=_("Needed by"), required=False)
    note = forms.forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, project: Project, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Project.objects.visible_to(user).exclude(pk=project.pk)
        self.fields["on_project"].queryset = others.order_by("collaboration", "number")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [name for name in TARGETS if data.get(name)]
        if len(chosen) != 1 and not any(name in self.errors for name in TARGETS):
            self.add_error(chosen[1] if chosen else "on_project", _("Choose one thing that the project depends on."))
        return data
