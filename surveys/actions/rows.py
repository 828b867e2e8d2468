"""What every verb that writes in an inventory does to its rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from surveys.actions import alerts
from surveys.models import Integration, Inventory, SystemUse

# What goes with a row is taken away just before it, in the same transaction.
SAME_MOMENT = timedelta(seconds=5)


def open_draft(inventory: Inventory) -> Inventory:
    """The inventory, locked, and open for changes."""
    locked = Inventory.objects.select_for_update(of=["self"]).select_related("municipality")
    inventory = locked.get(pk=inventory.pk)
    if not inventory.is_draft:
        raise NotAllowedNow(_("The inventory is submitted. Open it for changes first."))
    return inventory


def changed(inventory: Inventory) -> None:
    """Something in the list is another than a moment ago: a previewed import looks again before it writes."""
    Inventory.objects.filter(pk=inventory.pk).update(revision=F("revision") + 1)
    alerts.contract_changed(inventory)


def drop_overtaken(inventory: Inventory) -> list[str]:
    """«No system» does not stand beside a system in the same area; answers with the ids of what was taken away."""
    counted = inventory.uses.counted()
    overtaken = counted.exclude(answer="system").filter(area__in=counted.systems().values("area"))
    dropped = [str(pk) for pk in overtaken.values_list("pk", flat=True)]
    overtaken.delete()
    return dropped


def answer_again(inventory: Inventory) -> None:
    """«No system», which gave way to a copy, is the municipality's own answer again when the copies are gone."""
    events = _events(SystemUse).filter(inventory_id=inventory.pk)
    last = events.filter(through_id=None, awaits_id=None).order_by("area_id", "-pgh_id").distinct("area_id")
    answered = set(inventory.uses.counted().values_list("area_id", flat=True))
    for event in last:
        if event.pgh_label != "delete" or event.answer == SystemUse.Answer.SYSTEM or event.area_id in answered:
            continue
        copies = events.filter(area_id=event.area_id, pgh_id__lt=event.pgh_id).exclude(through_id=None)
        newest = copies.order_by("-pgh_id").first()
        gave_way = newest is not None and newest.pgh_label != "delete"
        if gave_way and (use := as_it_was(event.pgh_obj_id, inventory)):
            use.save(force_insert=True)


def as_it_was(pk: Any, inventory: Inventory) -> SystemUse | None:
    """A removed row as the history keeps it, not saved yet; None when it was never there or stands there again.

    A system that was merged into another meanwhile comes back as the one that was kept.
    """
    event = _removal(pk, inventory)
    if event is None or SystemUse.objects.filter(pk=pk).exists():
        return None
    use = SystemUse(**{field.attname: getattr(event, field.attname) for field in SystemUse._meta.concrete_fields})
    while use.product and use.product.merged_into_id:
        use.product = use.product.merged_into
    if use.same_as_id and not SystemUse.objects.filter(pk=use.same_as_id).exists():
        use.same_as_id = None
    use.version += 1
    return use


def integrations_as_they_were(use: SystemUse) -> list[Integration]:
    """What was said about national solutions and went with the row that was taken away; not saved yet."""
    removal, events = _removal(use.pk, use.inventory), _events(Integration)
    moment = (removal.pgh_created_at - SAME_MOMENT, removal.pgh_created_at)
    gone = events.filter(use_id=use.pk, pgh_label="delete", pgh_created_at__range=moment)
    return [Integration(use=use, solution_id=one.solution_id, state=one.state) for one in gone]


def set_integrations(use: SystemUse, states: dict[int, str]) -> bool:
    """What is said about each national solution: exactly this; answers whether anything became another."""
    standing = {one.solution_id: one for one in use.integrations.all()}
    if {pk: one.state for pk, one in standing.items()} == states:
        return False
    use.integrations.exclude(solution__in=states).delete()
    for solution, state in states.items():
        if solution not in standing:
            Integration.objects.create(use=use, solution_id=solution, state=state)
        elif standing[solution].state != state:
            standing[solution].state = state
            standing[solution].save(update_fields=["state"])
    return True


def _removal(pk: Any, inventory: Inventory) -> Any:
    removals = _events(SystemUse).filter(pgh_obj_id=pk, pgh_label="delete", inventory_id=inventory.pk)
    return removals.order_by("-pgh_created_at").first()


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects
