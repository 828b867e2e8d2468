"""manage.py import_survey FILE --survey SLUG [--collaboration SLUG] [--dry-run]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.audit.log import acting
from surveys.actions import imports as actions
from surveys.models import ImportJob, Survey


class Command(BaseCommand):
    help = "Imports the answers to a survey from Microsoft Forms, Google Forms, LimeSurvey, Indico or another table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", metavar="SLUG", required=True)
        parser.add_argument(
            "--collaboration", metavar="SLUG", help="needed where several have a survey with this address"
        )
        parser.add_argument(
            "--choices-as-proposed",
            action="store_true",
            help="where choices are joined by commas, take the choices that the portal proposes",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("nb"), acting():
            job = self._import(options)
            self._tell(job, dry_run=options["dry_run"])
        if job.state == ImportJob.State.REFUSED or job.error or job.counts.get("errors"):
            raise SystemExit(1)

    def _import(self, options: dict[str, Any]) -> ImportJob:
        job = actions.read_now(self._kept(options, self._survey(options)))
        if job.state != ImportJob.State.READ:
            return job
        job = actions.check_now(job)
        if job.error or options["dry_run"]:
            return actions.cancel(job=job, by=None)
        return actions.apply(job=job, by=None)

    @transaction.atomic
    def _kept(self, options: dict[str, Any], survey: Survey) -> ImportJob:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        job = actions.keep(
            kind="survey",
            content=content,
            file_name=file.name,
            collaboration=survey.collaboration,
            subject=str(survey.pk),
            by=None,
        )
        job.mapping = {"as_proposed": options["choices_as_proposed"]}
        job.save(update_fields=["mapping"])
        return job

    def _survey(self, options: dict[str, Any]) -> Survey:
        every = Survey.objects.select_related("collaboration").order_by("collaboration__slug", "slug")
        if options["collaboration"]:
            every = every.filter(collaboration__slug=options["collaboration"])
        found = [one for one in every if one.slug == options["survey"]]
        if len(found) == 1:
            return found[0]
        if found:
            slugs = ", ".join(one.collaboration.slug for one in found)
            raise CommandError(_("Say which collaboration with --collaboration: %(slugs)s.") % {"slugs": slugs})
        slugs = ", ".join(one.slug for one in every) or "–"
        raise CommandError(
            _("There is no survey with the address «%(slug)s». There are: %(slugs)s.")
            % {"slug": options["survey"], "slugs": slugs}
        )

    def _tell(self, job: ImportJob, *, dry_run: bool) -> None:
        """Every fault with file, sheet, row, column, value and what was expected; the counts last."""
        for row in job.rows.errors().in_order():
            for one in row.messages:
                where = f"{_('sheet')} «{row.sheet}», {_('row')} {row.number}"
                place = f"{job.file_name}, {where}, {_('column')} {one['column']} ({one['cell']})"
                self.stderr.write(f"{place}: «{one['value']}». {one['sentence']}")
        for note in job.notes:
            self.stderr.write(f"{job.file_name}: {note}")
        if job.error:
            self.stderr.write(f"{job.file_name}: {job.error}")
        elif dry_run:
            self.stdout.write(_("Nothing is written: this was a trial."))
        if unplaced := len(job.basis.get("unplaced", [])):
            self.stdout.write(
                _("%(count)s answers have no municipality. Fill them in on the page of the survey.")
                % {"count": unplaced}
            )
        counts = {name: job.counts.get(name, 0) for name in ("new", "changed", "unchanged", "errors")}
        if job.error and not job.counts:
            counts["errors"] = 1
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
