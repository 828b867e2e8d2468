from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.forms.filters import KEPT, PortfolioFilter, kept

EARLIEST, LATEST = 2000, 2100


class TimelineFilter(PortfolioFilter):
    """Which projects stand on the timeline, and from which year to which."""

    folded = [(_("More filters"), ["kind", "light", "municipality", "participation", "sort"])]

    year = None  # type: ignore[assignment]  # the years of the axis take its place
    fra = forms.forms.IntegerField(label=_("From the year"), min_value=EARLIEST, max_value=LATEST)
    til = forms.forms.IntegerField(label=_("To the year"), min_value=EARLIEST, max_value=LATEST)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("fra") and data.get("til") and data["til"] < data["fra"]:
            self.add_error(
                "til", _("The last year can't be before the first. Write a later year, or clear one of them.")
            )
        return data

    @property
    def query(self) -> str:
        return kept(self.data, [*KEPT, "fra", "til"])  # type: ignore[arg-type]

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The years asked for; none where the form is wrong."""
        return (self.cleaned_data["fra"], self.cleaned_data["til"]) if self.is_valid() else (None, None)

    @property
    def without_years(self) -> str:
        """The same projects, for a link to another way of looking at them."""
        return kept(self.data)  # type: ignore[arg-type]
