"""The shared words: areas, systems and suppliers, each once whatever way it is spelt.

All collaborations of the installation share the catalogue; who may change it holds that right on one of them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Collaboration, Organisation
from surveys.models import Alias, Area, Family, ImportJob, Product, ServiceArea, Supplier
from surveys.models.catalogue import area_key, key_of

RIGHT = "governance.manage_surveys"


@transaction.atomic
def define_area(*, service_area: str, name: str, position: int = 0, by: Any = None) -> Area:
    """The area with that name; made when it is not there yet."""
    group, _new = ServiceArea.objects.get_or_create(
        name=service_area.strip(), defaults={"position": ServiceArea.objects.count() + 1}
    )
    area, _new = Area.objects.get_or_create(
        key=area_key(name), defaults={"name": name.strip(), "service_area": group, "position": position}
    )
    return area


@transaction.atomic
def define_supplier(*, name: str, by: Any = None) -> Supplier | None:
    """The supplier with that name, or None for no name."""
    if not key_of(name):
        return None
    supplier, _new = Supplier.objects.get_or_create(key=key_of(name), defaults={"name": tidy(name)})
    return supplier


@transaction.atomic
def define_family(*, name: str, supplier: Supplier | None = None, by: Any = None) -> Family | None:
    """The product family with that name, or None for no name."""
    if not key_of(name):
        return None
    family, _new = Family.objects.get_or_create(key=key_of(name), defaults={"name": tidy(name), "supplier": supplier})
    return family


@transaction.atomic
def define_product(
    *, name: str, supplier: str = "", area: Area | None = None, municipality: Organisation | None = None, by: Any = None
) -> Product:
    """The system behind a name or a confirmed other name, the municipality's own too; made when it is a new one."""
    known = Product.objects.by_key([name], municipality).get(key_of(name))
    if known:
        return known
    product, _new = Product.objects.get_or_create(
        key=key_of(name),
        defaults={"name": tidy(name), "supplier": define_supplier(name=supplier, by=by), "area": area},
    )
    return product


@transaction.atomic
def confirm_alias(
    *, product: Product, name: str, kind: str = Alias.Kind.SPELLING, municipality: Organisation | None = None,
    source: str = "", by: Any,
) -> Alias:  # fmt: skip
    """Say that another name means this system, everywhere or in one municipality; from here on both count as one.

    A name that means something already keeps its meaning.
    """
    alias, _new = Alias.objects.get_or_create(
        key=key_of(name),
        municipality=municipality,
        defaults={"product": product, "name": tidy(name), "kind": kind, "source": source, "confirmed_by": by},
    )
    return alias


def define_suppliers(names: set[str]) -> dict[str, Supplier]:
    """Many suppliers at once, by key."""
    wanted = {key_of(name): tidy(name) for name in sorted(names) if key_of(name)}
    Supplier.objects.bulk_create(
        [Supplier(key=key, name=name) for key, name in wanted.items()], ignore_conflicts=True, batch_size=1000
    )
    return {supplier.key: supplier for supplier in Supplier.objects.filter(key__in=wanted)}


def define_products(named: dict[str, tuple[str, Supplier | None, int]], *, job: ImportJob) -> dict[str, Product]:
    """Many systems at once, by key: name, supplier and the area it was first met in."""
    known = Product.objects.by_key(name for name, _supplier, _area in named.values())
    Product.objects.bulk_create(
        [
            Product(key=key, name=name, supplier=supplier, area_id=area, added_by_import=job)
            for key, (name, supplier, area) in named.items()
            if key not in known
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return Product.objects.by_key(name for name, _supplier, _area in named.values())


def drop_products(*, job: ImportJob) -> None:
    """Take the systems away that an import brought, save those that anything else stands on by now."""
    brought = Product.objects.filter(added_by_import=job, aliases=None)
    for relation in Product._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete is models.PROTECT:
            pointers = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            brought = brought.exclude(Exists(pointers))
    brought.delete()


# --- a person edits the catalogue -----------------------------------------------------------------------


@transaction.atomic
def add_product(*, collaboration: Collaboration, by: Any, **facts: Any) -> Product:
    """A new system; a name that means one already is refused."""
    require(by, RIGHT, on=collaboration)
    _free(facts["name"])
    try:
        with transaction.atomic():
            return _save(Product(), facts, by=by)
    except IntegrityError:
        # Somebody else has added it in between: told as it is told to whoever comes later.
        _free(facts["name"])
        raise


@transaction.atomic
def change_product(
    *, product: Product, collaboration: Collaboration, version: int | None = None, by: Any, **facts: Any
) -> Product:
    """Correct what the catalogue says of a system; its former name stays as another name of it."""
    require(by, RIGHT, on=collaboration)
    product = _locked(product)
    check_version(product, version)
    _stands(product)
    former = product.name
    if key_of(facts["name"]) != product.key:
        _free(facts["name"], but=product)
    for name in ("module_of", "successor"):
        _no_ring(product, name, facts[name])
    product.version += 1
    product = _save(product, facts, by=by)
    if key_of(former) != product.key:
        product.aliases.filter(key=product.key, municipality=None).delete()
        confirm_alias(product=product, name=former, kind=Alias.Kind.FORMER, by=by)
    return product


@transaction.atomic
def add_alias(
    *, product: Product, collaboration: Collaboration, name: str, kind: str, municipality: Organisation | None = None,
    source: str = "", by: Any,
) -> Alias:  # fmt: skip
    """Another name for a system, confirmed by the one who adds it; refused where it means another one."""
    require(by, RIGHT, on=collaboration)
    product = _locked(product)
    _stands(product)
    if not key_of(name):
        raise NotAllowedNow(_("Write a name with letters or digits in it."))
    known = Product.objects.filter(key=key_of(name)).first()
    if known:
        raise NotAllowedNow(_("«%(name)s» is the name of a system in the catalogue.") % {"name": known})
    alias = confirm_alias(
        product=product, name=name, kind=kind, municipality=municipality, source=source, by=by
    )  # fmt: skip
    if alias.product_id != product.pk:
        raise NotAllowedNow(
            _("«%(name)s» already means %(system)s. Remove it there first.") % {"name": name, "system": alias.product}
        )
    return alias


@transaction.atomic
def remove_alias(*, alias: Alias, collaboration: Collaboration, by: Any) -> None:
    """The name no longer means this system; the history keeps that it did."""
    require(by, RIGHT, on=collaboration)
    Alias.objects.select_for_update().get(pk=alias.pk).delete()


@transaction.atomic
def change_supplier(
    *, supplier: Supplier, collaboration: Collaboration, version: int | None = None, by: Any, name: str,
    organisation_number: str = "", website: str = "", successor: Supplier | None = None,
) -> Supplier:  # fmt: skip
    """Correct a supplier; one that was taken over points to the one that took it over."""
    require(by, RIGHT, on=collaboration)
    supplier = Supplier.objects.select_for_update().get(pk=supplier.pk)
    check_version(supplier, version)
    if Supplier.objects.filter(key=key_of(name)).exclude(pk=supplier.pk).exists():
        raise NotAllowedNow(_("The catalogue has a supplier with the name «%(name)s» already.") % {"name": name})
    _no_ring(supplier, "successor", successor)
    supplier.name, supplier.key = tidy(name), key_of(name)
    supplier.organisation_number, supplier.website, supplier.successor = organisation_number, website, successor
    supplier.version += 1
    supplier.save()
    return supplier


def tidy(name: str) -> str:
    return " ".join(name.split())


def _save(product: Product, facts: dict[str, Any], *, by: Any) -> Product:
    """Supplier and family come as words, and are made where nobody has named them before."""
    supplier = define_supplier(name=facts["supplier"], by=by)
    product.name, product.key, product.supplier = tidy(facts["name"]), key_of(facts["name"]), supplier
    product.family = define_family(name=facts["family"], supplier=supplier, by=by)
    product.kind, product.area = facts["kind"], facts["area"]
    product.module_of, product.successor = facts["module_of"], facts["successor"]
    supported: date | None = facts["supported_until"]
    product.supported_until = supported
    product.save()
    return product


def _locked(product: Product) -> Product:
    return Product.objects.select_for_update(of=["self"]).get(pk=product.pk)


def _stands(product: Product) -> None:
    if product.merged_into_id:
        raise NotAllowedNow(
            _("«%(gone)s» was merged into another system. Change that one, or undo the merging.") % {"gone": product}
        )


def _free(name: str, but: Product | None = None) -> None:
    """A name may mean one system only."""
    known = Product.objects.by_key([name]).get(key_of(name))
    if known and known != but:
        raise NotAllowedNow(_("«%(name)s» means a system already: %(system)s.") % {"name": name, "system": known})


def _no_ring(one: Product | Supplier, link: str, other: Any) -> None:
    """A system is no module or predecessor of itself, by way of others either."""
    seen = {one.pk}
    while other is not None:
        if other.pk in seen:
            raise NotAllowedNow(
                _("«%(one)s» would lead back to itself by way of «%(other)s».") % {"one": one, "other": other}
            )
        seen.add(other.pk)
        other = getattr(other, link)
