"""The choices in a cell: divided at the program's sign, and never through a choice that holds the sign itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from surveys.models.questionnaires import tidy
from surveys.survey_words import Program

COMMA = ", "
# Google's sign stands inside choices too: there a cell is divided against the list of choices only.
SEPARATORS = {
    Program.MICROSOFT: ";",
    Program.GOOGLE: COMMA,
    Program.LIMESURVEY: ";",
    Program.INDICO: ";",
    Program.OTHER: ";",
}


def separator_of(program: str, cells: Iterable[str]) -> str:
    """The sign between choices; in a table of unknown origin the one that stands there."""
    sign = SEPARATORS[Program(program)]
    if program == Program.OTHER and not any(sign in cell for cell in cells):
        return COMMA
    return sign


@lru_cache(maxsize=10_000)
def plain_choice(text: str) -> str:
    """One spelling of a choice for many."""
    folded = unicodedata.normalize("NFKC", tidy(text)).casefold()
    return re.sub(r"\s*([;,])\s*", r"\1", folded).rstrip(" .:*;")


def split_choices(cell: str, known: Sequence[str], separator: str = ";") -> list[str]:
    """The choices in a cell «A;B;»; a known choice that holds the sign itself is found first, the longest first.

    At a comma only known choices are cut out; what stands between them stays whole.
    """
    parts = [tidy(part) for part in cell.split(separator)]
    while parts and not parts[-1]:
        parts.pop()
    wanted = {plain_choice(one): tidy(one) for one in known}
    longest = max((one.count(separator.strip()) for one in known), default=0) + 1
    found: list[str] = []
    between: list[str] = []
    start = 0
    while start < len(parts):
        size = _longest_known(parts, start, longest, separator, wanted)
        if size == 0 and separator == COMMA:
            between.append(parts[start])
        else:
            _keep(found, separator.join(between))
            between = []
            text = separator.join(parts[start : start + max(size, 1)])
            _keep(found, wanted.get(plain_choice(text), text))
        start += max(size, 1)
    _keep(found, separator.join(between))
    return found


def _longest_known(parts: Sequence[str], start: int, longest: int, separator: str, wanted: dict[str, str]) -> int:
    """How many parts from here on make one known choice; none where they begin no known one."""
    for size in range(min(longest, len(parts) - start), 0, -1):
        if plain_choice(separator.join(parts[start : start + size])) in wanted:
            return size
    return 0


def _keep(found: list[str], text: str) -> None:
    if text and text not in found:
        found.append(text)


def proposed(cells: Iterable[str], separator: str) -> list[str]:
    """What a person is asked to confirm as the choices behind these cells.

    Two parts that never stand apart are one choice: «Tak, zawsze». Without this list nothing is divided at a comma.
    """
    rows = [[part for one in cell.split(separator) if (part := tidy(one))] for cell in cells]
    if separator == COMMA:
        rows = _joined(rows)
    return list(Counter(part for row in rows for part in row))


def _joined(rows: list[list[str]]) -> list[list[str]]:
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for one, following in zip(["", *row], [*row, ""], strict=True):
            after[one].add(following)
            before[following].add(one)
    glued = {
        one
        for one, following in after.items()
        if one and len(following) == 1 and before[next(iter(following))] == {one}
    }
    found = []
    for row in rows:
        parts: list[str] = []
        for place, one in enumerate(row):
            if place and row[place - 1] in glued:
                parts[-1] = f"{parts[-1]}{COMMA}{one}"
            else:
                parts.append(one)
        found.append(parts)
    return found


# Scales that forms offer, from the lowest step; their choices are shown in this order.
_SCALES = (
    ("helt uenig", "uenig", "delvis uenig", "litt uenig", "verken enig eller uenig", "både og", "nøytral", "litt enig",
     "delvis enig", "enig", "helt enig"),
    ("heilt ueinig", "ueinig", "litt ueinig", "verken einig eller ueinig", "nøytral", "litt einig", "einig",
     "heilt einig"),
    ("ikke i det hele tatt", "i svært liten grad", "i liten grad", "i noen grad", "i middels grad", "i stor grad",
     "i svært stor grad"),
    ("svært dårlig", "dårlig", "middels", "verken god eller dårlig", "god", "bra", "svært god", "svært bra"),
    ("svært misfornøyd", "misfornøyd", "verken fornøyd eller misfornøyd", "fornøyd", "svært fornøyd"),
    ("aldri", "sjelden", "av og til", "ofte", "svært ofte", "alltid"),
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "neutral", "somewhat agree",
     "agree", "strongly agree"),
    ("ja", "delvis", "nei"),
    ("yes", "partly", "no"),
)  # fmt: skip
NOTHING_SAID = {
    "vet ikke", "veit ikkje", "ikke relevant", "ikkje relevant", "ikke aktuelt", "usikker", "ingen formening",
    "don't know", "not relevant", "not applicable", "n/a", "vet ej", "ved ikke", "no answer", "ingen svar",
}  # fmt: skip


def in_order(texts: Sequence[str]) -> list[str]:
    """Choices that are the steps of a known scale in its order, with «vet ikke» last; others as they were met."""
    plain = {text: plain_choice(text) for text in texts}
    steps = [text for text in texts if plain[text] not in NOTHING_SAID]
    for scale in _SCALES:
        if len(steps) > 1 and all(plain[text] in scale for text in steps):
            rest = [text for text in texts if plain[text] in NOTHING_SAID]
            return [*sorted(steps, key=lambda text: scale.index(plain[text])), *rest]
    return list(texts)
