"""Make the next link of the chain now: before an upgrade or a backup, or where no beat runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from digivesteralen.audit.chain import outside
from digivesteralen.audit.chain.sealing import seal


class Command(BaseCommand):
    help = "Seal the history that has been written since the last link, as the portal does each night"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restored",
            action="store_true",
            help="the database was brought back to an earlier day, or the file is new: say so in the file first",
        )

    def handle(self, *args: Any, **options: Any) -> str:
        if options["restored"]:
            self.stdout.write(f"The chain goes on from link {outside.restored()}.")
        link = seal()
        return f"Link {link.number} over {sum(part['rows'] for part in link.parts)} rows: {link.digest}"
