"""What a name in a file, or on a form, may mean: the system that has it, those that look like it, what was decided.

Fuzzy never decides (surveys.md 8.3): only an exact key of a product or a confirmed alias is a system. What looks alike
is proposed to a person, whose answer is kept: as an alias, a new system, or a «no» that is never asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Organisation
from surveys.models import ImportJob, ImportName, NameRejection, Product
from surveys.models.catalogue import key_of
from surveys.name_likeness import Names

NEARLY_THE_SAME = 0.6


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


def candidates(keys: Iterable[str], limit: int = 5, *, shown_again: Container[str] = ()) -> dict[str, list[Candidate]]:
    """For each key the systems it looks most like, best first; without those that somebody has said no to.

    For the keys in ``shown_again`` those too: whoever said no may change the answer.

    The number of queries does not grow with the keys.
    """
    wanted = sorted(set(keys) - {""})
    refused = set(NameRejection.objects.filter(key__in=wanted).values_list("key", "product_id"))
    found = {
        key: [one for one in several if key in shown_again or (key, one.product) not in refused][:limit]
        for key, several in Names().compared(wanted)
    }
    products = Product.objects.select_related("supplier", "family").in_bulk(
        {one.product for several in found.values() for one in several}
    )
    return {key: [Candidate(products[one.product], *one[1:]) for one in several] for key, several in found.items()}


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
    fresh: list[ImportName] = []
    kept: list[ImportName] = []
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
