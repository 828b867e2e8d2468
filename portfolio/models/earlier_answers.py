from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import Adoption
from portfolio.models.participation import Participation, Status, answered, status_then


class EarlierAnswerQuerySet(models.QuerySet["EarlierAnswer"]):
    def standing_on(self, day: date) -> EarlierAnswerQuerySet:
        """Those that were the municipality's answer on the day."""
        return self.filter(invited_on__lte=day, asked_anew_on__gt=day)

    def with_status(self, day: date) -> EarlierAnswerQuerySet:
        """``status_then``, as for the answers that count today."""
        return self.annotate(status_then=status_then(day))


@pghistory.track()
class EarlierAnswer(models.Model):
    """What a municipality had answered before it was asked anew (R25): it stands for the days before that."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="earlier")
    adoption = models.OneToOneField(Adoption, models.PROTECT, related_name="earlier_answer")
    withdrawal = models.OneToOneField(
        Adoption, models.PROTECT, null=True, blank=True, related_name="withdrawn_earlier",
        verbose_name=_("decision to leave"),
    )  # fmt: skip
    leaves_by_no = models.BooleanField(_("left at a gate"), default=False)
    invited_on = models.DateField(_("invited"))
    asked_anew_on = models.DateField(_("asked anew"))
    joins_on = models.DateField(_("takes part from"), null=True, blank=True)
    leaves_on = models.DateField(_("last day"), null=True, blank=True)
    interest = models.CharField(_("interest"), max_length=10, choices=Participation.Interest, blank=True)
    interest_on = models.DateField(_("signal given"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = EarlierAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier answer")
        ordering = ["asked_anew_on", "pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="stands", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                name="earlier_answer_was_asked_before",
                condition=models.Q(asked_anew_on__gte=models.F("invited_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} {self.asked_anew_on}"

    @property
    def status(self) -> Status:
        """What it had come to when the municipality was asked anew."""
        return answered(self, self.asked_anew_on)
