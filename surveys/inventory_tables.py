"""The lists of systems: the own with everything, the others' by the sharing rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables, wording
from digivesteralen.ui.templatetags.ui import tag
from surveys.inventory_choices import choices_of
from surveys.inventory_columns import LABELS
from surveys.models import ImportJob, ImportRow, Integration, NationalSolution, SystemUse
from surveys.raw_values import shown
from surveys.sharing import ALWAYS
from surveys.snapshots import end_of

SAID_AS = {**LABELS, "integrations": gettext_lazy("Integrated with")}
CHOICES = {field.name for field in SystemUse._meta.concrete_fields if field.choices}
AREA_ORDER = ("area__service_area__position", "area__position", "area__sort_key")


class EndColumn(tables.Column):
    """The day a contract ends, with a word when that is soon, has passed or is not known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", gettext_lazy("Contract end"))
        super().__init__(accessor="contract_end", order_by=("contract_end",), empty_values=(), **kwargs)

    def render(self, record: SystemUse) -> str | SafeString:
        if record.contract_end is None:
            return str(end_of(record) or "")
        day = wording.short_day(record.contract_end)
        if record.ends_soon:
            return format_html("{} {}", day, tag(_("ends soon"), "warning"))
        return format_html("{} {}", day, tag(_("has passed"), "danger")) if record.has_ended else day

    def value(self, record: SystemUse) -> Any:
        return end_of(record)


class OwnTable(tables.DsTable):
    """Everything the own people have said."""

    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by=AREA_ORDER)
    product = tables.Column(verbose_name=gettext_lazy("System"), order_by="product__sort_key", empty_values=())
    supplier = tables.Column(verbose_name=gettext_lazy("Supplier"), order_by="supplier__sort_key")
    contract_end = EndColumn()

    class Meta:
        caption = gettext_lazy("Our systems")
        row_header = "product"
        empty_text = gettext_lazy("No system fits.")

    def render_product(self, record: SystemUse) -> SafeString:
        link = format_html('<a class="ds-link" href="{}">{}</a>', record.get_absolute_url(), _name(record))
        if record.through is None:
            return link
        who = _("by way of %(who)s") % {"who": record.through.inventory.municipality}
        return format_html("{} {}", link, tag(who, "info"))

    def value_product(self, record: SystemUse) -> str:
        return _name(record)


def _name(use: SystemUse) -> str:
    return use.product.name if use.product else use.get_answer_display()


class ImportTable(tables.DsTable):
    """The log of imports."""

    file_name = tables.Column(verbose_name=gettext_lazy("File"))
    municipality = tables.Column(
        verbose_name=gettext_lazy("Municipality"), order_by="municipality__sort_key", default=gettext_lazy("all")
    )
    state = tables.TagColumn(
        verbose_name=gettext_lazy("State"),
        colors={
            "applied": "success",
            "refused": "danger",
            "undone": "warning",
            "cancelled": "neutral",
            "previewed": "info",
            "applying": "info",
        },
    )
    new = tables.NumberColumn(accessor="counts__new", verbose_name=gettext_lazy("New"), orderable=False)
    changed = tables.NumberColumn(accessor="counts__changed", verbose_name=gettext_lazy("Changed"), orderable=False)
    unchanged = tables.NumberColumn(
        accessor="counts__unchanged", verbose_name=gettext_lazy("Unchanged"), orderable=False
    )
    errors = tables.NumberColumn(accessor="counts__errors", verbose_name=gettext_lazy("Errors"), orderable=False)
    asked_at = tables.Column(verbose_name=gettext_lazy("Uploaded"))
    asked_by = tables.Column(
        verbose_name=gettext_lazy("Uploaded by"), order_by="asked_by__name", default=gettext_lazy("the command line")
    )
    erase_on = tables.DateColumn(verbose_name=gettext_lazy("File kept until"))

    class Meta:
        caption = gettext_lazy("Imports")
        row_header = "file_name"
        empty_text = gettext_lazy("Nothing has been imported yet.")

    def __init__(self, *args: Any, user: Any, manages: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.manages = user, manages

    def render_erase_on(self, record: ImportJob, value: Any) -> SafeString | str:
        """The day; who may erase the file before it finds the way there."""
        if record.erased_at:
            return _("erased")
        if not self.manages and record.asked_by_id != self.user.pk:
            return wording.short_day(value)
        url = reverse("import_erase", args=[record.collaboration.slug, record.pk])
        return format_html('<a class="ds-link" href="{}">{}</a>', url, wording.short_day(value))

    def render_file_name(self, record: ImportJob) -> SafeString | str:
        if record.asked_by_id != self.user.pk:
            return record.file_name
        return format_html('<a class="ds-link" href="{}">{}</a>', record.get_absolute_url(), record.file_name)

    def render_asked_at(self, value: Any) -> str:
        return wording.moment(value)


class RowTable(tables.DsTable):
    """What each row of a file would do."""

    number = tables.NumberColumn(verbose_name=gettext_lazy("Row"))
    what = tables.Column(verbose_name=gettext_lazy("What stands in the row"), empty_values=(), orderable=False)
    verdict = tables.TagColumn(
        verbose_name=gettext_lazy("Result"),
        colors={
            "new": "success",
            "changed": "info",
            "unchanged": "neutral",
            "waiting": "warning",
            "error": "danger",
        },
    )
    messages = tables.Column(verbose_name=gettext_lazy("Remarks"), empty_values=(), orderable=False)

    class Meta:
        caption = gettext_lazy("Rows of the file")
        row_header = "number"
        empty_text = gettext_lazy("No row with this result.")

    def render_what(self, record: ImportRow) -> str:
        return " · ".join(shown(value) for value in record.raw.values() if value not in (None, ""))[:300]

    @cached_property
    def solutions(self) -> dict[str, str]:
        """The names of the national solutions, asked for once when a row tells of one."""
        return {str(pk): name for pk, name in NationalSolution.objects.values_list("pk", "name")}

    def render_messages(self, record: ImportRow) -> SafeString:
        parts = [
            format_html(
                "<li><strong>{} {}</strong>{} {}</li>",
                one["cell"],
                one["column"],
                _quoted(one["value"]),
                one["sentence"],
            )
            for one in record.messages
        ]
        tells = "integrations" in record.values.get("said", {})
        changes = [format_html("<li>{}</li>", one) for one in _changes(record, self.solutions if tells else {})]
        if not parts and not changes:
            return SafeString("")
        return format_html('<ul class="ds-list">{}</ul>', SafeString("".join([*parts, *changes])))


def _quoted(value: str) -> str:
    return f" «{value}»:" if value else ":"


def _changes(row: ImportRow, solutions: dict[str, str]) -> list[str]:
    """What a changed row says now and said before."""
    if row.verdict != ImportRow.Verdict.CHANGED or not row.before or "said" not in row.values:
        return []
    said = row.values["said"]
    return [
        f"{label}: {_before(row, name, solutions)} → {words(name, value, solutions)}"
        for name, value in said.items()
        if (label := SAID_AS.get(name)) and row.before.get(name) != value
    ]


def _before(row: ImportRow, name: str, solutions: dict[str, str]) -> str:
    """What stood there; on behalf of a municipality only what it shares with the others (rule 9)."""
    assert row.before is not None
    hidden = row.job.on_behalf and name not in (*ALWAYS, "example")
    return "…" if hidden else words(name, row.before.get(name), solutions)


def words(name: str, value: Any, solutions: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value as a person says it: a choice by its label, a day by its date."""
    if name == "integrations":
        states = dict(Integration.State.choices)
        return ", ".join(f"{solutions.get(pk, pk)} ({states[state]})" for pk, state in (value or {}).items()) or _(
            "nothing"
        )
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(choices_of(name)) if name in CHOICES else {}
    return str(choices.get(value) or shown(value))
