from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import Agreement, Collaboration


class SharingRuleQuerySet(models.QuerySet["SharingRule"]):
    def of(self, collaboration: Collaboration) -> SharingRule:
        """As registered, else what always holds: system, supplier and the days of the contract, never the price."""
        return self.filter(collaboration=collaboration).first() or SharingRule(collaboration=collaboration)


@pghistory.track()
class SharingRule(models.Model):
    """What the municipalities of a collaboration see of each other's systems, as their agreement says (rule 9).

    Area, system, supplier and contract dates are always shared. A cost is shown only where the rule says so and the
    municipality has ticked it for that system. Matters of security (criticality, DPIA, remarks) are never shared.
    """

    collaboration = models.OneToOneField(Collaboration, models.PROTECT, related_name="sharing_rule")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed in")
    )
    costs = models.BooleanField(_("costs, where the municipality has said yes for the system"), default=False)
    operation = models.BooleanField(_("version, hosting and who operates it"), default=False)
    users = models.BooleanField(_("number of users"), default=False)
    fit = models.BooleanField(_("how well it fits, and planned replacement"), default=False)
    integrations = models.BooleanField(_("readiness for national solutions"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = SharingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing rule")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.collaboration)
