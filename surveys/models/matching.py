"""Which name means which system: a person says so, and what was said is never asked again (surveys.md 8.3)."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.models.catalogue import Product
from surveys.models.imports import ImportJob


@pghistory.track()
class NameRejection(models.Model):
    """That a name does not mean a system it looks like: a «no» is remembered, so that it is not proposed again."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="rejections")
    key = models.CharField(max_length=200)
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("rejected"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("name that does not mean a system")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["product", "key"], name="rejection_once"),
            models.CheckConstraint(name="rejection_has_a_key", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return f"{self.key} ≠ {self.product}"


class ImportNameQuerySet(models.QuerySet["ImportName"]):
    def undecided(self) -> ImportNameQuerySet:
        return self.filter(decision=ImportName.Decision.UNDECIDED)


@pghistory.track()
class ImportName(models.Model):
    """A name in an uploaded file that no system and no alias has: the person who imports says what it is.

    ``undecided`` and ``later`` hold back the rows with the name; ``none`` leaves them out; ``same`` makes an alias
    of ``product`` when the import is carried out; ``new`` makes a system.
    """

    class Decision(models.TextChoices):
        UNDECIDED = "", _("not decided")
        SAME = "same", _("the same as")
        NEW = "new", _("a new system")
        NOT_SYSTEM = "none", _("not a system")
        LATER = "later", _("decide later")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="names")
    key = models.CharField(max_length=200)
    name = models.CharField(_("name in the file"), max_length=200)
    cell = models.CharField(_("first cell"), max_length=12)
    rows = models.PositiveIntegerField(_("rows"))
    decision = models.CharField(_("it is"), max_length=5, choices=Decision, blank=True, default="")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("system")
    )
    decided_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(pgettext_lazy("what a name means", "decided"), null=True, blank=True)

    objects: ClassVar[Any] = ImportNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name to be connected")
        verbose_name_plural = _("names to be connected")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["job", "key"], name="import_name_once"),
            models.CheckConstraint(name="import_name_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="import_name_same_as_a_system",
                condition=Q(decision="same", product__isnull=False) | (~Q(decision="same") & Q(product=None)),
            ),
            models.CheckConstraint(
                name="import_name_decision_is_known", condition=Q(decision__in=["", "same", "new", "none", "later"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ProductMerge(models.Model):
    """That two systems were one: what moved from ``gone`` to ``kept``, so that it can be moved back.

    ``moved`` holds the primary keys of uses, aliases and modules that pointed to ``gone``.
    """

    kept = models.ForeignKey(Product, models.PROTECT, related_name="merges", verbose_name=_("system that is kept"))
    gone = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("system that is a double"))
    moved = models.JSONField(_("what moved"), default=dict)
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("merged"), db_default=Now(), editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("merging of systems")
        verbose_name_plural = _("mergings of systems")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merged_once_at_a_time"),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} = {self.kept}"
