from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Collaboration
from surveys.models import Finding


class FocusAreaQuerySet(models.QuerySet["FocusArea"]):
    def visible_to(self, user: Any) -> FocusAreaQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def in_use(self) -> FocusAreaQuerySet:
        """Those the collaboration works in now; one that was ended stays where it was used."""
        return self.filter(retired_on=None)


@pghistory.track()
class FocusArea(models.Model):
    """«Innsatsområde»: where a collaboration puts its effort, with a short and a full name (F1–F8)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="focus_areas")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    short_name = models.CharField(_("short name"), max_length=60)
    name = models.CharField(_("full name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=60)
    text = models.TextField(_("text"), blank=True)
    retired_on = models.DateField(_("ended"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="focus_area_slug_once"),
            models.UniqueConstraint(
                fields=["collaboration", "position"], name="focus_area_place_once", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="focus_area_slug_is_plain", condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("strategy", args=[self.collaboration.slug]) + f"#{self.slug}"


@pghistory.track()
class Measure(models.Model):
    """A measure named for a focus area; it may become a project (L17)."""

    focus_area = models.ForeignKey(FocusArea, models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    text = models.CharField(_("measure"), max_length=300)
    project = models.ForeignKey(
        "portfolio.Project", models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("became")
    )
    findings = models.ManyToManyField(
        Finding, through="MeasureFinding", blank=True, related_name="measures", verbose_name=_("stands on the findings")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("measure")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["focus_area", "position"], name="measure_place_once", deferrable=Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class MeasureFinding(models.Model):
    """A measure does what a finding calls for (L16)."""

    measure = models.ForeignKey(Measure, models.CASCADE)
    finding = models.ForeignKey(Finding, models.PROTECT)

    class Meta:
        verbose_name = _("finding behind a measure")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["measure", "finding"], name="measure_finding_once")]

    def __str__(self) -> str:
        return f"{self.measure} – {self.finding}"
