from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def on(self, day: date | None = None) -> CoverageQuerySet:
        today = day or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


@pghistory.track()
class Coverage(models.Model):
    """That an IT collaboration has and runs systems for a municipality in a period (A18, S7).

    What the IT collaboration registers stands in the inventory of each municipality it covers, as a copy that follows
    (``SystemUse.through``); the IT collaboration is an Organisation of its own kind, with its own IT leader.
    """

    it_collaboration = models.ForeignKey(
        Organisation, models.PROTECT, related_name="covers", verbose_name=_("IT collaboration")
    )
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, related_name="covered_by", verbose_name=_("municipality")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality in an IT collaboration")
        verbose_name_plural = _("municipalities in IT collaborations")
        ordering = ["it_collaboration__sort_key", "municipality__sort_key", "since"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="coverage_of_another", condition=~Q(it_collaboration=F("municipality"))),
            models.CheckConstraint(
                name="coverage_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.UniqueConstraint(
                fields=["it_collaboration", "municipality"],
                condition=Q(until=None),
                name="coverage_once_at_a_time",
                violation_error_message=_("The municipality is in this IT collaboration already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.it_collaboration}: {self.municipality}"
