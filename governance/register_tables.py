"""The lists of organisations and regions."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.ui import tables
from governance import organisation_register


class _OfCollaboration(tables.DsTable):
    def __init__(self, *args: Any, collaboration: Any, **kwargs: Any) -> None:
        self.collaboration = collaboration
        super().__init__(*args, **kwargs)


class OrganisationTable(_OfCollaboration):
    name = tables.Column(
        verbose_name=_("name"), order_by="sort_key", linkify=lambda table, record: table.address(record)
    )
    kind = tables.TagColumn(verbose_name=_("kind"))
    number = tables.Column(verbose_name=_("number"))
    county = tables.Column(verbose_name=_("county"))
    inhabitants = tables.NumberColumn(verbose_name=pgettext_lazy("inhabitants", "people"))
    earlier_name = tables.Column(verbose_name=_("earlier name"))
    until = tables.DateColumn(verbose_name=_("last day"))

    class Meta:
        caption = _("Organisations")
        row_header = "name"
        empty_text = _("No organisations match.")
        when_told = ("number", "county", "inhabitants", "earlier_name", "until")

    def address(self, organisation: Any) -> str:
        return organisation_register.address(self.collaboration, organisation)


class RegionTable(_OfCollaboration):
    name = tables.Column(verbose_name=_("region"), linkify=lambda table, record: table.address(record))
    held = tables.NumberColumn(verbose_name=_("municipalities"))
    ours = tables.NumberColumn(verbose_name=_("of them members here"), default=0)
    counties = tables.NumberColumn(verbose_name=_("counties"))
    note = tables.Column(verbose_name=_("note"))

    class Meta:
        caption = _("Regions")
        row_header = "name"
        empty_text = _("No regions yet.")
        when_told = ("note",)

    def address(self, region: Any) -> str:
        return reverse("region", args=[self.collaboration.slug, region.pk])


class RegionMemberTable(_OfCollaboration):
    organisation = tables.Column(
        verbose_name=_("municipality"),
        order_by="organisation__sort_key",
        linkify=lambda table, record: reverse("municipality_history", args=[record.organisation.number]),
    )
    number = tables.Column(accessor="organisation__number", verbose_name=_("number"))
    county = tables.Column(accessor="organisation__county", verbose_name=_("county"))
    since = tables.DateColumn(verbose_name=_("from"))
    until = tables.DateColumn(verbose_name=_("last day"))

    class Meta:
        caption = _("Municipalities in the region")
        row_header = "organisation"
        empty_text = _("No municipalities yet.")
        when_told = ("until",)
