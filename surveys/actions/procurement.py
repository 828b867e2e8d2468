"""What is said about buying: how long it takes, and what a municipality buys by itself (K5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation
from surveys.models import Area, OwnPurchase, ProcurementHabits

LEAD_RIGHT = "governance.manage_portfolio"
OWN_RIGHT = "governance.answer_surveys"


@transaction.atomic
def change_lead_time(
    *, collaboration: Collaboration, version: int | None, lead_months: int, by: Any
) -> ProcurementHabits:
    """Another time from the start of a procurement until the system is in use; all windows follow at once."""
    require(by, LEAD_RIGHT, on=collaboration)
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    habits: ProcurementHabits = ProcurementHabits.objects.of(collaboration)
    check_version(habits, version)
    habits.lead_months = lead_months
    habits.version += 1
    habits.save()
    return habits


@transaction.atomic
def plan_own_purchase(
    *,
    municipality: Organisation,
    area: Area,
    title: str,
    signs_on: date,
    note: str = "",
    example: bool = False,
    by: Any,
) -> OwnPurchase:
    """«Vi kjøper selv»: the others see it beside the window that the municipality could have joined."""
    require(by, OWN_RIGHT, on=municipality)
    _says_what(title)
    return OwnPurchase.objects.create(
        municipality=municipality, area=area, title=title.strip(), signs_on=signs_on, note=note, example=example
    )


@transaction.atomic
def change_own_purchase(
    *, purchase: OwnPurchase, version: int | None, area: Area, title: str, signs_on: date, note: str = "", by: Any
) -> OwnPurchase:
    purchase = _locked(purchase, version, by)
    _says_what(title)
    purchase.area, purchase.title, purchase.signs_on, purchase.note = area, title.strip(), signs_on, note
    return _saved(purchase)


@transaction.atomic
def end_own_purchase(*, purchase: OwnPurchase, version: int | None, by: Any) -> OwnPurchase:
    """The contract is signed, or the purchase is given up: it warns nobody any more, and stays in the list."""
    purchase = _locked(purchase, version, by)
    if purchase.ended_on is not None:
        raise NotAllowedNow(_("The purchase is over already. Register a new one if the municipality buys again."))
    purchase.ended_on = timezone.localdate()
    return _saved(purchase)


def _says_what(title: str) -> None:
    if not title.strip():
        raise NotAllowedNow(_("Say what the municipality is about to buy."))


def _locked(purchase: OwnPurchase, version: int | None, by: Any) -> OwnPurchase:
    found: OwnPurchase = (
        OwnPurchase.objects.select_for_update(of=["self"]).select_related("municipality").get(pk=purchase.pk)
    )
    require(by, OWN_RIGHT, on=found.municipality)
    check_version(found, version)
    return found


def _saved(purchase: OwnPurchase) -> OwnPurchase:
    purchase.version += 1
    purchase.save()
    return purchase
