"""Application lists, and the applications of one, on the page and as workbooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from digivesteralen.ui import tables
from portfolio.models import Application, ApplicationList


class ApplicationListTable(tables.DsTable):
    title = tables.Column(verbose_name=gettext_lazy("Application list"), linkify=True)
    money = tables.Column(verbose_name=gettext_lazy("Which money"))
    deadline = tables.DateColumn(verbose_name=gettext_lazy("Deadline"))
    count = tables.NumberColumn(verbose_name=gettext_lazy("Applications"))
    amount = tables.MoneyColumn(verbose_name=gettext_lazy("Applied for"))
    decided_on = tables.DateColumn(verbose_name=gettext_lazy("decided on"))

    class Meta:
        model = ApplicationList
        fields = ("title", "money", "deadline", "count", "amount", "decided_on")
        row_header = "title"
        when_told = ("money",)
        caption = gettext_lazy("Application lists")


class ApplicationTable(tables.DsTable):
    """In the secretariat's order until a body has decided one; then both are told."""

    position = tables.NumberColumn(verbose_name=pgettext_lazy("order", "place"))
    idea = tables.Column(
        verbose_name=gettext_lazy("Idea"), linkify=lambda record: record.idea.get_absolute_url(), accessor="idea__title"
    )
    applicant = tables.Column(verbose_name=gettext_lazy("Who applies"), order_by="applicant__sort_key")
    amount = tables.MoneyColumn(verbose_name=gettext_lazy("Applied for"))
    note = tables.Column(verbose_name=gettext_lazy("Note"), orderable=False)
    outcome = tables.TagColumn(
        colors={"granted": "success", "not_prioritised": "neutral"}, verbose_name=gettext_lazy("Outcome")
    )
    proposed = tables.NumberColumn(verbose_name=gettext_lazy("Proposed place"))
    order = tables.TemplateColumn(
        template_name="portfolio/applications/_order.html",
        verbose_name=gettext_lazy("Order"),
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = Application
        fields = ("position", "idea", "applicant", "amount", "note", "outcome", "proposed", "order")
        row_header = "idea"
        when_told = ("note",)
        caption = gettext_lazy("Applications")

    def render_proposed(self, value: int, record: Application) -> Any:
        if not record.moved:
            return value
        told = {"from": record.proposed, "to": record.position}
        return gettext("moved from %(from)s to %(to)s") % told

    def value_proposed(self, value: int) -> int:
        return value
