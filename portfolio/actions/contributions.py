"""The people that municipalities put into projects: how much of a post each gives, and from when to when (R8, L9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance.actions.people import write_down
from governance.models import Collaboration, Person
from portfolio.actions.participation import REPORT_RIGHT
from portfolio.models import Contribution, Participation

FULL_POST = 100


class NewPerson(NamedTuple):
    """Somebody the portal does not know yet."""

    name: str
    email: str = ""
    title: str = ""


@transaction.atomic
def contribute(
    *,
    participation: Participation,
    person: Person | NewPerson,
    percent: int,
    since: date,
    until: date | None = None,
    role: str = "",
    example: bool = False,
    by: Any,
) -> Contribution:
    """One of the municipality's own people says who works in the project; nobody gives more than a full post."""
    require(by, REPORT_RIGHT, on=participation.organisation)
    _is_with(participation)
    if isinstance(person, NewPerson):
        person = _registered(person, participation, by)
    made = Contribution(
        participation=participation, person=person, percent=percent, since=since, until=until, role=role,
        example=example or participation.example,
    )  # fmt: skip
    return _kept(made, by)


def _registered(new: NewPerson, participation: Participation, by: Any) -> Person:
    """An e-mail address is one person's; whose it is elsewhere is not told here."""
    elsewhere = Person.objects.filter(email__iexact=new.email).exclude(organisation=participation.organisation)
    if new.email and elsewhere.exists():
        raise NotAllowedNow(_("Another person has this e-mail address."), at="email")
    return write_down(
        collaboration=participation.project.collaboration,
        organisation=participation.organisation,
        **new._asdict(),
    )


@transaction.atomic
def change_contribution(
    *,
    contribution: Contribution,
    version: int | None = None,
    percent: int,
    since: date,
    until: date | None = None,
    role: str = "",
    by: Any,
) -> Contribution:
    """More or less of the same person, or for another period."""
    contribution = _locked(contribution, version)
    require(by, REPORT_RIGHT, on=contribution.participation.organisation)
    contribution.percent, contribution.role = percent, role
    contribution.since, contribution.until = since, until
    contribution.version += 1
    return _kept(contribution, by)


@transaction.atomic
def remove_contribution(*, contribution: Contribution, version: int | None = None, by: Any) -> None:
    """Take out what was registered by mistake; who has stopped gets a last day instead."""
    contribution = _locked(contribution, version)
    require(by, REPORT_RIGHT, on=contribution.participation.organisation)
    contribution.delete()


class Load(NamedTuple):
    """How much of a post somebody gives in all on the fullest day of a period, and to which projects."""

    percent: int
    day: date
    parts: Sequence[tuple[Contribution, str]]

    @property
    def named(self) -> str:
        return ", ".join(f"{title} {one.percent} %" for one, title in self.parts)


def fullest_day(person: Person, since: date, until: date | None, *, by: Any, but: int | None = None) -> Load:
    """What the person gives beside ``but`` in the period. What the reader may not see has no name."""
    others = list(
        person.contributions.filter(Q(until=None) | Q(until__gte=since))
        .filter(**({} if until is None else {"since__lte": until}))
        .exclude(pk=but)
        .select_related("participation__project__collaboration")
    )
    days = {since, *(one.since for one in others if one.since > since)}
    best = max(sorted(days), key=lambda day: sum(one.percent for one in _on(others, day)))
    seen = set(Collaboration.objects.visible_to(by).values_list("pk", flat=True))
    there = [(one, _name(one, seen)) for one in _on(others, best)]
    return Load(sum(one.percent for one, _title in there), best, there)


def _on(contributions: Iterable[Contribution], day: date) -> list[Contribution]:
    return [one for one in contributions if one.since <= day and (one.until is None or one.until >= day)]


def _name(contribution: Contribution, seen: set[int]) -> str:
    project = contribution.participation.project
    return project.title if project.collaboration_id in seen else _("another collaboration")


def told(contribution: Contribution, by: Any) -> str:
    """A word of warning where the person works in other projects at the same time; empty where not."""
    load = fullest_day(contribution.person, contribution.since, contribution.until, by=by, but=contribution.pk)
    if not load.parts:
        return ""
    return _("%(name)s gives %(all)s per cent of a post in all on %(day)s: here %(here)s %%, %(others)s.") % {
        "name": contribution.person,
        "all": load.percent + contribution.percent,
        "day": wording.short_day(load.day),
        "here": contribution.percent,
        "others": load.named,
    }


def why_too_much(person: Person, percent: int, since: date, until: date | None, *, by: Any, but: int | None) -> str:
    """Names the projects that together with this one pass a full post; empty where there is room."""
    load = fullest_day(person, since, until, by=by, but=but)
    if load.percent + percent <= FULL_POST:
        return ""
    if not load.parts:
        return _("The share is from 1 to 100 per cent.")
    return _(
        "%(name)s would give %(all)s per cent of a full post on %(day)s. Given already: %(others)s. "
        "At most %(free)s per cent is free; lower the share, or end the other first."
    ) % {
        "name": person,
        "all": load.percent + percent,
        "day": wording.short_day(load.day),
        "others": load.named,
        "free": max(FULL_POST - load.percent, 0),
    }


def _kept(contribution: Contribution, by: Any) -> Contribution:
    """One at a time for each person, so that two projects do not take the same half."""
    person = Person.objects.select_for_update(no_key=True).get(pk=contribution.person_id)
    _works_there(person, contribution.participation)
    if contribution.until and contribution.until < contribution.since:
        raise NotAllowedNow(_("The last day must be on or after the first."), at="until")
    same = contribution.participation.contributions.filter(person=person, since=contribution.since)
    if same.exclude(pk=contribution.pk).exists():
        raise NotAllowedNow(
            _("%(name)s is already registered from this day. Change that row.") % {"name": person}, at="since"
        )
    refusal = why_too_much(
        person, contribution.percent, contribution.since, contribution.until, by=by, but=contribution.pk
    )
    if refusal:
        raise NotAllowedNow(refusal, at="percent")
    contribution.save()
    return contribution


def _works_there(person: Person, participation: Participation) -> None:
    place = participation.organisation
    if person.organisation_id != place.pk and not person.appointments.filter(organisation=place).exists():
        raise NotAllowedNow(
            _("%(name)s is not registered as one of the people of %(municipality)s.")
            % {"name": person, "municipality": place},
            at="person",
        )


def _is_with(participation: Participation) -> None:
    if not participation.pays:
        raise NotAllowedNow(
            _("%(municipality)s has not decided to take part, so nobody works in the project for it yet.")
            % {"municipality": participation.organisation}
        )


def _locked(contribution: Contribution, version: int | None) -> Contribution:
    current: Contribution = (
        Contribution.objects.select_for_update(of=["self"])
        .select_related("person", "participation__organisation", "participation__project__collaboration")
        .get(pk=contribution.pk)
    )
    check_version(current, version)
    return current
