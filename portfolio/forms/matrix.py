from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation
from portfolio.models import FocusArea, Project, Status
from portfolio.participation_matrix import Standing

UNSETTLED, LATE, REOPENED = "uavklart", "frist", "avklares"
# What is counted for each project anyway, as things stand today.
KEPT = {UNSETTLED: Q(sums__not_settled__gt=0), REOPENED: Q(sums__reopened__gt=0)}


class MatrixFilter(forms.FilterForm):
    """Which projects and which municipality, and as it stood on which day."""

    folded = [(_("More choices"), ["q", "omrade", "tilstand", "status"])]

    q = forms.forms.CharField(label=_("Search"))
    dato = forms.DateField(label=_("As it stood on"))
    omrade = forms.forms.ModelChoiceField(
        FocusArea.objects.none(), label=_("Focus area"), empty_label=_("all"), to_field_name="slug"
    )
    tilstand = forms.forms.ChoiceField(label=_("State"), choices=[("", _("all")), *Project.State.choices])
    kommune = forms.forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Municipality"), empty_label=_("all"), to_field_name="number"
    )
    status = forms.forms.ChoiceField(label=_("Participation"), choices=[("", _("all")), *Status.choices])
    bare = forms.forms.ChoiceField(
        label=_("Only"),
        choices=[
            ("", _("all")),
            (UNSETTLED, _("not settled")),
            (LATE, _("past the deadline")),
            (REOPENED, _("must be settled anew")),
        ],
    )

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["omrade"].queryset = collaboration.focus_areas.all()
        self.fields["kommune"].queryset = collaboration.members()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("bare") == REOPENED and data.get("dato") not in {None, timezone.localdate()}:
            self.add_error("bare", _("What must be settled anew is known for today only. Empty the day."))
        return data

    @property
    def day(self) -> date:
        """The day asked for; today where none is, or where it can't be read."""
        return (self.cleaned_data.get("dato") if self.is_bound and self.is_valid() else None) or timezone.localdate()

    @property
    def place(self) -> Organisation | None:
        return self.cleaned_data.get("kommune") if self.is_valid() else None

    def about(self, projects: QuerySet[Project]) -> QuerySet[Project]:
        """Those that the words about projects leave."""
        if not self.is_valid():
            return projects
        data = self.cleaned_data
        projects = projects.filter(title__icontains=data["q"]) if data["q"] else projects
        projects = projects.filter(focus_area=data["omrade"]) if data["omrade"] else projects
        return projects.filter(state=data["tilstand"]) if data["tilstand"] else projects

    def narrow(self, standing: Standing) -> Standing:
        """Those where the municipality, or anybody, has answered what is asked for."""
        if not self.is_valid():
            return standing
        status, only = self.cleaned_data["status"], self.cleaned_data["bare"]
        if only in KEPT and standing.is_today and not status and not self.place:
            narrowed = standing.projects.filter(KEPT[only])
        elif only or status or self.place:
            asked = {UNSETTLED: standing.unsettled, LATE: standing.late, REOPENED: standing.reopened}
            found = standing.narrowed(asked.get(only), status, self.place)
            # Looked up once, and used for the count, the page and the sums.
            narrowed = standing.projects.filter(pk__in=list(found.values_list("pk", flat=True)))
        else:
            return standing
        return Standing(standing.collaboration, narrowed, standing.day)
