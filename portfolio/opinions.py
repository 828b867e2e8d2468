"""«Syn i styringsgruppen» on the projects of a portfolio: in words, counted, and silence as silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from governance.models import Case, Opinion, Organisation
from portfolio.actions.versions import asked_of
from portfolio.models import PortfolioItem, PortfolioVersion, ProjectOpinion
from portfolio.snapshots import SILENT, views

# More municipalities than this are counted in a document, and not named for each project.
NAMED = 12
COLORS = {
    Opinion.Stance.SUPPORTS: "success",
    Opinion.Stance.WITH_REMARK: "info",
    Opinion.Stance.AGAINST: "danger",
    Opinion.Stance.STUDY: "warning",
    SILENT: "neutral",
}


def stance_word(stance: str) -> str:
    return str(Opinion.Stance(stance).label) if stance else _("not answered")


def counted(stances: Iterable[str]) -> list[tuple[str, str, int]]:
    """How many gave each answer, silence last; what nobody said is not listed."""
    found = Counter(stances)
    order = [*Opinion.Stance.values, SILENT]
    return [(stance_word(stance), COLORS[stance], found[stance]) for stance in order if found[stance]]


def by_answer(said: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Each answer with those who gave it, by name where they are few; the silent last."""
    found = []
    for stance in [*Opinion.Stance.values, SILENT]:
        names = [view["name"] for view in said if view["stance"] == stance]
        if names:
            found.append((stance_word(stance), ", ".join(names) if len(said) <= NAMED else str(len(names))))
    return found


@dataclass(frozen=True)
class Cell:
    """What one municipality has said of one project, or of the whole."""

    name: str
    stance: str
    text: str

    @property
    def word(self) -> str:
        return stance_word(self.stance)

    @property
    def color(self) -> str:
        return COLORS[self.stance]


@dataclass(frozen=True)
class Line:
    """One project, or the whole, with the answer of everybody who is asked."""

    item: PortfolioItem | None
    cells: Sequence[Cell]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        return counted(cell.stance for cell in self.cells)

    @property
    def remarks(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.text]


@dataclass(frozen=True)
class Answers:
    """All answers to one version: a line for each project and one for the whole."""

    names: Sequence[str]
    lines: Sequence[Line]
    whole: Line

    @property
    def silent(self) -> int:
        """How many have said nothing of the whole."""
        return sum(not cell.stance for cell in self.whole.cells)

    @property
    def answered(self) -> int:
        return len(self.names) - self.silent


def answers(version: PortfolioVersion, case: Case, items: Sequence[PortfolioItem]) -> Answers:
    """While it is laid as it stands now, once it is treated as it stood then."""
    if version.treated is not None:
        whole = version.treated["views"]
        said = {item.pk: (item.frozen or {}).get("views", []) for item in items}
    else:
        asked = asked_of(version, case)
        whole = views(asked, case.opinions.all())
        said = _as_it_stands(version, items, asked)
    return Answers(
        [view["name"] for view in whole],
        [Line(item, _cells(said[item.pk])) for item in items],
        Line(None, _cells(whole)),
    )


def _as_it_stands(
    version: PortfolioVersion, items: Sequence[PortfolioItem], asked: Sequence[Organisation]
) -> dict[int, list[dict[str, str]]]:
    given: dict[int, list[ProjectOpinion]] = {item.pk: [] for item in items}
    for opinion in ProjectOpinion.objects.filter(version=version, item__in=given):
        given[opinion.item_id].append(opinion)
    return {pk: views(asked, opinions) for pk, opinions in given.items()}


def _cells(said: Sequence[dict[str, Any]]) -> list[Cell]:
    return [Cell(view["name"], view["stance"], view["text"]) for view in said]
