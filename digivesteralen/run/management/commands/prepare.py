from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from digivesteralen.servers.addresses import var_dir
from digivesteralen.servers.roles import count_anew


class Command(BaseCommand):
    help = "What `make run` needs before its first page: tables, demo data in an empty database, static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        if settings.DEMO and "demo" in get_commands():
            self.load_demo()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)

    def load_demo(self) -> None:
        """Into an empty database only. A load that was cut off is taken up again: loading twice changes nothing."""
        begun = var_dir() / "demo-begun"
        if begun.exists() or not get_user_model()._default_manager.exists():
            begun.touch()
            call_command("demo", "all")
            count_anew()
            begun.unlink()
