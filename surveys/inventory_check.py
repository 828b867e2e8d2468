"""What each row of an inventory sheet would do, and every fault in it: cell, value, cure; nothing is written here."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents.registry import Report
from surveys import inventory_sense, naming
from surveys.inventory_lines import Line
from surveys.inventory_rows import RowReader
from surveys.inventory_same import SameAs
from surveys.inventory_standing import EMPTY_SAID, FAR_FEWER, MOST_TOLD, Key, alike, revisions_of
from surveys.models import ImportJob, ImportName, ImportRow, Inventory
from surveys.models.catalogue import key_of
from surveys.places import speaks_for_others

Verdict = ImportRow.Verdict
Decision = ImportName.Decision


def check(job: ImportJob, rows: list[ImportRow], report: Report) -> dict[str, Any]:
    """Set verdict, messages, values, target and before of each row; answer with what the data looked like.

    A cell with several systems becomes several rows, so ``rows`` may grow.
    """
    checker = Checker(job)
    rows[:] = [row for row in rows if "." not in row.part]
    checker.look_up_names(rows)
    kept: list[ImportRow] = []
    for number, row in enumerate(rows):
        kept += checker.read(row)
        if number % 1000 == 0:
            report(10 + 40 * number // max(len(rows), 1), gettext_lazy("Checking the rows"))
    checker.name()
    report(60, gettext_lazy("Checking the rows"))
    checker.settle()
    rows[:] = [one for row in kept for one in (row, *checker.more.get(id(row), ()))]
    job.error = checker.blocked()
    return {"revisions": checker.revisions, "names": naming.stand(job), "absent": checker.absent()}


class Checker(RowReader):
    """One check of one file: what its rows say, against what stands and what was seen in the file so far."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(job)
        self.revisions = revisions_of(self.places)
        self.more: dict[int, list[ImportRow]] = {}
        self.seen: dict[Key, Line] = {}
        self.places_named: set[int] = set()

    def blocked(self) -> str:
        """Why nothing of this file may be written, or nothing."""
        if self.job.on_behalf:
            return ""  # an administrator's list may be that of all; each municipality says yes to its own rows
        if Inventory.objects.filter(municipality__in=self.places).exclude(state=Inventory.State.DRAFT).exists():
            return _("The inventory is submitted. Open it for changes first, and check the file once more.")
        return speaks_for_others(self.anothers, self.job.municipality)

    # --- names that no system has -----------------------------------------------------------------

    def name(self) -> None:
        """Ask what the unknown names mean, and hold back the rows of those that nobody has decided."""
        unknown: dict[str, tuple[str, str, int]] = {}
        for line in self.lines:
            key = key_of(line.name)
            if key and key not in self.products and line.area and line.place and not line.failed:
                name, cell, count = unknown.get(key, (line.name, line.address("system"), 0))
                unknown[key] = (name, cell, count + 1)
        naming.gather(self.job, unknown)
        self.decided = naming.decided(self.job)
        open_keys = [key for key, one in self.decided.items() if one.decision in (Decision.UNDECIDED, Decision.LATER)]
        self.near = naming.candidates(open_keys) if open_keys else {}

    def _held_back(self, line: Line) -> bool:
        """Whether somebody must say first what the name means; or has said that it is no system."""
        decided = self.decided.get(key_of(line.name))
        if decided is None or decided.decision == Decision.NEW:
            return False
        if decided.decision == Decision.SAME and decided.product:
            self.products[key_of(line.name)] = decided.product
            return False
        if decided.decision == Decision.NOT_SYSTEM:
            line.note(
                "system", _("You have said that «%(name)s» is no system. It is not imported.") % {"name": line.name}
            )
            line.settle(Verdict.UNCHANGED)
            return True
        near = ", ".join(f"«{one.product}»" for one in self.near.get(key_of(line.name), []))
        said = _("Nobody has said yet what «%(name)s» is.") % {"name": line.name}
        line.note("system", f"{said} {_('It resembles %(names)s.') % {'names': near}}" if near else said)
        line.settle(Verdict.WAITING)
        return True

    # --- what each line would do --------------------------------------------------------------------

    def settle(self) -> None:
        """Compare each line with what stands; those that point to another municipality's last."""
        pointing, same = [], SameAs(self)
        for line in self.lines:
            if line.failed or not (line.place and line.area):
                line.settle(Verdict.ERROR)
            elif line.same_as:
                pointing.append(line)
            elif not self._held_back(line):
                if line.name and line.same_column:
                    same.link(line)
                self.compare(line)
        for line in same.resolved(pointing):
            self.compare(line)

    def key(self, line: Line) -> Key:
        assert line.place is not None
        assert line.area is not None
        return line.place.pk, line.area.pk, self.key_of(line.name)

    def key_of(self, name: str) -> str:
        """That of the system which a name means, else its own."""
        key = key_of(name) if name else ""
        return self.products[key].key if key in self.products else key

    def compare(self, line: Line) -> None:
        """New, changed, unchanged, or a fault that shows only beside what stands."""
        key = self.key(line)
        self.places_named.add(key[0])
        before = self.standing.said(key)
        full = before or {**EMPTY_SAID, **({} if line.name else {"end_unknown": False})}
        said = {"answer": line.answer} if line.answer else inventory_sense.ended(line.said, full)
        if "integrations" in said:
            said = said | {"integrations": full["integrations"] | said["integrations"]}
        if before:
            said = {name: value for name, value in said.items() if not alike(name, full[name], value)}
        if self._fails(line, key, said, full):
            line.settle(Verdict.ERROR)
            return
        self.seen[key] = line
        current = self.standing.rows.get(key)
        if current is not None and not said:
            line.row.target = current["pk"]
            line.settle(Verdict.UNCHANGED)
            return
        in_place = current is not None and (not self.job.on_behalf or current["awaits_id"] is not None)
        line.row.values = {
            "municipality": key[0], "area": key[1], "product": line.name, "key": key[2], "said": said,
            "insert": not in_place, "version": current["version"] + 1 if in_place and current else 1,
        }  # fmt: skip
        line.row.target = current["pk"] if in_place and current else uuid.uuid5(self.job.pk, str(line.row))
        awaits = current["awaits_id"] if current else None
        line.row.before = before | {"awaits": str(awaits) if awaits else None} if before else None
        line.settle(Verdict.NEW if current is None else Verdict.CHANGED)

    def _fails(self, line: Line, key: Key, said: dict[str, Any], full: dict[str, Any]) -> bool:
        if first := self.seen.get(key):
            line.fault(
                "system",
                _("The same system stands in row %(number)s too (cell %(cell)s). Keep one of them.")
                % {"number": first.row.number, "cell": first.address("system")},
            )
        elif not line.name and key[:2] in self.standing.answered:
            line.fault(
                "system", _("Systems are registered in this area. Remove them before you write that there is none.")
            )
        elif said and (current := self.standing.rows.get(key)) and current["through_id"]:
            line.fault(
                "system", _("An IT collaboration has registered this for the municipality, and changes it there.")
            )
        for name, sentence in inventory_sense.faults(said, full | said) if line.name else ():
            line.fault(name, sentence)
        return line.failed

    # --- what the file does not mention -----------------------------------------------------------

    def absent(self) -> dict[str, Any]:
        """The systems that stand in the portal and not in the file: they stay, whatever is missing from a file."""
        gone = self.standing.absent(self.seen, self.places_named)
        before = sum(1 for key in self.standing.rows if key[2] and key[0] in self.places_named)
        return {
            "count": len(gone),
            "far_fewer": before > 0 and before - len(gone) < FAR_FEWER * before,
            "systems": [f"{self.areas_by_pk[area]}: {name}" for area, name in gone[:MOST_TOLD]],
        }
