"""The lines of an inventory in a round: still right, or corrected (surveys.md 8.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Membership, Organisation
from surveys.actions.rows import open_draft
from surveys.models import Confirmation, ConfirmationRound, Inventory, ServiceArea, SystemUse

EDIT = "governance.edit_inventory"


@transaction.atomic
def confirm(*, round: ConfirmationRound, use: SystemUse, by: Any) -> None:
    """«Still right»: the line stands as it did."""
    _still_right(round, use.inventory, SystemUse.objects.filter(pk=use.pk), by)


@transaction.atomic
def confirm_group(*, round: ConfirmationRound, inventory: Inventory, group: ServiceArea, by: Any) -> int:
    """All lines of a service area that nobody has looked over yet are still right; answers how many they were."""
    return _still_right(round, inventory, SystemUse.objects.filter(area__service_area=group), by)


def note_corrected(use: SystemUse, *, by: Any) -> None:
    """What was written in an open round counts as looked over there."""
    for one in open_for(use.inventory.municipality):
        Confirmation.objects.update_or_create(
            round=one,
            use=use,
            defaults={
                "municipality": use.inventory.municipality,
                "outcome": Confirmation.Outcome.CORRECTED,
                "by": by,
                "at": timezone.now(),
            },
        )


def open_for(municipality: Organisation) -> Any:
    """The rounds that are open today in the collaborations the municipality is a member of."""
    memberships = Membership.objects.active().filter(organisation=municipality)
    return ConfirmationRound.objects.open_on(timezone.localdate()).filter(collaboration__memberships__in=memberships)


def _still_right(round: ConfirmationRound, inventory: Inventory, lines: Any, by: Any) -> int:
    require(by, EDIT, on=inventory.municipality)
    inventory = open_draft(inventory)
    if not open_for(inventory.municipality).filter(pk=round.pk).exists():
        raise NotAllowedNow(_("The round is closed. What stands in the list stands."))
    left = lines.filter(inventory=inventory, awaits=None, through=None).exclude(confirmations__round=round)
    made = Confirmation.objects.bulk_create(_confirmations(round, inventory, left, by), ignore_conflicts=True)
    return len(made)


def _confirmations(
    round: ConfirmationRound, inventory: Inventory, uses: Iterable[SystemUse], by: Any
) -> list[Confirmation]:
    same = Confirmation.Outcome.SAME
    return [
        Confirmation(round=round, municipality=inventory.municipality, use=use, outcome=same, by=by) for use in uses
    ]
