"""The decisions that must be settled anew, as a table and a workbook."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django_tables2 import A

from digivesteralen.ui import tables
from portfolio.models import Share
from portfolio.reopened import Reasons


class ReopenedTable(tables.DsTable):
    """Each with what was decided, what the share is now, and what has changed."""

    organisation = tables.Column(
        verbose_name=gettext_lazy("Municipality"), order_by=("organisation__sort_key", "project__number"),
        linkify=("participation", {
            "samarbeid": A("project__collaboration__slug"), "prosjekt": A("project__slug"),
            "kommune": A("organisation__number"),
        }),
    )  # fmt: skip
    project = tables.Column(
        verbose_name=gettext_lazy("Project"), linkify=True, order_by=("project__number", "organisation__sort_key")
    )
    decided_on = tables.DateColumn(accessor="participation__adoption__decided_on", verbose_name=gettext_lazy("Decided"))
    covered = tables.MoneyColumn(verbose_name=gettext_lazy("The decision covers"), empty_values=())
    so_far = tables.MoneyColumn(verbose_name=gettext_lazy("The share is now"))
    excess = tables.MoneyColumn(verbose_name=gettext_lazy("Not covered"))
    if_all = tables.MoneyColumn(verbose_name=gettext_lazy("If all invited join"))
    changed = tables.Column(verbose_name=gettext_lazy("What has changed"), empty_values=(), orderable=False)

    class Meta:
        model = Share
        fields = ("organisation", "project", "decided_on", "covered", "so_far", "excess", "if_all", "changed")
        order_by = ("organisation",)
        row_header = "organisation"
        caption = gettext_lazy("Must be settled anew")
        empty_text = gettext_lazy("Every decision covers its share.")

    def render_covered(self, value: Any) -> Any:
        return tables.MoneyColumn().render(value) if value is not None else gettext_lazy("amount not stated")

    def value_covered(self, value: Any) -> Any:
        return value

    def render_changed(self, record: Share) -> SafeString:
        return format_html_join(" ", "{}", ((sentence,) for sentence in self._reasons().of(record)))

    def value_changed(self, record: Share) -> str:
        return " ".join(self._reasons().of(record))

    def _reasons(self) -> Reasons:
        """Worked out once for the rows that are shown."""
        if not hasattr(self, "_known"):
            rows = self.paginated_rows if hasattr(self, "paginator") else self.rows
            self._known = Reasons(row.record for row in rows)
        return self._known
