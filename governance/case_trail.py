"""All earlier treatment of a matter in date order: its numbers, its bodies, what the municipalities decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import Adoption, AgendaItem, Case, Forwarding

# So many municipalities have a line each; of more there is one line for all.
EACH = 12


@dataclass(frozen=True)
class Step:
    """One line: when, where, what came of it."""

    day: date | None
    where: str
    what: str
    url: str = ""


def steps(case: Case, user: Any) -> list[Step]:
    """What this person may see of it (rule 8); the oldest first (N15)."""
    family = family_of(case, user)
    found = [*_treated(family), *_forwarded(family), *_decided(family, user)]
    return sorted(found, key=lambda step: step.day or date.min)


def family_of(case: Case, user: Any) -> list[Case]:
    """The case, those it continues and became, and those it was forwarded from and to, as far as they are seen."""
    seen = Case.objects.visible_to(user).select_related("body__collaboration")
    found, newest = {case.pk: case}, [case.pk]
    while newest:
        near = _beside(newest) - found.keys()
        newest = [one.pk for one in seen.filter(pk__in=near) if found.setdefault(one.pk, one)] if near else []
    return list(found.values())


def _beside(cases: list[int]) -> set[int]:
    """Keys of those that come right before or after, in one question and each by an index."""
    near = [
        Case.objects.filter(continues__in=cases).values_list("pk"),
        Case.objects.filter(pk__in=cases, continues__isnull=False).values_list("continues"),
        Forwarding.objects.filter(received_as__in=cases).values_list("case"),
        Forwarding.objects.filter(case__in=cases, received_as__isnull=False).values_list("received_as"),
    ]
    first, *others = (one.order_by() for one in near)
    return {key for (key,) in first.union(*others) if key is not None}


def _treated(family: list[Case]) -> Iterator[Step]:
    items = AgendaItem.objects.filter(case__in=family).select_related("meeting__body", "resolution")
    by_key = {case.pk: case for case in family}
    for item in items:
        case = by_key[item.case_id]
        resolution = getattr(item, "resolution", None)
        if item.withdrawn:
            what = _("withdrawn")
        elif resolution is not None and item.meeting.was_held:
            what = resolution.get_outcome_display()
        else:
            continue
        where = _("%(body)s, case %(number)s") % {"body": case.body.name, "number": case.number}
        yield Step(item.meeting.day, where, capfirst(str(what)), case.get_absolute_url())


def _forwarded(family: list[Case]) -> Iterator[Step]:
    by_key = {case.pk: case for case in family}
    for sent in Forwarding.objects.filter(case__in=family).select_related("body"):
        there = by_key.get(sent.received_as_id or 0)
        url = there.get_absolute_url() if there else ""
        yield Step(sent.sent_on, by_key[sent.case_id].body.name, _("Forwarded to %(body)s") % {"body": sent.to}, url)
        if sent.answered_on:
            yield Step(sent.answered_on, sent.to, _("Answered"), url)


def _decided(family: list[Case], user: Any) -> Iterator[Step]:
    decided = Adoption.objects.filter(case__in=family, decided_on__isnull=False)
    if not decided.exists():  # by far the most cases, and rights cost more to ask than this
        return
    decided = decided.visible_to(user)
    found = list(decided.select_related("organisation", "collaboration").order_by("decided_on"))
    if len(found) <= EACH:
        for one in found:
            yield Step(one.decided_on, one.organisation.name, capfirst(one.get_state_display()), one.get_absolute_url())
        return
    told = ngettext("%(count)s municipality has decided", "%(count)s municipalities have decided", len(found))
    yield Step(found[-1].decided_on, str(found[-1].collaboration), told % {"count": len(found)})
