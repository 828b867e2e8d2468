"""The projects that serve a goal, as a table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from portfolio import overview
from portfolio.models import Project


class GoalProjectTable(tables.DsTable):
    """Each project that serves the goal, and how far it has come."""

    title = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"))
    state = tables.TagColumn(colors={state.value: color for state, color in overview.STATE_COLORS.items()})
    focus_area = tables.Column(verbose_name=gettext_lazy("Focus area"), order_by=("focus_area__position", "number"))

    class Meta:
        model = Project
        fields = ("title", "state", "focus_area")
        row_header = "title"
        caption = gettext_lazy("Projects that serve the goal")
