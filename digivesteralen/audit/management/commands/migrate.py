from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from digivesteralen.audit.migrating import models_kept_in_step
from digivesteralen.audit.protection import history_goes_on, protect
from digivesteralen.servers.roles import acting_as


class Command(migrate.Command):
    help = "Brings the tables up to date as the database's owner, and then guards the history against the application."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as("owner", options["database"]), models_kept_in_step(), history_goes_on():
            super().handle(*args, **options)
            if not (options["check_unapplied"] or options["plan"]):
                protect(connections[options["database"]])
