from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from governance.access_table import table


class Command(BaseCommand):
    help = "Writes the table of who may do what."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", dest="file", type=Path, help="write to this file instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            options["file"].write_text(table(), encoding="utf-8")
        else:
            self.stdout.write(table())
