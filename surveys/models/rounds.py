from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Organisation
from surveys.models.inventory import SystemUse


class ConfirmationRoundQuerySet(models.QuerySet["ConfirmationRound"]):
    def visible_to(self, user: Any) -> ConfirmationRoundQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))

    def open_on(self, day: Any) -> ConfirmationRoundQuerySet:
        return self.filter(opens_on__lte=day, closed_on=None)


@pghistory.track()
class ConfirmationRound(models.Model):
    """The yearly round in which IT leaders confirm or correct each line of the own inventory (surveys.md 8.4)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="confirmation_rounds")
    title = models.CharField(_("title"), max_length=120)
    opens_on = models.DateField(_("opens"))
    answer_by = models.DateField(_("answer by"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    opened_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now, editable=False)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ConfirmationRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of confirmation")
        verbose_name_plural = _("rounds of confirmation")
        ordering = ["-opens_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="round_ends_after_start",
                condition=Q(answer_by__gte=F("opens_on")) & (Q(closed_on=None) | Q(closed_on__gte=F("opens_on"))),
                violation_error_message=_("The deadline must be on or after the first day."),
            ),
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(closed_on=None),
                name="one_open_round",
                violation_error_message=_("A round is open already. Close it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Confirmation(models.Model):
    """That a line of the inventory was looked over in a round: still right, or corrected."""

    class Outcome(models.TextChoices):
        SAME = "same", _("still right")
        CORRECTED = "corrected", _("corrected")

    round = models.ForeignKey(ConfirmationRound, models.PROTECT, related_name="confirmations")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    use = models.ForeignKey(SystemUse, models.CASCADE, related_name="confirmations")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("looked over"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "use"], name="confirmation_once_in_a_round")]

    def __str__(self) -> str:
        return f"{self.use}: {self.get_outcome_display()}"
