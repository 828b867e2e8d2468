"""Windows of joint procurement, alerts of contracts and own purchases as lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets import writing
from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from governance.models import Collaboration
from surveys.models import ContractAlert, OwnPurchase
from surveys.window_words import COLORS, KINDS, way_of
from surveys.windows import Window


class WindowTable(tables.DsTable):
    """Where municipalities can buy together, one line for each window."""

    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by="area__sort_key")
    kind = tables.Column(verbose_name=gettext_lazy("Window"))
    able = tables.Column(verbose_name=gettext_lazy("Can join"), order_by="joining_count", empty_values=())
    starts_on = tables.DateColumn(verbose_name=gettext_lazy("In use together from"))
    procure_by = tables.DateColumn(verbose_name=gettext_lazy("Begin the procurement by"))
    next_deadline = tables.DateColumn(verbose_name=gettext_lazy("Next day for notice or option"))

    class Meta:
        caption = gettext_lazy("Joint procurement")
        row_header = "area"
        empty_text = gettext_lazy("No window fits.")

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collaboration = collaboration

    def render_area(self, record: Window) -> SafeString:
        return format_html('<a class="ds-link" href="{}">{}</a>', address(self.collaboration, record), record.area.name)

    def value_area(self, record: Window) -> str:
        return record.area.name

    def render_kind(self, record: Window) -> SafeString:
        return tag(str(KINDS[record.kind]), COLORS[record.kind])

    def value_kind(self, record: Window) -> str:
        return str(KINDS[record.kind])

    def render_able(self, record: Window) -> str:
        return _("%(able)s of %(all)s") % {"able": len(record.able), "all": record.in_all}

    def value_able(self, record: Window) -> int:
        return len(record.able)


class AlertTable(tables.DsTable):
    """Days in contracts that are near, with what was done about them."""

    due_on = tables.DateColumn(verbose_name=gettext_lazy("Day"))
    kind = tables.Column(verbose_name=gettext_lazy("What happens"))
    use = tables.Column(verbose_name=gettext_lazy("System"), accessor="use__product", order_by="use__product__sort_key")
    area = tables.Column(accessor="use__area", verbose_name=gettext_lazy("Area"), order_by="use__area__sort_key")
    handled_at = tables.Column(verbose_name=gettext_lazy("Dealt with"), empty_values=(), order_by="handled_at")

    class Meta:
        caption = gettext_lazy("Alerts of contracts")
        row_header = "use"
        empty_text = gettext_lazy("No day in a contract is near.")

    def __init__(self, *args: Any, handle: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handle = handle

    def render_kind(self, record: ContractAlert) -> str:
        return record.get_kind_display()

    def render_handled_at(self, record: ContractAlert) -> SafeString | str:
        if record.handled_at is not None:
            return format_html("{} {}", self.value_handled_at(record), record.note)
        if self.handle is None:
            return _("no")
        return format_html('<a class="ds-link" href="{}">{}</a>', self.handle(record), _("Mark as dealt with"))

    def value_handled_at(self, record: ContractAlert) -> str:
        return f"{record.handled_at:%d.%m.%Y}, {record.handled_by}" if record.handled_at else ""


class OwnPurchaseTable(tables.DsTable):
    """What a municipality buys by itself."""

    title = tables.Column(verbose_name=gettext_lazy("What is bought"))
    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by="area__sort_key")
    signs_on = tables.DateColumn(verbose_name=gettext_lazy("Expected to sign"))
    note = tables.Column(verbose_name=gettext_lazy("Note"), orderable=False)
    ended_on = tables.DateColumn(verbose_name=gettext_lazy("Signed or given up"))

    class Meta:
        caption = gettext_lazy("Own purchases")
        row_header = "title"
        empty_text = gettext_lazy("No purchase of one's own is registered.")

    def __init__(self, *args: Any, edits: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edits = edits

    def render_title(self, record: OwnPurchase) -> SafeString | str:
        if not self.edits or record.ended_on:
            return record.title
        url = reverse("own_purchase", args=[record.municipality.number, record.pk])
        return format_html('<a class="ds-link" href="{}">{}</a>', url, record.title)

    def value_title(self, record: OwnPurchase) -> str:
        return record.title


def address(collaboration: Collaboration, window: Window) -> str:
    """The page of a window; the day says which of an area's."""
    url = reverse("procurement_window", args=[collaboration.slug, window.area.pk])
    return f"{url}?dag={window.on.isoformat()}" if window.on else url


def sheet(window: Window) -> writing.SheetSpec:
    """The municipalities of a window, with typed days; of each contract no more than all may see."""
    header = [
        _("Municipality"), _("System"), _("Supplier"), _("Can join"), _("What it takes"), _("By"), _("Earliest"),
        _("Latest"), _("Renews itself"), _("Example"),
    ]  # fmt: skip
    rows = [
        [
            part.municipality.name, contract.system, contract.supplier, part.can_join, way_of(part),
            part.option_by or part.notice_by, _known(part.earliest), part.latest, contract.exit.renews_on,
            _("Example") if contract.example else "",
        ]
        for part in window.parts
        for contract in part.contracts
    ]  # fmt: skip
    return writing.SheetSpec(window.area.name, header, rows)


def _known(day: date | None) -> date | None:
    return day if day and day != date.max else None
