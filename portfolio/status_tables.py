"""The lists of how projects stand: all that are under way, and all reports of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import icons, tables, wording
from digivesteralen.ui.templatetags.ui import tag
from portfolio.models import Project, StatusReport
from portfolio.status import Occasion

ICONS = {"green": "CheckmarkCircle", "yellow": "ExclamationmarkTriangle", "red": "XMarkOctagon"}
LIGHT_COLORS = {light.value: StatusReport.COLOURS[light.value] for light in StatusReport.Light}
# A list by light begins with what needs most.
WORST_FIRST = Case(
    When(light="red", then=Value(0)), When(light="yellow", then=Value(1)), When(light="green", then=Value(2)),
    default=Value(3), output_field=IntegerField(),
)  # fmt: skip


def light_in_words(light: str | None) -> str:
    return str(StatusReport.Light(light).label) if light else _("not reported")


def trend(seen: Iterable[dict[str, Any]]) -> SafeString:
    """The last lights, the oldest first: each a mark with its own shape, and the word and day for the ear."""
    marks = ((LIGHT_COLORS[light], text, icons.icon(ICONS[light], label=text)) for light, text in _told(seen))
    return format_html(
        '<ol class="p-trend">{}</ol>', format_html_join("", '<li data-color="{}" title="{}">{}</li>', marks)
    )


def trend_in_words(seen: Iterable[dict[str, Any]]) -> str:
    return "; ".join(text for _light, text in _told(seen))


def _told(seen: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """The database writes the days of its list as text."""
    return [
        (one["light"], f"{wording.short_day(date.fromisoformat(one['on']))} {light_in_words(one['light'])}")
        for one in reversed(list(seen))
    ]


class StatusTable(tables.DsTable):
    """Every project under way, with its newest light and what is missing for the occasion."""

    title = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"))
    light = tables.Column(verbose_name=gettext_lazy("Status"), empty_values=())
    light_on = tables.DateColumn(verbose_name=gettext_lazy("Status on"))
    trend = tables.Column(verbose_name=gettext_lazy("Last five"), orderable=False, empty_values=([], None))
    reported = tables.Column(verbose_name=gettext_lazy("Wanted"), empty_values=())
    write = tables.Column(verbose_name=gettext_lazy("Report"), orderable=False, empty_values=())

    class Meta:
        model = Project
        fields = ("title", "light", "light_on", "trend", "reported", "write")
        order_by = "title"
        row_header = "title"
        caption = gettext_lazy("How the projects stand")
        empty_text = gettext_lazy("No project fits. Projects that are planned or under way stand here.")

    def __init__(self, data: Any, *, occasion: Occasion, writes: bool, **kwargs: Any) -> None:
        hidden = [*([] if occasion.is_wanted else ["reported"]), *([] if writes else ["write"])]
        super().__init__(data, exclude=hidden, **kwargs)
        self.occasion = occasion

    def render_light(self, value: Any, record: Any) -> SafeString:
        said = Truncator(record.said_in_short or record.said or "").chars(140)
        shown = tag(light_in_words(value), LIGHT_COLORS.get(value, "neutral"))
        return format_html('{}<span class="p-said">{}</span>', shown, said) if said else shown

    def order_light(self, rows: QuerySet[Any], descending: bool) -> tuple[QuerySet[Any], bool]:
        return rows.annotate(severity=WORST_FIRST).order_by("-severity" if descending else "severity", "number"), True

    def render_trend(self, value: Any) -> SafeString:
        return trend(value)

    def render_reported(self, value: Any, record: Any) -> SafeString:
        if value:
            return tag(_("reported"), "success")
        return tag(_("draft"), "info") if record.draft and record.may_write else tag(_("missing"), "warning")

    def render_write(self, record: Any) -> Any:
        return buttons(record, self.occasion) if record.may_write else tables.NOTHING


def may_repeat(project: Any, occasion: Occasion) -> bool:
    """There is a report of the same kind, of an earlier day, and none yet for the occasion."""
    known = project.last_report and project.last_full == (occasion.month is not None)
    return bool(known and not project.reported and project.light_on != timezone.localdate())


def buttons(project: Any, occasion: Occasion) -> SafeString:
    """«Uendret» in one press, through the form that stands beside the list; and the way to write it out."""
    place = [project.collaboration.slug, project.slug]
    if project.draft:
        url = reverse("change_status", args=[*place, project.draft])
        return _link(url, _("Go on with the draft"), project)
    write = _link(reverse("write_status", args=place), _("Write"), project)
    if not may_repeat(project, occasion):
        return write
    return format_html(
        '<span class="p-row"><button class="ds-button" data-variant="secondary" data-size="sm" type="submit"'
        ' form="uendret" formaction="{}" name="after" value="{}">{}<span class="ds-sr-only"> {}</span></button>'
        "{}</span>",
        reverse("status_unchanged", args=place),
        project.last_report,
        _("Unchanged"),
        project.title,
        write,
    )


def _link(url: str, text: str, project: Any) -> SafeString:
    return format_html(
        '<a class="ds-link" href="{}">{}<span class="ds-sr-only"> {}</span></a>', url, text, project.title
    )


def status_sheet(projects: Iterable[Any], newest: dict[int, StatusReport], occasion: Occasion) -> SheetSpec:
    """The list as a workbook, with the lines that were written."""
    header = [
        _("Number"), _("Project"), _("Focus area"), _("Project leader"), _("Status"), _("Status on"), _("In short"),
        _("Progress"), _("Economy"), _("Risk"), _("Last five"),
        *([capfirst(str(occasion))] if occasion.is_wanted else []), _("Example"),
    ]  # fmt: skip
    return SheetSpec(_("Status"), header, [_cells(one, newest.get(one.last_report), occasion) for one in projects])


def _cells(project: Any, report: StatusReport | None, occasion: Occasion) -> list[Any]:
    reported = _("reported") if project.reported else _("missing")
    return [
        project.number,
        project.title,
        project.focus_area.name if project.focus_area else "",
        project.current_leader.name if project.current_leader else "",
        light_in_words(project.light),
        project.light_on,
        report.overall_text if report else "",
        *([_with_word(report, name) if report else "" for name in ("progress", "economy", "risk")]),
        trend_in_words(project.trend),
        *([reported] if occasion.is_wanted else []),
        _("yes") if project.example else "",
    ]


def _with_word(report: StatusReport, name: str) -> str:
    """«forsinket: leverandøren mangler folk», or the line alone."""
    word, text = getattr(report, f"get_{name}_display")(), getattr(report, f"{name}_text")
    return ": ".join(part for part in (str(word), text) if part)


class ReportTable(tables.DsTable):
    """The reports of one project, the newest first."""

    reported_for = tables.DateColumn(linkify=True, verbose_name=gettext_lazy("Status on"))
    overall = tables.TagColumn(colors=LIGHT_COLORS, verbose_name=gettext_lazy("Status"))
    said = tables.Column(accessor="progress_text", verbose_name=gettext_lazy("Progress"), orderable=False)
    unchanged = tables.Column(verbose_name=gettext_lazy("Unchanged"), orderable=False, empty_values=())
    written_by = tables.Column(accessor="written_by__name", verbose_name=gettext_lazy("Written by"))
    published_at = tables.DateColumn(verbose_name=gettext_lazy("Published"))

    # In the workbook all that was told; the page leads to each report.
    overall_text = tables.Column(visible=False)
    progress = tables.Column(visible=False)
    economy = tables.Column(visible=False)
    economy_text = tables.Column(visible=False)
    quality = tables.Column(visible=False)
    quality_text = tables.Column(visible=False)
    risk = tables.Column(visible=False)
    risk_text = tables.Column(visible=False)
    benefit = tables.Column(visible=False)
    benefit_text = tables.Column(visible=False)

    class Meta:
        model = StatusReport
        fields = ("reported_for", "overall", "said", "unchanged", "written_by", "published_at")
        order_by = "-reported_for"
        row_header = "reported_for"
        caption = gettext_lazy("Status reports")
        empty_text = gettext_lazy("Nobody has reported on the project yet.")

    def render_unchanged(self, value: Any) -> str:
        return _("yes") if value else tables.NOTHING
