from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.spreadsheets.writing import SheetSpec
from digivesteralen.ui import tables
from surveys.models import CollectedDocument, InfrastructureFact

COLORS = {"paper": "warning", "partly": "info", "digital": "success"}


class _Linked(tables.Column):
    """The name of a line, as a link for those who may change it."""

    def __init__(self, page: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.page = page

    def render(self, value: Any, record: Any, table: Any) -> str | SafeString:
        if not table.edits:
            return str(value)
        return format_html('<a class="ds-link" href="{}">{}</a>', table.address(self.page, record), value)

    def value(self, value: Any) -> str:
        return str(value)


class _RegisterTable(tables.DsTable):
    """Knows where it stands, and whether the reader may change its lines."""

    def __init__(self, *args: Any, place: str, edits: bool = False, **kwargs: Any) -> None:
        self.place, self.edits = place, edits
        super().__init__(*args, **kwargs)

    def address(self, page: str, record: Any) -> str:
        return reverse(page, args=[self.place, record.pk])


class FormsTable(_RegisterTable):
    """The forms of one municipality (R28)."""

    name = _Linked("application_form", verbose_name=gettext_lazy("Form"))
    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by="area__sort_key")
    state = tables.TagColumn(verbose_name=gettext_lazy("State of the form"), colors=COLORS)
    yearly = tables.NumberColumn(verbose_name=gettext_lazy("Sent in a year"))
    planned_for = tables.DateColumn(verbose_name=gettext_lazy("To be digital by"))
    solution = tables.Column(verbose_name=gettext_lazy("Solution"), visible=False)
    benefit = tables.Column(verbose_name=gettext_lazy("What is gained"), visible=False)

    class Meta:
        caption = gettext_lazy("Forms of the municipality")
        row_header = "name"
        empty_text = gettext_lazy("No form fits.")


class CommonFormsTable(tables.DsTable):
    """Forms by name, and how many municipalities have each on paper."""

    name = tables.Column(verbose_name=gettext_lazy("Form"))
    municipalities = tables.NumberColumn(verbose_name=gettext_lazy("Municipalities"))
    paper = tables.NumberColumn(verbose_name=gettext_lazy("On paper"))
    partly = tables.NumberColumn(verbose_name=gettext_lazy("Partly digital"))
    digital = tables.NumberColumn(verbose_name=gettext_lazy("Digital"))
    together = tables.NumberColumn(verbose_name=gettext_lazy("Sent in a year"))

    class Meta:
        caption = gettext_lazy("Forms in the municipalities")
        row_header = "name"
        empty_text = gettext_lazy("No form fits.")


class FactsTable(_RegisterTable):
    """Every fact of one municipality's infrastructure, the newest first."""

    topic = _Linked("infrastructure_fact", accessor="get_topic_display", verbose_name=gettext_lazy("Topic"),
                    order_by="topic")  # fmt: skip
    text = tables.Column(verbose_name=gettext_lazy("As it is"), orderable=False)
    on = tables.DateColumn(verbose_name=gettext_lazy("Date"))

    class Meta:
        caption = gettext_lazy("Infrastructure of the municipality")
        row_header = "topic"
        empty_text = gettext_lazy("No fact is registered.")


class DocumentsTable(tables.DsTable):
    title = tables.Column(verbose_name=gettext_lazy("Title"), linkify=True)
    municipality = tables.Column(verbose_name=gettext_lazy("Municipality"), order_by="municipality__sort_key")
    kind = tables.TagColumn(verbose_name=gettext_lazy("Kind"))
    adopted_on = tables.DateColumn(verbose_name=gettext_lazy("Adopted"))
    period = tables.Column(verbose_name=gettext_lazy("Period"), order_by="from_year", empty_values=())

    class Meta:
        caption = gettext_lazy("Strategies, plans and other documents")
        row_header = "title"
        empty_text = gettext_lazy("No document fits.")

    def render_period(self, record: CollectedDocument) -> str:
        return record.period or tables.NOTHING

    def value_period(self, record: CollectedDocument) -> str:
        return record.period


class InterviewsTable(tables.DsTable):
    who = tables.Column(verbose_name=gettext_lazy("Who was interviewed"), linkify=True)
    municipality = tables.Column(verbose_name=gettext_lazy("Municipality"), order_by="municipality__sort_key")
    on = tables.DateColumn(verbose_name=gettext_lazy("Date"))
    themes = tables.Column(verbose_name=gettext_lazy("Themes"), orderable=False)

    class Meta:
        caption = gettext_lazy("Interviews")
        row_header = "who"
        empty_text = gettext_lazy("No interview fits.")


class ResponsiblesTable(_RegisterTable):
    person = _Linked("common_responsible", verbose_name=gettext_lazy("Person"), order_by="person__name")
    kind = tables.TagColumn(verbose_name=gettext_lazy("Role"))
    area = tables.Column(verbose_name=gettext_lazy("Area"), order_by="area__sort_key")
    product = tables.Column(verbose_name=gettext_lazy("System"), order_by="product__sort_key")
    answers_for = tables.Column(verbose_name=gettext_lazy("For"), orderable=False, empty_values=())
    since = tables.DateColumn(verbose_name=gettext_lazy("From"))
    until = tables.DateColumn(verbose_name=gettext_lazy("Until"))

    class Meta:
        caption = gettext_lazy("Common responsibles")
        row_header = "person"
        empty_text = gettext_lazy("Nobody is registered.")

    def render_answers_for(self, record: Any) -> str:
        return ", ".join(str(place) for place in record.municipalities.all()) or tables.NOTHING

    def value_answers_for(self, record: Any) -> str:
        return ", ".join(str(place) for place in record.municipalities.all())


def facts_sheet(places: list[Any], lines: list[tuple[str, list[InfrastructureFact | None]]]) -> SheetSpec:
    head = [_("Topic"), *(str(place) for place in places)]
    rows = [[topic, *(str(fact.text) if fact else None for fact in facts)] for topic, facts in lines]
    return SheetSpec(_("Infrastructure"), head, rows)
