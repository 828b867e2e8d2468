"""What a name in a file, or on a form, may mean: the system that has it, those that look like it, what was decided.

Fuzzy never decides (surveys.md 8.3): only an exact key of a product or a confirmed alias is a system. What looks alike
is proposed to a person, whose answer is kept: as an alias, a new system, or a «no» that is never asked again.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from governance.models import Organisation
from surveys.models import Alias, ImportJob, ImportName, NameRejection, Product, Supplier
from surveys.models.catalogue import key_of

# A word that many systems share tells nothing: «visma», «flyt».
SHARED_BY_MANY = 8
NEARLY_THE_SAME = 0.6
EMPTY_WORDS = {
    "and", "app", "av", "cloud", "for", "fra", "med", "modul", "module", "norge", "norsk", "og", "online", "pluss",
    "portal", "pro", "programvare", "system", "systemet", "the", "til", "web",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_ALIKE = """
SELECT probe.key, found.product_id, max(found.likeness)
FROM unnest(%s::text[], %s::text[]) AS probe(key, form)
CROSS JOIN LATERAL (
    SELECT product.id AS product_id, similarity(product.key, probe.form) AS likeness
    FROM surveys_product product WHERE product.key %% probe.form AND product.merged_into_id IS NULL
    UNION ALL
    SELECT alias.product_id, similarity(alias.key, probe.form)
    FROM surveys_alias alias WHERE alias.key %% probe.form
) found
GROUP BY probe.key, found.product_id
"""


@dataclass(frozen=True)
class Candidate:
    """A system that a name looks like: ``likeness`` from 0 to 1 orders them, ``spelling`` is that of the letters alone,
    ``words`` are those that both have."""

    product: Product
    likeness: float
    spelling: float = 0.0
    words: tuple[str, ...] = ()
    same_but_supplier: bool = False

    @property
    def why(self) -> str:
        """Why it is proposed, in words."""
        if self.same_but_supplier:
            return _("The same name apart from the supplier's.")
        if self.spelling >= NEARLY_THE_SAME:
            return _("Nearly the same spelling.")
        if self.words:
            return _("Both say %(words)s.") % {"words": ", ".join(f"«{word}»" for word in self.words)}
        return _("Some of the same spelling.")


def known(names: Iterable[str], municipality: Organisation | None = None) -> dict[str, Product]:
    """The system behind each name, by its key; one that only looks alike is not among them."""
    return Product.objects.by_key(names, municipality)


def resembling(name: str) -> list[Product]:
    """The systems that an unknown name on a form looks like: ask «did you mean …?» before a new one is made.

    Empty when the name, or a confirmed other name, is in the catalogue already, and when nothing looks like it.
    """
    key = key_of(name)
    if not key or known([key]):
        return []
    return [candidate.product for candidate in candidates([key])[key]]


def candidates(keys: Iterable[str], limit: int = 5) -> dict[str, list[Candidate]]:
    """For each key the systems it looks most like, best first; without those that somebody has said no to.

    Spelling is compared by trigrams in the database, with and without the supplier's name in front; words are compared
    here. The number of queries does not grow with the keys.
    """
    wanted = sorted(set(keys) - {""})
    words = _Words()
    refused = set(NameRejection.objects.filter(key__in=wanted).values_list("key", "product_id"))
    found: dict[str, list[_Compared]] = {key: [] for key in wanted}
    spelt = _alike({(key, form) for key in wanted for form in (key, words.without_supplier(key))})
    for key in wanted:
        for product in set(spelt[key]) | words.sharing(key):
            if (key, product) not in refused:
                found[key].append(words.compared(key, product, spelt[key].get(product, 0.0)))
        found[key] = sorted(found[key], key=lambda one: (-one.likeness, one.product))[:limit]
    products = Product.objects.select_related("supplier", "family").in_bulk(
        {one.product for several in found.values() for one in several}
    )
    return {key: [Candidate(products[one.product], *one[1:]) for one in several] for key, several in found.items()}


class _Compared(NamedTuple):
    product: int
    likeness: float
    spelling: float
    words: tuple[str, ...]
    same_but_supplier: bool


class _Words:
    """The words of every name in the catalogue, to find by them those that no trigram finds («P360», «Public 360»)."""

    def __init__(self) -> None:
        self.suppliers = set(Supplier.objects.values_list("key", flat=True))
        self.empty = EMPTY_WORDS | {word for key in self.suppliers for word in _WORD.findall(key)}
        names = Product.objects.standing().values_list("pk", "key")
        aliases = Alias.objects.values_list("product_id", "key")
        self.names: dict[int, list[set[str]]] = defaultdict(list)
        self.forms: dict[int, set[str]] = defaultdict(set)
        self.products: dict[str, set[int]] = defaultdict(set)
        for pk, key in names.union(aliases, all=True):
            said = self.telling(key)
            self.names[pk].append(said)
            self.forms[pk].add(self.without_supplier(key))
            for word in said:
                self.products[word].add(pk)

    def telling(self, key: str) -> set[str]:
        """The words of a name that may tell it from others; «p360» is «p» and «360»."""
        return {word for word in _WORD.findall(key) if len(word) > (1 if word.isdigit() else 2)} - self.empty

    def without_supplier(self, key: str) -> str:
        """«acos websak» as «websak»; a name that is nothing but the supplier's stays."""
        first = key.split()
        for length in range(len(first) - 1, 0, -1):
            if " ".join(first[:length]) in self.suppliers:
                return " ".join(first[length:])
        return key

    def sharing(self, key: str) -> set[int]:
        """The systems that have a rare word in common with the name."""
        rare = (self.products.get(word, set()) for word in self.telling(key))
        return {product for several in rare if len(several) <= SHARED_BY_MANY for product in several}

    def compared(self, key: str, product: int, spelling: float) -> _Compared:
        """How alike a name and a system are, by the best of its names."""
        own = self.telling(key)
        best = max(self.names[product], key=lambda said: (len(own & said), -len(said)), default=set())
        overlap = len(own & best) / len(own | best) if own | best else 0.0
        same = self.without_supplier(key) in self.forms[product]
        shared = tuple(word for word in dict.fromkeys(_WORD.findall(key)) if word in own & best)
        return _Compared(product, max(spelling, 0.9 * overlap, 0.95 * same), spelling, shared, same)


def _alike(probes: set[tuple[str, str]]) -> dict[str, dict[int, float]]:
    """The systems whose name or other name is spelt like a form of each key, in one query by the trigram index."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    ordered = sorted(probes)
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [[key for key, _form in ordered], [form for _key, form in ordered]])
        for key, product, likeness in cursor.fetchall():
            found[key][product] = likeness
    return found


# --- the names of an import -------------------------------------------------------------------------


@transaction.atomic
def gather(job: ImportJob, rows_by_key: Mapping[str, tuple[str, str, int]]) -> None:
    """Keep the names of a file that no system has: key → name as in the file, first cell, number of rows.

    What somebody has decided about a name of this file stays. A name that looks like nothing is a new system at once
    (without a time of decision), and is asked about after all if something has come to look like it. Names that the
    file no longer has, or that have become known, go.
    """
    standing = {one.key: one for one in job.names.select_for_update()}
    job.names.exclude(key__in=rows_by_key).delete()
    open_keys = [key for key in rows_by_key if key not in standing or standing[key].decided_at is None]
    near = candidates(open_keys)
    fresh, kept = [], []
    for key, (name, cell, count) in rows_by_key.items():
        one = standing.get(key) or ImportName(job=job, key=key)
        one.name, one.cell, one.rows = name[:200], cell, count
        if one.decided_at is None:
            one.decision = ImportName.Decision.UNDECIDED if near[key] else ImportName.Decision.NEW
        (kept if one.pk else fresh).append(one)
    ImportName.objects.bulk_create(fresh, batch_size=1000)
    ImportName.objects.bulk_update(kept, ["name", "cell", "rows", "decision"], batch_size=1000)


def decided(job: ImportJob) -> dict[str, ImportName]:
    """What is said about each name of the file, also that nothing is said yet.

    A system that was merged into another meanwhile is that other one.
    """
    found = {one.key: one for one in job.names.select_related("product__merged_into")}
    for one in found.values():
        if one.product and one.product.merged_into:
            one.product = one.product.merged_into
    return found


def stand(job: ImportJob) -> str:
    """A fingerprint of the decisions: a check keeps it in its basis, so that nothing is written after another one."""
    said: Any = job.names.order_by("key").values_list("key", "decision", "product__merged_into", "product")
    return hashlib.sha256(repr([tuple(one) for one in said]).encode()).hexdigest()
