from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import locks
from governance.models.bodies import Body
from governance.models.cases import Case


class ForwardingQuerySet(models.QuerySet["Forwarding"]):
    def visible_to(self, user: Any) -> ForwardingQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


@pghistory.track()
class Forwarding(models.Model):
    """A treated case that went on to another body: one in the portal, or one outside it (X5, «til fylkesstyret»)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="forwardings")
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="received", verbose_name=_("body in the portal")
    )
    receiver = models.CharField(_("receiver outside the portal"), max_length=200, blank=True)
    sent_on = models.DateField(_("forwarded on"), default=timezone.localdate)
    note = models.TextField(_("what is asked of the receiver"), blank=True)
    received_as = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="forwarded_from", verbose_name=_("case there")
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ForwardingQuerySet.as_manager()
    seen = False  # whether the reader may see the case there; told by the page

    class Meta:
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        ordering = ["sent_on", "pk"]
        default_permissions = ()
        triggers = [locks.never_deleted()]
        constraints = [
            models.CheckConstraint(
                name="forwarding_has_one_receiver",
                condition=(Q(body=None, received_as=None) & ~Q(receiver=""))
                | Q(body__isnull=False, received_as__isnull=False, receiver=""),
                violation_error_message=_("Choose a body in the portal, or write the name of one outside it."),
            ),
            models.UniqueConstraint(
                fields=["case", "body"], condition=Q(body__isnull=False), name="forwarding_once_a_body"
            ),
            models.UniqueConstraint(
                fields=["case", "receiver"], condition=~Q(receiver=""), name="forwarding_once_a_receiver"
            ),
            models.CheckConstraint(
                name="forwarding_answer_has_a_day",
                condition=Q(answer="", answered_on=None)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_on__gte=models.F("sent_on"))),
                violation_error_message=_("Write both the answer and its day, on or after the day it was forwarded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.to}"

    @property
    def to(self) -> str:
        """The name of the body that received the case."""
        return str(self.body) if self.body else self.receiver

    @property
    def draft_key(self) -> str:
        """What the browser keeps an unsaved text under."""
        return f"forwarding-{self.pk}"
