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
    return holds_right(user, thing.kind, thing.subject) and _may_go_out(thing)


def _may_go_out(thing: Document | Job) -> bool:
    asks = registry.kind(thing.kind).may_go_out
    return asks is None or not isinstance(thing, Document) or asks(thing)


def holds_right(user: Any, kind: str, subject: str) -> bool:
    """An unregistered kind, and a subject that is gone, belong to nobody."""
    entry = registry.find(kind)
    if entry is None:
        return False
    try:
        container = entry.container(subject)
    except ObjectDoesNotExist:
        return False
    return holds(user, entry.right, container)
