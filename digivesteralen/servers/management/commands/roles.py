from typing import Any

from django.core.management.base import BaseCommand

from digivesteralen.servers import roles


class Command(BaseCommand):
    help = "Prints the SQL that makes the three database roles and the database on a server of your own."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(roles.script(), ending="")
