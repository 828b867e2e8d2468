"""The log of a project: written once, corrected by a new entry (D16, K2)."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Case
from portfolio.actions.pressed_twice import written_just_now
from portfolio.actions.rollout import led
from portfolio.models import LogEntry, Project


class EntryFields(TypedDict, total=False):
    """What a person writes in the log."""

    kind: str
    happened_on: date
    text: str
    reason: str
    consequence: str
    recommendation: str
    lesson: str
    concerns: str
    before: str
    after: str
    case: Case | None
    decided_by: str


@transaction.atomic
def write_entry(*, project: Project, example: bool = False, by: Any, **fields: Unpack[EntryFields]) -> LogEntry:
    """A line in the log of a project, with the next number; from now on it stands."""
    project = led(project, by)
    same: LogEntry | None = written_just_now(project.log.all(), {"written_by": by, **fields})
    return same or _written(project, by, LogEntry(example=example, **fields))


@transaction.atomic
def correct_entry(*, entry: LogEntry, by: Any, **fields: Unpack[EntryFields]) -> LogEntry:
    """What was wrong stays readable; the correction is an entry of its own that names it."""
    project = led(entry.project, by)
    later = LogEntry.objects.filter(corrects=entry).first()
    if later:
        raise NotAllowedNow(
            _("Entry %(first)s is corrected by entry %(later)s already. Correct that one.")
            % {"first": entry.number, "later": later.number}
        )
    return _written(project, by, LogEntry(corrects=entry, example=entry.example, **fields))


def _written(project: Project, by: Any, entry: LogEntry) -> LogEntry:
    if entry.case and entry.case.body.collaboration_id != project.collaboration_id:
        raise NotAllowedNow(_("The case is another collaboration's. Choose one of this one's."), at="case")
    if entry.happened_on > timezone.localdate():
        raise NotAllowedNow(_("The log tells what has happened. Write today or an earlier day."), at="happened_on")
    entry.project, entry.written_by = project, by
    entry.number = (project.log.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        entry.validate_constraints()
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    entry.save()
    return entry
