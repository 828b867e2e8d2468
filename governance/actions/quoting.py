"""Quoting an earlier decision in a case, with its extract among the papers."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents import files
from digivesteralen.documents.uploads import Upload
from digivesteralen.ui import richtext
from governance.actions import attachments, cases
from governance.models import Case
from governance.quoting import Quote


@transaction.atomic
def quote(*, case: Case, version: int | None = None, quoted: Quote, with_extract: bool = False, by: Any) -> Case:
    """Write the words last in the case information; the extract is copied, so that it stands as it was then."""
    case = cases.locked(case, version)
    if quoted.markup in (case.information or ""):
        raise NotAllowedNow(_("The case quotes this decision already."))
    case = cases.change_case(case=case, information=f"{richtext.shown(case.information)}{quoted.markup}", by=by)
    if with_extract and quoted.document is not None:
        file = quoted.document
        upload = Upload(files.content(file), file.file_name, file.mime)
        attachments.attach(case=case, title=quoted.said_by[:200], upload=upload, by=by)
    return case
