from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.models.strategy import Goal


@pghistory.track()
class GoalNote(models.Model):
    """«Framdrift»: how far a goal has come, in words, on a day (G9–G13)."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="notes")
    on = models.DateField(_("day"), default=timezone.localdate)
    text = models.TextField(_("progress"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("note on a goal")
        ordering = ["-on", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.goal} {self.on}"


@pghistory.track()
class Indicator(models.Model):
    """What a goal is measured by: a baseline, a target, and values with their days (G9–G13)."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="indicators")
    name = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text=_("For example «prosent» or «kommuner»."))
    baseline = models.DecimalField(_("baseline"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField(_("day of the baseline"), null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_on = models.DateField(_("to be reached by"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("indicator")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="indicator_baseline_has_its_day",
                condition=models.Q(baseline=None, baseline_on=None)
                | models.Q(baseline__isnull=False, baseline_on__isnull=False),
                violation_error_message=_("Write both the baseline and the day it was measured."),
            ),
            models.CheckConstraint(
                name="indicator_target_after_the_baseline",
                condition=models.Q(baseline_on=None)
                | models.Q(target_on=None)
                | models.Q(target_on__gt=models.F("baseline_on")),
                violation_error_message=_("The target is reached after the day of the baseline."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class IndicatorValue(models.Model):
    """What the indicator showed on a day."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    on = models.DateField(_("measured on"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("measurement")
        ordering = ["on"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="indicator_value_once_a_day",
                violation_error_message=_("There is a value for that day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.on}"
