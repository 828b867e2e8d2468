"""manage.py import_inventory FILE --municipality NUMBER|--wide [--collaboration SLUG] [--dry-run]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.audit.log import acting
from governance.models import Collaboration, Organisation
from surveys import naming
from surveys.actions import imports as actions
from surveys.actions import names
from surveys.models import ImportJob, ImportName


class Command(BaseCommand):
    help = "Imports a system inventory on behalf of a municipality; it counts when the IT leader has confirmed it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--municipality", metavar="NUMBER")
        whose.add_argument("--wide", action="store_true", help="one column for each municipality")
        parser.add_argument("--collaboration", metavar="SLUG", help="needed where the municipality is in several")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("nb"), acting():
            job = self._import(options)
            self._tell(job, dry_run=options["dry_run"])
        if job.state == ImportJob.State.REFUSED or job.error or job.counts.get("errors"):
            raise SystemExit(1)

    def _import(self, options: dict[str, Any]) -> ImportJob:
        place = self._municipality(options["municipality"])
        job = self._uploaded(options["file"], place, self._collaboration(options, place), wide=options["wide"])
        job = actions.read_now(job)
        if job.state != ImportJob.State.READ:
            return job
        if missing := actions.missing_columns(job, job.mapping["columns"]):
            names = ", ".join(str(column.label) for column in missing)
            return self._refused(job, _("These columns are missing: %(columns)s.") % {"columns": names})
        job = self._named(actions.check_now(job))
        if job.error or options["dry_run"]:
            return actions.cancel(job=job, by=None)
        return actions.apply(job=job, by=None)

    def _named(self, job: ImportJob) -> ImportJob:
        """Nobody sits by: a name that no system has is a new one. Which known ones it resembles is told."""
        undecided = names.decide_rest(job=job, decision=ImportName.Decision.NEW, by=None)
        near = naming.candidates([one.key for one in undecided])
        for one in undecided:
            alike = ", ".join(f"«{candidate.product}»" for candidate in near[one.key])
            self.stderr.write(
                _("«%(name)s» (cell %(cell)s) is taken as a new system. It resembles %(names)s.")
                % {"name": one.name, "cell": one.cell, "names": alike}
            )
        return actions.check_now(job) if undecided else job

    @transaction.atomic
    def _uploaded(self, file: Path, place: Organisation | None, whose: Collaboration, *, wide: bool) -> ImportJob:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        return actions.keep(
            kind="inventory", content=content, file_name=file.name, collaboration=whose, municipality=place,
            on_behalf=True, wide=wide, by=None,
        )  # fmt: skip

    def _refused(self, job: ImportJob, sentence: str) -> ImportJob:
        job = actions.cancel(job=job, by=None)
        job.error = sentence
        return job

    def _municipality(self, number: str | None) -> Organisation | None:
        if number is None:
            return None
        found = Organisation.objects.municipalities().filter(number=number).first()
        if found is None:
            raise CommandError(_("There is no municipality with the number %(number)s.") % {"number": number})
        return found

    def _collaboration(self, options: dict[str, Any], place: Organisation | None) -> Collaboration:
        found = Collaboration.objects.filter(external=False)
        if options["collaboration"]:
            found = found.filter(slug=options["collaboration"])
        elif place:
            found = found.filter(pk__in=place.memberships.active().values("collaboration"))
        if len(found) == 1:
            return found[0]
        slugs = ", ".join(sorted(one.slug for one in found)) or "–"
        raise CommandError(_("Say which collaboration with --collaboration: %(slugs)s.") % {"slugs": slugs})

    def _tell(self, job: ImportJob, *, dry_run: bool) -> None:
        """Every fault with file, sheet, row, column, value and what was expected; the counts last."""
        for row in job.rows.errors().in_order():
            for one in row.messages:
                sheet, line = f"{_('sheet')} «{row.sheet}»", f"{_('row')} {row.number}"
                column = f"{_('column')} {one['column']} ({one['cell']})"
                said = f"«{one['value']}». {one['sentence']}"
                self.stderr.write(f"{job.file_name}, {sheet}, {line}, {column}: {said}")
        for note in job.notes:
            self.stderr.write(f"{job.file_name}: {note}")
        if job.error:
            self.stderr.write(f"{job.file_name}: {job.error}")
        elif dry_run:
            self.stdout.write(_("Nothing is written: this was a trial."))
        elif job.changes:
            self.stdout.write(
                _("Written on behalf of the municipality. It counts when the IT leader has confirmed it.")
            )
        counts = {name: job.counts.get(name, 0) for name in ("new", "changed", "unchanged", "errors")}
        if job.error and not job.counts:
            counts["errors"] = 1
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
