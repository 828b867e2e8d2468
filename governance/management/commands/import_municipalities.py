from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digivesteralen.audit.log import acting
from governance import municipal_history
from governance.actions import register


class Command(BaseCommand):
    help = (
        "Reads the country's municipalities from a semicolon-separated file, or the changes of municipalities as"
        " Statistics Norway gives them (JSON); twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day from which what differs holds; without it the file corrects what was told before",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        with acting():
            outcome = self._read(path, text, options["on"])
        for problem in outcome.errors:
            self.stderr.write(f"{path.name}: {problem}")
        self.stdout.write(str(outcome))
        if outcome.errors:
            raise CommandError(f"{len(outcome.errors)} rows were not read.")

    def _read(self, path: Path, text: str, on: date | None) -> register.Outcome:
        if not municipal_history.is_changes(text):
            return register.import_municipalities(rows=text.splitlines(), source=path.name, on=on)
        try:
            changes = municipal_history.read(text)
        except (ValueError, KeyError) as error:
            raise CommandError(f"{path.name}: not a list of changes of municipalities: {error}") from error
        return register.import_changes(changes=changes)
