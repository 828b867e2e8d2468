"""Two systems that were one: everything moves to the one that is kept, and can be moved back (surveys.md 8.3)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from governance.models import Collaboration
from surveys.actions.catalogue import RIGHT
from surveys.actions.covering import follow_into
from surveys.models import Alias, CommonResponsible, Inventory, NameRejection, Product, ProductMerge, SystemUse

# Whatever points to a system, and follows it; uses are moved one by one.
POINTERS: list[tuple[type[models.Model], str]] = [
    (Alias, "product"),
    (Product, "module_of"),
    (Product, "successor"),
    (Product, "merged_into"),
    (NameRejection, "product"),
    (CommonResponsible, "product"),
]
LINKS = ("same_as", "through")


@transaction.atomic
def merge(*, gone: Product, kept: Product, collaboration: Collaboration, by: Any) -> ProductMerge:
    """``gone`` is a double of ``kept``: it becomes a redirect, and its name another name of the one that is kept.

    A municipality that has both in one area keeps one row; the other is kept as a copy, so that undo brings it back.
    """
    require(by, RIGHT, on=collaboration)
    gone, kept = _both(gone, kept)
    if gone.merged_into_id or kept.merged_into_id:
        raise NotAllowedNow(_("One of them was merged meanwhile. Look at the list again."))
    _not_above(gone, kept)
    moved: dict[str, Any] = {"copies": [], "links": [], "uses": {}, "points": {}, "alias": None}
    _hold(gone)
    _move_uses(gone, kept, moved)
    _drop_rejections(gone, kept, moved)
    for model, field in POINTERS:
        pks = list(_objects(model).filter(**{field: gone}).values_list("pk", flat=True))
        _objects(model).filter(pk__in=pks).update(**{field: kept})
        moved["points"][f"{model._meta.label}.{field}"] = pks
    moved["alias"] = _name_of(gone, kept, by=by)
    gone.merged_into, gone.version = kept, gone.version + 1
    gone.save(update_fields=["merged_into", "version"])
    return ProductMerge.objects.create(kept=kept, gone=gone, moved=moved, by=by)


@transaction.atomic
def undo_merge(*, merging: ProductMerge, collaboration: Collaboration, by: Any) -> ProductMerge:
    """They were two after all: every row is put back as it was, unless something newer has touched one of them."""
    require(by, RIGHT, on=collaboration)
    merging = ProductMerge.objects.select_for_update().get(pk=merging.pk)
    if merging.undone_at:
        raise NotAllowedNow(_("The merging is undone already."))
    gone, kept = _both(merging.gone, merging.kept)
    if gone.merged_into_id != kept.pk:
        raise NotAllowedNow(_("«%(kept)s» was merged into another system since. Undo that first.") % {"kept": kept})
    moved = merging.moved
    _hold(kept)
    _untouched(moved, kept)
    SystemUse.objects.filter(pk__in=moved["uses"]).update(product=gone, version=F("version") + 1)
    Alias.objects.filter(pk=moved["alias"]).delete()
    for label, pks in moved["points"].items():
        model, field = _pointer(label)
        _objects(model).filter(pk__in=pks, **{field: kept}).update(**{field: gone})
    covered = _bring_back(moved["copies"])
    for pk, field, old in moved["links"]:
        if SystemUse.objects.filter(pk=old).exists():
            SystemUse.objects.filter(pk=pk).update(**{f"{field}_id": old})
    gone.merged_into, gone.version = None, gone.version + 1
    gone.save(update_fields=["merged_into", "version"])
    merging.undone_at, merging.undone_by = timezone.now(), by
    merging.save(update_fields=["undone_at", "undone_by"])
    _revise(gone)
    for inventory in Inventory.objects.filter(pk__in=covered).order_by("pk"):
        follow_into(inventory)
    return merging


@transaction.atomic
def say_different(*, one: Product, other: Product, collaboration: Collaboration, by: Any) -> NameRejection:
    """The two are not the same: remembered, so that nobody is asked again."""
    require(by, RIGHT, on=collaboration)
    said, _new = NameRejection.objects.get_or_create(product=one, key=other.key, defaults={"by": by})
    return said


def _both(gone: Product, kept: Product) -> tuple[Product, Product]:
    if gone.pk == kept.pk:
        raise NotAllowedNow(_("A system cannot be merged with itself. Choose another one."))
    found = {
        one.pk: one for one in Product.objects.filter(pk__in=[gone.pk, kept.pk]).order_by("pk").select_for_update()
    }
    return found[gone.pk], found[kept.pk]


def _not_above(gone: Product, kept: Product) -> None:
    """Else the system that is kept would be a part, or a successor, of itself."""
    for link in ("module_of", "successor"):
        above: Product | None = getattr(kept, link)
        while above is not None:
            if above.pk == gone.pk:
                raise NotAllowedNow(
                    _("«%(kept)s» is a module of «%(gone)s», or is replaced by it. Remove that connection first.")
                    % {"kept": kept, "gone": gone}
                )
            above = getattr(above, link)


def _hold(product: Product) -> None:
    """Nobody else writes in the inventories that use it before this transaction ends."""
    uses = SystemUse.objects.filter(product=product)
    list(Inventory.objects.filter(pk__in=uses.values("inventory")).order_by("pk").select_for_update())


def _revise(product: Product) -> None:
    """What was previewed against the inventories is checked again."""
    uses = SystemUse.objects.filter(product=product)
    Inventory.objects.filter(pk__in=uses.values("inventory")).update(revision=F("revision") + 1)


def _move_uses(gone: Product, kept: Product, moved: dict[str, Any]) -> None:
    """Each row is moved, or, where the same area has the other one too, set aside."""
    _revise(gone)
    twins = {_place(use): use for use in SystemUse.objects.filter(product=kept)}
    rows = list(SystemUse.objects.filter(product=gone).select_for_update())
    doubled = {use.pk: twins[_place(use)] for use in rows if _place(use) in twins}
    for use in rows:
        if use.pk in doubled:
            _set_aside(use, moved)
    for pk, twin in doubled.items():
        _link_to_twin(pk, twin, doubled, moved)
    SystemUse.objects.filter(pk__in=doubled).delete()
    moved["uses"] = {str(use.pk): use.version + 1 for use in rows if use.pk not in doubled}
    SystemUse.objects.filter(pk__in=moved["uses"]).update(product=kept, version=F("version") + 1)


def _place(use: SystemUse) -> tuple[int, int, bool]:
    """Where a system stands once: inventory, area, and whether the row counts or waits to be confirmed."""
    return use.inventory_id, use.area_id, use.awaits_id is None


def _set_aside(use: SystemUse, moved: dict[str, Any]) -> None:
    """A copy of the row and of all that hangs on it."""
    moved["copies"].append(_copy(use))
    for relation in SystemUse._meta.related_objects:
        if relation.related_model is not SystemUse and hasattr(relation.related_model, "pgh_event_model"):
            hanging: Any = relation.related_model
            moved["copies"] += [_copy(row) for row in hanging.objects.filter(**{relation.field.name: use})]


def _link_to_twin(pk: Any, twin: SystemUse, doubled: dict[Any, SystemUse], moved: dict[str, Any]) -> None:
    """Rows that were copied from, or come by way of, the one that goes, follow its twin."""
    for link in LINKS:
        rows = SystemUse.objects.filter(**{link: pk}).exclude(pk__in=doubled)
        moved["links"] += [[str(row.pk), link, str(pk)] for row in rows]
        rows.exclude(pk=twin.pk).update(**{link: twin})
        rows.filter(pk=twin.pk).update(**{link: None})


def _drop_rejections(gone: Product, kept: Product, moved: dict[str, Any]) -> None:
    """A «no» that both have is kept once; that the two are different is no longer so."""
    both = NameRejection.objects.filter(product=gone, key__in=kept.rejections.values("key"))
    between = Q(product=gone, key=kept.key) | Q(product=kept, key=gone.key)
    rows = NameRejection.objects.filter(Q(pk__in=both.values("pk")) | between)
    moved["copies"] += [_copy(row) for row in rows]
    rows.delete()


def _name_of(gone: Product, kept: Product, *, by: Any) -> int | None:
    """The name of the double as another name, unless it is one already."""
    alias, new = Alias.objects.get_or_create(
        key=gone.key, municipality=None, defaults={"product": kept, "name": gone.name, "confirmed_by": by}
    )
    return alias.pk if new else None


def _untouched(moved: dict[str, Any], kept: Product) -> None:
    """Nothing that was moved has been changed, moved on or removed since."""
    standing = {
        str(use.pk): use.version
        for use in SystemUse.objects.filter(pk__in=moved["uses"], product=kept).select_for_update()
    }
    changed = sum(standing.get(pk) != version for pk, version in moved["uses"].items())
    for label, pks in moved["points"].items():
        model, field = _pointer(label)
        changed += len(pks) - _objects(model).filter(pk__in=pks, **{field: kept}).count()
    if changed:
        raise NotAllowedNow(
            _("%(count)s of the rows that were moved have been changed or removed since. It can no longer be undone.")
            % {"count": changed}
        )


def _copy(row: models.Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    values = {
        field.attname: None if getattr(row, field.attname) is None else field.value_to_string(row) for field in fields
    }
    return {"model": row._meta.label, "row": values}


def _bring_back(copies: Iterable[dict[str, Any]]) -> set[int]:
    """The rows that were set aside, as they were; without a link to a row that is gone meanwhile.

    What an IT collaboration has may stand in a list anew since: answers with the inventories that follow it once more.
    """
    rows: list[Any] = []
    for copy in copies:
        model: Any = apps.get_model(copy["model"])
        fields = [field for field in model._meta.concrete_fields if field.attname in copy["row"]]
        rows.append(model(**{one.attname: _value(one, copy["row"][one.attname]) for one in fields}))
    covered = {row.pk: row.inventory_id for row in rows if isinstance(row, SystemUse) and row.through_id}
    rows = [row for row in rows if row.pk not in covered and not _hangs_on(row, covered)]
    back = {row.pk for row in rows}
    for row in rows:
        if isinstance(row, SystemUse):
            row.version += 1
            for link in LINKS:
                pk = getattr(row, f"{link}_id")
                if pk and pk not in back and not SystemUse.objects.filter(pk=pk).exists():
                    setattr(row, f"{link}_id", None)
        type(row).objects.bulk_create([row])
    return set(covered.values())


def _hangs_on(row: models.Model, uses: Container[Any]) -> bool:
    """Not so the rows of a list: what one was copied from may be gone."""
    links = [] if isinstance(row, SystemUse) else row._meta.concrete_fields
    return any(field.related_model is SystemUse and getattr(row, field.attname) in uses for field in links)


def _value(field: Any, said: str | None) -> Any:
    return None if said is None else field.to_python(said)


def _pointer(label: str) -> tuple[type[models.Model], str]:
    name, _dot, field = label.rpartition(".")
    return apps.get_model(name), field


def _objects(model: type[models.Model]) -> Any:
    return model._default_manager
