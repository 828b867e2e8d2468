"""The list of national common solutions that comes with the portal, and what each asks of a municipality (F2, L14).

Own overview made on 22 November 2026 from the owners' public documentation (Digdir, KS, Skatteetaten, Bufdir …).
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
MADE = "Egen oversikt, 22. november 2026"


@dataclass(frozen=True, slots=True)
class SolutionFact:
    """A solution; ``checked`` says whether its description was held against the owner's own."""

    slug: str
    name: str
    owner: str
    category: str
    description: str
    checked: str
    counted: bool


@dataclass(frozen=True, slots=True)
class RequirementFact:
    """What a solution asks for; ``member_of`` and ``other`` are addresses of what it points to."""

    solution: str
    kind: str
    text: str
    member_of: str = ""
    other: str = ""


def solutions() -> list[SolutionFact]:
    with (DATA / "national_solutions.csv").open(encoding="utf-8", newline="") as file:
        return [
            SolutionFact(
                row["adresse"], row["navn"], row["eier"], row["kategori"], row["beskrivelse"], row["status"],
                row["telles"] == "ja",
            )
            for row in csv.DictReader(file, delimiter=";")
        ]  # fmt: skip


def requirements() -> list[RequirementFact]:
    told = tomllib.loads((DATA / "solution_requirements.toml").read_text(encoding="utf-8"))
    return [RequirementFact(**one) for one in told["requirement"]]
