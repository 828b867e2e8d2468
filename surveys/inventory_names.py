"""What stands in the cell of a system: one name or several, an answer that there is none, and remarks to it.

«Elements / Public 360°» is two systems, unless the whole is one that the catalogue has; «Vigilo (ny fra 2023)» is a
system and a remark; «samme som Hadsel» points to another municipality's cell (surveys.md 5.4).
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from surveys.inventory_cells import DASHES, NOT_KNOWN, NOT_RELEVANT
from surveys.inventory_reader import text
from surveys.models import SystemUse
from surveys.models.catalogue import key_of

NONE = {"ingen", "ingen system", "inga", "inkje", "har ikke", "har ikkje", "har ikke system", "nei", "none",
        "no system", "intet", "intet system", "har ikke noe", "finnes ikke"}  # fmt: skip
# They can mean several things: a person has to say which.
UNCLEAR = DASHES | {"?", "??", "x", "ja", "yes", "har", "0", "1"}
# In the wide form each of these stands between systems; «A/S» is no two systems.
BETWEEN_WIDE = re.compile(r"\s*[\n;,]\s*|\s*(?<!\b[Aa])/(?![Ss]\b)\s*|\s*\+\s*(?=[^\s+])|\s+(?:og|&)\s+")
BETWEEN_LONG = re.compile(r"\s+[/+&]\s+|\s*[;\n]\s*")
PARENTHESES = re.compile(r"\([^()]*\)")
# A name that holds signs itself, as «Fiks SvarUt / SvarInn», holds no more parts than these.
MOST_JOINED = 4
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
SAME = re.compile(r"^(?:(?:det\s+)?same|samme|lik)(?:\s+system)?\s+som\s+(?:i\s+)?(?P<whom>.+?)[.\s]*$", re.IGNORECASE)
ASIDE = re.compile(
    r"\b(?:(?P<new>ny(?:tt|e)?\s+(?:fra|frå|fom\.?|i)\b|(?:ny(?:tt)?|innført|i\s+bruk(?:\s+(?:fra|frå|siden))?)"
    r"(?=\s+(?:19|20)\d{2}))|(?P<out>(?:utgår|fases?\s+ut|fasast\s+ut|avvikles|under\s+utfasing)\b)"
    r"|(?P<by>(?:skal\s+)?(?:erstatt(?:es|as)|byttes(?:\s+ut)?)(?:\s+(?:av|med|til))?\b)"
    r"|(?P<more>se\s+(?:merknad|kommentar|fotnote)|under\s+innføring|under\s+anskaffelse)\b)",
    re.IGNORECASE,
)
EDGES = " ,;:.–—-("


@dataclass
class Named:
    """One system of a cell: its name, what the words beside it say, and whose cell it points to."""

    name: str
    said: dict[str, Any] = field(default_factory=dict)
    same_as: str = ""


def answer(said: str) -> str:
    """Whether the cell says that there is none, or that the area is not relevant; two answers, not gaps."""
    word = said.casefold().rstrip(" .")
    if word in NONE:
        return SystemUse.Answer.NONE.value
    return SystemUse.Answer.NOT_RELEVANT.value if word in NOT_RELEVANT else ""


def is_left_open(said: str) -> bool:
    """«TBD», «avklares»: nobody has answered yet."""
    word = said.casefold().rstrip(" .")
    return word in NOT_KNOWN and word not in UNCLEAR


def is_unclear(said: str) -> bool:
    return said.casefold() in UNCLEAR


def possible(whole: str, *, wide: bool) -> set[str]:
    """Every name that a cell might hold: the whole, its parts, and parts that belong together."""
    parts = _cut(whole, wide=wide)
    found = {text(whole), _bare(text(whole))}
    if len(parts) > 1:
        found |= {text(whole[a:b]) for a, b in _runs(parts)}
    return found | {_bare(part) for one in list(found) for part in (one, ASIDE.split(one)[0].strip(EDGES))}


def systems(whole: str, known: Container[str], *, wide: bool) -> list[Named]:
    """The systems of a cell, in their order. What the catalogue knows as one stays one."""
    if key_of(text(whole)) in known:
        return [Named(text(whole))]
    found: list[Named] = []
    for part in _parts(whole, known, wide=wide):
        one = _named(part, known)
        if found and not one.name and not one.same_as and one.said:
            found[-1].said = _together(found[-1].said, one.said)
        else:
            found.append(one)
    return found or [Named("")]


def parts_of(whole: str, known: Container[str]) -> list[str]:
    """The names in a list of names; one that is known with the sign in it stays whole."""
    return [text(whole)] if key_of(text(whole)) in known else _parts(whole, known, wide=True)


def _parts(whole: str, known: Container[str], *, wide: bool) -> list[str]:
    """The cell cut at its signs, the longest known names first."""
    cuts = _cut(whole, wide=wide)
    if len(cuts) < 2:
        return [text(whole)]

    def joined(first: int, after: int) -> str:
        return text(whole[cuts[first][0] : cuts[after - 1][1]])

    found, at = [], 0
    while at < len(cuts):
        longest = range(min(len(cuts), at + MOST_JOINED), at + 1, -1)
        until = next((after for after in longest if key_of(joined(at, after)) in known), at + 1)
        found.append(joined(at, until))
        at = until
    return found


def _cut(whole: str, *, wide: bool) -> list[tuple[int, int]]:
    """Where the parts of a cell stand; what is in parentheses is not cut."""
    hidden = PARENTHESES.sub(lambda found: "·" * len(found[0]), whole)
    places, start = [], 0
    for sign in (BETWEEN_WIDE if wide else BETWEEN_LONG).finditer(hidden):
        places.append((start, sign.start()))
        start = sign.end()
    places.append((start, len(whole)))
    return [(a, b) for a, b in places if whole[a:b].strip()]


def _runs(parts: list[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(one[0], other[1]) for at, one in enumerate(parts) for other in parts[at : at + MOST_JOINED]}


def _named(part: str, known: Container[str]) -> Named:
    """A name, without the remarks beside it."""
    if key_of(part) in known:
        return Named(part)
    if found := SAME.match(part):
        return Named("", same_as=found["whom"].strip("«»\"' "))
    if found := ASIDE.search(part):
        return Named(part[: found.start()].strip(EDGES), _aside(part[found.start() :], found))
    bare = _bare(part)
    if bare != part and key_of(bare) in known:
        return Named(bare, {"remark": part[len(bare) :].strip(" ()")})
    return Named(part)


def _aside(words: str, found: re.Match[str]) -> dict[str, Any]:
    """What a remark settles beside being kept as a remark."""
    words = words.strip(" ,;)(")
    said: dict[str, Any] = {"remark": words}
    year = YEAR.search(words)
    if found["new"] and year:
        said["live_on"] = f"{year[0]}-01-01"
    if found["out"] and year:
        said["phased_out_on"] = f"{year[0]}-01-01"
    if found["by"]:
        rest = YEAR.sub("", words[len(found["by"]) :])
        if name := re.sub(r"\s+(?:i|fra|innen|frå)\s*$", "", rest.strip(EDGES)).strip(EDGES):
            said["planned_replacement"] = name[:200]
        if year:
            said["replacement_year"] = int(year[0])
    return said


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | other | {"remark": ", ".join(filter(None, [one.get("remark"), other.get("remark")]))}


def _bare(part: str) -> str:
    """Without what stands in parentheses at the end."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", part) or part
