"""What is attached to a case: put in, ordered and taken out until the case goes out (rule 7)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.documents import files
from digivesteralen.documents.uploads import Upload
from governance import exemption
from governance.actions import meetings
from governance.actions.cases import RIGHT, locked
from governance.models import Case, CaseAttachment

KIND = "governance.case_attachment"


@transaction.atomic
def attach(*, case: Case, title: str, upload: Upload, by: Any, example: bool = False, **marks: Any) -> CaseAttachment:
    """Put a file last among the case's attachments."""
    case = _editable(case, by)
    attachment = CaseAttachment(case=case, title=title, example=example or case.example, position=_next_place(case))
    _mark(attachment, marks, by)
    attachment.document = files.keep(
        upload.content,
        kind=KIND,
        subject=f"{case.pk}:{uuid4().hex}",
        title=attachment.public_title,
        file_name=upload.file_name,
        mime=upload.mime,
        by=by,
    )
    attachment.save()
    return attachment


@transaction.atomic
def change_attachment(
    *, attachment: CaseAttachment, version: int | None = None, title: str | None = None, by: Any, **marks: Any
) -> CaseAttachment:
    """Another title before the case goes out; its public disclosure also afterwards."""
    case = locked(attachment.case, None)
    require(by, RIGHT, on=case.body.collaboration)
    attachment = (
        CaseAttachment.objects.select_for_update(of=("self",)).select_related("case__body").get(pk=attachment.pk)
    )
    check_version(attachment, version)
    if title is not None and title != attachment.title:
        _editable(case, by)
        attachment.title = title
    _mark(attachment, marks, by)
    attachment.version += 1
    attachment.save()
    if attachment.is_exempt:
        meetings.screen_anew(case, by=by, mark=f"attachment:{attachment.pk}:{attachment.version}")
    return attachment


@transaction.atomic
def move_up(*, attachment: CaseAttachment, by: Any) -> CaseAttachment:
    """Change places with the one before."""
    case = _editable(attachment.case, by)
    ordered = list(CaseAttachment.objects.select_for_update().filter(case=case).order_by("position"))
    at = next(number for number, one in enumerate(ordered) if one.pk == attachment.pk)
    if at:
        before, moved = ordered[at - 1], ordered[at]
        before.position, moved.position = moved.position, before.position
        for one in (before, moved):
            one.version += 1
            one.save(update_fields=["position", "version"])
    return ordered[at]


@transaction.atomic
def detach(*, attachment: CaseAttachment, by: Any) -> Case:
    """Take a file out again; its content goes where no other case has it."""
    case = _editable(attachment.case, by)
    document = attachment.document
    attachment.delete()
    if not CaseAttachment.objects.filter(document=document).exists():
        files.erase(document)
    return case


def _editable(case: Case, by: Any) -> Case:
    case = locked(case, None)
    require(by, RIGHT, on=case.body.collaboration)
    if not case.is_editable:
        raise NotAllowedNow(
            _("The case has gone out, and its attachments stand as they are. Bring a supplement as a new case.")
        )
    return case


def _mark(attachment: CaseAttachment, marks: dict[str, Any], by: Any) -> None:
    for name, value in (exemption.with_who_decided(marks, attachment, by) if marks else {}).items():
        setattr(attachment, name, value)
    exemption.require_lawful(attachment, attachment.case.body)


def _next_place(case: Case) -> int:
    last: int | None = case.attachments.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
