"""The activity plan, and what others run, as tables and workbooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from portfolio.models import Activity, Initiative, Standing


class ActivityTable(tables.DsTable):
    """The activity plan, line by line."""

    title = tables.Column(verbose_name=gettext_lazy("Activity"))
    period = tables.Column(verbose_name=gettext_lazy("Period"), order_by=("starts_on", "pk"))
    responsible = tables.Column(verbose_name=gettext_lazy("Who answers for it"))
    project = tables.Column(linkify=True, verbose_name=gettext_lazy("Project"))
    done_on = tables.DateColumn(verbose_name=gettext_lazy("Done"))
    change = tables.TemplateColumn(
        template_name="portfolio/_activity_done.html",
        verbose_name=gettext_lazy("Follow-up"),
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = Activity
        fields = ("title", "period", "responsible", "project", "done_on", "change")
        row_header = "title"
        caption = gettext_lazy("Activity plan")


class InitiativeTable(tables.DsTable):
    """What others run, and how many of the municipalities are in it."""

    name = tables.Column(linkify=True, verbose_name=gettext_lazy("Initiative"))
    run_by = tables.Column(verbose_name=gettext_lazy("Run by"))
    inside = tables.NumberColumn(verbose_name=gettext_lazy("Are in"))
    options = tables.NumberColumn(verbose_name=gettext_lazy("Have an option"))
    considering = tables.NumberColumn(verbose_name=gettext_lazy("Consider it"))
    count = tables.Column(
        accessor="count_in_words", verbose_name=gettext_lazy("Counted without names"), order_by=("counted",)
    )

    class Meta:
        model = Initiative
        fields = ("name", "run_by", "inside", "options", "considering", "count")
        row_header = "name"
        when_told = ("count",)
        caption = gettext_lazy("Initiatives of others")


class StandingTable(tables.DsTable):
    """How each municipality stands to an initiative."""

    organisation = tables.Column(verbose_name=gettext_lazy("Municipality"), order_by="organisation__sort_key")
    kind = tables.TagColumn(
        colors={"member": "success", "option": "info", "considers": "info", "outside": "neutral"},
        verbose_name=gettext_lazy("How it stands"),
    )
    since = tables.DateColumn(verbose_name=gettext_lazy("From"))
    until = tables.DateColumn(verbose_name=gettext_lazy("Last day"))
    source = tables.Column(verbose_name=gettext_lazy("Source"))

    class Meta:
        model = Standing
        fields = ("organisation", "kind", "since", "until", "source")
        row_header = "organisation"
        when_told = ("until",)
        caption = gettext_lazy("How the municipalities stand")
        empty_text = gettext_lazy("It is not told how any municipality stands.")
