"""The list of what a municipality that has left still reads, on the page and as a workbook."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables, wording
from governance.former_members import Line, Section


class FormerTable(tables.DsTable):
    """One kind of thing, as each of them was on the last day."""

    number = tables.Column(verbose_name=_("number"), accessor="pgh_id", orderable=False)
    title = tables.Column(verbose_name=_("title"), accessor="pgh_id", orderable=False)
    state = tables.Column(verbose_name=_("state"), accessor="pgh_id", orderable=False)
    day = tables.DateColumn(verbose_name=_("day"), accessor="pgh_id", orderable=False)

    class Meta:
        row_header = "title"
        empty_text = _("There was nothing of this.")

    def __init__(self, *args: Any, section: Section, address: str, **kwargs: Any) -> None:
        self.section, self.address = section, address
        super().__init__(*args, **kwargs)
        self.caption = section.title

    def line(self, record: Any) -> Line:
        return self.section.line(record)

    def render_number(self, record: Any) -> str:
        return self.line(record).number

    def render_title(self, record: Any) -> Any:
        return format_html(
            '<a class="ds-link" href="{}">{}</a>', f"{self.address}{record.pgh_obj_id}/", self.value_title(record)
        )

    def value_title(self, record: Any) -> str:
        return self.line(record).title

    def render_state(self, record: Any) -> str:
        return str(self.line(record).state).capitalize()

    def render_day(self, record: Any) -> Any:
        return wording.short_day(self.line(record).day) or tables.NOTHING

    def value_day(self, record: Any) -> Any:
        return self.line(record).day
