"""The secretariat's order of what the collaboration could do: «Prioritering» (R22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, Stale, require
from governance.models import Collaboration
from portfolio import candidates
from portfolio.candidates import Entry
from portfolio.models import Candidate, Idea, Project

RIGHT = "governance.manage_portfolio"


@transaction.atomic
def move(*, collaboration: Collaboration, key: str, to: int, seen: int | None = None, by: Any) -> Entry:
    """Put one candidate at another place; the others keep their order. What already stands there is left alone."""
    require(by, RIGHT, on=collaboration)
    entries = complete(collaboration)
    moved = find(entries, key)
    if not 1 <= to <= len(entries):
        raise NotAllowedNow(
            _("There is no place %(place)s. Write a place from 1 to %(last)s.") % {"place": to, "last": len(entries)}
        )
    if moved.place == to:
        return moved
    if seen is not None and moved.place != seen:
        raise Stale(Candidate.objects.get(pk=moved.candidate))
    here, there = moved.kept, entries[to - 1].kept
    between = Candidate.objects.filter(collaboration=collaboration)
    if there < here:
        between.filter(place__gte=there, place__lt=here).update(place=F("place") + 1)
    else:
        between.filter(place__gt=here, place__lte=there).update(place=F("place") - 1)
    Candidate.objects.filter(pk=moved.candidate).update(place=there)
    return find(candidates.in_order(collaboration), key)


@transaction.atomic
def order_by_points(*, collaboration: Collaboration, by: Any) -> int:
    """The most points first; it can be moved by hand afterwards. Answers with how many have changed place."""
    require(by, RIGHT, on=collaboration)
    entries = complete(collaboration)
    found = candidates.points(collaboration.criteria_sets.in_force())
    if not any(given.total is not None for given in found.values()):
        raise NotAllowedNow(_("No candidate is scored by every criterion yet. Give points first."))
    return _write(entries, candidates.by_points(entries, found))


def _write(before: Sequence[Entry], after: Sequence[Entry]) -> int:
    """The same places, handed out anew."""
    changed = [
        Candidate(pk=entry.candidate, place=place.kept)
        for place, entry in zip(before, after, strict=True)
        if entry.candidate != place.candidate
    ]
    Candidate.objects.bulk_update(changed, ["place"])
    return len(changed)


def goes_on_as(*, idea: Idea, project: Project) -> None:
    """An idea that is taken up keeps its place and its points as a project."""
    Candidate.objects.filter(idea=idea, project=None).update(project=project)


def complete(collaboration: Collaboration) -> list[Entry]:
    """All candidates in order, each with its row; those that lack one get it, after the rest. Holds the order."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    entries = candidates.in_order(collaboration)
    lacking = [entry for entry in entries if not entry.candidate]
    if not lacking:
        return entries
    last = collaboration.candidates.aggregate(last=Max("place"))["last"] or 0
    numbers = [entry.number for entry in lacking if entry.kind == candidates.PROJECT]
    numbered = Project.objects.filter(collaboration=collaboration, number__in=numbers)
    projects = dict(numbered.values_list("number", "pk"))
    Candidate.objects.bulk_create(
        Candidate(
            collaboration=collaboration,
            place=place,
            project_id=projects.get(entry.number) if entry.kind == candidates.PROJECT else None,
            idea_id=entry.number if entry.kind == candidates.IDEA else None,
        )
        for place, entry in enumerate(lacking, last + 1)
    )
    return candidates.in_order(collaboration)


def find(entries: Sequence[Entry], key: str) -> Entry:
    found = next((entry for entry in entries if entry.key == key), None)
    if found is None:
        raise NotAllowedNow(_("It is not among what is weighed any more: it has ended, or was never there."))
    return found
