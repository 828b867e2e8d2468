"""The list of what is to be followed up, on the screen and as a workbook."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import ResolutionPoint

POINT_COLORS: dict[str, str] = {
    "late": "danger",
    "closed": "neutral",
    ResolutionPoint.State.STARTED: "info",
    ResolutionPoint.State.DONE: "success",
    ResolutionPoint.State.DROPPED: "neutral",
}


class FollowUpTable(tables.DsTable):
    text = tables.Column(verbose_name=_("point"), linkify=True)
    case = tables.Column(
        verbose_name=_("case"),
        accessor="resolution__item__case",
        linkify=True,
        order_by=("resolution__item__case__year", "resolution__item__case__sequence"),
    )
    responsible = tables.Column(verbose_name=_("responsible"), order_by=("responsible", "owner__name"))
    organisation = tables.Column(verbose_name=_("organisation"), order_by="organisation__sort_key")
    deadline = tables.DateColumn(verbose_name=_("deadline"))
    status = tables.TagColumn(verbose_name=_("status"), order_by=("done_on", "deadline"), colors=POINT_COLORS)
    answer = tables.Column(verbose_name=_("answer"), orderable=False)
    done_on = tables.DateColumn(verbose_name=_("carried out"))

    class Meta:
        caption = _("Follow-up")
        row_header = "text"
        empty_text = _("Nothing to follow up. Points with somebody responsible come here when the meeting is held.")

    def render_responsible(self, record: Any, value: Any) -> Any:
        """The one who owns it now stands beside the name of the minutes when it is another."""
        if record.owner and record.owner.name != value:
            return f"{record.owner.name} ({value})" if value else record.owner.name
        return value

    value_responsible = render_responsible
