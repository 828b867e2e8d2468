"""Writing a checked inventory sheet, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents.registry import Report
from governance.models import Organisation
from surveys.actions import catalogue
from surveys.actions.inventory import as_it_was, drop_overtaken
from surveys.inventory_check import revisions_of
from surveys.models import ImportJob, ImportRow, Inventory, Product, Supplier, SystemUse
from surveys.models.catalogue import key_of
from surveys.resources import KEY, SAID, SystemUseResource, overwrite

COLUMNS = {field.attname: field for field in SystemUse._meta.concrete_fields}


def may_import(user: Any, job: ImportJob) -> None:
    """On behalf of a municipality: the administrator of the collaboration. Else only its own people (rule 9)."""
    if job.on_behalf:
        require(user, "governance.manage_surveys", on=job.collaboration)
    elif job.municipality:
        require(user, "governance.edit_inventory", on=job.municipality)
    else:
        raise PermissionDenied


def still_stands(job: ImportJob) -> bool:
    """Nothing in the inventories has changed since the file was checked; from here on nothing can."""
    places = _places(job)
    _hold(places)
    return revisions_of(places) == job.basis["revisions"]


def apply(job: ImportJob, rows: Sequence[ImportRow], by: Any, report: Report) -> None:
    """Write the rows; on behalf of a municipality they wait until its own people have confirmed them."""
    inventories = _inventories({row.values["municipality"] for row in rows}, own=not job.on_behalf)
    suppliers = catalogue.define_suppliers({row.values["said"]["supplier"] for row in rows})
    products = _products(job, rows, suppliers)
    table = tablib.Dataset(headers=["id", *KEY, *SAID])
    for row in rows:
        place = [inventories[row.values["municipality"]], row.values["area"], _product(row, products)]
        said = _typed(row.values["said"], suppliers, usual=products.get(key_of(row.values["product"])))
        awaits = job.pk if job.on_behalf else None
        table.append([row.target, *place, awaits, *(said[name] for name in SAID[:-1]), row.values["version"]])
    if rows:
        SystemUseResource().import_data(table, raise_errors=True, use_transactions=False)
    if not job.on_behalf:
        written = Inventory.objects.filter(pk__in=inventories.values())
        job.basis["dropped"] = {str(one.pk): drop_overtaken(one) for one in written}
    _changed(inventories.values())


def undo(job: ImportJob, rows: Sequence[ImportRow], by: Any) -> None:
    """Put back what stood there; refused when a person or another file has touched a row since."""
    _hold(_places(job))
    standing = {
        use.pk: use for use in SystemUse.objects.filter(pk__in=[row.target for row in rows]).select_for_update()
    }
    touched = [row for row in rows if not _untouched(job, row, standing.get(row.target) if row.target else None)]
    if touched:
        raise NotAllowedNow(
            _(
                "%(count)s of the rows have been changed, confirmed or removed since (first row %(number)s). "
                "The import can no longer be undone."
            )
            % {"count": len(touched), "number": touched[0].number}
        )  # fmt: skip
    SystemUse.objects.filter(pk__in=[row.target for row in rows if row.values["insert"]]).delete()
    back = [row for row in rows if not row.values["insert"]]
    suppliers = catalogue.define_suppliers({row.before["supplier"] for row in back if row.before})
    for row in back:
        assert row.before is not None and row.target is not None
        use = standing[row.target]
        for name, value in _typed(row.before, suppliers, usual=None).items():
            setattr(use, name, value)
        use.awaits_id, use.version = row.before["awaits"], use.version + 1
    overwrite([standing[row.target] for row in back if row.target])
    _bring_back(job.basis.get("dropped", {}))
    Product.objects.filter(added_by_import=job, uses=None, aliases=None).delete()
    _changed({use.inventory_id for use in standing.values()})


def _bring_back(dropped: dict[str, list[str]]) -> None:
    """The «no system» answers that the import had overtaken."""
    for inventory in Inventory.objects.filter(pk__in=dropped):
        for pk in dropped[str(inventory.pk)]:
            if use := as_it_was(pk, inventory):
                use.save(force_insert=True)


def done(job: ImportJob) -> str:
    """Where the receipt leads: to the own list, or to the picture of all."""
    if job.municipality and not job.on_behalf:
        return reverse("inventory", args=[job.municipality.number])
    return reverse("inventory_matrix", args=[job.collaboration.slug])


def again(job: ImportJob) -> str:
    """Where another file is chosen."""
    if job.municipality and not job.on_behalf:
        return reverse("import_own", args=[job.municipality.number])
    return reverse("import_new", args=[job.collaboration.slug])


def _places(job: ImportJob) -> list[Organisation]:
    return [job.municipality] if job.municipality else list(job.collaboration.members())


def _hold(places: list[Organisation]) -> None:
    """Nobody else writes in these inventories before this transaction ends, nor begins one that is not there yet."""
    locked = Organisation.objects.select_for_update(no_key=True)
    list(locked.filter(pk__in=[place.pk for place in places]).order_by("pk"))
    list(Inventory.objects.filter(municipality__in=places).select_for_update().order_by("pk"))


def _inventories(places: set[int], *, own: bool) -> dict[int, int]:
    """The inventory of each municipality; own people write only in an open one."""
    there = set(Inventory.objects.filter(municipality__in=places).values_list("municipality_id", flat=True))
    Inventory.objects.bulk_create(
        [Inventory(municipality_id=place) for place in sorted(places - there)], ignore_conflicts=True
    )
    found = Inventory.objects.filter(municipality__in=places)
    if own and found.exclude(state=Inventory.State.DRAFT).exists():
        raise NotAllowedNow(_("The inventory is submitted. Open it for changes first."))
    return {inventory.municipality_id: inventory.pk for inventory in found}


def _products(job: ImportJob, rows: Iterable[ImportRow], suppliers: dict[str, Supplier]) -> dict[str, Product]:
    named: dict[str, tuple[str, Supplier | None, int]] = {}
    for row in rows:
        if name := row.values["product"]:
            supplier = suppliers.get(key_of(row.values["said"]["supplier"]))
            named.setdefault(key_of(name), (name, supplier, row.values["area"]))
    return catalogue.define_products(named, job=job)


def _product(row: ImportRow, products: dict[str, Product]) -> int | None:
    return products[key_of(row.values["product"])].pk if row.values["product"] else None


def _typed(said: dict[str, Any], suppliers: dict[str, Supplier], *, usual: Product | None) -> dict[str, Any]:
    """What a row says, as the table keeps it; a system without a named supplier gets its usual one."""
    named = suppliers.get(key_of(said["supplier"]))
    values = {name: said[name] for name in SAID if name not in ("supplier_id", "version")}
    values["supplier_id"] = named.pk if named else usual.supplier_id if usual else None
    return {name: COLUMNS[name].to_python(value) for name, value in values.items()}


def _untouched(job: ImportJob, row: ImportRow, use: SystemUse | None) -> bool:
    waiting = job.pk if job.on_behalf else None
    return use is not None and use.version == row.values["version"] and use.awaits_id == waiting


def _changed(inventories: Iterable[int]) -> None:
    Inventory.objects.filter(pk__in=list(inventories)).update(revision=F("revision") + 1)
