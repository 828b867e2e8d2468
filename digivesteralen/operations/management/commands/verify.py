"""Prove that the history, what stands, and the files that went out are as they were (security.md T43)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from digivesteralen.audit.chain import living, outside, verifying
from digivesteralen.audit.models import Link, Seal
from digivesteralen.documents import files
from digivesteralen.documents.models import Document

SHOWN = 20


class Command(BaseCommand):
    help = "Prove the chain over the history, and the files; names the first broken link, and ends with 1 when one is"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="a copy of the chain's file, kept on another machine")
        parser.add_argument("--without-files", action="store_true", help="do not read the stored documents")

    def handle(self, *args: Any, **options: Any) -> str:
        if options["file"] and not options["file"].exists():
            raise CommandError(f"{options['file']}: there is no such file.")
        read, damaged = (0, []) if options["without_files"] else stored_files()
        found = [
            *map(str, verifying.breaks(options["file"])),
            *(f"Now: {difference}" for difference in living.differences()),
            *damaged,
        ]
        tried = f"Tried: {Seal.objects.count()} sealed rows, {living.rows()} rows that stand, {read} stored files."
        if found:
            more = [f"… and {len(found) - SHOWN} more."] if len(found) > SHOWN else []
            raise CommandError("\n".join(["The first break:", *found[:SHOWN], *more, tried]))
        for line in outside.read(options["file"]).restored:
            self.stdout.write(line)
        return f"{_links()}\n{tried}"


def _links() -> str:
    last = Link.objects.order_by("number").last()
    if last is None:
        return "Nothing is sealed yet; the portal does so each night, and “manage.py seal” does it now."
    when = f"{last.made_at:%Y-%m-%d %H:%M} UTC"
    return f"The chain holds, {last.number} long; the last link was made {when}: {last.digest}"


def stored_files() -> tuple[int, list[str]]:
    """How many were read, and those that are not as they were; an erased upload should be gone."""
    read, damaged = 0, []
    for document in Document.objects.order_by("created_at", "pk").iterator():
        read += 1
        if not files.intact(document):
            gone = document.erased_at is None and not default_storage.exists(document.stored_name)
            wrong = "is missing" if gone else "is not what was stored"
            damaged.append(f"Now: the file of document {document.pk} ({document.file_name}) {wrong}.")
    return read, damaged
