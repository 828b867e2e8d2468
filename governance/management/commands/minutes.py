from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digivesteralen.audit.log import acting, record
from digivesteralen.documents import files
from digivesteralen.ui.numbers import whole
from governance import minutes
from governance.models import Meeting


class Command(BaseCommand):
    help = "Write the minutes of a meeting as PDF: minutes vesteralen styringsgruppen 1/2026 -o referat.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("collaboration")
        parser.add_argument("body")
        parser.add_argument("number", metavar="NUMBER/YEAR")
        parser.add_argument("-o", "--output", required=True, metavar="FILE.pdf", type=Path)
        parser.add_argument("--public", action="store_true", help="without what is exempt from public disclosure")

    def handle(self, *args: Any, **options: Any) -> str:
        meeting = find(options["collaboration"], options["body"], options["number"])
        if meeting.number_only or not meeting.was_held:
            raise CommandError(f"{meeting}: there are no minutes; the meeting is «{meeting.get_state_display()}».")
        with acting():
            content = the_minutes(meeting, public=options["public"])
            record("minutes_exported", on=meeting, detail={"public": options["public"]})
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from error
        return f"{options['output']}: {meeting}, {len(content)} bytes"


def the_minutes(meeting: Meeting, *, public: bool) -> bytes:
    """Approved minutes are the stored file itself; before that, as they stand now."""
    if not meeting.is_locked:
        return minutes.render(meeting, public=public)
    return files.content(minutes.stored(meeting, public=public))


def find(collaboration: str, body: str, label: str) -> Meeting:
    number, year = (whole(part) for part in label.partition("/")[::2])
    if number is None or year is None:
        raise CommandError(f"«{label}» is no meeting number: write NUMBER/YEAR, for example 1/2026.")
    place = {"body__collaboration__slug": collaboration, "body__slug": body, "number": number, "year": year}
    try:
        return Meeting.objects.select_related("body__collaboration", "chair", "secretary").get(**place)
    except Meeting.DoesNotExist:
        raise CommandError(f"There is no meeting {label} of «{body}» in «{collaboration}».") from None
