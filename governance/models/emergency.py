from __future__ import annotations

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.collaborations import Collaboration

# It ends by itself (security.md §7, rule 3).
LASTS = timedelta(minutes=30)
SHORTEST_REASON = 20


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def open(self) -> EmergencyAccessQuerySet:
        """Those that show something: whoever no longer runs the installation sees nothing by them."""
        now = timezone.now()
        lasting = self.filter(ended_at=None, opened_at__lte=now, until__gt=now)
        return lasting.filter(opened_by__is_active=True, opened_by__is_staff=True)


@pghistory.track()
class EmergencyAccess(models.Model):
    """Whoever runs the installation reads a collaboration for half an hour, with a reason, told to its secretariat.

    It shows what is open in the collaboration: nothing exempt, no single answers, and it changes nothing.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="emergency_accesses")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    ended_at = models.DateTimeField(_("ended before time"), null=True, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        ordering = ["-opened_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="emergency_access_is_short",
                condition=Q(until__gt=F("opened_at"), until__lte=F("opened_at") + LASTS),
            ),
            models.CheckConstraint(name="emergency_access_has_a_reason", condition=Q(reason__regex=r"\S.{18,}\S")),
        ]
        triggers = [
            locks.never_deleted(),
            locks.keeps(
                ("collaboration_id", "opened_by_id", "opened_at", "until", "reason"), name="stays_as_it_was_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collaboration}: {self.opened_by}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.opened_at <= timezone.now() < self.until
