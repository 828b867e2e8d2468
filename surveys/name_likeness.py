"""How alike two names of systems are: in spelling, in words, and apart from the supplier's name in front (§8.3)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from surveys.models import Alias, Product, Supplier

# A word that many systems share tells nothing: «visma», «flyt».
SHARED_BY_MANY = 8
ALIKE = 0.3  # the threshold of pg_trgm itself
AS_MANY = 10  # so many names are measured for each spelling
EMPTY_WORDS = {
    "and", "app", "av", "cloud", "for", "fra", "med", "modul", "module", "norge", "norsk", "og", "online", "pluss",
    "portal", "pro", "programvare", "system", "systemet", "the", "til", "web",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_LETTERS = re.compile(r"[^\W_]+")
_MEASURED = """
SELECT form, name, similarity(form, name) FROM unnest(%s::text[], %s::text[]) AS pair(form, name)
WHERE similarity(form, name) >= %s
"""


class Compared(NamedTuple):
    """A system beside a name: ``likeness`` orders, ``spelling`` is that of the letters, ``words`` are in both."""

    product: int
    likeness: float
    spelling: float
    words: tuple[str, ...]
    same_but_supplier: bool


class Names:
    """Every name in the catalogue, by word and by three letters, to find those that a spelling may mean."""

    def __init__(self) -> None:
        self.suppliers = set(Supplier.objects.values_list("key", flat=True))
        self.empty = EMPTY_WORDS | {word for key in self.suppliers for word in _WORD.findall(key)}
        own = Product.objects.standing().values_list("key", "pk")
        self.products: dict[str, set[int]] = defaultdict(set)
        self.said: dict[int, list[set[str]]] = defaultdict(list)
        self.forms: dict[int, set[str]] = defaultdict(set)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        self.by_letters: dict[str, list[str]] = defaultdict(list)
        for key, pk in own.union(Alias.objects.values_list("key", "product_id"), all=True):
            self._take_in(key, pk)
        self.sizes = Counter(key for several in self.by_letters.values() for key in several)

    def compared(self, keys: Iterable[str]) -> Iterator[tuple[str, list[Compared]]]:
        """For each key the systems that share a rare word with it or are spelt like it, the likest first."""
        forms = {key: {key, self.without_supplier(key)} for key in keys}
        measured = _measured([(form, name) for form in set().union(*forms.values()) for name in self._near(form)])
        for key, both in forms.items():
            spelt: dict[int, float] = dict.fromkeys(self._sharing_words(key), 0.0)
            for form in both:
                for name, likeness in measured.get(form, []):
                    for product in self.products[name]:
                        spelt[product] = max(likeness, spelt.get(product, 0.0))
            found = [self._compared(key, product, spelling) for product, spelling in spelt.items()]
            yield key, sorted(found, key=lambda one: (-one.likeness, one.product))

    def without_supplier(self, key: str) -> str:
        """«acos websak» as «websak»; a name that is nothing but the supplier's stays."""
        first = key.split()
        for length in range(len(first) - 1, 0, -1):
            if " ".join(first[:length]) in self.suppliers:
                return " ".join(first[length:])
        return key

    def _take_in(self, key: str, product: int) -> None:
        if not self.products[key]:
            for letters in _threes(key):
                self.by_letters[letters].append(key)
        self.products[key].add(product)
        said = self._telling(key)
        self.said[product].append(said)
        self.forms[product].add(self.without_supplier(key))
        for word in said:
            self.by_word[word].add(product)

    def _telling(self, key: str) -> set[str]:
        """The words of a name that may tell it from others; «p360» is «p» and «360»."""
        return {word for word in _WORD.findall(key) if len(word) > (1 if word.isdigit() else 2)} - self.empty

    def _sharing_words(self, key: str) -> set[int]:
        """The systems that have a rare word in common with the name."""
        several = (self.by_word.get(word, set()) for word in self._telling(key))
        return {product for some in several if len(some) <= SHARED_BY_MANY for product in some}

    def _near(self, form: str) -> list[str]:
        """The names worth measuring: those with most letters in common, three and three."""
        own = _threes(form)
        same: Counter[str] = Counter()
        for letters in own:
            same.update(self.by_letters.get(letters, ()))
        shares = [(count / (len(own) + self.sizes[name] - count), name) for name, count in same.items()]
        return [name for share, name in sorted(shares, reverse=True)[:AS_MANY] if share >= ALIKE / 2]

    def _compared(self, key: str, product: int, spelling: float) -> Compared:
        """How alike a name and a system are, by the best of the system's names."""
        own = self._telling(key)
        best = max(self.said[product], key=lambda said: (len(own & said), -len(said)))
        overlap = len(own & best) / len(own | best) if own | best else 0.0
        same = self.without_supplier(key) in self.forms[product]
        words = tuple(word for word in dict.fromkeys(_WORD.findall(key)) if word in own & best)
        return Compared(product, max(spelling, 0.9 * overlap, 0.95 * same), spelling, words, same)


def _threes(text: str) -> set[str]:
    return {
        padded[i : i + 3] for word in _LETTERS.findall(text) for padded in [f"  {word} "] for i in range(len(word) + 1)
    }


def _measured(pairs: list[tuple[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """The likeness that the database's trigrams give each pair, of those that are alike.

    The pairs are narrowed down first: the trigram index itself takes milliseconds for each name, and a file may hold
    thousands that nobody has seen before.
    """
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MEASURED, [[form for form, _name in pairs], [name for _form, name in pairs], ALIKE])
        for form, name, likeness in cursor.fetchall():
            found[form].append((name, likeness))
    return found
