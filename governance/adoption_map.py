"""«Kart over tallene som teller»: one tile per municipality, by region, in a word and a colour (X4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from digivesteralen.ui import charts, wording
from digivesteralen.ui.charts import Chart
from governance.adoption_states import SERIES, shown
from governance.models import Adoption, Collaboration, Organisation, RegionMembership

# Æ, Ø, Å last, as the stored sort key has them.
NORWEGIAN = str.maketrans("æøå", "{|}")


@dataclass(frozen=True)
class Tile:
    """One municipality: its name, how it stands, and where that is told."""

    name: str
    words: str
    color: str
    url: str
    example: bool = False


def of_matter(answers: Sequence[Adoption]) -> list[tuple[str, list[Tile]]]:
    """How each municipality has answered one matter."""
    return by_region([(answer.organisation, _tile(answer)) for answer in answers])


def of_all(collaboration: Collaboration, rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[Tile]]]:
    """How each municipality stands over all the matters it was asked about."""
    counted = {row["organisation"]: row for row in rows}
    places = Organisation.objects.filter(pk__in=counted).order_by("sort_key")
    url = reverse("adoptions", args=[collaboration.slug])
    return by_region(
        [(place, Tile(str(place), *_in_all(counted[place.pk]), f"{url}?organisation={place.pk}")) for place in places]
    )


def by_region(tiles: Sequence[tuple[Organisation, Tile]]) -> list[tuple[str, list[Tile]]]:
    """Under the region, the first by name where there are several; else under the county (A5, A6)."""
    members = RegionMembership.objects.active().filter(organisation__in=[place.pk for place, _tile in tiles])
    regions: dict[int, str] = {}
    for pk, name in members.order_by("-region__name").values_list("organisation", "region__name"):
        regions[pk] = name
    grouped: dict[tuple[bool, str], list[Tile]] = {}
    for place, tile in tiles:
        outside = place.pk not in regions
        name = regions.get(place.pk) or place.county or _("County not registered")
        grouped.setdefault((outside, name), []).append(tile)
    order = sorted(grouped, key=lambda heading: (heading[0], heading[1].lower().translate(NORWEGIAN)))
    return [(_heading(name, outside and bool(regions)), grouped[outside, name]) for outside, name in order]


def bars(collaboration: Collaboration, rows: Sequence[dict[str, Any]]) -> Chart:
    """One bar per matter, in the parts that count."""
    return charts.stacked_bars(
        _("Answers per matter"),
        [(row["title"], [row[name] for name, _words, _color in SERIES]) for row in rows],
        [(str(words), color) for _name, words, color in SERIES],
        label=_("Matter"),
        id="svar-per-sak",
    )


def _tile(answer: Adoption) -> Tile:
    state = shown(answer)
    words = state.words
    if answer.is_decided and answer.decided_on:
        words = f"{words} {wording.short_day(answer.decided_on)}"
    return Tile(str(answer.organisation), words, state.color, answer.get_absolute_url(), answer.example)


def _in_all(row: dict[str, Any]) -> tuple[str, str]:
    decided = row["decided"]
    words = _("%(decided)s of %(asked)s decided") % {"decided": decided, "asked": row["asked"]}
    if row["late"]:
        return f"{words}, {_('%(count)s past the deadline') % {'count': row['late']}}", "brand2"
    return words, "success" if decided == row["asked"] else "neutral"


def _heading(name: str, outside: bool) -> str:
    return _("Outside the regions: %(county)s") % {"county": name} if outside else name
