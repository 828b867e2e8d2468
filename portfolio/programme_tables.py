"""Gatherings, those who take part, and who has sent whom, as tables and workbooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from portfolio.models import Gathering

COLORS = {"draft": "neutral", "announced": "info", "held": "success", "cancelled": "danger"}


class GatheringTable(tables.DsTable):
    """Gatherings and courses, the newest first."""

    title = tables.Column(linkify=True, verbose_name=gettext_lazy("Gathering"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    when = tables.Column(verbose_name=gettext_lazy("When"), order_by=("on", "pk"))
    place = tables.Column(verbose_name=gettext_lazy("Place"))
    for_regions = tables.Column(
        accessor="regions", verbose_name=gettext_lazy("Regions"), orderable=False, empty_values=()
    )
    state = tables.TagColumn(colors=COLORS, verbose_name=gettext_lazy("State"))
    registered = tables.NumberColumn(verbose_name=gettext_lazy("Signed up"))
    came = tables.NumberColumn(verbose_name=gettext_lazy("Turned up"))

    class Meta:
        model = Gathering
        fields = ("title", "kind", "when", "place", "for_regions", "state", "registered", "came")
        order_by = "-when"
        row_header = "title"
        when_told = ("place",)
        caption = gettext_lazy("Gatherings and courses")

    def render_for_regions(self, value: Any) -> str:
        return ", ".join(region.name for region in value.all()) or _("all members")

    def value_for_regions(self, value: Any) -> str:
        return self.render_for_regions(value)


class AttendanceTable(tables.DsTable):
    """What each municipality has sent to the gatherings of a programme."""

    name = tables.Column(verbose_name=gettext_lazy("Municipality"), orderable=False)
    region = tables.Column(verbose_name=gettext_lazy("Region"))
    invited = tables.NumberColumn(verbose_name=gettext_lazy("Invited to"))
    registered = tables.NumberColumn(verbose_name=gettext_lazy("Signed up"))
    waiting = tables.NumberColumn(verbose_name=gettext_lazy("On the waiting list"))
    came = tables.NumberColumn(verbose_name=gettext_lazy("Turned up"))
    gatherings = tables.NumberColumn(verbose_name=gettext_lazy("Gatherings with somebody"))

    class Meta:
        row_header = "name"
        when_told = ("region", "waiting")
        caption = gettext_lazy("Participation by municipality")


def participants_sheet(gathering: Gathering) -> SheetSpec:
    """The list for the organiser; names that are erased are not there."""
    header = [_("Municipality"), _("Name"), _("Role or title"), _("E-mail"), _("Needs"), _("State"), _("Turned up")]
    rows = gathering.registrations.live().select_related("municipality").order_by("municipality__sort_key", "pk")
    return SheetSpec(
        _("Participants"),
        [*header, _("Example")],
        (
            [
                row.municipality.name,
                row.name or _("(erased)"),
                row.title,
                row.email,
                row.needs,
                str(row.get_state_display()),
                "" if row.attended is None else _("yes") if row.attended else _("no"),
                _("yes") if row.example else "",
            ]
            for row in rows
        ),
    )
