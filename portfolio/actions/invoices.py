"""Taking out a basis for invoices: an act that is written down, since the amounts leave the portal with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, holds
from digivesteralen.audit.log import record
from governance.models import Collaboration, Duty, Organisation
from portfolio import invoices
from portfolio.actions.shares import up_to_date

ALL, OWN, AUDIT = "governance.manage_portfolio", "governance.view_organisation", "governance.export_all"


def reads_all(user: Any, collaboration: Collaboration) -> bool:
    """The secretariat, which invoices, and the auditor, who controls it."""
    return holds(user, ALL, collaboration) or holds(user, AUDIT, collaboration)


@transaction.atomic
def take_out(
    *, collaboration: Collaboration, year: int, organisation: Organisation | None = None, by: Any
) -> tuple[Duty, Sequence[invoices.Line]]:
    """A municipality's own people take out its own, the secretariat and the auditor all.

    Refused while nobody keeps the accounts.
    """
    if not (reads_all(by, collaboration) or (organisation and holds(by, OWN, organisation))):
        raise PermissionDenied(ALL)
    duty = invoices.keeper(collaboration)
    if duty is None:
        raise NotAllowedNow(
            _(
                "No municipality keeps the accounts of %(collaboration)s, so nobody can send invoices. "
                "Register the duty «keeps the accounts» first."
            )
            % {"collaboration": collaboration}
        )
    up_to_date(collaboration)
    lines = invoices.lines(collaboration, year, organisation)
    told = {"year": year, "lines": len(lines), "municipality": organisation.number if organisation else ""}
    record("invoice_basis_made", by=by, on=collaboration, detail=told)
    return duty, lines
