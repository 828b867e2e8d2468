from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from digivesteralen.audit.log import acting
from governance.actions.organisations import import_municipalities


class Command(BaseCommand):
    help = "Reads the country's municipalities from a semicolon-separated file; twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        with acting():
            outcome = import_municipalities(rows=text.splitlines(), source=options["file"].name)
        for problem in outcome.errors:
            self.stderr.write(f"{options['file'].name}: {problem}")
        self.stdout.write(str(outcome))
        if outcome.errors:
            raise CommandError(f"{len(outcome.errors)} rows were not read.")
