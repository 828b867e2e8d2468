"""The lists of the catalogue: systems and suppliers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables


class _Linked(tables.Column):
    """The name, as a link to its page."""

    def render(self, value: Any, record: Any, table: Any) -> SafeString:
        url = reverse(table.page_of, args=[table.collaboration.slug, record.pk])
        return format_html('<a class="ds-link" href="{}">{}</a>', url, value)

    def value(self, value: Any) -> str:
        return str(value)


class _CatalogueTable(tables.DsTable):
    page_of = ""

    def __init__(self, *args: Any, collaboration: Any, **kwargs: Any) -> None:
        self.collaboration = collaboration
        super().__init__(*args, **kwargs)


class ProductTable(_CatalogueTable):
    """Systems that can be bought or are used."""

    page_of = "product"

    name = _Linked(verbose_name=gettext_lazy("System"), order_by="sort_key")
    supplier = tables.Column(verbose_name=gettext_lazy("Supplier"), order_by="supplier__sort_key")
    family = tables.Column(verbose_name=gettext_lazy("Product family"), order_by="family__name")
    area = tables.Column(verbose_name=gettext_lazy("Mostly used in"), order_by="area__sort_key")
    users = tables.NumberColumn(verbose_name=gettext_lazy("Municipalities"))
    names = tables.NumberColumn(verbose_name=gettext_lazy("Other names"))
    supported_until = tables.DateColumn(verbose_name=gettext_lazy("Supported until"))

    class Meta:
        caption = gettext_lazy("Systems in the catalogue")
        row_header = "name"
        empty_text = gettext_lazy("No system fits.")


class SupplierTable(_CatalogueTable):
    """Who delivers them."""

    page_of = "supplier"

    name = _Linked(verbose_name=gettext_lazy("Supplier"), order_by="sort_key")
    organisation_number = tables.Column(verbose_name=gettext_lazy("Organisation number"))
    systems = tables.NumberColumn(verbose_name=gettext_lazy("Systems"))
    users = tables.NumberColumn(verbose_name=gettext_lazy("Municipalities"))
    successor = tables.Column(verbose_name=gettext_lazy("Taken over by"), order_by="successor__sort_key")

    class Meta:
        caption = gettext_lazy("Suppliers in the catalogue")
        row_header = "name"
        empty_text = gettext_lazy("No supplier fits.")
