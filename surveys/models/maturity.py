"""A maturity model: dimensions with statements on one scale (G14, S13). Which one is used, a collaboration chooses."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration


class MaturityModelQuerySet(models.QuerySet["MaturityModel"]):
    def of(self, collaboration: Collaboration) -> MaturityModelQuerySet:
        return self.filter(collaboration=collaboration)

    def usable_in(self, collaboration: Collaboration) -> MaturityModelQuerySet:
        """The collaboration's own models, and the templates that everybody may begin with."""
        return self.filter(Q(collaboration=None) | Q(collaboration=collaboration))


@pghistory.track()
class MaturityModel(models.Model):
    """Dimensions and statements by which municipalities say how mature they are, on a scale of any length.

    One without a collaboration is a template; a collaboration copies it before it changes anything.
    A survey made from a model holds copies of its statements, which stay as they were answered.
    """

    collaboration = models.ForeignKey(
        Collaboration, models.PROTECT, null=True, blank=True, related_name="maturity_models"
    )
    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    scale_min = models.DecimalField(_("lowest step"), max_digits=5, decimal_places=2, default=1)
    scale_max = models.DecimalField(_("highest step"), max_digits=5, decimal_places=2, default=5)
    lowest_label = models.CharField(_("the lowest step means"), max_length=120, blank=True)
    highest_label = models.CharField(_("the highest step means"), max_length=120, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = MaturityModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("maturity model")
        verbose_name_plural = _("maturity models")
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "slug"], nulls_distinct=False, name="maturity_model_slug_once"
            ),
            models.CheckConstraint(
                name="maturity_slug_is_plain",
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug__in=["ny", "mal"]),
            ),
            models.CheckConstraint(
                name="maturity_scale_goes_up",
                condition=Q(scale_max__gt=F("scale_min")),
                violation_error_message=_("The highest step must be above the lowest."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Dimension(models.Model):
    """One side of maturity, as «Leadership and governance»."""

    model = models.ForeignKey(MaturityModel, models.CASCADE, related_name="dimensions")
    name = models.CharField(_("dimension"), max_length=120)
    text = models.TextField(_("what it is about"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["model", "position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="dimension_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["model", "name"],
                name="dimension_once_in_a_model",
                violation_error_message=_("There is a dimension with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Statement(models.Model):
    """What somebody agrees with more or less; a reversed one counts from the other end."""

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="statements")
    text = models.TextField(_("statement"))
    reversed = models.BooleanField(_("counts from the other end"), default=False)
    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["dimension__position", "position", "pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(name="statement_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text
