from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digivesteralen.operations import regular
from digivesteralen.operations.backup import nightly
from digivesteralen.operations.backup.programs import NotDone


class Command(BaseCommand):
    help = "Copies the database and all files into an empty folder, with a list that proves each row and file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            with regular.noted(regular.BACKUP):
                self.make(folder.absolute())
        except (NotDone, OSError) as error:  # a full disk names its file
            raise CommandError(str(error)) from error

    def make(self, folder: Path) -> None:
        manifest, told = nightly.written_down(folder)
        for name, wrong in manifest.damaged.items():
            self.stderr.write(f"{name} {wrong}")
        self.stdout.write(" ".join(f"{name}={value}" for name, value in told.items()))
        if manifest.damaged:
            raise NotDone("The backup is made, but files of the portal are damaged: fetch them from an older one.")
