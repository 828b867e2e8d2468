"""What a municipality that has left a collaboration still reads: what was there on its last day (§7 rule 4).

It is read from the history, and never from the rows of today: each thing as its last event before the midnight in Oslo
that ended the last day. So nothing newer can be told, in a list, a count, a search, a workbook or a file. What was
exempt from public disclosure then, or is today, is left out (rule 8); systems, prices and answers were shared among
members, and are too (rule 9). The upper floors attach what they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from digivesteralen.accounts.access import allowed
from digivesteralen.audit.history import event_model
from digivesteralen.documents.models import Document
from governance.models import Collaboration, Membership, Organisation

OWN = "governance.view_organisation"


@dataclass(frozen=True)
class Past:
    """A membership that is over, for good or until the municipality joins again."""

    organisation: Organisation
    collaboration: Collaboration
    until: date

    @property
    def before(self) -> datetime:
        """The midnight that ended the last day."""
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Line:
    """One thing in a list."""

    title: str
    number: str = ""
    state: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Page:
    """One thing read whole: facts, then texts, points and rows, and the files that were made by then."""

    facts: list[tuple[Any, Any]] = field(default_factory=list)
    texts: list[tuple[Any, str]] = field(default_factory=list)
    rows: list[tuple[Any, list[tuple[str, str]]]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """One kind of thing: which there were, what is searched in them, and how one of them is told."""

    key: str
    title: Any
    events: Callable[[Past], models.QuerySet[Any]]
    searched: tuple[str, ...]
    line: Callable[[Any], Line]
    page: Callable[[Past, Any], Page]

    def found(self, past: Past, words: str = "") -> models.QuerySet[Any]:
        found = self.events(past)
        for word in words.split():
            told = Q()
            for name in self.searched:
                told |= Q(**{f"{name}__icontains": word})
            found = found.filter(told)
        return found


_sections: list[Section] = []


def register(section: Section) -> None:
    _sections.append(section)


def sections() -> list[Section]:
    return list(_sections)


def pasts_of(organisation: Organisation) -> list[Past]:
    """The collaborations that the municipality is in no more, with the last of its last days."""
    today = timezone.localdate()
    ever = Membership.objects.not_contested().filter(organisation=organisation, collaboration__external=False)
    inside = set(Membership.objects.active(today).filter(organisation=organisation).values_list("collaboration"))
    last: dict[int, Past] = {}
    for one in ever.filter(until__lt=today).select_related("collaboration").order_by("until"):
        if (one.collaboration_id,) not in inside:
            last[one.collaboration_id] = Past(organisation, one.collaboration, one.until or today)
    return list(last.values())


def past_of(organisation: Organisation, slug: str) -> Past | None:
    return next((past for past in pasts_of(organisation) if past.collaboration.slug == slug), None)


def as_it_was(model: type[models.Model], past: Past, among: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The last event of each of the things before the last day ended; what was taken away by then is not there."""
    events = event_model(model)
    told = events.objects.filter(pgh_obj__in=among.order_by().values("pk"), pgh_created_at__lt=past.before)
    newest = told.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id").values("pgh_id")
    return events.objects.filter(pgh_id__in=newest).exclude(pgh_label="delete")


def papers(past: Past, kinds: Iterable[str], subject: Any) -> list[Document]:
    """The files of one thing that were made by then, the newest of each kind first."""
    found = Document.objects.filter(kind__in=list(kinds), subject=str(subject), erased_at=None)
    return list(found.filter(created_at__lt=past.before).order_by("kind", "-version"))


def reads(user: Any, container: models.Model, made_at: datetime) -> bool:
    """Asked of a file of a kind that stays open: whether the person's municipality was there when it was made."""
    if not isinstance(container, Collaboration):
        return False
    mine = allowed(Organisation.objects.all(), user, OWN).filter(memberships__collaboration=container).distinct()
    pasts = [past_of(organisation, container.slug) for organisation in mine]
    return any(past is not None and made_at < past.before for past in pasts)
