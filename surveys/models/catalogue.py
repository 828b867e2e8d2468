from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from governance.models.sorting import norwegian_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOISE = re.compile(r"[®™°\u00ad\u200b-\u200d\u2060\ufeff]")
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_COMPANY_FORM = re.compile(r"(?:[\s,]+(?:asa|as|ab|a/s|aps|oyj?|ltd|inc|gmbh)\.?)+$")
_JOIN = re.compile(r"\s+og\s+|[/&+,–-]")
LONGEST = 200


@lru_cache(maxsize=20_000)
def key_of(name: str) -> str:
    """One spelling for many: «ACOS  Websak» and «Acos WebSak» are one system, «Visma AS» and «Visma» one supplier.

    Only what never tells two systems apart is taken away: case, blanks, signs of trade marks, the form of a company.
    """
    text = unicodedata.normalize("NFKC", _NOISE.sub("", name)).casefold()
    text = _DASH.sub("-", _NOISE.sub("", unicodedata.normalize("NFKC", text)))
    return _COMPANY_FORM.sub("", " ".join(text.split()))[:LONGEST].rstrip()


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
        constraints = [models.CheckConstraint(name="area_has_a_key", condition=~Q(key=""))]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["sort_key"])
class Supplier(models.Model):
    """A company or body that delivers systems (A15, L13)."""

    name = models.CharField(_("supplier"), max_length=200)
    key = models.CharField(max_length=200, unique=True)
    organisation_number = models.CharField(_("organisation number"), max_length=9, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("taken over by")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    sort_key = norwegian_key("name")

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["sort_key"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="supplier_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="supplier_number_has_nine_digits",
                condition=Q(organisation_number="") | Q(organisation_number__regex=r"^[0-9]{9}$"),
                violation_error_message=_("An organisation number has nine digits."),
            ),
            models.CheckConstraint(
                name="supplier_not_taken_over_by_itself", condition=Q(successor=None) | ~Q(successor=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Family(models.Model):
    """Products of one supplier that share a name and a platform, as «Visma Flyt» (surveys.md 8.3)."""

    name = models.CharField(_("product family"), max_length=120)
    key = models.CharField(max_length=120, unique=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="families", verbose_name=_("supplier")
    )

    class Meta:
        verbose_name = _("product family")
        verbose_name_plural = _("product families")
        ordering = ["name"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="family_has_a_key", condition=~Q(key=""))]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def standing(self) -> ProductQuerySet:
        """Those that nobody has merged into another."""
        return self.filter(merged_into=None)

    def by_key(self, names: Iterable[str], municipality: Organisation | None = None) -> dict[str, Product]:
        """The product behind each spelling: its own name, else a confirmed alias, one of the municipality's own first.

        A product that was merged into another answers with that one.
        """
        keys = {key_of(name) for name in names}
        aliases = Alias.objects.filter(Q(municipality=None) | Q(municipality=municipality), key__in=keys)
        common_first = aliases.select_related("product__merged_into").order_by(F("municipality").asc(nulls_first=True))
        found = {alias.key: alias.product for alias in common_first}
        found |= {product.key: product for product in self.filter(key__in=keys).select_related("merged_into")}
        return {key: product.merged_into or product for key, product in found.items()}


@pghistory.track(exclude=["sort_key"])
class Product(models.Model):
    """A system that can be bought or is used: the suggestions when an IT leader types a name (L13).

    Supplier ⊃ family ⊃ product ⊃ module. A merged product stays as a redirect to the one that counts; a product is
    never merged into one that is merged itself.
    """

    class Kind(models.TextChoices):
        SYSTEM = "system", _("system")
        OFFICE = "office", _("office tool, as a spreadsheet")
        OWN = "own", _("made by the municipality")

    name = models.CharField(_("system"), max_length=200)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SYSTEM)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("supplier")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("product family")
    )
    module_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="modules", verbose_name=_("module of")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("replaced by")
    )
    supported_until = models.DateField(_("supported until"), null=True, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("mostly used in")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("the same as")
    )
    added_by_import = models.ForeignKey(
        "surveys.ImportJob", models.PROTECT, null=True, blank=True, related_name="products"
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)
    sort_key = norwegian_key("name")

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("system")
        verbose_name_plural = _("systems")
        ordering = ["sort_key"]
        default_permissions = ()
        indexes = [GinIndex(fields=["key"], name="product_key_trigrams", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(name="product_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="product_is_not_its_own",
                condition=(Q(module_of=None) | ~Q(module_of=F("pk")))
                & (Q(successor=None) | ~Q(successor=F("pk")))
                & (Q(merged_into=None) | ~Q(merged_into=F("pk"))),
                violation_error_message=_("A system cannot be a module, a successor or a double of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Alias(models.Model):
    """Another name for a product, and who confirmed that the two are the same (surveys.md 8.3).

    An alias of one municipality holds there alone; one without municipality holds everywhere.
    """

    class Kind(models.TextChoices):
        SPELLING = "spelling", _("another spelling")
        FORMER = "former", _("former name")
        SHORT = "short", _("short name")

    product = models.ForeignKey(Product, models.CASCADE, related_name="aliases")
    name = models.CharField(_("other name"), max_length=200)
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind of name"), max_length=8, choices=Kind, default=Kind.SPELLING)
    municipality = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name=_("only in")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    confirmed_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), auto_now_add=True)

    class Meta:
        verbose_name = _("other name of a system")
        verbose_name_plural = _("other names of systems")
        default_permissions = ()
        ordering = ["name"]
        indexes = [GinIndex(fields=["key"], name="alias_key_trigrams", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(name="alias_has_a_key", condition=~Q(key="")),
            models.UniqueConstraint(
                fields=["key", "municipality"],
                nulls_distinct=False,
                name="alias_once",
                violation_error_message=_("This name already means a system."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.product}"
