"""The list of meetings."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import Meeting

STATE_COLORS: dict[str, str] = {
    Meeting.State.PLANNED: "neutral",
    Meeting.State.CALLED: "accent",
    Meeting.State.IN_PROGRESS: "info",
    Meeting.State.HELD: "warning",
    Meeting.State.REMARKS: "warning",
    Meeting.State.APPROVED: "success",
    Meeting.State.CANCELLED: "neutral",
}


class MeetingTable(tables.DsTable):
    meeting = tables.Column(verbose_name=_("meeting"), accessor="label", order_by=("year", "number"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    starts_at = tables.DateColumn(verbose_name=_("date"), accessor="day", order_by="starts_at")
    place = tables.Column(verbose_name=_("place"), accessor="where", order_by=("written", "place"))
    state = tables.TagColumn(verbose_name=_("state"), colors=STATE_COLORS)

    class Meta:
        caption = _("Meetings")
        row_header = "meeting"
        empty_text = _("No meetings yet.")
