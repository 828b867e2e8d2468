"""Who may see a document or a job: the same question a page about its container asks."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from digivesteralen.accounts.access import holds
from digivesteralen.documents import registry
from digivesteralen.documents.models import Document, Job


def may_see(user: Any, thing: Document | Job) -> bool:
    """A job is also seen by the one who asked; a document only by those who hold the right on its container today."""
    if isinstance(thing, Job) and thing.asked_by_id is not None and thing.asked_by_id == user.pk:
        return True
    return (holds_right(user, thing.kind, thing.subject) or _stays_open(user, thing)) and _may_go_out(thing)


def document_of(job: Job, user: Any) -> Document | None:
    """What the job made, for one who may read it now: who asked may have lost the right since (rule 6)."""
    return job.document if job.document is not None and may_see(user, job.document) else None


def _stays_open(user: Any, thing: Document | Job) -> bool:
    if not isinstance(thing, Document):
        return False
    entry, container = registry.find(thing.kind), container_of(thing.kind, thing.subject)
    if entry is None or container is None:
        return False
    return registry.stays_open_to(user, entry, container, thing.created_at)


def _may_go_out(thing: Document | Job) -> bool:
    asks = registry.kind(thing.kind).may_go_out
    return asks is None or not isinstance(thing, Document) or asks(thing)


def holds_right(user: Any, kind: str, subject: str) -> bool:
    """An unregistered kind, and a subject that is gone, belong to nobody."""
    entry, container = registry.find(kind), container_of(kind, subject)
    return entry is not None and container is not None and holds(user, entry.right, container)


def container_of(kind: str, subject: str) -> Any:
    """Whose it is, or nothing."""
    entry = registry.find(kind)
    try:
        return entry.container(subject) if entry else None
    except ObjectDoesNotExist:
        return None
