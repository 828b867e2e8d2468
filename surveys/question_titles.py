"""What stands in the title of a column: the question, the grid it stands in, or one of its choices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models.questionnaires import tidy
from surveys.survey_words import Program, coded, meta_of

_ROW = re.compile(r"^(?P<asked>.*\S)\s*\[(?P<row>[^\[\]]+)\]$", re.DOTALL)


@dataclass(frozen=True)
class Title:
    """«Hvor enig er du? [Vi har en plan]» asks ``text`` in the grid ``group``; LimeSurvey writes choices so too."""

    text: str
    group: str = ""


def titles_of(headers: Mapping[str, str], program: str) -> dict[str, Title]:
    """The title of each column by its letter, read as the program writes it."""
    if program == Program.LIMESURVEY:
        return {letter: _coded(header) for letter, header in headers.items()}
    if program == Program.INDICO:
        return _without_sections(headers)
    return _in_grids(headers)


def _coded(header: str) -> Title:
    """«code[SQ001]. Text [row]», «code. Text», «code._.Text»; a code alone is its own text."""
    found = coded(header)
    words = tidy(found["words"] or "") if found else tidy(header)
    if found and not words:
        words = tidy(header)
    if found is None or found["sub"] or "[" in words:
        asked, row = _last_bracket(words)
        if row and (found is None or found["sub"]):
            return Title(row, asked)
    return Title(words)


def _last_bracket(words: str) -> tuple[str, str]:
    """The text, and what stands in the bracket at its end, however many brackets that holds itself."""
    if not words.endswith("]"):
        return words, ""
    depth = 0
    for place in range(len(words) - 1, -1, -1):
        depth += (words[place] == "]") - (words[place] == "[")
        if depth == 0:
            return words[:place].strip(), words[place + 1 : -1].strip()
    return words, ""


def _in_grids(headers: Mapping[str, str]) -> dict[str, Title]:
    """A bracket makes a grid only where several columns share what stands before it."""
    split = {letter: _ROW.match(header) for letter, header in headers.items()}
    shared = Counter(tidy(found["asked"]).casefold() for found in split.values() if found)
    return {
        letter: Title(tidy(found["row"]), tidy(found["asked"]))
        if found and shared[tidy(found["asked"]).casefold()] > 1
        else Title(tidy(headers[letter]))
        for letter, found in split.items()
    }


def _without_sections(headers: Mapping[str, str]) -> dict[str, Title]:
    """«Section: Question» without the section, which is another one each year; kept where two would be one."""
    asked = {letter: header for letter, header in headers.items() if not meta_of(header)}
    every = all(": " in header for header in asked.values())
    shared = Counter(header.partition(": ")[0] for header in asked.values() if ": " in header)
    found = {}
    for letter, header in headers.items():
        section, _colon, question = header.partition(": ")
        cut = letter in asked and question and (every or shared[section] > 1)
        found[letter] = tidy(question if cut else header)
    same = Counter(text.casefold() for text in found.values())
    return {
        letter: Title(text if same[text.casefold()] == 1 else tidy(headers[letter])) for letter, text in found.items()
    }
