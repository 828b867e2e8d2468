"""What stands in a row of an inventory sheet: whose it is, which area, which systems, and what is said about them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from governance.models import Organisation
from surveys import naming
from surveys.inventory_cells import READERS
from surveys.inventory_columns import lists_contracts
from surveys.inventory_lines import SUM_ROW, Columns, Line, letter_in
from surveys.inventory_names import Named, answer, is_left_open, is_unclear, possible, systems
from surveys.inventory_reader import text
from surveys.inventory_solutions import STATES, Solutions
from surveys.inventory_standing import Standing
from surveys.models import Area, ImportJob, ImportRow, Product
from surveys.models.catalogue import area_key, key_of
from surveys.places import Places

Verdict = ImportRow.Verdict


class RowReader:
    """The rows of one file, read beside what the catalogue and the inventories hold now."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.columns = Columns(job.mapping["columns"])
        self.by_place = Places(job.collaboration)
        self.members = list(self.by_place.by_pk.values())
        self.by_number = {place.number: place for place in self.members}
        self.places = [job.municipality] if job.municipality else self.members
        self.areas = {area.key: area for area in Area.objects.all()}
        self.areas_by_pk = {area.pk: area for area in self.areas.values()}
        self.details = [name for name in READERS if name in self.columns.letters]
        self.links = [name for name in STATES if name in self.columns.letters]
        self.solutions = Solutions() if self.links else None
        self.guesses_area = lists_contracts(job) and "area" not in self.columns.letters
        self.standing = Standing(job, self.places)
        self.products: dict[str, Product] = {}
        self.lines: list[Line] = []
        self.anothers: dict[str, Organisation] = {}
        self._places_said: dict[str, Organisation | None] = {}
        self._read: dict[tuple[str, type, Any], tuple[dict[str, Any], str] | ValueError] = {}

    def look_up_names(self, rows: Iterable[ImportRow]) -> None:
        """The system behind every name that the file may hold, in one question."""
        names: set[str] = set()
        lines = (Line(row, self.columns, self.columns.cells_of(row)) for row in rows)
        for whole, wide in {(str(line.raw("system") or ""), bool(line.row.part)) for line in lines}:
            names |= possible(whole, wide=wide)
        self.products = naming.known(names, self.job.municipality)

    def read(self, row: ImportRow) -> Iterator[ImportRow]:
        """The row, and one more for each further system in its cell."""
        line = Line(row, self.columns, self.columns.cells_of(row))
        yield row
        if self._to_skip(line):
            line.settle(Verdict.UNCHANGED)
            return
        line.place = self._municipality(line)
        if self._is_anothers(line):
            return
        line.area = self._area(line)
        for number, named in enumerate(self._systems(line), start=1):
            part = line if number == 1 else line.another(str(number))
            if number > 1:
                yield part.row
            self._take(part, named)
            self.lines.append(part)

    def _to_skip(self, line: Line) -> bool:
        """A sum, or an area nobody has answered for: told, and left alone."""
        area, system = line.text("area"), line.text("system")
        if line.row.part and not self.columns.fields.get(letter_in(line.row), "").startswith("municipality:"):
            line.note("system", _("The column is connected to no municipality. It is not imported."))
            return True
        if SUM_ROW.match(area) and area_key(area) not in self.areas:
            line.note("area", _("A row of sums. It is not imported."))
            return True
        if area and not system and not line.text("same_as"):
            line.note("area", _("No system is named, so the area stays unanswered."))
            return True
        if is_left_open(system):
            line.note("system", _("It is said that this is not known yet, so the area stays unanswered."))
            return True
        return False

    def _municipality(self, line: Line) -> Organisation | None:
        if line.row.part:
            return self.by_number.get(self.columns.fields[letter_in(line.row)].partition(":")[2])
        said = line.text("municipality")
        if not said:
            if self.job.municipality is None:
                line.fault("municipality", _("The municipality is missing. Write its name or number."))
            return self.job.municipality
        if said not in self._places_said:
            self._places_said[said] = self._named(said)
        place = self._places_said[said]
        if place is None:
            line.fault(
                "municipality",
                _("There is no such municipality in %(collaboration)s. Write one of %(members)s.")
                % {"collaboration": self.job.collaboration, "members": ", ".join(map(str, self.members))},
            )
        return place

    def _named(self, said: str) -> Organisation | None:
        """A member, or the IT collaboration whose own list this is; a nought that a spreadsheet ate is put back."""
        own = self.job.municipality
        if own and text(own.name).casefold() == said.casefold():
            return own
        return self.by_place.named(said.zfill(4) if re.fullmatch(r"\d{3}", said) else said)

    def _is_anothers(self, line: Line) -> bool:
        """Who imports for one municipality: a column of another is passed over, a row of another stops the file."""
        own = self.job.municipality
        if own is None or line.place is None or line.place == own:
            return False
        others = {"other": line.place, "own": own}
        if line.row.part:
            line.note("municipality", _("The column is for %(other)s. Only %(own)s is imported here.") % others)
            line.settle(Verdict.UNCHANGED)
        else:
            line.fault(
                "municipality", _("The row is for %(other)s, but the import is for %(own)s. Take the row out.") % others
            )
            line.settle(Verdict.ERROR)
            self.anothers[line.address("municipality")] = line.place
        return True

    def _area(self, line: Line) -> Area | None:
        said = line.text("area")
        if not said:
            return self._usual_area(line)
        if area := self.areas.get(area_key(said)):
            return area
        near = difflib.get_close_matches(area_key(said), self.areas, n=3, cutoff=0.5)
        cure = (
            _("Did you mean %(areas)s?") % {"areas": ", ".join(f"«{self.areas[one]}»" for one in near)} if near else ""
        )
        line.fault("area", f"{_('There is no area with this name.')} {cure or _('See the list of areas.')}")
        return None

    def _usual_area(self, line: Line) -> Area | None:
        """A list of contracts names no area: it is that where the municipality has the system, or its usual one."""
        if not self.guesses_area:
            line.fault("area", _("The area is missing. Write which need the system covers."))
            return None
        product = self.products.get(key_of(line.text("system")))
        known = product and line.place and self.standing.only_area_of(line.place.pk, product.key)
        area = self.areas_by_pk.get(known or (product.area_id if product else None) or 0)
        if area is None:
            line.fault(
                "system",
                _("The file does not say which area this covers. Add a column «%(area)s» and fill it in.")
                % {"area": _("Area")},
            )
        else:
            line.note("system", _("Taken as «%(area)s», where the system is used.") % {"area": area})
        return area

    def _systems(self, line: Line) -> list[Named]:
        """The systems of the cell; several are taken from a wide sheet only, where a row has nothing else to share."""
        whole = str(line.raw("system") if line.raw("system") is not None else "").replace("\xa0", " ").strip()
        said = text(line.raw("system"))
        if line.text("same_as") and not said:
            return [Named("", same_as=line.text("same_as"))]
        if answer(said) or (key_of(said) and key_of(said) in self.products):
            return [Named(said)]
        if is_unclear(said):
            line.fault(
                "system", _("This can mean several things. Write the name of the system, «ingen» or «ikke aktuelt».")
            )
            return [Named("")]
        found = systems(whole, self.products, wide=bool(line.row.part))
        if len(found) > 1 and not line.row.part:
            line.fault("system", _several(found))
            return found[:1]
        return found

    def _take(self, line: Line, named: Named) -> None:
        """The name or answer of a line, and what else its row says."""
        line.name, line.same_as, line.answer = named.name, named.same_as, answer(named.name)
        if line.answer:
            line.name = ""
            if "." in line.row.part or _shares_its_cell(line, named):
                line.fault("system", _("The cell names a system, and says that there is none. Keep one of them."))
            return
        if not line.failed and not line.same_as and not key_of(line.name):
            line.fault("system", _("The system is missing. Write its name, «ingen» or «ikke aktuelt»."))
        if len(line.name) > 200:
            line.fault("system", _("The text is %(length)s characters long. Write %(limit)s at most.")
                       % {"length": len(line.name), "limit": 200})  # fmt: skip
        line.said = self._details(line, named)
        if line.row.part and line.name and line.name != text(line.raw("system")):
            line.note("system", _("From this cell: «%(name)s».") % {"name": line.name})

    def _details(self, line: Line, named: Named) -> dict[str, Any]:
        """What the row says beyond area and system; an empty cell says nothing and changes nothing."""
        said, remarks = dict(named.said), [named.said.get("remark", "")]
        for name in self.details:
            if (value := line.raw(name)) is not None and not self._is_own_decision(line, name):
                found = self._cell(line, name, value)
                remarks.append(found.get("remark", ""))
                said |= found
        if remark := "\n".join(dict.fromkeys(filter(None, remarks))):
            said["remark"] = remark
        connected: dict[str, str] = {}
        for name in self.links:
            connected = self._linked(line, name) | connected
        return said | ({"integrations": connected} if connected else {})

    def _is_own_decision(self, line: Line, name: str) -> bool:
        """Whether the others may see a cost, nobody says on behalf of a municipality (rule 9)."""
        if name != "shares_cost" or not self.job.on_behalf:
            return False
        line.note(name, _("The municipality itself decides whether the others see the cost. It is not imported."))
        return True

    def _cell(self, line: Line, name: str, value: Any) -> dict[str, Any]:
        """The same value is read once, however many rows have it."""
        key = (name, type(value), value)
        if key not in self._read:
            try:
                self._read[key] = READERS[name](value)
            except ValueError as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, ValueError):
            line.fault(name, str(found))
            return {}
        if found[1]:
            line.note(name, found[1])
        return found[0]

    def _linked(self, line: Line, name: str) -> dict[str, str]:
        assert self.solutions is not None
        try:
            return self.solutions.said(name, line.raw(name))
        except ValueError as error:
            line.fault(name, str(error))
            return {}


def _several(found: list[Named]) -> str:
    names = ", ".join(f"«{one.name}»" for one in found)
    return _("There are %(count)s systems in one cell: %(systems)s. Write one row for each, with area and system.") % {
        "count": len(found),
        "systems": names,
    }


def _shares_its_cell(line: Line, named: Named) -> bool:
    """«ingen / Elements»: an answer that is only a part of what stands in the cell."""
    return text(line.raw("system")) != named.name
