from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Measures pages, PDFs and imports on data of its own; the installation's data is not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--municipalities", type=int, default=6, choices=[6, 47, 357])
        parser.add_argument("--quick", action="store_true", help="each thing once, and a small sheet")

    def handle(self, *args: Any, municipalities: int, quick: bool, **options: Any) -> None:
        from digivesteralen.bench import database, running

        with database.of_its_own():
            self.stderr.write(f"Making the data of {municipalities} municipalities …")
            measured = running.run(municipalities, quick=quick)
        self.stdout.write(measured.table)
