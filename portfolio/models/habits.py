from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration


class HabitsQuerySet(models.QuerySet["Habits"]):
    def of(self, collaboration: Collaboration) -> Habits:
        """As registered, else the small profile: nothing has to be filled in before one begins."""
        return self.filter(collaboration=collaboration).first() or Habits(collaboration=collaboration)


@pghistory.track()
class Habits(models.Model):
    """How thoroughly a collaboration follows its portfolio; everything starts in profile *Enkel* (users.md)."""

    class Status(models.TextChoices):
        SIMPLE = "simple", _("one light and three lines before each meeting of the steering group")
        FULL = "full", _("six lights every month")

    class Effort(models.TextChoices):
        HALF_YEAR = "half_year", _("one figure for each municipality and half-year")
        MONTH = "month", _("hours for each project and month")

    collaboration = models.OneToOneField(Collaboration, models.PROTECT, related_name="habits")
    status = models.CharField(_("status of the projects"), max_length=10, choices=Status, default=Status.SIMPLE)
    effort = models.CharField(_("own effort"), max_length=10, choices=Effort, default=Effort.HALF_YEAR)
    more_keys = models.BooleanField(_("all the ways of sharing a cost"), default=False)
    active_limit = models.PositiveSmallIntegerField(_("active projects at most"), null=True, blank=True)
    # Off: the secretariat's order alone says what comes first.
    scoring = models.BooleanField(_("scoring of projects and ideas"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = HabitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("habits")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.collaboration}"

    @property
    def is_full(self) -> Any:
        return self.status == self.Status.FULL
