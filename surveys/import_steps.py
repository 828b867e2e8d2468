"""The steps of an import, and where it stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.import_kinds import kind_of
from surveys.models import ImportJob

State = ImportJob.State
UPLOAD, COLUMNS, NAMES, PREVIEW, DONE = 1, 2, 3, 4, 5
AT = {State.UPLOADED: UPLOAD, State.REFUSED: UPLOAD, State.READ: COLUMNS, State.PREVIEWED: PREVIEW}


def import_steps(job: ImportJob, at: int = 0) -> list[tuple[str, str]]:
    """Name and «done», «now» or nothing of each step; the names only where the file has some that nobody knew."""
    now = at or AT.get(State(job.state), DONE)
    named = kind_of(job).names and (at == NAMES or job.names.exists())
    steps = {
        UPLOAD: _("Upload"),
        COLUMNS: _("Connect columns"),
        NAMES: _("Names") if named else "",
        PREVIEW: _("Look over"),
        DONE: _("Done"),
    }
    return [
        (name, "done" if number < now else "now" if number == now else "") for number, name in steps.items() if name
    ]
