from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.bodies import Body
from governance.models.cases import Case
from governance.models.outcomes import Outcome


@pghistory.track()
class ExternalTreatment(models.Model):
    """How an external political body treated a matter: day, case number and outcome, and no meeting here (B24).

    It decides nothing for a municipality: that is a kommunevedtak of its own (rule 1).
    """

    Outcome = Outcome

    body = models.ForeignKey(Body, models.PROTECT, related_name="treatments", verbose_name=_("body"))
    matter = models.CharField(_("matter"), max_length=200)
    case: Any = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="treatments", verbose_name=_("our case")
    )
    treated_on = models.DateField(_("treated on"))
    case_number = models.CharField(_("the body's case number"), max_length=40, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    text = models.TextField(_("what it decided"), blank=True)
    link = models.URLField(_("link to the record"), blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("treatment in an external body")
        ordering = ["-treated_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="external_treatment_says_what", condition=~Q(matter="")),
        ]
        triggers = [locks.treated_by_a_political_body(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.body}: {self.matter}"
