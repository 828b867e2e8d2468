"""What is generally known of the systems in the catalogue: families, other names, parts and successors."""

from __future__ import annotations

from surveys.actions import catalogue
from surveys.models import Alias, Product, Supplier
from surveys.models.catalogue import key_of

FAMILIES = {
    "Visma Flyt": [
        "Visma Flyt Skole", "Visma Flyt Barnehage", "Visma Flyt Barnevern", "Visma Flyt Helsestasjon",
        "Visma Flyt PPT", "Visma Flyt Ressursstyring (GAT)", "Flyt Helse",
    ],
    "Komtek": ["KOMTEK", "KOMTEK Brann/Feie", "KOMTEK Renovasjon"],
    "ACOS": ["ACOS WebSak", "ACOS CMS", "ACOS Interact", "ACOS Sosial", "ACOS Barnevern"],
}  # fmt: skip
OTHER_NAMES = [
    ("Public 360°", "P360", Alias.Kind.SHORT),
    ("ACOS WebSak", "WebSak", Alias.Kind.SHORT),
    ("Visma Flyt Ressursstyring (GAT)", "GAT", Alias.Kind.SHORT),
    ("Microsoft 365", "Office 365", Alias.Kind.FORMER),
    ("Entra ID", "Azure AD", Alias.Kind.FORMER),
    ("KOMTEK", "KommTek", Alias.Kind.SPELLING),
]
SUCCESSORS = {"ePhorte": "Elements", "Visma Familia": "Visma Flyt Barnevern"}
MODULES = {
    "KOMTEK Brann/Feie": "KOMTEK", "KOMTEK Renovasjon": "KOMTEK", "eByggesak i Elements": "Elements",
    "eByggesak i WebSak": "ACOS WebSak", "eByggesak i ESA": "ESA",
}  # fmt: skip
TAKEN_OVER = {"Evry": "Tietoevry"}


def load() -> None:
    """Only what the catalogue has; a second time changes nothing."""
    products = {product.name: product for product in Product.objects.select_related("supplier")}
    for family, names in FAMILIES.items():
        first = products[names[0]]
        made = catalogue.define_family(name=family, supplier=first.supplier)
        Product.objects.filter(name__in=names, family=None).update(family=made)
    for name, other, kind in OTHER_NAMES:
        catalogue.confirm_alias(product=products[name], name=other, kind=kind, by=None)
    for name, newer in SUCCESSORS.items():
        Product.objects.filter(name=name, successor=None).update(successor=products[newer])
    for name, whole in MODULES.items():
        Product.objects.filter(name=name, module_of=None).update(module_of=products[whole])
    for former, now in TAKEN_OVER.items():
        catalogue.define_supplier(name=former)
        Supplier.objects.filter(key=key_of(former), successor=None).update(
            successor=catalogue.define_supplier(name=now)
        )
