"""What is wrong with a row of a survey export: cell, column, value and cure."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from surveys.models import ImportRow

PRIVATE = ("email", "name", "private")


class Faults:
    """Writes the messages of rows; ``letters`` says where each fixed column stands, ``titles`` what its header is."""

    def __init__(self, letters: Mapping[str, str], titles: Mapping[str, str]) -> None:
        self.letters, self.titles = letters, titles

    def of_field(self, row: ImportRow, name: str, sentence: str, *, level: str = "error") -> None:
        letter = self.letters.get(name, "")
        self.at(row, letter, sentence, level=level, private=name in PRIVATE)

    def at(self, row: ImportRow, letter: str, sentence: str, *, level: str = "error", private: bool = False) -> None:
        value = "" if private or not letter else row.raw.get(f"{letter}{row.number}")
        row.messages.append(
            {
                "cell": f"{letter}{row.number}" if letter else "",
                "column": self.titles.get(letter, "") or _("the row"),
                "value": "" if value is None else str(value)[:200],
                "sentence": sentence,
                "level": level,
            }
        )


def is_faulty(row: ImportRow) -> bool:
    return any(message["level"] == "error" for message in row.messages)
