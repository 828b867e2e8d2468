"""The log of a project, and the lessons of the portfolio, as lists and workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from portfolio.models import LogEntry

COLORS = {"deviation": "warning", "change": "info", "decision": "success", "comment": "neutral"}


class LogTable(tables.DsTable):
    """What happened, the newest first; a corrected entry says which later one corrects it."""

    number = tables.Column(verbose_name=gettext_lazy("Number"))
    happened_on = tables.DateColumn(verbose_name=gettext_lazy("Date"))
    kind = tables.TagColumn(colors=COLORS, verbose_name=gettext_lazy("Kind"))
    text = tables.TemplateColumn(
        template_name="portfolio/_log_entry.html", verbose_name=gettext_lazy("What happened"), orderable=False
    )
    written_by = tables.Column(accessor="written_by__name", verbose_name=gettext_lazy("Written by"))
    correct = tables.TemplateColumn(
        template_name="portfolio/_log_correct.html", verbose_name=gettext_lazy("Follow-up"), orderable=False
    )

    class Meta:
        model = LogEntry
        fields = ("number", "happened_on", "kind", "text", "written_by", "correct")
        row_header = "number"
        caption = gettext_lazy("Log")
        empty_text = gettext_lazy("No entry is left. Take away a filter above, or clear them all.")

    def __init__(self, *args: Any, seen: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A case is named only to those who may read it (rule 8).
        self.columns["text"].column.extra_context = {"seen": seen}


class LessonTable(tables.DsTable):
    """What the projects have learned."""

    lesson = tables.Column(verbose_name=gettext_lazy("What was learned"), orderable=False)
    text = tables.Column(verbose_name=gettext_lazy("What happened"), orderable=False)
    project = tables.Column(
        linkify=lambda record: record.project.get_absolute_url(), verbose_name=gettext_lazy("Project"),
        order_by=("project__title", "number"),
    )  # fmt: skip
    kind = tables.TagColumn(colors=COLORS, verbose_name=gettext_lazy("Kind"))
    happened_on = tables.DateColumn(verbose_name=gettext_lazy("Date"))

    class Meta:
        model = LogEntry
        fields = ("lesson", "text", "project", "kind", "happened_on")
        row_header = "lesson"
        caption = gettext_lazy("Lessons learned")
        empty_text = gettext_lazy("No entry is left. Take away a filter above, or clear them all.")


def sheet(entries: Iterable[Any], seen: set[int]) -> SheetSpec:
    """Everything that is written; a case only where the reader may see it."""
    header = [
        _("Project"), _("Number"), _("Date"), _("Kind"), _("What happened"), _("Reason"), _("Consequence"),
        _("Recommendation"), _("What was learned"), _("The change concerns"), _("Before"), _("After"),
        _("Decided by"), _("Case"), _("Corrects"), _("Corrected by"), _("Written by"), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Log"), header, [_row(entry, seen) for entry in entries])


def _row(entry: Any, seen: set[int]) -> list[Any]:
    later = getattr(entry, "corrected_by", None)
    return [
        entry.project.title, entry.number, entry.happened_on, entry.get_kind_display(), entry.text, entry.reason,
        entry.consequence, entry.recommendation, entry.lesson, entry.get_concerns_display(), entry.before,
        entry.after, entry.decided_by, str(entry.case) if entry.case_id in seen else "",
        entry.corrects.number if entry.corrects else None, later.number if later else None, entry.written_by.name,
        _("yes") if entry.example else "",
    ]  # fmt: skip
