"""Setting what the municipalities of a collaboration see of each other's systems (rule 9)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Agreement, Collaboration
from surveys.models import SharingRule

# It follows from the agreement, which the secretariat keeps; who imports surveys does not decide on it.
RIGHT = "governance.manage_collaboration"
BEYOND = ("costs", "operation", "users", "fit")


@transaction.atomic
def set_sharing(
    *,
    collaboration: Collaboration,
    version: int | None = None,
    agreement: Agreement | None = None,
    costs: bool = False,
    operation: bool = False,
    users: bool = False,
    fit: bool = False,
    integrations: bool = True,
    by: Any,
) -> SharingRule:
    """What the agreement says is shared; without an agreement no more than what always is."""
    require(by, RIGHT, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    rule = SharingRule.objects.filter(collaboration=collaboration).first() or SharingRule(
        collaboration=collaboration, version=0
    )
    if not rule._state.adding:
        check_version(rule, version)
    if agreement is not None and agreement.collaboration_id != collaboration.pk:
        raise NotAllowedNow(_("Choose an agreement of this collaboration."))
    if agreement is None and (costs or operation or users or fit):
        raise NotAllowedNow(_("Say which agreement it is decided in. Without one, no more than this is shared."))
    rule.agreement, rule.costs, rule.operation = agreement, costs, operation
    rule.users, rule.fit, rule.integrations = users, fit, integrations
    rule.version += 1
    rule.save()
    return rule
