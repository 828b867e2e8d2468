"""The list of cases."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import Case

STAGE_COLORS: dict[str, str] = {
    Case.Stage.DRAFT: "neutral",
    Case.Stage.READY: "info",
    Case.Stage.ON_AGENDA: "accent",
    Case.Stage.TREATED: "success",
    Case.Stage.POSTPONED: "warning",
    Case.Stage.WITHDRAWN: "neutral",
}


class CaseTable(tables.DsTable):
    number = tables.Column(
        verbose_name=_("case"), accessor="number", order_by=("year", "sequence"), attrs={"td": {"class": "p-nowrap"}}
    )
    title = tables.Column(verbose_name=_("title"), linkify=True)
    body = tables.Column(verbose_name=_("body"), accessor="body__name")
    kind = tables.Column(verbose_name=_("kind of case"))
    stage = tables.TagColumn(verbose_name=_("stage"), colors=STAGE_COLORS)
    exempt = tables.Column(verbose_name=_("public disclosure"), accessor="ground_in_text", orderable=False)

    class Meta:
        caption = _("Cases")
        row_header = "title"
        empty_text = _("No cases match.")

    def render_kind(self, record: Any) -> Any:
        return record.get_kind_display()

    value_kind = render_kind
