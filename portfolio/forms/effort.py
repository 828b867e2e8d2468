from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, rendering
from governance.models import Collaboration, Organisation
from portfolio.effort_rules import MOST_HOURS, Told
from portfolio.effort_sums import Line
from portfolio.models import Effort, HourlyRate, Project
from portfolio.periods import Period


class PlaceFilter(forms.FilterForm):
    """Municipalities by name, in the year one looks at."""

    q = forms.forms.CharField(label=_("Municipality"))

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [("ar", self.data["ar"])] if "ar" in self.data else []

    def narrow(self, organisations: Any) -> Any:
        wanted = self.cleaned_data.get("q") if self.is_valid() else ""
        return organisations.filter(name__icontains=wanted) if wanted else organisations


@dataclass(frozen=True)
class Place:
    """One figure that can be filled in: whose, for what, when, and what stands there."""

    organisation: Organisation
    period: Period
    project: Project | None
    standing: Effort | None
    proposed: Decimal | None = None

    @property
    def name(self) -> str:
        project = f"_{self.project.pk}" if self.project else ""
        return f"{self.organisation.number}_{self.period.key}{project}"


class HoursForm(forms.DsForm):
    """Hours in a grid: an empty field is no figure, and nought is a figure. What stood there comes along hidden."""

    optional_marks = False

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.name: place for place in places}
        for place in places:
            self._add(place)
        self._prepare(None)

    def _add(self, place: Place) -> None:
        standing = place.standing
        words = {"who": place.project or place.organisation, "when": place.period}
        self.fields[f"timer_{place.name}"] = forms.NumberField(
            label=gettext("Hours, %(who)s, %(when)s") % words,
            required=False, min_value=0, max_value=MOST_HOURS, decimal_places=1, max_digits=9,
            initial=standing.hours if standing else place.proposed,
        )  # fmt: skip
        self.fields[f"timer_{place.name}"].widget.attrs["size"] = 7
        self.fields[f"anslag_{place.name}"] = forms.forms.BooleanField(
            label=gettext("Estimated, %(who)s, %(when)s") % words,
            required=False,
            initial=standing.estimated if standing else False,
        )
        self.fields[f"versjon_{place.name}"] = forms.forms.IntegerField(
            widget=forms.forms.HiddenInput, required=False, initial=standing.version if standing else 0, min_value=0
        )

    def control(self, place: Place) -> dict[str, Any]:
        """What a cell of the grid shows."""
        hours, estimated = self[f"timer_{place.name}"], self[f"anslag_{place.name}"]
        return {
            "hours": {"bound": hours, **rendering.pieces(hours)},
            "estimated": {"bound": estimated, **rendering.pieces(estimated)},
        }

    def told(self) -> list[Told]:
        """Every figure of the grid; the verb finds what is different."""
        return list(self._told())

    def _told(self) -> Iterator[Told]:
        for name, place in self.places.items():
            hours, seen = self.cleaned_data[f"timer_{name}"], self.cleaned_data[f"versjon_{name}"]
            if hours is None and not seen:
                continue  # nothing stood there, and nothing is said
            yield Told(
                organisation=place.organisation,
                period=place.period,
                project=place.project,
                hours=hours,
                estimated=self.cleaned_data[f"anslag_{name}"],
                version=seen or 0,
            )


def half_year_places(lines: Sequence[Line]) -> list[Place]:
    """The figures of the half-years that have begun and are not told month by month."""
    return [
        Place(line.organisation, cell.period, None, cell.figure)
        for line in lines
        for cell in line.cells
        if cell.may_be_one_figure
    ]


class RateForm(forms.DsForm):
    """What an hour of own effort counts as, from a day (N8)."""

    since = forms.DateField(label=_("From"))
    amount = forms.MoneyField(label=_("NOK per hour"), min_value=1, max_digits=8)

    def __init__(self, *args: Any, collaboration: Collaboration, rate: HourlyRate | None = None, **kwargs: Any) -> None:
        if rate is not None:
            kwargs["version"] = rate.version
            kwargs["initial"] = {"amount": rate.amount}
        else:
            kwargs["initial"] = {"since": date(timezone.localdate().year, 1, 1)}
        super().__init__(*args, **kwargs)
        self.known = collaboration.hourly_rates
        if rate is not None:
            del self.fields["since"]

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if self.known.filter(since=since).exists():
            raise forms.forms.ValidationError(_("There is already a rate from this day. Change it."))
        return since


class EffortFileForm(forms.DsForm):
    """A sheet with hours."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        types=(".xlsx", ".csv"),
        max_mb=10,
        help_text=_("Nothing is written before you have looked it over."),
    )
