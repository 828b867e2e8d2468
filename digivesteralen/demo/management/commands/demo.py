from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from digivesteralen.demo.loading import KNOWN, load


class Command(BaseCommand):
    help = "Loads the demo collaborations; a second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", nargs="?", default="all", choices=[*KNOWN, "all"])

    def handle(self, *args: Any, which: str, **options: Any) -> str:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demo data and sign-ins with known passwords do not belong here.")
        loaded = load(which)
        return f"Loaded: {', '.join(loaded)}." if loaded else "Everything was there already; nothing is changed."
