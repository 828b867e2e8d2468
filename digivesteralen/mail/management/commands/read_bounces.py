import logging
import sys
from argparse import ArgumentParser
from collections import Counter
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from digivesteralen.mail import bounces

logger = logging.getLogger(__name__)

# Enough of any report; what comes after is the message that was sent.
READ = 1024 * 1024


class Command(BaseCommand):
    help = "Reads e-mail that came back: read_bounces MAILDIR for a whole folder, read_bounces - for one on stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", metavar="MAILDIR|-")

    def handle(self, *args: Any, place: str, **options: Any) -> None:
        if not settings.EMAIL_BOUNCE_ADDRESS:
            raise CommandError("EMAIL_BOUNCE_ADDRESS is not set: no e-mail was sent with a return address to read.")
        told: Counter[str] = Counter()
        if place == "-":
            told[self.read(sys.stdin.buffer.read(READ))] += 1
        else:
            told = self.read_folder(Path(place))
        self.stdout.write(" ".join(f"{outcome}={told[outcome]}" for outcome in bounces.Outcome))

    def read(self, raw: bytes) -> str:
        return bounces.read(BytesParser().parsebytes(raw))

    def read_folder(self, place: Path) -> Counter[str]:
        """The new ones; each is marked as read once it is noted, so that a run that was cut off is done again."""
        if not (place / "new").is_dir():
            raise CommandError(f"{place} is no Maildir: it has no folder “new”.")
        (place / "cur").mkdir(exist_ok=True)
        told: Counter[str] = Counter()
        unread = 0
        for path in sorted((place / "new").iterdir()):
            try:
                with path.open("rb") as file:
                    told[self.read(file.read(READ))] += 1
            except Exception:  # whatever one of them holds, those behind it are read
                logger.exception("a message that came back cannot be read: %s", path.name)
                unread += 1
            else:
                path.rename(place / "cur" / f"{path.name.partition(':')[0]}:2,S")
        if unread:
            raise CommandError(f"{unread} could not be read, and stay in {place / 'new'}; the log says why.")
        return told
