from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration
from governance.models.locks import never_changed, never_deleted
from surveys.models.catalogue import Area


class ConvergenceQuerySet(models.QuerySet["ConvergenceMeasure"]):
    def visible_to(self, user: Any) -> ConvergenceQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class ConvergenceMeasure(models.Model):
    """How alike the municipalities were on a day, kept so that the final report can say from what to what (8.2)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="convergence_measures")
    title = models.CharField(_("title"), max_length=120)
    on = models.DateField(_("date"))
    members = models.PositiveSmallIntegerField(_("municipalities"))
    taken_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken"), db_default=Now(), editable=False)
    example = models.BooleanField(_("example"), default=False)

    objects: ClassVar[Any] = ConvergenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of convergence")
        verbose_name_plural = _("measures of convergence")
        ordering = ["on", "pk"]
        default_permissions = ()
        triggers = [never_changed(), never_deleted()]
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "on"],
                name="convergence_once_a_day",
                violation_error_message=_("A measure was taken that day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.on}"


@pghistory.track()
class AreaConvergence(models.Model):
    """One area of a measure: how many answered, how many of them have a system there, and the index over those, from 0
    (all different) to 1 (all the same), with what it is made of. Frozen with its measure (8.2)."""

    class Level(models.TextChoices):
        PRODUCT = "product", _("system")
        FAMILY = "family", _("product family")
        SUPPLIER = "supplier", _("supplier")

    measure = models.ForeignKey(ConvergenceMeasure, models.PROTECT, related_name="areas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    level = models.CharField(_("counted by"), max_length=8, choices=Level)
    answered = models.PositiveSmallIntegerField(_("municipalities that answered"))
    having = models.PositiveSmallIntegerField(_("municipalities with a system"))
    index = models.DecimalField(_("convergence"), max_digits=5, decimal_places=4, null=True, blank=True)
    effective = models.DecimalField(_("effective number"), max_digits=7, decimal_places=2, null=True, blank=True)
    largest = models.DecimalField(_("largest share"), max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("convergence in an area")
        default_permissions = ()
        triggers = [never_changed(), never_deleted()]
        constraints = [
            models.UniqueConstraint(fields=["measure", "area", "level"], name="area_convergence_once"),
            models.CheckConstraint(
                name="area_convergence_needs_two",
                condition=Q(having__gte=2, index__range=(0, 1), effective__gte=1, largest__range=(0, 1))
                | Q(having__lt=2, index=None, effective=None, largest=None),
            ),
            models.CheckConstraint(
                name="area_convergence_counts_those_who_answered", condition=Q(having__lte=F("answered"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.index}"
