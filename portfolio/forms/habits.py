from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio.models import Habits

STATUS = [(Habits.Status.SIMPLE, _("Simple")), (Habits.Status.FULL, _("Full"))]
STATUS_HINTS = {
    Habits.Status.SIMPLE: _("One light and three lines before each meeting of the steering group."),
    Habits.Status.FULL: _("Six lights with comments every month."),
}
EFFORT = [(Habits.Effort.HALF_YEAR, _("By half-year")), (Habits.Effort.MONTH, _("By month"))]
EFFORT_HINTS = {
    Habits.Effort.HALF_YEAR: _(
        "One figure for each municipality. Where a grant asks for more, its project is told month by month."
    ),
    Habits.Effort.MONTH: _("Hours for each project the municipality takes part in."),
}


class HabitsForm(forms.DsForm):
    """How thoroughly the collaboration follows its portfolio."""

    optional_marks = False

    status = forms.RadioField(label=_("Status of the projects"), choices=STATUS, hints=STATUS_HINTS)
    effort = forms.RadioField(label=_("Own effort"), choices=EFFORT, hints=EFFORT_HINTS)
    more_keys = forms.forms.BooleanField(
        label=_("Show all the ways of sharing a cost"),
        required=False,
        help_text=_("Otherwise equally or by population; the rest is folded away."),
    )
    scoring = forms.forms.BooleanField(
        label=_("Give points to projects and ideas"),
        required=False,
        help_text=_("By criteria with weights. Otherwise the secretariat's order alone says what comes first."),
    )

    active_limit = forms.forms.IntegerField(
        label=_("Active projects at most"),
        required=False,
        min_value=1,
        max_value=500,
        help_text=_("Empty means no limit. One more than this gives a warning, not a stop."),
    )

    def __init__(self, *args: Any, habits: Habits, **kwargs: Any) -> None:
        names = ("status", "effort", "more_keys", "active_limit", "scoring")
        kwargs["initial"] = {name: getattr(habits, name) for name in names}
        super().__init__(*args, version=habits.version, **kwargs)
