from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digivesteralen.audit.chain import outside
from digivesteralen.audit.log import record
from digivesteralen.operations.backup import figures, restoring
from digivesteralen.operations.backup.programs import NotDone


class Command(BaseCommand):
    help = "Brings a backup back into an empty database, and compares every row and file with it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest, differences = restoring.restore(folder.absolute())
        except (NotDone, OSError) as error:  # a full disk names its file
            raise CommandError(str(error)) from error
        restoring.sign_everybody_out()
        for line in differences:
            self.stderr.write(line)
        if differences:
            raise CommandError(f"{len(differences)} things are not as in the backup.")
        record("backup_restored", detail={"made_at": manifest.made_at, "portal": manifest.portal})
        outside.restored()
        self.stdout.write("Every row and file is as in the backup. Run “manage.py migrate” before the portal starts.")
        self.stdout.write("Everybody has to sign in again: the sign-ins in the backup are taken away.")
        if erased := outside.read().erased_since(datetime.fromisoformat(manifest.made_at)):
            self.stdout.write(
                f"{len(erased)} people were erased after the backup was made. Run, after “migrate”,"
                f" “manage.py erase_again --since {manifest.made_at}”."
            )
        self.stdout.write(
            f"tables={len(manifest.figures['rows'])} rows={figures.count(manifest.figures)} files={len(manifest.files)}"
        )
