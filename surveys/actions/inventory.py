"""What a municipality's own people do with its inventory: fill in, copy, submit, confirm what others uploaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, allowed, check_version, require
from governance.models import Collaboration, Meeting, Membership, Organisation
from surveys import snapshots, uploads
from surveys.actions.catalogue import define_product, define_supplier
from surveys.actions.covering import follow, follow_into
from surveys.actions.looking_over import note_corrected
from surveys.actions.rows import (
    answer_again,
    as_it_was,
    changed,
    drop_overtaken,
    integrations_as_they_were,
    open_draft,
    set_integrations,
)
from surveys.models import Area, Coverage, Inventory, InventorySnapshot, Product, Review, SystemUse

EDIT, CONFIRM, REVIEW = "governance.edit_inventory", "governance.confirm_inventory", "governance.prepare_meetings"


class Details(TypedDict, total=False):
    """What stands under «More details», and the solutions that the system is connected to."""

    end_running: bool
    contract_type: str
    concluded_on: date | None
    binding_until: date | None
    notice_months: int | None
    notice_to: str
    options: int | None
    option_months: int | None
    renews_months: int | None
    annual_cost: Decimal | None
    shares_cost: bool
    function: str
    release: str
    hosting: str
    operation: str
    operated_by: str
    owner: str
    responsible: str
    users: int | None
    criticality: str
    availability: str
    personal_data: str
    dpia: str
    processing_agreement: str
    archive_duty: str
    introduced_on: date | None
    live_on: date | None
    phased_out_on: date | None
    gone_on: date | None
    business_fit: int | None
    technical_fit: int | None
    replacement_year: int | None
    planned_replacement: str
    remark: str
    example: bool
    same_as: SystemUse | None


def inventory_of(municipality: Organisation) -> Inventory:
    """The inventory of a municipality; an empty draft until somebody fills it in."""
    inventory, _new = Inventory.objects.get_or_create(municipality=municipality)
    return inventory


@transaction.atomic
def add_system(
    *,
    inventory: Inventory,
    area: Area,
    product: str,
    supplier: str = "",
    contract_end: date | None = None,
    end_unknown: bool = False,
    integrations: dict[int, str] | None = None,
    by: Any,
    **details: Unpack[Details],
) -> SystemUse:
    """Say that the municipality uses a system in an area. An earlier «no system» there no longer holds."""
    inventory = _own_draft(inventory, by)
    named = define_product(name=product, supplier=supplier, area=area, municipality=inventory.municipality, by=by)
    _refuse_twice(inventory, area, named)
    SystemUse.objects.counted().filter(inventory=inventory, area=area).exclude(answer="system").delete()
    use = SystemUse.objects.create(
        inventory=inventory,
        area=area,
        product=named,
        supplier=define_supplier(name=supplier, by=by) or named.supplier,
        contract_end=contract_end,
        end_unknown=end_unknown,
        **details,
    )
    set_integrations(use, integrations or {})
    _done(inventory, use, by)
    return use


@transaction.atomic
def change_system(
    *,
    use: SystemUse,
    version: int | None,
    area: Area,
    product: str,
    supplier: str = "",
    contract_end: date | None = None,
    end_unknown: bool = False,
    integrations: dict[int, str] | None = None,
    by: Any,
    **details: Unpack[Details],
) -> SystemUse:
    """Correct what was said about a system in use."""
    inventory = _own_draft(use.inventory, by)
    use = SystemUse.objects.counted().systems().select_for_update().get(pk=use.pk)
    _refuse_covered(use)
    check_version(use, version)
    named = define_product(name=product, supplier=supplier, area=area, municipality=inventory.municipality, by=by)
    _refuse_twice(inventory, area, named, but=use)
    if named.pk != use.product_id:
        use.same_as = None
    said: dict[str, Any] = {"area": area, "product": named, "supplier": define_supplier(name=supplier, by=by)}
    said |= {"contract_end": contract_end, "end_unknown": end_unknown, **details}
    for name, value in said.items():
        setattr(use, name, value)
    use.version += 1
    use.save()
    if integrations is not None:
        set_integrations(use, integrations)
    drop_overtaken(inventory)
    _done(inventory, use, by)
    return use


@transaction.atomic
def remove_system(*, use: SystemUse, version: int | None = None, by: Any) -> None:
    """Take an answer away; the history keeps it, so that it can be taken back."""
    inventory = _own_draft(use.inventory, by)
    use = SystemUse.objects.counted().select_for_update().get(pk=use.pk)
    _refuse_covered(use)
    check_version(use, version)
    followers = list(Inventory.objects.filter(uses__through=use))
    SystemUse.objects.counted().filter(pk=use.pk, inventory=inventory).delete()
    for following in followers:
        answer_again(following)
        changed(following)
    _done(inventory)


@transaction.atomic
def restore_system(*, inventory: Inventory, pk: Any, by: Any) -> SystemUse:
    """Take a removal back: the row as it stood, under the same id."""
    inventory = _own_draft(inventory, by)
    use = as_it_was(pk, inventory)
    if use is None or use.is_covered:
        raise NotAllowedNow(_("There is nothing to take back."))
    _refuse_twice(inventory, use.area, use.product)
    connected = integrations_as_they_were(use)
    use.save(force_insert=True)
    set_integrations(use, {one.solution_id: one.state for one in connected})
    _done(inventory, use, by)
    return use


@transaction.atomic
def copy_system(*, inventory: Inventory, like: SystemUse, by: Any) -> SystemUse:
    """«Same as Hadsel»: area, system and supplier; the own contract's end is not known from theirs."""
    assert like.product is not None
    return add_system(
        inventory=inventory,
        area=like.area,
        product=like.product.name,
        supplier=like.supplier.name if like.supplier else "",
        end_unknown=True,
        same_as=like,
        by=by,
    )


@transaction.atomic
def answer_area(*, inventory: Inventory, area: Area, answer: str, by: Any) -> SystemUse:
    """Say that there is no system in an area, or that the area is not relevant: an answer too, not a gap."""
    inventory = _own_draft(inventory, by)
    here = SystemUse.objects.counted().filter(inventory=inventory, area=area)
    if here.systems().exists():
        raise NotAllowedNow(_("Systems are registered in this area. Remove them first."))
    use, new = here.get_or_create(
        inventory=inventory, area=area, product=None, awaits=None, defaults={"answer": answer}
    )
    if not new and use.answer != answer:
        use.answer, use.version = answer, use.version + 1
        use.save(update_fields=["answer", "version"])
    _done(inventory, use, by)
    return use


@transaction.atomic
def submit(*, inventory: Inventory, version: int | None, by: Any) -> InventorySnapshot:
    """Hand the inventory in: the list is frozen as a spreadsheet, and the collaboration can go on with it."""
    inventory = _own_draft(inventory, by, CONFIRM)
    check_version(inventory, version)
    counted = SystemUse.objects.counted().filter(inventory=inventory)
    if not counted.exists():
        raise NotAllowedNow(_("The inventory is empty. Register at least one system before you submit it."))
    if SystemUse.objects.awaiting().filter(inventory=inventory).exists():
        raise NotAllowedNow(
            _("Somebody has uploaded systems on your behalf. Confirm or discard them before you submit.")
        )
    _move(inventory, Inventory.State.SUBMITTED, submitted_at=timezone.now(), submitted_by=by)
    return InventorySnapshot.objects.create(
        inventory=inventory,
        document=snapshots.freeze(inventory, by=by),
        systems=counted.systems().count(),
        taken_by=by,
    )


@transaction.atomic
def reopen(*, inventory: Inventory, version: int | None, by: Any) -> Inventory:
    """Take a submitted inventory back to draft; what was handed in stays as it was frozen."""
    _require(inventory, by, CONFIRM)
    inventory = Inventory.objects.select_for_update().get(pk=inventory.pk)
    check_version(inventory, version)
    if inventory.is_draft:
        raise NotAllowedNow(_("The inventory is already open for changes."))
    return _move(inventory, Inventory.State.DRAFT)


@transaction.atomic
def register_review(
    *,
    inventories: list[Inventory],
    kind: str,
    on: date,
    meeting: Meeting | None = None,
    meeting_name: str = "",
    present: str,
    by: Any,
) -> list[Review]:
    """One meeting goes through several municipalities' inventories: the working group, then the IT leaders (R30)."""
    _require_meetings(inventories, by)
    before = {Review.Kind.WORKING_GROUP: Inventory.State.SUBMITTED, Review.Kind.IT_LEADERS: Inventory.State.REVIEWED}
    locked = Inventory.objects.select_for_update(of=["self"]).select_related("municipality")
    reviews = []
    for inventory in locked.filter(pk__in=[one.pk for one in inventories]).order_by("pk"):
        if inventory.state != before[Review.Kind(kind)]:
            raise NotAllowedNow(
                _("%(municipality)s: this step comes after «%(state)s».")
                % {"municipality": inventory.municipality, "state": before[Review.Kind(kind)].label}
            )
        _move(inventory, kind)
        reviews.append(
            Review.objects.create(
                inventory=inventory,
                kind=kind,
                on=on,
                meeting=meeting,
                meeting_name=meeting_name,
                present=present,
                registered_by=by,
            )
        )
    return reviews


@transaction.atomic
def confirm_upload(*, inventory: Inventory, by: Any) -> int:
    """The municipality stands for what was uploaded on its behalf: from here on it counts (rule 9).

    What the upload says nothing about stays as the municipality has it, also what it has corrected since.
    """
    inventory = _own_draft(inventory, by, CONFIRM)
    waiting = list(SystemUse.objects.awaiting().filter(inventory=inventory).select_for_update())
    for use in waiting:
        use.inventory = inventory
    brought = uploads.brought(waiting)
    counted = {(use.area_id, use.product_id): use for use in inventory.uses.counted().select_for_update()}
    for use in waiting:
        standing = counted.get((use.area_id, use.product_id))
        if standing and standing.is_covered:
            use.delete()
        elif standing:
            uploads.write(use, standing, uploads.names_to_write(use, standing, brought[use.pk]))
            standing.version += 1
            set_integrations(standing, uploads.states_to_write(use, standing, brought[use.pk]))
            SystemUse.objects.filter(same_as=use).update(same_as=standing)
            use.delete()
            _save_together(standing)
    fresh = [use.pk for use in waiting if (use.area_id, use.product_id) not in counted]
    SystemUse.objects.filter(pk__in=fresh).update(awaits=None, shares_cost=False, version=F("version") + 1)
    drop_overtaken(inventory)
    _done(inventory)
    return len(waiting)


def _save_together(use: SystemUse) -> None:
    """What the upload says and what the municipality has said since may not fit together: then it says which."""
    try:
        with transaction.atomic():
            use.save()
    except IntegrityError:
        try:
            use.validate_constraints()
        except ValidationError as error:
            raise NotAllowedNow(
                _("%(row)s: the upload does not fit what you have said since. %(why)s Correct your own row first.")
                % {"row": use, "why": " ".join(error.messages)}
            ) from error
        raise


@transaction.atomic
def discard_upload(*, inventory: Inventory, by: Any) -> int:
    """The municipality does not stand for what was uploaded on its behalf: it is taken away, the history keeps it."""
    _require(inventory, by, CONFIRM)
    inventory = Inventory.objects.select_for_update().get(pk=inventory.pk)
    number, _models = SystemUse.objects.awaiting().filter(inventory=inventory).delete()
    changed(inventory)
    return number


def _done(inventory: Inventory, use: SystemUse | None = None, by: Any = None) -> None:
    """What follows from every change: previews look again, copies follow, and in a round the line is looked over."""
    changed(inventory)
    if inventory.municipality.kind == Organisation.Kind.IT_COLLABORATION:
        follow(inventory)
        return
    if Coverage.objects.filter(municipality=inventory.municipality_id).exists():
        follow_into(inventory)
    if use is not None and by is not None:
        note_corrected(use, by=by)


def _own_draft(inventory: Inventory, by: Any, right: str = EDIT) -> Inventory:
    """The inventory, locked and open for changes, for its own people alone (rule 9)."""
    _require(inventory, by, right)
    return open_draft(inventory)


def _require(inventory: Inventory, by: Any, right: str) -> None:
    if by:
        require(by, right, on=inventory.municipality)


def _require_meetings(inventories: list[Inventory], by: Any) -> None:
    """Who prepares the meetings of a collaboration registers what was gone through, of its members."""
    prepared = allowed(Collaboration.objects.all(), by, REVIEW)
    active = Membership.objects.active().filter(collaboration__in=prepared)
    members = set(active.values_list("organisation_id", flat=True))
    if any(one.municipality_id not in members for one in inventories):
        raise PermissionDenied


def _refuse_covered(use: SystemUse) -> None:
    if use.through is not None:
        raise NotAllowedNow(
            _("«%(system)s» is registered by %(who)s, and is changed there.")
            % {"system": use.product, "who": use.through.inventory.municipality}
        )


def _move(inventory: Inventory, state: str, **values: Any) -> Inventory:
    inventory.state = state
    inventory.version += 1
    for name, value in values.items():
        setattr(inventory, name, value)
    inventory.save(update_fields=["state", "version", *values])
    return inventory


def _refuse_twice(inventory: Inventory, area: Area, product: Product | None, but: SystemUse | None = None) -> None:
    same = SystemUse.objects.counted().filter(inventory=inventory, area=area, product=product)
    found = (same.exclude(pk=but.pk) if but else same).select_related("through__inventory__municipality").first()
    if found and found.through:
        raise NotAllowedNow(
            _("%(system)s stands in %(area)s already, by way of %(who)s.")
            % {"system": product, "area": area, "who": found.through.inventory.municipality}
        )
    if found:
        raise NotAllowedNow(_("%(system)s is already registered in %(area)s.") % {"system": product, "area": area})
