"""The lists of cases, meetings and what is to be followed up."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import Case, Meeting

STAGE_COLORS: dict[str, str] = {
    Case.Stage.DRAFT: "neutral",
    Case.Stage.READY: "info",
    Case.Stage.ON_AGENDA: "accent",
    Case.Stage.TREATED: "success",
    Case.Stage.POSTPONED: "warning",
    Case.Stage.WITHDRAWN: "neutral",
}
STATE_COLORS: dict[str, str] = {
    Meeting.State.PLANNED: "neutral",
    Meeting.State.CALLED: "accent",
    Meeting.State.IN_PROGRESS: "info",
    Meeting.State.HELD: "warning",
    Meeting.State.REMARKS: "warning",
    Meeting.State.APPROVED: "success",
    Meeting.State.CANCELLED: "neutral",
}


class CaseTable(tables.DsTable):
    number = tables.Column(
        verbose_name=_("case"), accessor="number", order_by=("year", "sequence"), attrs={"td": {"class": "p-nowrap"}}
    )
    title = tables.Column(verbose_name=_("title"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    kind = tables.Column(verbose_name=_("kind of case"))
    stage = tables.TagColumn(verbose_name=_("stage"), colors=STAGE_COLORS)
    exempt = tables.Column(verbose_name=_("public disclosure"), accessor="legal_ground", orderable=False)

    class Meta:
        caption = _("Cases")
        row_header = "title"
        empty_text = _("No cases match.")

    def render_kind(self, record: Any) -> Any:
        return record.get_kind_display()

    value_kind = render_kind


class MeetingTable(tables.DsTable):
    meeting = tables.Column(verbose_name=_("meeting"), accessor="label", order_by=("year", "number"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    starts_at = tables.DateColumn(verbose_name=_("date"), accessor="day", order_by="starts_at")
    place = tables.Column(verbose_name=_("place"))
    state = tables.TagColumn(verbose_name=_("state"), colors=STATE_COLORS)

    class Meta:
        caption = _("Meetings")
        row_header = "meeting"
        empty_text = _("No meetings yet.")


class FollowUpTable(tables.DsTable):
    text = tables.Column(verbose_name=_("point"), orderable=False, linkify=lambda table, record: table.address(record))
    case = tables.Column(verbose_name=_("case"), accessor="resolution__item__case", linkify=True, orderable=False)
    responsible = tables.Column(verbose_name=_("responsible"))
    deadline = tables.DateColumn(verbose_name=_("deadline"))
    status = tables.TagColumn(
        verbose_name=_("status"), accessor="status", orderable=False, colors={"late": "danger", "done": "success"}
    )
    done_on = tables.DateColumn(verbose_name=_("carried out"))

    class Meta:
        caption = _("Follow-up")
        row_header = "text"
        empty_text = _("Nothing to follow up.")

    def __init__(self, *args: Any, prepares: bool = False, **kwargs: Any) -> None:
        self.prepares = prepares
        super().__init__(*args, **kwargs)

    def address(self, point: Any) -> str | None:
        """Those who follow up come to the page where it is told."""
        slug = point.resolution.item.case.body.collaboration.slug
        return reverse("mark_point", args=[slug, point.pk]) if self.prepares else None
