from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from surveys.models.inventory import Inventory, SystemUse


class ContractAlertQuerySet(models.QuerySet["ContractAlert"]):
    def visible_to(self, user: Any) -> ContractAlertQuerySet:
        """The municipality's own: days of notice are no business of others before they are shared."""
        return self.filter(use__inventory__in=Inventory.objects.editable_by(user))

    def open(self) -> ContractAlertQuerySet:
        return self.filter(handled_at=None, closed_on=None)

    def of(self, municipality: Organisation) -> ContractAlertQuerySet:
        return self.filter(use__inventory__municipality=municipality)


@pghistory.track()
class ContractAlert(models.Model):
    """That a day in a contract is near, and whether anybody has been told: a row, so that no day is missed (4.3).

    Raised when the day is ``days`` away or nearer, also when the portal stood still meanwhile; once for each day and
    distance. Closed when the contract says another day, or a nearer alert of the same day has taken its place.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", _("last day to give notice")
        RENEWAL = "renewal", _("the contract renews itself")
        END = "end", _("the contract ends")

    use = models.ForeignKey(SystemUse, models.CASCADE, related_name="alerts")
    kind = models.CharField(_("what happens"), max_length=7, choices=Kind)
    due_on = models.DateField(_("day"))
    days = models.PositiveSmallIntegerField(_("days before"))
    raised_at = models.DateTimeField(_("raised"), db_default=Now(), editable=False)
    handled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    handled_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    told_on = models.DateField(_("sent by e-mail"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("no longer holds since"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ContractAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert of a contract")
        verbose_name_plural = _("alerts of contracts")
        ordering = ["due_on", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["use", "kind", "due_on", "days"], name="alert_once"),
            models.CheckConstraint(
                name="alert_dealt_with_by_somebody",
                condition=Q(handled_at=None, handled_by=None) | Q(handled_at__isnull=False, handled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use}: {self.get_kind_display()} {self.due_on}"

    @property
    def example(self) -> bool:
        return self.use.example
