"""The shared words: areas, systems and suppliers, each once whatever way it is spelt."""

from typing import Any

from django.db import transaction

from surveys.models import Alias, Area, ImportJob, Product, ServiceArea, Supplier
from surveys.models.catalogue import area_key, key_of


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
    supplier, _new = Supplier.objects.get_or_create(key=key_of(name), defaults={"name": " ".join(name.split())})
    return supplier


@transaction.atomic
def define_product(*, name: str, supplier: str = "", area: Area | None = None, by: Any = None) -> Product:
    """The system behind a name or a confirmed other name; made when nobody has named it before."""
    known = Product.objects.by_key([name]).get(key_of(name))
    if known:
        return known
    product, _new = Product.objects.get_or_create(
        key=key_of(name),
        defaults={
            "name": " ".join(name.split()), "supplier": define_supplier(name=supplier, by=by), "area": area,
        },
    )  # fmt: skip
    return product


@transaction.atomic
def confirm_alias(*, product: Product, name: str, source: str = "", by: Any) -> Alias:
    """Say that another name means this system; from here on both count as one."""
    alias, _new = Alias.objects.get_or_create(
        key=key_of(name),
        defaults={"product": product, "name": " ".join(name.split()), "source": source, "confirmed_by": by},
    )
    return alias


def define_suppliers(names: set[str]) -> dict[str, Supplier]:
    """Many suppliers at once, by key."""
    wanted = {key_of(name): " ".join(name.split()) for name in sorted(names) if key_of(name)}
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
