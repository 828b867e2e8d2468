"""IT collaborations: whom they cover, and their systems as copies in the covered municipalities (A18, S7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.actions import people
from governance.models import Appointment, Collaboration, Organisation, Person, Role
from surveys.actions.rows import answer_again, changed, drop_overtaken, set_integrations
from surveys.models import Coverage, Inventory, SystemUse

RIGHT = "governance.manage_collaboration"
KIND = Organisation.Kind.IT_COLLABORATION
# A price for all is no price of one; and whom a row was copied from is told where it was copied.
OWN_MATTER = {"annual_cost", "shares_cost", "same_as_id"}
FOLLOWS = ("area_id", "product_id", "example", *(name for name in SystemUse.SAID if name not in OWN_MATTER))


@transaction.atomic
def register_it_collaboration(
    *,
    collaboration: Collaboration,
    name: str,
    municipalities: Sequence[Organisation],
    since: date,
    example: bool = False,
    by: Any,
) -> Organisation:
    """An IT collaboration that some of the members have, and from when it covers them. It is no member itself."""
    require(by, RIGHT, on=collaboration)
    if not municipalities:
        raise NotAllowedNow(_("Choose at least one municipality."))
    if of(collaboration).filter(name__iexact=name.strip()).exists():
        raise NotAllowedNow(_("«%(name)s» is registered already. Open it, and add the municipality there.") % {
            "name": name.strip()
        })  # fmt: skip
    made = Organisation.objects.create(kind=KIND, name=name.strip(), legal_entity=False, example=example)
    Inventory.objects.create(municipality=made, example=example)
    for municipality in municipalities:
        cover(collaboration=collaboration, it_collaboration=made, municipality=municipality, since=since, by=by)
    return made


@transaction.atomic
def cover(
    *,
    collaboration: Collaboration,
    it_collaboration: Organisation,
    municipality: Organisation,
    since: date,
    until: date | None = None,
    by: Any,
) -> Coverage:
    """From a day on a member is covered; the systems of the IT collaboration stand in its list in that time."""
    require(by, RIGHT, on=collaboration)
    _is_member(collaboration, municipality)
    Organisation.objects.select_for_update(no_key=True).get(pk=it_collaboration.pk, kind=KIND)
    if until is not None and until < since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    same = Coverage.objects.filter(Q(until=None) | Q(until__gte=since), it_collaboration=it_collaboration)
    if until is not None:
        same = same.filter(since__lte=until)
    if same.filter(municipality=municipality).exists():
        raise NotAllowedNow(
            _("%(municipality)s is in %(it)s in that time already. End that period first.")
            % {"municipality": municipality, "it": it_collaboration}
        )
    made = Coverage.objects.create(
        it_collaboration=it_collaboration, municipality=municipality, since=since, until=until
    )
    follow(_inventory(it_collaboration))
    return made


@transaction.atomic
def end_coverage(*, collaboration: Collaboration, coverage: Coverage, until: date, by: Any) -> Coverage:
    """The last day of a municipality in an IT collaboration; the day after, the copies are gone from its list."""
    require(by, RIGHT, on=collaboration)
    _is_member(collaboration, coverage.municipality)
    coverage = Coverage.objects.select_for_update(of=["self"]).select_related("it_collaboration").get(pk=coverage.pk)
    if until < coverage.since:
        raise NotAllowedNow(_("The last day must be on or after the first."))
    coverage.until = until
    coverage.save(update_fields=["until"])
    follow(_inventory(coverage.it_collaboration))
    return coverage


@transaction.atomic
def appoint_leader(
    *, collaboration: Collaboration, it_collaboration: Organisation, person: Person, since: date | None = None, by: Any
) -> Appointment:
    """Who keeps the IT collaboration's list: nobody but its own IT leader changes it."""
    require(by, RIGHT, on=collaboration)
    if not of(collaboration).filter(pk=it_collaboration.pk).exists():
        raise NotAllowedNow(_("%(it)s covers no member of %(collaboration)s.") % {
            "it": it_collaboration, "collaboration": collaboration
        })  # fmt: skip
    active = Appointment.objects.active().filter(organisation=it_collaboration, role=Role.IT_LEADER)
    if active.filter(person=person).exists():
        raise NotAllowedNow(_("%(person)s is IT leader there already.") % {"person": person})
    return people.give_role(person=person, role=Role.IT_LEADER, at=it_collaboration, since=since, by=by)


def of(collaboration: Collaboration) -> Any:
    """The IT collaborations that cover, or have covered, a member."""
    covering = Coverage.objects.filter(municipality__in=collaboration.sharing())
    return Organisation.objects.filter(kind=KIND, pk__in=covering.values("it_collaboration"))


@transaction.atomic
def follow(inventory: Inventory, day: date | None = None) -> None:
    """Bring the copies of an IT collaboration's systems up to date with it, in all that it covers that day."""
    covered = Coverage.objects.on(day).filter(it_collaboration=inventory.municipality_id).values("municipality")
    ended = SystemUse.objects.filter(through__inventory=inventory).exclude(inventory__municipality__in=covered)
    lists = list(Inventory.objects.filter(uses__in=ended).distinct())
    ended.delete()
    for left in lists:
        answer_again(left)
        changed(left)
    rows = _rows(inventory)
    for own in _inventories(covered):
        _mirror(rows, own, inventory)


@transaction.atomic
def follow_into(own: Inventory, day: date | None = None) -> None:
    """Bring one municipality's copies up to date with all that cover it: those that ended go, those that began come."""
    covering = Coverage.objects.on(day).filter(municipality=own.municipality_id).values("it_collaboration")
    ended = own.uses.exclude(through=None).exclude(through__inventory__municipality__in=covering)
    if ended.exists():
        ended.delete()
        answer_again(own)
        changed(own)
    for inventory in Inventory.objects.filter(municipality__in=covering).order_by("pk"):
        _mirror(_rows(inventory), own, inventory)


@transaction.atomic
def bring_up_to_date(municipalities: Any, day: date | None = None) -> None:
    """Coverages that began or ended since the last time: each night, and whoever looks first in the day."""
    covering = Coverage.objects.filter(municipality__in=municipalities).values("it_collaboration")
    for inventory in Inventory.objects.filter(municipality__in=covering).select_for_update().order_by("pk"):
        follow(inventory, day)


def up_to_date(collaboration: Collaboration) -> None:
    """Whoever looks first in the day sees to it that the copies are those of the day (as in rule 6)."""
    key = f"coverage:{collaboration.pk}:{timezone.localdate()}"
    if cache.add(key, 1, timeout=26 * 60 * 60):
        bring_up_to_date(collaboration.sharing())


def _mirror(rows: list[SystemUse], own: Inventory, source: Inventory) -> None:
    """One municipality's copies: what it has registered itself stands, and is not doubled."""
    own = Inventory.objects.select_for_update().get(pk=own.pk)
    standing = {(use.area_id, use.product_id): use for use in own.uses.counted()}
    copies = {
        use.through_id: use for use in own.uses.filter(through__inventory=source).prefetch_related("integrations")
    }
    wanted = [row for row in rows if _is_free(row, standing)]
    gone = set(copies) - {row.pk for row in wanted}
    touched = bool(own.uses.filter(through__in=gone).delete()[0]) if gone else False
    if touched:
        answer_again(own)
    for row in wanted:
        touched |= _copy(row, copies.get(row.pk), own)
    if touched:
        drop_overtaken(own)
        changed(own)


def _is_free(row: SystemUse, standing: dict[tuple[int, int | None], SystemUse]) -> bool:
    other = standing.get((row.area_id, row.product_id))
    return other is None or other.through_id == row.pk


def _copy(row: SystemUse, copy: SystemUse | None, own: Inventory) -> bool:
    """Make or mend one copy; answers whether it was needed."""
    said = {name: getattr(row, name) for name in FOLLOWS}
    states = {one.solution_id: one.state for one in row.integrations.all()}
    if copy is None:
        copy = SystemUse.objects.create(inventory=own, through=row, **said)
        set_integrations(copy, states)
        return True
    if all(getattr(copy, name) == value for name, value in said.items()):
        return set_integrations(copy, states)
    for name, value in said.items():
        setattr(copy, name, value)
    copy.version += 1
    copy.save()
    set_integrations(copy, states)
    return True


def _rows(inventory: Inventory) -> list[SystemUse]:
    return list(inventory.uses.counted().systems().prefetch_related("integrations").order_by("pk"))


def _inventory(it_collaboration: Organisation) -> Inventory:
    """Locked, so that two changes do not make the same copies."""
    inventory, _new = Inventory.objects.get_or_create(municipality=it_collaboration)
    return Inventory.objects.select_for_update().get(pk=inventory.pk)


def _inventories(municipalities: Any) -> list[Inventory]:
    missing = Organisation.objects.filter(pk__in=municipalities, inventory=None)
    Inventory.objects.bulk_create([Inventory(municipality=place) for place in missing], ignore_conflicts=True)
    return list(Inventory.objects.filter(municipality__in=municipalities).order_by("pk"))


def _is_member(collaboration: Collaboration, municipality: Organisation) -> None:
    if not collaboration.sharing().filter(pk=municipality.pk).exists():
        raise NotAllowedNow(
            _("%(municipality)s is not a member of %(collaboration)s.")
            % {"municipality": municipality, "collaboration": collaboration}
        )
