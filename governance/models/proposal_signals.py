from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import locks
from governance.models.organisations import Organisation, Region
from governance.models.proposals import Proposal


@pghistory.track()
class ProposalSignal(models.Model):
    """What a region or a municipality says it thinks of a proposal; binds nobody and is no decision (J5, R23)."""

    class Stance(models.TextChoices):
        INTERESTED = "interested", pgettext_lazy("signal", "interested (not binding)")
        WAITS = "waits", pgettext_lazy("signal", "waits and sees")
        NOT_INTERESTED = "not_interested", pgettext_lazy("signal", "not interested")

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="signals")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="signals", verbose_name=_("municipality")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="signals", verbose_name=_("region")
    )
    stance = models.CharField(_("signal"), max_length=14, choices=Stance)
    note = models.CharField(_("note or source"), max_length=200, blank=True)
    given_on = models.DateField(_("given"), default=timezone.localdate)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    on_behalf = models.BooleanField(_("registered by the secretariat"), default=False)
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("signal")
        ordering = ["region__name", "organisation__sort_key", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="signal_from_one",
                condition=Q(organisation=None, region__isnull=False) | Q(organisation__isnull=False, region=None),
                violation_error_message=_("Choose a region or a municipality."),
            ),
            models.UniqueConstraint(
                fields=["proposal", "organisation", "region"], nulls_distinct=False, name="signal_once_each"
            ),
        ]
        triggers = [locks.never_deleted()]

    def __str__(self) -> str:
        return f"{self.sender}: {self.get_stance_display()}"

    @property
    def sender(self) -> Organisation | Region:
        sender = self.organisation or self.region
        assert sender is not None
        return sender
