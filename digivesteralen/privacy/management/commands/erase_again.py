from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digivesteralen.audit.chain import outside
from digivesteralen.audit.log import acting
from digivesteralen.privacy import actions
from governance.models import Person


class Command(BaseCommand):
    help = "After a restore: erases again the contact data of those who were erased after the backup was made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=datetime.fromisoformat, required=True, help="the moment brought back to")

    def handle(self, *args: Any, since: datetime, **options: Any) -> None:
        if since.tzinfo is None:
            raise CommandError("Write the moment with its time zone, as in 2026-11-22T14:03:00+01:00.")
        erased, left = 0, []
        with acting():
            for person in Person.objects.filter(pk__in=outside.read().erased_since(since)).select_related("user"):
                if actions.why_not_erased(person):
                    left.append(person.pk)
                else:
                    actions.erase(person, by=None)
                    erased += 1
        self.stdout.write(f"Erased again: {erased}.")
        if left:
            raise CommandError(f"Still with a role or a shared project, end that and erase on the page: {left}")
