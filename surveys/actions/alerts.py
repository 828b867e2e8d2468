"""Alerts of contracts that remember: raised once for each day, caught up with, told by one e-mail a day (4.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Appointment, Organisation, Role
from surveys.contract_days import alerts_due
from surveys.exits import TERMS
from surveys.models import ContractAlert, Inventory, SystemUse

RIGHT = "governance.edit_inventory"
KIND = "surveys.contract_alerts"
BATCH = 1000

Key = tuple[Any, str, Any]


@transaction.atomic
def raise_alerts(inventories: Iterable[Inventory] | None = None) -> int:
    """Every alert that should stand today and does not; those that hold no longer are closed.

    A day that somebody has dealt with is not told again. What an IT collaboration runs is told to the IT collaboration.
    """
    uses = SystemUse.objects.counted().systems().filter(through=None)
    alerts = ContractAlert.objects.all()
    if inventories is not None:
        uses, alerts = uses.filter(inventory__in=inventories), alerts.filter(use__inventory__in=inventories)
    today = timezone.localdate()
    due = {
        (row["pk"], kind.value, day): days
        for row in uses.exclude(gone_on__lte=today).values("pk", *TERMS).iterator(chunk_size=BATCH)
        for kind, day, days in alerts_due(row, today)
    }
    raised: dict[Key, set[int]] = defaultdict(set)
    for use, kind, day, days in alerts.values_list("use_id", "kind", "due_on", "days"):
        raised[use, kind, day].add(days)
    settled = set(alerts.exclude(handled_at=None).values_list("use_id", "kind", "due_on"))
    fresh = [key for key, days in due.items() if key not in settled and days not in raised[key]]
    ContractAlert.objects.bulk_create(
        [ContractAlert(use_id=key[0], kind=key[1], due_on=key[2], days=due[key]) for key in fresh],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    _close([one for one in alerts.open().select_for_update(of=["self"]) if not _stands(one, due)])
    _open_again(alerts, due, settled)
    return len(fresh)


def contract_changed(inventory: Inventory) -> None:
    """Something in the list is another: alerts that were true a moment ago are looked at again."""
    if ContractAlert.objects.filter(use__inventory=inventory, handled_at=None).exists():
        raise_alerts([inventory])


@transaction.atomic
def handle(*, alert: ContractAlert, note: str = "", by: Any) -> ContractAlert:
    """«Håndtert»: the municipality has done what there was to do, and is not told of that day again."""
    alert = ContractAlert.objects.select_for_update(of=["self"]).select_related(
        "use__inventory__municipality"
    ).get(pk=alert.pk)  # fmt: skip
    require(by, RIGHT, on=alert.use.inventory.municipality)
    if alert.handled_at is not None:
        raise NotAllowedNow(_("Somebody has dealt with this alert already. Look at the list again."))
    alert.handled_at, alert.handled_by, alert.note = timezone.now(), by, note.strip()
    alert.save(update_fields=["handled_at", "handled_by", "note"])
    return alert


@transaction.atomic
def tell_it_leaders() -> list[Job]:
    """One e-mail a day to each IT leader with what is new; who was written to today hears the rest tomorrow."""
    today = timezone.localdate()
    new = ContractAlert.objects.open().filter(told_on=None).select_for_update(of=["self"])
    by_place: dict[int, list[Any]] = defaultdict(list)
    for pk, place in new.values_list("pk", "use__inventory__municipality_id"):
        by_place[place].append(pk)
    leaders = Appointment.objects.active().filter(role=Role.IT_LEADER, organisation__in=by_place)
    by_person: dict[int, list[int]] = defaultdict(list)
    for appointment in leaders.exclude(person__email="").order_by("person_id", "pk"):
        assert appointment.organisation_id is not None
        by_person[appointment.person_id].append(appointment.organisation_id)
    asked, told = [], set()
    for person, places in by_person.items():
        key = f"{KIND}:{person}:{today}"
        if Job.objects.filter(key=key).exists():
            continue
        alerts = [pk for place in places for pk in by_place[place]]
        asked.append(jobs.ask(KIND, places[0], by=None, arguments={"person": person, "alerts": alerts}, key=key))
        told.update(alerts)
    ContractAlert.objects.filter(pk__in=told).update(told_on=today)
    return asked


def municipality_of(subject: str) -> Organisation:
    return Organisation.objects.get(pk=subject)


def _stands(alert: ContractAlert, due: dict[Key, int]) -> bool:
    return due.get((alert.use_id, alert.kind, alert.due_on)) == alert.days


def _close(alerts: list[ContractAlert]) -> None:
    ContractAlert.objects.filter(pk__in=[one.pk for one in alerts]).update(closed_on=timezone.localdate())


def _open_again(alerts: Any, due: dict[Key, int], settled: set[Key]) -> None:
    """A contract that says again what it said before has its alert back."""
    closed = alerts.filter(handled_at=None).exclude(closed_on=None)
    back = [
        one.pk for one in closed if _stands(one, due) and (one.use_id, one.kind, one.due_on) not in settled
    ]  # fmt: skip
    ContractAlert.objects.filter(pk__in=back).update(closed_on=None, told_on=None)
