"""«Samme som Hadsel»: a cell that points to what another municipality has in the same area (surveys.md 9, 49)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from governance.models import Organisation
from surveys.inventory_lines import Line
from surveys.inventory_standing import Neighbours
from surveys.models import ImportRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from surveys.inventory_check import Checker

Verdict = ImportRow.Verdict


class Pattern(NamedTuple):
    """A system that is pointed to."""

    name: str
    supplier: str
    use: str


class SameAs:
    """The lines of a file that point to others, resolved against the same file first, else against what stands."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.open: list[Line] = []
        self.neighbours = Neighbours()

    def resolved(self, pointing: Sequence[Line]) -> Iterator[Line]:
        """Each line with the system it points to; one that points to a line which points on waits for that one."""
        self.open = list(pointing)
        while self.open:
            waiting = [line for line in self.open if self._points_to(line, self.open)]
            ready = [line for line in self.open if line not in waiting]
            if not ready:
                for line in waiting:
                    line.fault("system", _("The municipalities point to each other. Write the name of the system."))
                    line.settle(Verdict.ERROR)
                return
            for line in ready:
                yield from self._taken(line)
            self.open = waiting

    def link(self, line: Line) -> None:
        """A line that names its system and says whose it is the same as: the two are connected."""
        assert line.area is not None
        if whom := self._whom(line):
            for name, _supplier, use in self.neighbours.systems(whom.pk, line.area.pk):
                if self.checker.key_of(name) == self.checker.key_of(line.name):
                    line.said["same_as_id"] = str(use)
                    return
            line.note("same_as", _("%(whom)s does not have this system here.") % {"whom": whom})

    def _points_to(self, line: Line, others: Sequence[Line]) -> bool:
        whom = self.checker.by_place.named(line.same_as)
        return any(one.place == whom and one.area == line.area for one in others)

    def _taken(self, line: Line) -> Iterator[Line]:
        whom = self._whom(line)
        patterns = self._patterns(line, whom) if whom else []
        if len(patterns) > 1 and not line.row.part:
            line.fault(
                "system",
                _("%(whom)s has several systems here: %(systems)s. Write one row for each that you have too.")
                % {"whom": whom, "systems": ", ".join(f"«{one.name}»" for one in patterns)},
            )
        if line.failed or not patterns:
            line.settle(Verdict(line.row.verdict or Verdict.ERROR))
            return
        more = [line.another(f"s{number}") for number in range(2, len(patterns) + 1)]
        self.checker.more[id(line.row)] = [one.row for one in more]
        self.checker.lines += more
        for one, pattern in zip([line, *more], patterns, strict=True):
            one.name = pattern.name
            theirs = {"supplier": pattern.supplier} if pattern.supplier else {}
            one.said = theirs | line.said | {"same_as_id": pattern.use}
            one.note("system", _("Taken as «%(name)s», as in %(whom)s.") % {"name": one.name, "whom": whom})
            yield one

    def _whom(self, line: Line) -> Organisation | None:
        said = line.same_as or line.same_column
        whom = self.checker.by_place.named(said)
        if whom is None:
            line.fault(
                "system", _("«%(name)s» is none of the municipalities. Write the name of the system.") % {"name": said}
            )
        elif whom == line.place:
            line.fault("system", _("This points to the municipality itself. Write the name of the system."))
            return None
        return whom

    def _patterns(self, line: Line, whom: Organisation) -> list[Pattern]:
        assert line.area is not None
        in_file = [one for one in self.checker.lines if one.place == whom and one.area == line.area and one is not line]
        if found := [_pattern(one) for one in in_file if one.name and self._stands(one)]:
            return found
        if any(one.row.verdict == Verdict.WAITING for one in in_file):
            line.note("system", _("Nobody has said yet what %(whom)s has here.") % {"whom": whom})
            line.settle(Verdict.WAITING)
            return []
        standing = self.neighbours.systems(whom.pk, line.area.pk)
        if not standing:
            line.fault(
                "system",
                _("%(whom)s has no system registered in this area. Write the name of the system.") % {"whom": whom},
            )
        return [Pattern(name, supplier, str(pk)) for name, supplier, pk in standing]

    def _stands(self, line: Line) -> bool:
        return line.row.verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED) and bool(line.row.target)


def _pattern(line: Line) -> Pattern:
    said: dict[str, Any] = line.said
    return Pattern(line.name, said.get("supplier", ""), str(line.row.target))
