"""Documents of a project: put in, and replaced by a new version; what was put in stands (D2, rule 7)."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, require
from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.documents.uploads import Upload
from governance.models import Collaboration
from portfolio.actions.rollout import led
from portfolio.models import Project, ProjectDocument

# Nobody puts in what the same person may not read afterwards.
READ_EXEMPT = "governance.view_exempt"
OPEN, EXEMPT = "portfolio.project_document", "portfolio.project_document_exempt"


class Written(TypedDict, total=False):
    """What a person writes about a document."""

    dated_on: date
    changed: str
    timeline: str
    financing: str
    access: str
    legal_ground: str


def collaboration_of(subject: str) -> Collaboration:
    return Project.objects.select_related("collaboration").get(pk=subject.partition(":")[0]).collaboration


@transaction.atomic
def add_document(
    *, project: Project, kind: str, title: str, upload: Upload, by: Any, **written: Unpack[Written]
) -> ProjectDocument:
    """The first version of a document of the project."""
    project = led(project, by)
    return _kept(ProjectDocument(project=project, kind=kind, title=title, **written), upload, by)


@transaction.atomic
def replace_document(
    *, document: ProjectDocument, upload: Upload, by: Any, **written: Unpack[Written]
) -> ProjectDocument:
    """The next version, and what is new in it; the one before stays as it was read."""
    project = led(document.project, by)
    if ProjectDocument.objects.filter(replaces=document).exists():
        raise NotAllowedNow(_("A newer version of the document is there already. Replace that one."))
    following = ProjectDocument(
        project=project,
        kind=document.kind,
        title=document.title,
        number=document.number + 1,
        replaces=document,
        **written,
    )
    return _kept(following, upload, by)


def _kept(document: ProjectDocument, upload: Upload, by: Any) -> ProjectDocument:
    if document.access == ProjectDocument.Access.EXEMPT:
        require(by, READ_EXEMPT, on=document.project.collaboration)
    document.example = document.project.example
    try:
        document.validate_constraints(exclude=["file"])
    except ValidationError as refused:
        raise NotAllowedNow(" ".join(refused.messages)) from refused
    document.file = _file(document, upload, by)
    document.save()
    return document


def _file(document: ProjectDocument, upload: Upload, by: Any) -> Document:
    """Under a kind of its own where it is exempt, so that every way to it asks the same right (rule 8)."""
    return files.keep(
        upload.content,
        kind=EXEMPT if document.access == ProjectDocument.Access.EXEMPT else OPEN,
        subject=f"{document.project_id}:{uuid4().hex}",
        title=document.title,
        file_name=upload.file_name,
        mime=upload.mime,
        by=by,
    )
