from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.sorting import norwegian_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOISE = re.compile(r"[®™°\u200b\ufeff]")
_COMPANY_FORM = re.compile(r"\s+(asa|as|ab|a/s|aps|oy)$")
_JOIN = re.compile(r"\s+og\s+|[/&+,–-]")


def key_of(name: str) -> str:
    """One spelling for many: «ACOS  Websak» and «Acos WebSak» are one system, «Visma AS» and «Visma» one supplier."""
    text = unicodedata.normalize("NFKC", _NOISE.sub("", name)).casefold()
    return _COMPANY_FORM.sub("", " ".join(text.split()))


def area_key(name: str) -> str:
    """The key of an area: «Sak/arkiv», «Sak og arkiv» and «Sak & arkiv» are one."""
    return " ".join(_JOIN.sub(" ", key_of(name)).split())


@pghistory.track(exclude=["sort_key"])
class ServiceArea(models.Model):
    """A group of needs that municipalities have systems for (tjenesteområde), as «Helse og omsorg»."""

    name = models.CharField(_("service area"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["position", "sort_key"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["sort_key"])
class Area(models.Model):
    """One need that a system answers (fagområde), as «Sak/arkiv»; every municipality answers for each (S7, L13)."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="areas", verbose_name=_("service area"))
    name = models.CharField(_("area"), max_length=120)
    key = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["service_area__position", "position", "sort_key"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="area_has_a_key", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["sort_key"])
class Supplier(models.Model):
    """A company or body that delivers systems (L13)."""

    name = models.CharField(_("supplier"), max_length=200)
    key = models.CharField(max_length=200, unique=True)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["sort_key"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="supplier_has_a_key", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def by_key(self, names: Iterable[str]) -> dict[str, Product]:
        """The product behind each spelling: its own name first, then a confirmed alias."""
        keys = {key_of(name) for name in names}
        found = {alias.key: alias.product for alias in Alias.objects.filter(key__in=keys).select_related("product")}
        return found | {product.key: product for product in self.filter(key__in=keys)}


@pghistory.track(exclude=["sort_key"])
class Product(models.Model):
    """A system that can be bought or is used: the suggestions when an IT leader types a name."""

    name = models.CharField(_("system"), max_length=200)
    key = models.CharField(max_length=200, unique=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("supplier")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("mostly used in")
    )
    added_by_import = models.ForeignKey(
        "surveys.ImportJob", models.PROTECT, null=True, blank=True, related_name="products"
    )
    sort_key = norwegian_key("name")

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("system")
        verbose_name_plural = _("systems")
        ordering = ["sort_key"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="product_has_a_key", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Alias(models.Model):
    """Another name for a product, and who confirmed that the two are the same."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="aliases")
    name = models.CharField(_("other name"), max_length=200)
    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    confirmed_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), auto_now_add=True)

    class Meta:
        verbose_name = _("other name of a system")
        verbose_name_plural = _("other names of systems")
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="alias_has_a_key", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return f"{self.name} = {self.product}"
