"""Lines of the registers: forms, infrastructure, documents, interviews, responsibles (R28, K7, D6, D7, P4, B27)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, holds, require
from digivesteralen.documents import files
from digivesteralen.documents.models import Document
from digivesteralen.documents.uploads import Upload
from governance import on_behalf
from surveys.models import (
    ApplicationForm,
    CollectedDocument,
    CommonResponsible,
    InfrastructureFact,
    Interview,
)
from surveys.models.catalogue import key_of

Entry = ApplicationForm | CollectedDocument | CommonResponsible | InfrastructureFact | Interview
E = TypeVar("E", ApplicationForm, CollectedDocument, CommonResponsible, InfrastructureFact, Interview)
MANAGE, OWN = "governance.manage_collaboration", "governance.edit_inventory"
FILE = "surveys.collected_document"


def may_write(user: Any, entry: Entry) -> bool:
    """A municipality's own lines are written by its own people; a document of it also by the secretariat."""
    if isinstance(entry, ApplicationForm | InfrastructureFact):
        return holds(user, OWN, entry.municipality)
    if isinstance(entry, CollectedDocument) and entry.municipality and holds(user, OWN, entry.municipality):
        return True
    return holds(user, MANAGE, entry.collaboration)


@transaction.atomic
def write(*, entry: E, facts: Mapping[str, Any], version: int | None = None, by: Any) -> E:
    """Add a line, or correct one; ``municipalities`` of a common responsible are those it answers for.

    The facts stand for themselves, since an interview has a ``by`` of its own: who held it.
    """
    if entry.pk:
        entry = _locked(entry)
        check_version(entry, version)
        _require(by, entry)
    for name, value in facts.items():
        if name != "municipalities":
            setattr(entry, name, _kept(entry, value, by) if name == "file" else value)
    _require(by, entry)
    _prepare(entry)
    _refuse_what_cannot_be(entry)
    entry.version = entry.version + 1 if entry.pk else 1
    entry.save()
    if isinstance(entry, CommonResponsible) and "municipalities" in facts:
        entry.municipalities.set(facts["municipalities"])
    return entry


@transaction.atomic
def remove(*, entry: Entry, version: int | None = None, by: Any) -> None:
    """Take a line away; the history keeps it."""
    entry = _locked(entry)
    check_version(entry, version)
    _require(by, entry)
    if isinstance(entry, CollectedDocument) and entry.adaptations.exists():
        raise NotAllowedNow(_("A municipality's document adapts this one. Change that first."))
    entry.delete()


def _require(by: Any, entry: Entry) -> None:
    if isinstance(entry, ApplicationForm | InfrastructureFact):
        require(by, OWN, on=entry.municipality)
    elif not may_write(by, entry):
        raise PermissionDenied
    elif isinstance(entry, CollectedDocument):
        on_behalf.speak_as_own(by, OWN, entry.municipality)


def _prepare(entry: Entry) -> None:
    if isinstance(entry, ApplicationForm):
        entry.key = key_of(entry.name)
    if isinstance(entry, InfrastructureFact) and entry.on > timezone.localdate():
        raise NotAllowedNow(_("The fact is of a day that has not been. Write today or an earlier day."))


def _refuse_what_cannot_be(entry: Entry) -> None:
    """What another wrote at the same moment is told as a sentence too."""
    try:
        entry.validate_constraints()
    except ValidationError as error:
        raise NotAllowedNow(" ".join(error.messages)) from error


def _kept(entry: Entry, upload: Upload | Document | None, by: Any) -> Document | None:
    if not isinstance(upload, Upload):
        return upload
    assert isinstance(entry, CollectedDocument)
    return files.keep(
        upload.content, kind=FILE, subject=entry.collaboration_id, title=upload.file_name,
        file_name=upload.file_name, mime=upload.mime, by=by,
    )  # fmt: skip


def _locked(entry: Any) -> Any:
    model = type(entry)
    names = [field.name for field in model._meta.concrete_fields if field.name in ("municipality", "collaboration")]
    rows: models.QuerySet[Any] = model.objects.select_for_update(of=["self"]).select_related(*names)
    return rows.get(pk=entry.pk)
