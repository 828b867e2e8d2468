from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.bodies import Body
from governance.models.decisions import NamedDecision
from governance.models.organisations import Organisation
from governance.models.people import Person


class PositionQuerySet(models.QuerySet["Position"]):
    def active(self, on: date | None = None) -> PositionQuerySet:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@pghistory.track()
class Position(NamedDecision):
    """A position in a secretariat: employed by a legal entity, a share of full time, for a period (B4, B5, R5, R18)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="positions", verbose_name=_("body"))
    title = models.CharField(_("title"), max_length=100)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="positions", verbose_name=_("person")
    )
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="positions", verbose_name=_("employed by"))
    permanent = models.BooleanField(_("permanent"), default=True)
    share = models.PositiveSmallIntegerField(
        _("share of full time, per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = PositionQuerySet.as_manager()

    class Meta(NamedDecision.Meta):
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="position_share_is_a_part",
                condition=Q(share__gte=1, share__lte=100),
                violation_error_message=_("The share is between 1 and 100 per cent."),
            ),
            models.CheckConstraint(
                name="position_ends_after_start",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day must be on or after the first."),
            ),
            models.CheckConstraint(
                name="temporary_position_has_an_end",
                condition=Q(permanent=True) | Q(until__isnull=False),
                violation_error_message=_("A temporary position has a last day."),
            ),
        ]
        triggers = [locks.employer_is_a_legal_entity(), locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.title}, {self.share} %"

    def competence_names(self) -> Any:
        return [one.competence.name for one in self.competences.all()]
