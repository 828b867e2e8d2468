"""What each row of an inventory sheet would do, and every fault in it: cell, value, cure; nothing is written here."""

from __future__ import annotations

import difflib
import re
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import values as typed
from governance.models import Organisation
from surveys.import_kinds import plain
from surveys.inventory_reader import COLUMNS, letters, names_of, text
from surveys.models import Area, ImportJob, ImportRow, Inventory, Product, SystemUse
from surveys.models.catalogue import area_key, key_of

NONE = {"ingen", "ingen system", "har ikke", "har ikke system", "nei", "none", "no system"}
NOT_RELEVANT = {"ikke aktuelt", "ikke relevant", "n/a", "not relevant", "not applicable"}
UNKNOWN_END = {"vet ikke", "ukjent", "?", "not known", "unknown", "usikker"}
RUNNING = {
    "until terminated",
    "løpende",
    "lopende",
    "løpende avtale",
    "running",
    "til oppsigelse",
    "ingen utløp",
    "ingen sluttdato",
}
SUM_ROW = re.compile(r"^(sum|total|totalt|i alt)\b", re.IGNORECASE)
SEVERAL = {
    ImportJob.Layout.WIDE: re.compile(r"\s*[/+;,&\n]\s*|\s+og\s+"),
    ImportJob.Layout.LONG: re.compile(r"\s+[/+&]\s+|\s*[;\n]\s*"),
}
ASIDE = re.compile(r"\b(samme som|utgår|ny fra|erstattes|fases ut|se merknad)\b", re.IGNORECASE)
OPERATION = {
    "supplier": ("leverandør", "leverandøren", "sky", "skytjeneste", "saas", "cloud", "leverandøren (sky)",
                 "the supplier (cloud)"),
    "own": ("egen kommune", "kommunen selv", "kommunen", "lokal", "lokalt", "egen drift", "the municipality itself"),
    "other": ("annen kommune", "driftes av annen kommune", "vertskommune", "en annen kommune", "another municipality"),
    "it_collab": ("it-samarbeid", "ikt-samarbeid", "et it-samarbeid", "driftes av it-samarbeid", "an it collaboration"),
}  # fmt: skip
OPERATIONS = {plain(word): kind for kind, words in OPERATION.items() for word in words}
LABELS = {column.name: column.label for column in COLUMNS}
# What an answer says where a file says nothing, in the form that a row of an import keeps.
EMPTY_SAID: dict[str, Any] = {
    field.name: field.get_default() for field in SystemUse._meta.concrete_fields if field.name in SystemUse.SAID
} | {"supplier": "", "same_as_id": None, "end_unknown": True, "example": False}
SHORT = ("release", "operated_by", "planned_replacement")
LIMITS: dict[str, int] = {
    name: getattr(SystemUse._meta.get_field(name), "max_length", 0) for name in SHORT
} | {"remark": 2000, "system": 200, "supplier": 200}  # fmt: skip


def check(job: ImportJob, rows: Sequence[ImportRow], report: Report) -> dict[str, Any]:
    """Set verdict, messages, values, target and before of each row; answer with what the data looked like."""
    checker = Checker(job, rows)
    for number, row in enumerate(rows):
        checker.check(row)
        if number % 1000 == 0:
            report(10 + 60 * number // max(len(rows), 1), gettext_lazy("Checking the rows"))
    job.error = checker.blocked()
    return {"revisions": checker.revisions}


def revisions_of(municipalities: Any) -> dict[str, int]:
    """The state of the inventories that a check looked at; one that is not there yet is as one just begun."""
    found = Inventory.objects.filter(municipality__in=municipalities)
    begun = {str(pk): revision for pk, revision in found.values_list("municipality_id", "revision")}
    return {str(place.pk): 0 for place in municipalities} | begun


class Checker:
    """One check of one file: what the catalogue and the inventories hold now, and what was seen in the file so far."""

    def __init__(self, job: ImportJob, rows: Sequence[ImportRow]) -> None:
        self.job = job
        self.columns: dict[str, str] = job.mapping["columns"]
        self._placed: tuple[ImportRow | None, dict[str, str]] = (None, {})
        self.members = list(job.collaboration.members().prefetch_related("names"))
        self.names = names_of(Organisation.objects.filter(pk__in=[place.pk for place in self.members]))
        self.places = [job.municipality] if job.municipality else self.members
        self.areas = {area.key: area for area in Area.objects.all()}
        self.products = Product.objects.by_key(text(row.raw.get(self._address(row, "system"))) for row in rows)
        self.revisions = revisions_of(self.places)
        self.standing = self._standing()
        self.with_systems = {key[:2] for key in self.standing if key[2]}
        self.seen: dict[tuple[Any, ...], ImportRow] = {}
        self.foreign: set[str] = set()

    def check(self, row: ImportRow) -> None:
        """One row, all its faults at once."""
        if self._to_skip(row):
            row.verdict = ImportRow.Verdict.UNCHANGED
            return
        place, area = self._municipality(row), self._area(row)
        name, said = self._system(row), {}
        if said_answer := _no_system(name):
            name, said = "", {"answer": said_answer}
        elif name:
            said = self._details(row)
        if any(message["level"] == "error" for message in row.messages) or not (place and area):
            row.verdict = ImportRow.Verdict.ERROR
            return
        product = self.products.get(key_of(name)) if name else None
        self._compare(row, (place.pk, area.pk, product.key if product else key_of(name)), name, said)

    def blocked(self) -> str:
        """Why nothing of this file may be written, or nothing."""
        if self.foreign:
            return _(
                "The file has rows for %(others)s, but the import is for %(own)s. Nothing can be imported until those "
                "rows are taken out of the file."
            ) % {"others": ", ".join(sorted(self.foreign)), "own": self.job.municipality}
        closed = Inventory.objects.filter(municipality__in=self.places).exclude(state=Inventory.State.DRAFT)
        if not self.job.on_behalf and closed.exists():
            return _("The inventory is submitted. Open it for changes first, and check the file once more.")
        return ""

    # --- what stands already ------------------------------------------------------------------

    def _standing(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Each answer by municipality, area and system; on behalf, what awaits confirmation goes before what counts."""
        uses = SystemUse.objects.filter(inventory__municipality__in=self.places)
        uses = uses if self.job.on_behalf else uses.counted()
        names = [
            "inventory__municipality_id",
            "area_id",
            "product__key",
            "pk",
            "version",
            "awaits_id",
            "supplier__name",
        ]
        names += [name for name in EMPTY_SAID if name != "supplier"]
        found = {}
        for values in uses.order_by("awaits__asked_at").values(*names):
            key = (values["inventory__municipality_id"], values["area_id"], values["product__key"] or "")
            if values["awaits_id"] or key not in found:
                found[key] = values | {"supplier": values["supplier__name"] or ""}
        return found

    def _compare(self, row: ImportRow, key: tuple[Any, ...], name: str, said: dict[str, Any]) -> None:
        if first := self.seen.get(key):
            where = next(iter(first.raw))
            self._fault(
                row, "system", _("The same system stands in row %(number)s too (cell %(cell)s). Keep one of them.")
                % {"number": first.number, "cell": where},
            )  # fmt: skip
            row.verdict = ImportRow.Verdict.ERROR
            return
        self.seen[key] = row
        if not name and key[:2] in self.with_systems:
            self._fault(
                row,
                "system",
                _("Systems are registered in this area. Remove them before you write that there is none."),
            )
            row.verdict = ImportRow.Verdict.ERROR
            return
        current = self.standing.get(key)
        full = {**EMPTY_SAID, **({} if name else {"end_unknown": False})}
        if current:
            full = {field: _plain(current[field]) for field in EMPTY_SAID}
        wanted = full | said
        same = current is not None and all(_alike(field, full[field], wanted[field]) for field in wanted)
        in_place = current is not None and (not self.job.on_behalf or current["awaits_id"] is not None)
        row.values = {
            "municipality": key[0], "area": key[1], "product": name, "said": wanted, "insert": not in_place,
            "version": current["version"] + 1 if in_place and current else 1,
        }  # fmt: skip
        row.target = current["pk"] if in_place and current else uuid.uuid5(self.job.pk, str(row))
        row.before = full | {"awaits": _plain(current["awaits_id"])} if current else None
        new = ImportRow.Verdict.NEW if current is None else ImportRow.Verdict.CHANGED
        row.verdict = ImportRow.Verdict.UNCHANGED if same else new

    # --- one cell at a time -------------------------------------------------------------------

    def _to_skip(self, row: ImportRow) -> bool:
        """A sum, or an area nobody has answered for: told, and left alone."""
        area, system = self._text(row, "area"), self._text(row, "system")
        if SUM_ROW.match(area):
            self._note(row, "area", _("A row of sums. It is not imported."))
            return True
        if area and not system:
            self._note(row, "area", _("No system is named, so the area stays unanswered."))
            return True
        return False

    def _municipality(self, row: ImportRow) -> Organisation | None:
        if row.part:
            place = self.names.get(self.columns[row.part].partition(":")[2])
        else:
            said = self._text(row, "municipality")
            if not said:
                if self.job.municipality is None:
                    self._fault(row, "municipality", _("The municipality is missing. Write its name or number."))
                return self.job.municipality
            place = self.names.get(plain(said)) or self.names.get(_number(said))
        if place is None:
            self._fault(
                row, "municipality", _("There is no such municipality in %(collaboration)s. Write one of %(members)s.")
                % {"collaboration": self.job.collaboration, "members": ", ".join(map(str, self.members))},
            )  # fmt: skip
        elif self.job.municipality and place != self.job.municipality:
            self.foreign.add(str(place))
            self._fault(
                row, "municipality", _("The row is for %(other)s, but the import is for %(own)s. Take the row out.")
                % {"other": place, "own": self.job.municipality},
            )  # fmt: skip
        return place

    def _area(self, row: ImportRow) -> Area | None:
        said = self._text(row, "area")
        if not said:
            self._fault(row, "area", _("The area is missing. Write which need the system covers."))
            return None
        if area := self.areas.get(area_key(said)):
            return area
        near = difflib.get_close_matches(area_key(said), self.areas, n=3, cutoff=0.5)
        cure = (
            _("Did you mean %(areas)s?") % {"areas": ", ".join(f"«{self.areas[one]}»" for one in near)} if near else ""
        )
        self._fault(row, "area", f"{_('There is no area with this name.')} {cure or _('See the list of areas.')}")
        return None

    def _system(self, row: ImportRow) -> str:
        whole = str(row.raw.get(self._address(row, "system")) or "").strip()
        said = text(whole)
        if key_of(said) in self.products or _no_system(said):
            return said
        if said in ("-", "–", "?", "x", "X"):
            self._fault(
                row,
                "system",
                _("This can mean several things. Write the name of the system, «ingen» or «ikke aktuelt»."),
            )
        elif not key_of(said):
            self._fault(row, "system", _("The system is missing. Write its name, «ingen» or «ikke aktuelt»."))
        elif ASIDE.search(said):
            self._fault(
                row,
                "system",
                _("There is more than a name in the cell. Write only the system's name, and the rest under «Remark»."),
            )
        elif len(parts := [part for part in SEVERAL[self._layout(row)].split(whole) if part.strip()]) > 1:
            self._fault(
                row, "system", _(
                    "There are %(count)s systems in one cell: %(systems)s. "
                    "Write one row for each, with area and system."
                )
                % {"count": len(parts), "systems": ", ".join(f"«{text(part)}»" for part in parts)},
            )  # fmt: skip
        self._length(row, "system", said)
        return said

    def _details(self, row: ImportRow) -> dict[str, Any]:
        """What the row says beyond area and system; an empty cell says nothing and changes nothing."""
        said: dict[str, Any] = {}
        for field in ("supplier", "release", "operated_by", "planned_replacement", "remark"):
            if value := self._text(row, field):
                said[field] = value
                self._length(row, field, value)
        said |= self._end(row) | self._cost(row) | self._operation(row)
        if self._text(row, "example"):
            said["example"] = True
        return said

    def _end(self, row: ImportRow) -> dict[str, Any]:
        value = row.raw.get(self._address(row, "contract_end"))
        said = text(value).casefold()
        if not said:
            return {}
        if said in UNKNOWN_END or said in RUNNING:
            return {"contract_end": None, "end_unknown": said in UNKNOWN_END, "end_running": said in RUNNING}
        try:
            day = typed.date(value)
        except ValueError as error:
            self._fault(row, "contract_end", f"{error} {_('You may also write «vet ikke» or «løpende».')}")
            return {}
        return {"contract_end": day.isoformat(), "end_unknown": False, "end_running": False} if day else {}

    def _cost(self, row: ImportRow) -> dict[str, Any]:
        value = row.raw.get(self._address(row, "annual_cost"))
        if not text(value):
            return {}
        try:
            amount = typed.money(value)
        except ValueError as error:
            self._fault(row, "annual_cost", str(error))
            return {}
        if amount is not None and not 0 <= amount < Decimal("10000000000"):
            self._fault(row, "annual_cost", _("A cost is nought or more, and less than ten milliard kroner."))
            return {}
        return {"annual_cost": str(amount.quantize(Decimal("0.01")))} if amount is not None else {}

    def _operation(self, row: ImportRow) -> dict[str, Any]:
        """Who runs it: one of the four ways, else the name of somebody."""
        value = self._text(row, "operation")
        if not value:
            return {}
        kind = OPERATIONS.get(plain(value))
        return {"operation": kind} if kind else {"operated_by": value[: LIMITS["operated_by"]]}

    # --- where and how ------------------------------------------------------------------------

    def _layout(self, row: ImportRow) -> ImportJob.Layout:
        return ImportJob.Layout.WIDE if row.part else ImportJob.Layout.LONG

    def _address(self, row: ImportRow, field: str) -> str:
        """The cell of a field in this row; in the wide form the system stands under its municipality."""
        if self._placed[0] is not row:
            self._placed = (row, self._places_in(row))
        return self._placed[1].get(field, "")

    def _places_in(self, row: ImportRow) -> dict[str, str]:
        """The address of each field that has a cell in the row, found once for all questions about it."""
        found = {self.columns.get(letters(address), ""): address for address in row.raw}
        if row.part:
            under = next((address for address in row.raw if letters(address) == row.part), "")
            found |= {"system": under, "municipality": under}
        return found

    def _text(self, row: ImportRow, field: str) -> str:
        return text(row.raw.get(self._address(row, field)))

    def _length(self, row: ImportRow, field: str, value: str) -> None:
        if len(value) > LIMITS[field]:
            self._fault(
                row, field, _("The text is %(length)s characters long. Write %(limit)s at most.")
                % {"length": len(value), "limit": LIMITS[field]},
            )  # fmt: skip

    def _fault(self, row: ImportRow, field: str, sentence: str) -> None:
        self._say(row, field, sentence, "error")

    def _note(self, row: ImportRow, field: str, sentence: str) -> None:
        self._say(row, field, sentence, "note")

    def _say(self, row: ImportRow, field: str, sentence: str, level: str) -> None:
        address = self._address(row, field) or self._empty_cell(row, field)
        row.messages.append(
            {
                "cell": address,
                "column": str(LABELS[field]),
                "value": text(row.raw.get(address))[:200],
                "sentence": sentence,
                "level": level,
            }
        )

    def _empty_cell(self, row: ImportRow, field: str) -> str:
        letter = next((letter for letter, name in self.columns.items() if name == field), "")
        return f"{letter}{row.number}" if letter else ""


def _no_system(said: str) -> str:
    """Whether the cell says that there is none, or that the area is not relevant; two answers, not gaps."""
    word = said.casefold()
    if word in NONE:
        return SystemUse.Answer.NONE.value
    return SystemUse.Answer.NOT_RELEVANT.value if word in NOT_RELEVANT else ""


def _number(said: str) -> str:
    try:
        return str(typed.municipality_number(said))
    except ValueError:
        return ""


def _plain(value: Any) -> Any:
    """A value of a row as JSON keeps it."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | uuid.UUID) else value


def _alike(field: str, one: Any, other: Any) -> bool:
    return key_of(one) == key_of(other) if field == "supplier" else one == other
