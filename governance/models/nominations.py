from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.bodies import Body
from governance.models.decisions import NamedDecision
from governance.models.organisations import Region
from governance.models.people import Person


class NominationQuerySet(models.QuerySet["Nomination"]):
    def unanswered(self) -> NominationQuerySet:
        """Nobody is elected on it yet."""
        return self.filter(seats=None, withdrawn_on=None)


@pghistory.track()
class Nomination(NamedDecision):
    """One body points out somebody for a seat that another body fills: eFagråd points out, the steering group elects.

    (B14, B15, B21; requirements section 18.)
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="nominations", verbose_name=_("for a seat in"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="nominations", verbose_name=_("contact point of")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations", verbose_name=_("person"))
    nominated_by: Any = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="pointed_out", verbose_name=_("pointed out by")
    )
    nominated_on = models.DateField(_("pointed out on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = NominationQuerySet.as_manager()

    class Meta(NamedDecision.Meta):
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-nominated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="nomination_is_withdrawn_after_it_was_made",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("nominated_on")),
            )
        ]
        triggers = [locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.person} – {self.body}"
