"""The lists of money and hours: sources, co-financing, own effort pledged and delivered."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables, wording
from digivesteralen.ui.templatetags.ui import tag
from portfolio.models import Grant

GRANT_COLORS = {
    Grant.State.TO_APPLY: "warning",
    Grant.State.APPLIED: "info",
    Grant.State.GRANTED: "success",
    Grant.State.REFUSED: "danger",
    Grant.State.PAID: "success",
    Grant.State.REPORTED: "neutral",
}
# What the page leaves to the workbook.
ONLY_IN_THE_WORKBOOK = (
    "kind", "giver", "receiver", "applied_for_by", "project", "allocated", "applied_on", "answered_on", "paid_on",
    "reported_on", "roughly", "note",
)  # fmt: skip


class GrantTable(tables.DsTable):
    """The sources of money with their state, their deadline and what is left (N6, D1)."""

    title = tables.Column(verbose_name=gettext_lazy("Source"), linkify=True)
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    state = tables.TagColumn(verbose_name=gettext_lazy("State"), colors=GRANT_COLORS)
    deadline = tables.DateColumn(verbose_name=gettext_lazy("Deadline"))
    giver = tables.Column(verbose_name=gettext_lazy("Given by"), accessor="giver_then", order_by="giver__sort_key")
    receiver = tables.Column(verbose_name=gettext_lazy("Received by"), order_by="receiver__sort_key")
    applied_for_by = tables.Column(verbose_name=gettext_lazy("Applied for by"), accessor="pk", orderable=False)
    project = tables.Column(verbose_name=gettext_lazy("For the project"), order_by="project__title")
    sought = tables.MoneyColumn(verbose_name=gettext_lazy("Applied for, NOK"))
    awarded = tables.MoneyColumn(verbose_name=gettext_lazy("Awarded"))
    spent = tables.MoneyColumn(verbose_name=gettext_lazy("Spent"))
    remaining = tables.MoneyColumn(verbose_name=gettext_lazy("Left"))
    allocated = tables.MoneyColumn(verbose_name=gettext_lazy("Laid out"))
    free = tables.MoneyColumn(verbose_name=gettext_lazy("Not laid out"))
    roughly = tables.Column(
        verbose_name=gettext_lazy("Approximate"), accessor="approximate", orderable=False, empty_values=()
    )
    applied_on = tables.DateColumn(verbose_name=gettext_lazy("Sent"))
    answered_on = tables.DateColumn(verbose_name=gettext_lazy("Answered"))
    paid_on = tables.DateColumn(verbose_name=gettext_lazy("Paid out"))
    reported_on = tables.DateColumn(verbose_name=gettext_lazy("Reported"))
    note = tables.Column(verbose_name=gettext_lazy("Note"))

    class Meta:
        caption = gettext_lazy("Sources of money")
        row_header = "title"
        empty_text = gettext_lazy("No source matches.")

    def render_deadline(self, value: Any, record: Grant) -> Any:
        day = wording.short_day(value)
        if record.is_late:
            return format_html("{} {}", day, tag(_("overdue"), "danger"))
        return format_html("{} {}", day, tag(_("soon"), "warning")) if record.is_soon else day

    def value_deadline(self, value: Any) -> Any:
        return value

    def value_applied_for_by(self, record: Grant) -> str:
        return ", ".join(str(applicant) for applicant in record.applicants.all())

    def value_roughly(self, value: Any) -> str:
        return _("yes") if value else ""

    def render_spent(self, value: Any, record: Any) -> str:
        return self._roughly(value, record) if record.is_won else tables.NOTHING

    def value_spent(self, value: Any, record: Any) -> Any:
        return value if record.is_won else None

    def render_remaining(self, value: Any, record: Any) -> str:
        return self._roughly(value, record)

    def value_remaining(self, value: Any) -> Any:
        return value

    @staticmethod
    def _roughly(value: Any, record: Any) -> str:
        amount = wording.money(value)
        return _("about %(amount)s") % {"amount": amount} if record.approximate and value else amount


class _Compared(tables.DsTable):
    """What was pledged in decisions of the municipalities themselves, and what is delivered."""

    pledged = tables.NumberColumn(verbose_name=gettext_lazy("Pledged, hours"))
    delivered = tables.NumberColumn(verbose_name=gettext_lazy("Delivered, hours"))
    left = tables.NumberColumn(verbose_name=gettext_lazy("Left of what is pledged"))
    value = tables.MoneyColumn(verbose_name=gettext_lazy("Value"))

    class Meta:
        row_header = "name"
        caption = gettext_lazy("Pledged and delivered")
        empty_text = gettext_lazy("Nothing is pledged or delivered yet.")

    def render_delivered(self, value: Any, record: Any) -> Any:
        hours = wording.number(value)
        return format_html("{} {}", hours, tag(_("estimated"), "info")) if record.estimated else hours

    def value_delivered(self, value: Any) -> Any:
        return value

    def render_left(self, value: Any) -> str:
        if value >= 0:
            return wording.number(value)
        return _("%(hours)s more than pledged") % {"hours": wording.number(-value)}

    def value_left(self, value: Any) -> Any:
        return value

    def render_value(self, value: Any, record: Any) -> str:
        amount = wording.money(value)
        return _("%(amount)s, and hours without a rate") % {"amount": amount} if record.without_rate else amount

    def value_value(self, value: Any) -> Any:
        return value


class EffortByMunicipality(_Compared):
    name = tables.Column(verbose_name=gettext_lazy("Municipality"), accessor="name", order_by="sort_key")

    class Meta(_Compared.Meta):
        sequence = ("name", "...")

    def render_name(self, record: Any) -> Any:
        return format_html('<a class="ds-link" href="?vis=prosjekt&amp;kommune={}">{}</a>', record.number, record.name)

    def value_name(self, record: Any) -> str:
        return str(record.name)


class EffortByProject(_Compared):
    name = tables.Column(verbose_name=gettext_lazy("Project"), accessor="title", order_by="title", linkify=True)

    class Meta(_Compared.Meta):
        sequence = ("name", "...")


class CofinancingTable(tables.DsTable):
    """What each project is paid with, and what is missing (R20, K3)."""

    title = tables.Column(verbose_name=gettext_lazy("Project"), linkify=True)
    shared_cost = tables.MoneyColumn(verbose_name=gettext_lazy("Shared cost"))
    secured = tables.MoneyColumn(verbose_name=gettext_lazy("Grants"))
    covered = tables.MoneyColumn(verbose_name=gettext_lazy("The municipalities' money"))
    worked = tables.NumberColumn(verbose_name=gettext_lazy("Own work, hours"))
    worth = tables.MoneyColumn(verbose_name=gettext_lazy("Own work, NOK"))
    missing = tables.MoneyColumn(verbose_name=gettext_lazy("Is missing"))

    class Meta:
        row_header = "title"
        caption = gettext_lazy("What each project is paid with")
        empty_text = gettext_lazy("No project has a cost, a grant or hours yet.")

    def render_worked(self, value: Any, record: Any) -> Any:
        hours = wording.number(value)
        return format_html("{} {}", hours, tag(_("estimated"), "info")) if record.estimated else hours

    def value_worked(self, value: Any) -> Any:
        return value
