"""Writing a checked inventory sheet, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents.registry import Report
from governance.models import Organisation
from surveys import naming
from surveys.actions import catalogue
from surveys.actions.covering import follow, follow_into
from surveys.actions.rows import as_it_was, drop_overtaken, set_integrations
from surveys.inventory_standing import EMPTY_SAID, revisions_of
from surveys.models import (
    Coverage,
    ImportJob,
    ImportName,
    ImportRow,
    Integration,
    Inventory,
    Product,
    Supplier,
    SystemUse,
)
from surveys.models.catalogue import key_of
from surveys.resources import COLUMNS, SAID, SystemUseResource, overwrite

FIELDS = {field.attname: field for field in SystemUse._meta.concrete_fields}
# The fields of a row that the table keeps under the same name.
AS_SAID = [name for name in SAID if name not in ("supplier_id", "version")]


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
    return bool(revisions_of(places) == job.basis["revisions"] and naming.stand(job) == job.basis["names"])


def apply(job: ImportJob, rows: Sequence[ImportRow], by: Any, report: Report) -> None:
    """Write the rows; on behalf of a municipality they wait until its own people have confirmed them."""
    inventories = _inventories({row.values["municipality"] for row in rows}, own=not job.on_behalf)
    # The first change of the transaction: it tells the history who writes all that follows.
    _changed(inventories.values())
    full = [{**EMPTY_SAID, "end_unknown": bool(row.values["product"]), **(row.before or {}), **row.values["said"]}
            for row in rows]  # fmt: skip
    suppliers = _suppliers(said["supplier"] for said in full)
    products = _products(job, rows, suppliers, by)
    _drop_lost_patterns(full, {str(row.target) for row in rows})
    table = tablib.Dataset(headers=COLUMNS)
    awaits = job.pk if job.on_behalf else None
    for row, said in zip(rows, full, strict=True):
        product = products.get(row.values["product"])
        supplier = suppliers.get(said["supplier"])
        said["supplier_id"] = supplier.pk if supplier else product and product.supplier_id
        said["version"] = row.values["version"]
        place = (
            row.target,
            inventories[row.values["municipality"]],
            row.values["area"],
            product and product.pk,
            awaits,
        )
        table.append((*place, *(said[name] for name in SAID)))
    if rows:
        standing = {row.target for row in rows if not row.values["insert"]}
        SystemUseResource(standing=standing, written=_telling(report, len(rows))).import_data(
            table, raise_errors=True, use_transactions=False
        )
    _connect(rows, full)
    if not job.on_behalf:
        job.basis["dropped"] = {str(pk): drop_overtaken(Inventory(pk=pk)) for pk in inventories.values()}
        _let_copies_follow(inventories.values())


def _telling(report: Report, count: int) -> Any:
    """How far the writing has come; there it is stopped when somebody cancels."""
    done = 0

    def written(more: int) -> None:
        nonlocal done
        done += more
        report(10 + 80 * done // count, gettext_lazy("Writing the rows"))

    return written


def _suppliers(names: Iterable[str]) -> dict[str, Supplier]:
    """The supplier behind each way of writing its name."""
    said = {name for name in names if name}
    by_key = catalogue.define_suppliers(said)
    return {name: by_key[key_of(name)] for name in said if key_of(name) in by_key}


def _products(job: ImportJob, rows: Iterable[ImportRow], suppliers: dict[str, Supplier], by: Any) -> dict[str, Product]:
    """The system behind each name: known, the same as one that a person chose, or new."""
    named: dict[str, tuple[str, Supplier | None, int]] = {}
    for row in rows:
        if name := row.values["product"]:
            supplier = suppliers.get(row.values["said"].get("supplier", ""))
            named.setdefault(name, (name, supplier, row.values["area"]))
    known, decided = naming.known(named, job.municipality), naming.decided(job)
    new: dict[str, tuple[str, Supplier | None, int]] = {}
    for name, one in named.items():
        key = key_of(name)
        if key in known:
            continue
        if (said := decided.get(key)) and said.decision == ImportName.Decision.SAME and said.product:
            # An IT leader says what a name means at home; what it means everywhere is for who keeps the catalogue.
            home = None if job.on_behalf else job.municipality
            catalogue.confirm_alias(
                product=said.product, name=name, municipality=home, source=job.file_name, by=said.decided_by or by
            )
        else:
            new.setdefault(key, one)
    catalogue.define_products(new, job=job)
    found = naming.known(named, job.municipality)
    products = {name: found[key_of(name)] for name in named}
    if any(products[row.values["product"]].key != row.values["key"] for row in rows if row.values["product"]):
        raise NotAllowedNow(
            _("A name in the file means another system since you looked it over. Check the file once more.")
        )
    return products


def _drop_lost_patterns(full: Sequence[dict[str, Any]], own: set[str]) -> None:
    """«Samme som Hadsel», where Hadsel has taken the system away meanwhile, is a system without a pattern."""
    wanted = {said["same_as_id"] for said in full if said["same_as_id"]} - own
    there = {str(pk) for pk in SystemUse.objects.filter(pk__in=wanted).values_list("pk", flat=True)} | own
    for said in full:
        if said["same_as_id"] and said["same_as_id"] not in there:
            said["same_as_id"] = None


def _connect(rows: Sequence[ImportRow], full: Sequence[dict[str, Any]]) -> None:
    """The national solutions that the systems are connected to, or ready for."""
    Integration.objects.bulk_create(
        [
            Integration(use_id=row.target, solution_id=int(solution), state=state)
            for row, said in zip(rows, full, strict=True)
            for solution, state in said["integrations"].items()
            if row.target
        ],
        update_conflicts=True,
        unique_fields=["use", "solution"],
        update_fields=["state"],
        batch_size=2000,
    )


def _let_copies_follow(inventories: Iterable[int]) -> None:
    """What an IT collaboration has stands in the lists of those it covers; what they have themselves is not doubled."""
    for inventory in Inventory.objects.filter(pk__in=list(inventories)).select_related("municipality"):
        if inventory.municipality.kind == Organisation.Kind.IT_COLLABORATION:
            follow(inventory)
        elif Coverage.objects.filter(municipality=inventory.municipality).exists():
            follow_into(inventory)


def undo(job: ImportJob, rows: Sequence[ImportRow], by: Any) -> None:
    """Put back what stood there; refused when a person or another file has touched a row since."""
    _hold(_places(job))
    if not job.on_behalf:
        _refuse_submitted(Inventory.objects.filter(uses__in=[row.target for row in rows]))
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
    _changed({use.inventory_id for use in standing.values()})
    SystemUse.objects.filter(pk__in=[row.target for row in rows if row.values["insert"]]).delete()
    _put_back([row for row in rows if not row.values["insert"]], standing)
    _bring_back(job.basis.get("dropped", {}))
    catalogue.drop_products(job=job)
    if not job.on_behalf:
        _let_copies_follow({use.inventory_id for use in standing.values()})


def _put_back(rows: Sequence[ImportRow], standing: dict[Any, SystemUse]) -> None:
    before = [row.before or {} for row in rows]
    suppliers = _suppliers(said["supplier"] for said in before)
    _drop_lost_patterns(before, set())
    uses = [standing[row.target] for row in rows]
    for use, said in zip(uses, before, strict=True):
        for name in AS_SAID:
            setattr(use, name, FIELDS[name].to_python(said[name]))
        supplier = suppliers.get(said["supplier"])
        use.supplier_id, use.awaits_id = supplier.pk if supplier else None, said["awaits"]
        use.version += 1
    overwrite(uses)
    for use, said in zip(uses, before, strict=True):
        if "integrations" in said:
            set_integrations(use, {int(solution): state for solution, state in said["integrations"].items()})


def _bring_back(dropped: dict[str, list[str]]) -> None:
    """The «no system» answers that the import had overtaken; where the area has been answered since, that stands."""
    for inventory in Inventory.objects.filter(pk__in=dropped):
        answered = set(inventory.uses.counted().values_list("area_id", flat=True))
        for pk in dropped[str(inventory.pk)]:
            use = as_it_was(pk, inventory)
            if use and use.area_id not in answered:
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
    return [job.municipality] if job.municipality else list(job.collaboration.sharing())


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
    if own:
        _refuse_submitted(found)
    return {inventory.municipality_id: inventory.pk for inventory in found}


def _refuse_submitted(inventories: Any) -> None:
    """What was handed in is as it was handed in, until its own people open it again."""
    if inventories.exclude(state=Inventory.State.DRAFT).exists():
        raise NotAllowedNow(_("The inventory is submitted. Open it for changes first."))


def _untouched(job: ImportJob, row: ImportRow, use: SystemUse | None) -> bool:
    waiting = job.pk if job.on_behalf else None
    return use is not None and use.version == row.values["version"] and use.awaits_id == waiting


def _changed(inventories: Iterable[int]) -> None:
    Inventory.objects.filter(pk__in=list(inventories)).update(revision=F("revision") + 1)
