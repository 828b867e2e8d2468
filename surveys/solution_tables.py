from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables, wording
from digivesteralen.ui.templatetags.ui import tag
from governance.models import Organisation
from surveys.models import Uptake
from surveys.solutions import Row, Standing

COLORS = {"in_use": "success", "begun": "info", "planned": "info", "none": "warning", "no": "neutral"}


class OwnTable(tables.DsTable):
    """The own municipality: each solution, and how far it has come."""

    name = tables.Column(verbose_name=gettext_lazy("Solution"), order_by="sort_key", empty_values=())
    category = tables.Column(verbose_name=gettext_lazy("Category"))
    state = tables.Column(verbose_name=pgettext_lazy("take-up", "State"), empty_values=())
    on = tables.DateColumn(verbose_name=gettext_lazy("Date"))

    class Meta:
        caption = gettext_lazy("National solutions in the municipality")
        row_header = "name"
        empty_text = gettext_lazy("No solution fits.")

    def __init__(self, *args: Any, municipality: Organisation, answers: bool, **kwargs: Any) -> None:
        """``answers``: the one who looks answers for the municipality too, and gets the way to each form."""
        self.municipality, self.answers = municipality, answers
        super().__init__(*args, **kwargs)

    def render_name(self, record: Any) -> str | SafeString:
        if not self.answers:
            return str(record.name)
        url = reverse("own_solution", args=[self.municipality.number, record.slug])
        return format_html('<a class="ds-link" href="{}">{}</a>', url, record.name)

    def value_name(self, record: Any) -> str:
        return str(record.name)

    def render_state(self, record: Any) -> str | SafeString:
        return tag(word(record.state), COLORS[record.state]) if record.state else _("Not answered")

    def value_state(self, record: Any) -> str:
        return word(record.state)


def word(state: str | None) -> str:
    return str(Uptake.State(state).label) if state else ""


def matrix_sheet(rows: Sequence[Row], places: Sequence[Organisation]) -> SheetSpec:
    """Solutions down, municipalities across; an empty cell is not answered."""
    head = [
        _("Solution"), _("Owner"), _("Category"), _("In use"), _("Concerned"), _("Share"), *(str(one) for one in places)
    ]  # fmt: skip
    lines = [
        [
            row.solution.name, row.solution.owner, row.solution.category, row.share.in_use, row.share.concerned,
            row.share.part, *(word(one.state) if one else None for one in row.answers),
        ]
        for row in rows
    ]  # fmt: skip
    return SheetSpec(_("National solutions"), head, lines)


def standing_sheet(found: Sequence[Standing]) -> SheetSpec:
    head = [_("Municipality"), _("State"), _("Date"), _("Still needed"), _("Systems"), _("Note")]
    lines = [
        [
            str(one.municipality),
            word(one.uptake.state) if one.uptake else None,
            one.uptake.on if one.uptake else None,
            "; ".join(str(need) for need in one.lacking), "; ".join(said(system) for system in one.systems),
            one.uptake.note if one.uptake else None,
        ]
        for one in found
    ]  # fmt: skip
    return SheetSpec(_("Municipalities"), head, lines)


def said(system: Any) -> str:
    """«Gerica: ready for it»."""
    return f"{system.use.product}: {system.get_state_display()}"


def percent(part: float | None) -> str:
    return wording.percent(part) if part is not None else tables.NOTHING
