"""Hours in a spreadsheet: finding the table, and what each row would do, with every fault in it (R19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents.registry import Report
from digivesteralen.spreadsheets import values as typed
from digivesteralen.spreadsheets.reading import Refused, Row, Sheet, Workbook
from digivesteralen.ui import wording
from governance.models import Organisation
from portfolio import periods
from portfolio.actions.effort import same
from portfolio.effort_rules import Rules, Told
from portfolio.models import Effort, Project
from portfolio.periods import Period
from surveys.import_kinds import Column, SheetRead, not_read, propose
from surveys.inventory_reader import letters, stored, text
from surveys.models import ImportJob, ImportRow
from surveys.places import Places, speaks_for_others

HEADER_WITHIN = 40
COLUMNS = (
    Column("municipality", gettext_lazy("Municipality"), ("kommune", "kommunenummer", "kommunenr", "kommunenavn")),
    Column("project", gettext_lazy("Project"), ("prosjekt", "tiltak", "prosjektnavn", "prosjektnummer")),
    Column(
        "period", gettext_lazy("Period"), ("periode", "måned", "halvår", "month", "half-year", "tidsrom"), required=True
    ),
    Column("hours", gettext_lazy("Hours"), ("timer", "antall timer", "timetall", "timeverk"), required=True),
    Column("rate", gettext_lazy("NOK per hour"), ("timesats", "sats", "kroner per time", "kr per time", "timepris")),
    Column("estimated", gettext_lazy("Estimated"), ("anslag", "anslått", "stipulert", "estimert", "estimat")),
)
LABELS = {column.name: column.label for column in COLUMNS}


def columns(job: ImportJob) -> Sequence[Column]:
    """A file for no single municipality must say which one each row is of."""
    if job.municipality_id:
        return COLUMNS
    return [
        Column(one.name, one.label, one.synonyms, required=one.required or one.name == "municipality")
        for one in COLUMNS
    ]


# --- finding the table --------------------------------------------------------------------------------


def read(job: ImportJob, book: Workbook) -> SheetRead:
    """The first sheet with a row of headers that names both the period and the hours."""
    tables = [found for sheet in book.sheets if (found := _table(sheet))]
    if tables:
        first = tables[0]
        first.notes = [*map(str, book.notes), *not_read(first.sheet, [one.sheet for one in tables]), *first.notes]
        return first
    sheets = ", ".join(f"«{sheet.name}»" for sheet in book.sheets)
    raise Refused(
        _("No table with hours was found in %(sheets)s. The sheet needs a row with the headers %(needed)s.")
        % {"sheets": sheets, "needed": ", ".join(str(one.label) for one in columns(job) if one.required)}
    )


def _table(sheet: Sheet) -> SheetRead | None:
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        found = _headers(row)
        if {"period", "hours"} <= set(found.values()):
            heads = {letters(cell.address): text(cell.value) for cell in row.cells}
            return SheetRead(
                sheet=sheet.name,
                columns=[
                    {"letter": letter, "header": heads[letter], "field": field, "row": str(row.number)}
                    for letter, field in found.items()
                ],
                rows=_rows(sheet, index, set(found)),
                notes=[*map(str, sheet.notes)],
            )
    return None


def _headers(row: Row) -> dict[str, str]:
    taken: set[str] = set()
    found = {}
    for cell in row.cells:
        if header := text(cell.value):
            field = propose(header, COLUMNS, taken)
            found[letters(cell.address)] = field
            taken.add(field)
    return found


def _rows(sheet: Sheet, header: int, within: set[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for row in sheet.rows[header + 1 :]:
        cells = {cell.address: stored(cell.value) for cell in row.cells if letters(cell.address) in within}
        if any(value not in (None, "") for value in cells.values()):
            yield row.number, "", cells


# --- what each row would do ---------------------------------------------------------------------------


def check(job: ImportJob, rows: Sequence[ImportRow], report: Report) -> dict[str, Any]:
    """Set verdict, messages, values and before of each row; answer with what the data looked like."""
    checker = Checker(job)
    said = [checker.say(row) for row in rows]
    report(40, gettext_lazy("Checking the rows"))
    checker.compare([(row, told) for row, told in zip(rows, said, strict=True) if told is not None])
    job.error = speaks_for_others(checker.anothers, job.municipality)
    return {"state": state_of(job)}


def state_of(job: ImportJob) -> dict[str, Any]:
    """What a check rests on: nothing added, removed or changed since."""
    told = Effort.objects.filter(collaboration=job.collaboration)
    found: dict[str, Any] = told.aggregate(count=Count("pk"), versions=Sum("version"), newest=Max("pk"))
    return found


class Checker:
    """One check of one file: who the members are, which projects there are, and what was seen in the file so far."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self.columns: dict[str, str] = job.mapping["columns"]
        self.places = Places(job.collaboration)
        self.projects = self._projects()
        self.seen: dict[Any, ImportRow] = {}
        self.anothers: dict[str, Organisation] = {}

    def _projects(self) -> dict[str, Project | None]:
        """By title, number and address; a title that two projects share means none of them."""
        found: dict[str, Project | None] = {}
        for project in self.job.collaboration.projects.all():
            title = text(project.title).casefold()
            found[title] = None if title in found else project
            found.setdefault(str(project.number), project)
            found.setdefault(project.slug, project)
        return found

    def say(self, row: ImportRow) -> Told | None:
        """What the row tells; nothing where it has a fault, or says nothing."""
        if not text(self._of(row, "hours")):
            self._tell(row, "hours", _("No hours are written, so nothing changes."), "note")
            row.verdict = ImportRow.Verdict.UNCHANGED
            return None
        place, project, period = self._municipality(row), self._project(row), self._period(row)
        hours, rate, estimated = self._hours(row), self._rate(row), self._estimated(row)
        if self._is_faulty(row) or place is None or period is None or hours is None:
            row.verdict = ImportRow.Verdict.ERROR
            return None
        return Told(
            organisation=place, period=period, project=project, hours=hours, rate=rate, estimated=estimated
        )  # fmt: skip

    def compare(self, said: Sequence[tuple[ImportRow, Told]]) -> None:
        """Each row against the rules, against the rows above it, and against what stands there."""
        told = [one for _row, one in said]
        rules = Rules(
            self.job.collaboration, {one.organisation for one in told}, {one.period.starts_on.year for one in told}
        )
        standing = self._standing(told)
        for row, one in said:
            if (first := self.seen.setdefault(one.key, row)) is not row:
                self._fault(
                    row, "period", _("The same hours stand in row %(row)s too. Keep one.") % {"row": first.number}
                )
            elif problem := rules.problem(one):
                self._fault(row, "period", problem)
            if self._is_faulty(row):
                row.verdict = ImportRow.Verdict.ERROR
                continue
            rules.remember(one)
            self._settle(row, one, standing.get(one.key))

    def _standing(self, told: Sequence[Told]) -> dict[Any, Effort]:
        rows = Effort.objects.filter(
            collaboration=self.job.collaboration, starts_on__in={one.period.starts_on for one in told}
        )
        return {(row.organisation_id, row.project_id, row.starts_on): row for row in rows}

    def _settle(self, row: ImportRow, told: Told, current: Effort | None) -> None:
        place, project, starts_on = told.key
        row.values = {
            "organisation": place, "project": project, "starts_on": starts_on.isoformat(), "span": told.period.span,
            "hours": str(told.hours), "rate": str(told.rate) if told.rate else None, "estimated": told.estimated,
            "version": (current.version if current else 0) + 1,
        }  # fmt: skip
        if current is None:
            row.verdict = ImportRow.Verdict.NEW
        elif same(told, current):
            row.verdict = ImportRow.Verdict.UNCHANGED
        else:
            row.verdict = ImportRow.Verdict.CHANGED
            row.before = {
                "hours": str(current.hours), "rate": str(current.rate) if current.rate else None,
                "estimated": current.estimated, "on_behalf": current.on_behalf,
                "registered_by": current.registered_by_id,
            }  # fmt: skip
            before = {"hours": wording.number(current.hours)}
            self._tell(row, "hours", _("%(hours)s hours stood there.") % before, "note")

    # --- one cell at a time -------------------------------------------------------------------

    def _municipality(self, row: ImportRow) -> Organisation | None:
        said = self._of(row, "municipality")
        if not text(said):
            if self.job.municipality is None:
                self._fault(row, "municipality", _("The municipality is missing. Write its name or number."))
            return self.job.municipality
        place = self.places.named(said)
        if place is None:
            sentence = _("There is no such municipality in %(collaboration)s. Write its name or number.")
            self._fault(row, "municipality", sentence % {"collaboration": self.job.collaboration})
        elif self.job.municipality and place != self.job.municipality:
            sentence = _("The row is for %(other)s, but you tell the hours of %(own)s. Take the row out.")
            self._fault(row, "municipality", sentence % {"other": place, "own": self.job.municipality})
            self.anothers[self._address(row, "municipality")] = place
        return place

    def _project(self, row: ImportRow) -> Project | None:
        said = self._of(row, "project")
        if isinstance(said, float) and said.is_integer():
            said = int(said)
        wanted = text(said).casefold()
        if not wanted:
            return None
        if self.projects.get(wanted) is None:
            self._fault(
                row, "project", _("There is no project with this name. Write the title or number of the project, or "
                "leave the cell empty for the collaboration as a whole."),
            )  # fmt: skip
        return self.projects.get(wanted)

    def _period(self, row: ImportRow) -> Period | None:
        said = self._of(row, "period")
        found = periods.read(said) if text(said) else None
        if found is None:
            self._fault(row, "period", _("Write a month like «august 2026», or a half-year like «1. halvår 2026»."))
        return found

    def _hours(self, row: ImportRow) -> Decimal | None:
        try:
            hours = typed.number(self._of(row, "hours"))
        except ValueError as fault:
            self._fault(row, "hours", str(fault))
            return None
        if hours is not None and hours != round(hours, 1):
            self._fault(row, "hours", _("Write the hours with one decimal at most."))
        return hours

    def _rate(self, row: ImportRow) -> Decimal | None:
        try:
            rate = typed.money(self._of(row, "rate"))
        except ValueError as fault:
            self._fault(row, "rate", str(fault))
            return None
        if rate is not None and not 0 < rate < 1_000_000:
            self._fault(row, "rate", _("The rate must be above zero. Leave it empty to use the agreed rate."))
            return None
        return None if rate is None else rate.quantize(Decimal("0.01"))

    def _estimated(self, row: ImportRow) -> bool:
        try:
            said = typed.yes_no(self._of(row, "estimated"))
        except ValueError as fault:
            self._fault(row, "estimated", str(fault))
            return False
        return said is True

    # --- cells and sentences ------------------------------------------------------------------

    def _address(self, row: ImportRow, field: str) -> str:
        letter = next((letter for letter, name in self.columns.items() if name == field), "")
        return f"{letter}{row.number}" if letter else ""

    def _of(self, row: ImportRow, field: str) -> Any:
        return row.raw.get(self._address(row, field))

    def _fault(self, row: ImportRow, field: str, sentence: str) -> None:
        self._tell(row, field, sentence, "error")

    def _tell(self, row: ImportRow, field: str, sentence: str, level: str) -> None:
        address = self._address(row, field)
        row.messages.append(
            {
                "cell": address,
                "column": str(LABELS[field]),
                "value": text(row.raw.get(address))[:200],
                "sentence": sentence,
                "level": level,
            }
        )

    @staticmethod
    def _is_faulty(row: ImportRow) -> bool:
        return any(message["level"] == "error" for message in row.messages)
