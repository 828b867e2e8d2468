"""Whether an agreement can be ended: nobody ends it for its parties while it is in force (rule 1)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Adoption, Agreement


def why_not_ended(agreement: Agreement) -> str:
    """Why the agreement can't be ended today; nothing when its period is over, or nobody is bound any longer."""
    today = timezone.localdate()
    if agreement.state != Agreement.State.SENT:
        return _("Only an agreement that has been sent can be ended.")
    if not agreement.is_in_force(today):
        return ""
    waits = [str(answer.organisation) for answer in agreement.acceded if not _dissolves_it(agreement, answer)]
    if not waits:
        return ""
    return _(
        "The agreement is in force, and no one ends it for its parties. Ask them to dissolve it, or wait until its"
        " period is over. Not decided by: %(names)s."
    ) % {"names": ", ".join(waits)}


def _dissolves_it(agreement: Agreement, answer: Adoption) -> bool:
    own = Adoption.objects.yes().filter(dissolves=agreement.root, organisation=answer.organisation_id)
    return own.filter(decided_on__gte=answer.decided_on).exists()
