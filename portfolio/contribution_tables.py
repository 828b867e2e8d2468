"""The list of people that the municipalities put into the projects, on the page and as a workbook."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from portfolio.models import Contribution


class ContributionTable(tables.DsTable):
    """Whose person, in which project, how much and for how long."""

    person = tables.Column(accessor="person__name", order_by="person__name", verbose_name=_("Person"))
    municipality = tables.Column(
        accessor="participation__organisation__name",
        order_by="participation__organisation__sort_key",
        verbose_name=_("Municipality"),
        linkify=lambda record: record.participation.get_absolute_url(),
    )
    project = tables.Column(
        accessor="participation__project__title",
        verbose_name=_("Project"),
        linkify=lambda record: record.participation.project.get_absolute_url(),
    )
    role = tables.Column(verbose_name=_("Role in the project"))
    percent = tables.NumberColumn(verbose_name=_("Per cent of a post"))
    since = tables.DateColumn(verbose_name=_("From"))
    until = tables.DateColumn(verbose_name=_("Until"))

    class Meta:
        model = Contribution
        fields = ("person", "municipality", "project", "role", "percent", "since", "until")
        order_by = "person"
        row_header = "person"
        caption = _("People in the projects")
        empty_text = _("Nobody is registered. Each municipality registers its own people on its page in the project.")
