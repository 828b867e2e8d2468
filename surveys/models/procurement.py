from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration

LEAD_MONTHS = 15


class ProcurementHabitsQuerySet(models.QuerySet["ProcurementHabits"]):
    def of(self, collaboration: Collaboration) -> ProcurementHabits:
        """As registered, else the usual time: nothing has to be filled in first."""
        return self.filter(collaboration=collaboration).first() or ProcurementHabits(collaboration=collaboration)


@pghistory.track()
class ProcurementHabits(models.Model):
    """How a collaboration buys together: how long before the new system is in use the procurement begins (8.1)."""

    collaboration = models.OneToOneField(Collaboration, models.PROTECT, related_name="procurement_habits")
    lead_months = models.PositiveSmallIntegerField(
        _("months from the start of a procurement until the system is in use"), default=LEAD_MONTHS
    )
    version = models.PositiveIntegerField(default=1)

    objects: Any = ProcurementHabitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("time for procurement")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="procurement_lead_within_reason",
                condition=Q(lead_months__range=(1, 60)),
                violation_error_message=_("A procurement takes from 1 to 60 months."),
            )
        ]

    def __str__(self) -> str:
        return str(self.collaboration)
