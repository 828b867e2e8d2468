"""Systems in the catalogue that look like one (surveys.md 8.3): a person says whether they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from surveys.models import Product

# The newest systems are compared with all the others, so that the page is as quick in a large catalogue.
NEWEST = 200
MOST_PAIRS = 50
ALIKE = 0.4
_PAIRS = """
SELECT newer.id, older.id, similarity(newer.key, older.key) AS likeness
FROM (SELECT id, key, module_of_id, successor_id FROM surveys_product
      WHERE merged_into_id IS NULL ORDER BY id DESC LIMIT %s) newer
CROSS JOIN LATERAL (
    SELECT id, key, merged_into_id, module_of_id, successor_id FROM surveys_product WHERE key %% newer.key
) older
WHERE older.id < newer.id AND older.merged_into_id IS NULL AND similarity(newer.key, older.key) >= %s
  AND coalesce(newer.module_of_id, 0) <> older.id AND coalesce(older.module_of_id, 0) <> newer.id
  AND coalesce(newer.successor_id, 0) <> older.id AND coalesce(older.successor_id, 0) <> newer.id
  AND NOT EXISTS (
    SELECT 1 FROM surveys_namerejection said
    WHERE (said.product_id = newer.id AND said.key = older.key)
       OR (said.product_id = older.id AND said.key = newer.key))
ORDER BY likeness DESC, newer.id, older.id LIMIT %s
"""


@dataclass(frozen=True)
class Pair:
    """Two systems that look alike; ``likeness`` from 0 to 1."""

    one: Product
    other: Product
    likeness: float


def pairs() -> list[Pair]:
    """The likest first; without those that somebody has said are different, or that are module or successor."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [NEWEST, ALIKE, MOST_PAIRS])
        found = cursor.fetchall()
    products = Product.objects.select_related("supplier").in_bulk({pk for row in found for pk in row[:2]})
    return [Pair(products[one], products[other], likeness) for one, other, likeness in found]
