"""What the catalogue's pages tell: who uses a system, and which names there are to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from governance.models import Collaboration
from surveys.models import Alias, Coverage, Family, ImportJob, Product, ProductMerge, Supplier, SystemUse
from surveys.models.catalogue import key_of

MOST_SUGGESTIONS = 1000


def used_by(products: Collection[int], collaboration: Collaboration) -> dict[int, list[str]]:
    """For each system the municipalities of the collaboration that use it; all may see that (rule 9)."""
    uses = SystemUse.objects.of(collaboration).counted().systems().filter(product__in=products)
    places: dict[int, list[str]] = defaultdict(list)
    rows = uses.order_by("inventory__municipality__sort_key").values_list("product", "inventory__municipality__name")
    for product, place in rows:
        if product is not None and place not in places[product]:
            places[product].append(place)
    return places


def suggestions() -> list[str]:
    """The names of systems to choose from while one writes."""
    return list(Product.objects.standing().values_list("name", flat=True)[:MOST_SUGGESTIONS])


def products_of(collaboration: Collaboration) -> Any:
    """Every system that stands, with how many of the municipalities use it and how many other names it has."""
    told = Alias.objects.filter(_told_in(collaboration), product=OuterRef("pk"))
    names = told.order_by().values("product").annotate(many=Count("pk"))
    return (
        Product.objects.standing()
        .select_related("supplier", "family", "area")
        .annotate(users=_users(collaboration, "product"), names=Coalesce(Subquery(names.values("many")), 0))
    )


def suppliers_of(collaboration: Collaboration) -> Any:
    """Every supplier, with its systems and how many of the municipalities use something of it."""
    own = Product.objects.standing().filter(supplier=OuterRef("pk")).order_by().values("supplier")
    systems = Subquery(own.annotate(many=Count("pk")).values("many"))
    return Supplier.objects.select_related("successor").annotate(
        users=_users(collaboration, "supplier"), systems=Coalesce(systems, 0)
    )


def _users(collaboration: Collaboration, by: str) -> Any:
    uses = SystemUse.objects.of(collaboration).counted().systems().filter(**{by: OuterRef("pk")}).order_by()
    places = uses.values(by).annotate(many=Count("inventory__municipality", distinct=True))
    return Coalesce(Subquery(places.values("many")), 0)


def names_of(product: Product, collaboration: Collaboration) -> Any:
    """The other names of a system that hold here; ``ours`` are those of which it is told who said so, and where.

    All collaborations share the catalogue, but not what the files of the others are called, nor who imported them.
    """
    own_file = ImportJob.objects.filter(collaboration=collaboration, file_name=OuterRef("source"))
    ours = Q(municipality__isnull=False) | Q(source="") | Exists(own_file)
    names = product.aliases.filter(_told_in(collaboration)).select_related("confirmed_by", "municipality")
    return names.annotate(ours=ExpressionWrapper(ours, output_field=BooleanField()))


def _told_in(collaboration: Collaboration) -> Q:
    """A name that one municipality alone uses is told to those it works with."""
    members = collaboration.sharing().order_by()
    covering = Coverage.objects.filter(municipality__in=members)
    return Q(municipality=None) | Q(municipality__in=members) | Q(municipality__in=covering.values("it_collaboration"))


def named(text: str) -> Q:
    """Whose name, or any other name, holds the text."""
    key = key_of(text)
    aliases = Alias.objects.filter(key__contains=key)
    return Q(key__contains=key) | Q(pk__in=aliases.values("product"))


def shared_uses(product: Product, collaboration: Collaboration) -> Any:
    """Where the system is used, with no more than others may see (rule 9)."""
    uses = SystemUse.objects.of(collaboration).counted().systems().filter(product=product)
    return uses.select_related("inventory__municipality", "area").order_by(
        "inventory__municipality__sort_key", "area__sort_key"
    )


def merging_of(gone: Product) -> ProductMerge | None:
    """The merging by which a system became a double, while it holds."""
    return ProductMerge.objects.filter(gone=gone, undone_at=None).first()


def family_names() -> list[str]:
    return list(Family.objects.values_list("name", flat=True)[:MOST_SUGGESTIONS])


def supplier_names() -> list[str]:
    return list(Supplier.objects.values_list("name", flat=True)[:MOST_SUGGESTIONS])
