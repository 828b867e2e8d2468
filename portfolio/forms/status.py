from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from portfolio.models import StatusReport
from portfolio.models.status_reports import LIGHTS

HINTS = {
    "green": _("Progress, economy and risk are under control."),
    "yellow": _("Something must be followed, and the project handles it itself."),
    "red": _("The project needs help or a decision from others."),
}
LONGEST = 1000
OTHER_DAY = [(_("Of another day than today"), ["reported_for"])]


class _ReportForm(forms.DsForm):
    """What both forms have in common; a draft may be as unfinished as it likes."""

    overall = forms.RadioField(label=_("Overall status"), choices=StatusReport.Light.choices, hints=HINTS)
    reported_for = forms.DateField(label=_("Status on"))
    after = forms.forms.IntegerField(widget=forms.forms.HiddenInput)

    def __init__(
        self, *args: Any, report: StatusReport, last: StatusReport | None, finished: bool = True, **kwargs: Any
    ) -> None:
        source = report if report.pk else (last or report)
        initial = {name: getattr(source, name) for name in self.base_fields if name != "after"}
        initial |= {"reported_for": report.reported_for, "after": last.pk if last else 0}
        super().__init__(*args, initial=initial, version=report.version if report.pk else 0, **kwargs)
        self.last = last
        for name, field in self.fields.items():
            field.required = field.required and (finished or name in {"after", "version", "reported_for"})

    def clean_reported_for(self) -> Any:
        day = self.cleaned_data["reported_for"]
        if day > timezone.localdate():
            self.add_error("reported_for", _("The day has not come. Choose today, or an earlier day."))
        elif self.last and day < self.last.reported_for:
            message = _("A report of %(day)s is published already. Choose that day or a later one.")
            self.add_error("reported_for", message % {"day": wording.day(self.last.reported_for)})
        return day

    @property
    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"after", "version"}}


class ShortForm(_ReportForm):
    """Profile *Enkel*: one light and three lines."""

    progress_text = forms.TextField(label=_("Progress"), rows=2, limit=LONGEST)
    economy_text = forms.TextField(label=_("Economy"), rows=2, limit=LONGEST)
    risk_text = forms.TextField(label=_("Risk"), rows=2, limit=LONGEST)
    field_order = ["overall", "progress_text", "economy_text", "risk_text", "reported_for"]
    folded = OTHER_DAY


def _light(name: str) -> forms.RadioField:
    field: Any = StatusReport._meta.get_field(name)
    return forms.RadioField(label=capfirst(field.verbose_name), choices=field.choices)


def _comment(name: str) -> forms.TextField:
    field: Any = StatusReport._meta.get_field(name)
    return forms.TextField(label=capfirst(field.verbose_name), rows=2, limit=LONGEST, required=False)


class FullForm(_ReportForm):
    """Six lights with comments, each in its own words (D15)."""

    overall_text = forms.TextField(label=_("In short"), rows=3, limit=LONGEST)
    progress, progress_text = _light("progress"), _comment("progress_text")
    economy, economy_text = _light("economy"), _comment("economy_text")
    quality, quality_text = _light("quality"), _comment("quality_text")
    risk, risk_text = _light("risk"), _comment("risk_text")
    benefit, benefit_text = _light("benefit"), _comment("benefit_text")
    field_order = [field for light in LIGHTS for field in (light, f"{light}_text")]
    folded = OTHER_DAY
