"""What the choices of an imported question may count: proposed from their words, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from surveys.scoring import leading_number

# «Don't know» and «not relevant», in the words of the forms that are imported: they count nothing.
_NO_SCORE = re.compile(
    r"vet ikke|veit ikkje|ikke relevant|ikkje relevant|ikke aktuelt|usikker|ingen formening|ved ikke|vet ej|"
    r"don.?t know|not relevant|not applicable|\bn/?a$",
    re.IGNORECASE,
)
_ROWS = {
    1: "helt uenig|heilt ueinig|svært uenig|strongly disagree|stemmer ikke|i svært liten grad|svært dårlig",
    2: "delvis uenig|litt uenig|uenig|ueinig|disagree|stemmer dårlig|i liten grad|dårlig",
    3: "verken enig eller uenig|hverken enig eller uenig|verken eller|nøytral|neutral|i noen grad|middels",
    4: "delvis enig|litt enig|enig|einig|agree|stemmer godt|i stor grad|god|bra",
    5: "helt enig|heilt einig|svært enig|strongly agree|stemmer helt|i svært stor grad|svært god|svært bra",
}
_STEPS = {words: step for step, row in _ROWS.items() for words in row.split("|")}


def proposed_scores(options: Sequence[str]) -> list[Decimal | None]:
    """The number a choice begins with, else its place in a known row of words.

    A row is proposed only where all choices but «don't know» are known, so that nothing is half guessed.
    """
    counts = [not _NO_SCORE.search(option) for option in options]
    for known in ([leading_number(option) for option in options], [_step(option) for option in options]):
        pairs = list(zip(known, counts, strict=True))
        if any(counts) and all(score is not None for score, wanted in pairs if wanted):
            return [score if wanted else None for score, wanted in pairs]
    return [None] * len(options)


def _step(option: str) -> Decimal | None:
    words = " ".join(option.casefold().replace("–", " ").replace("-", " ").rstrip(" .").split())
    return Decimal(_STEPS[words]) if words in _STEPS else None
