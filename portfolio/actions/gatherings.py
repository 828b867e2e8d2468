"""Gatherings and courses of a programme: planned, announced with invitations, held, cancelled (J6, F5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Organisation, Region
from portfolio import gathering_mail
from portfolio.actions import registrations
from portfolio.actions.projects import managed
from portfolio.models import Gathering, GatheringInvitation, Measure, Project, TargetGroup
from portfolio.models.programmes import gathers

RIGHT = "governance.manage_portfolio"
# A change of one of these is told to those who have it in their calendars.
IN_CALENDARS = ("title", "starts_at", "ends_at", "place", "link")


class GatheringFields(TypedDict, total=False):
    title: str
    kind: str
    text: str
    on: date
    precision: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    link: str
    capacity: int | None
    register_by: date | None
    organiser: Organisation | None
    cost_note: str
    measure: Measure | None


@transaction.atomic
def plan_gathering(
    *,
    project: Project,
    regions: Iterable[Region] = (),
    target_groups: Iterable[TargetGroup] = (),
    example: bool = False,
    by: Any,
    **fields: Unpack[GatheringFields],
) -> Gathering:
    """A draft, which the municipalities do not see before it is announced."""
    project = managed(project, None, by)
    if not gathers(project):
        raise NotAllowedNow(
            _("Gatherings belong to a programme or a network. Change the kind of the project first, under «Change».")
        )
    gathering = Gathering(project=project, example=example or project.example, **fields)
    _hours_of_the_day(gathering)
    gathering.save()
    _for_whom(gathering, regions, target_groups)
    return gathering


@transaction.atomic
def change_gathering(
    *,
    gathering: Gathering,
    version: int | None = None,
    regions: Iterable[Region] | None = None,
    target_groups: Iterable[TargetGroup] | None = None,
    by: Any,
    **fields: Unpack[GatheringFields],
) -> Gathering:
    """Once it is announced, a new time or place is told to all, and municipalities of a new region are invited."""
    gathering = locked(gathering, version, by)
    if gathering.state == Gathering.State.CANCELLED:
        raise NotAllowedNow(_("The gathering is cancelled. Plan a new one."))
    before = [getattr(gathering, name) for name in IN_CALENDARS]
    for name, value in fields.items():
        setattr(gathering, name, value)
    _hours_of_the_day(gathering)
    _room_for_all(gathering)
    if gathering.state == Gathering.State.ANNOUNCED:
        _has_its_hours(gathering)
    moved = before != [getattr(gathering, name) for name in IN_CALENDARS]
    gathering.calendar_sequence += moved
    gathering = _saved(gathering)
    _for_whom(gathering, regions, target_groups)
    if gathering.state == Gathering.State.ANNOUNCED:
        if moved:
            gathering_mail.tell_all(gathering, "moved", by=by)
        _invite(gathering, by)
        registrations.fill_places(gathering, by=by)
    return gathering


@transaction.atomic
def announce_gathering(*, gathering: Gathering, version: int | None = None, by: Any) -> Gathering:
    """The municipalities of its regions are invited, each by an e-mail; without a region all members are."""
    gathering = locked(gathering, version, by)
    _step(gathering, Gathering.State.ANNOUNCED)
    _has_its_hours(gathering)
    if gathering.has_begun:
        raise NotAllowedNow(_("The gathering has begun already. Write a new day, or write it down as held."))
    gathering = _saved(gathering)
    _invite(gathering, by)
    return gathering


@transaction.atomic
def hold_gathering(*, gathering: Gathering, version: int | None = None, by: Any) -> Gathering:
    """It has been; from now on it counts in who has taken part."""
    gathering = locked(gathering, version, by)
    begun = gathering.has_begun if gathering.starts_at else gathering.on <= timezone.localdate()
    if not begun:
        raise NotAllowedNow(_("The gathering has not begun yet. Write it down as held afterwards."))
    _step(gathering, Gathering.State.HELD)
    return _saved(gathering)


@transaction.atomic
def cancel_gathering(*, gathering: Gathering, version: int | None = None, reason: str, by: Any) -> Gathering:
    """All who were invited or registered are told, and it is taken out of their calendars."""
    gathering = locked(gathering, version, by)
    announced = gathering.state == Gathering.State.ANNOUNCED
    _step(gathering, Gathering.State.CANCELLED)
    gathering.cancelled_because = reason
    gathering.calendar_sequence += 1
    gathering = _saved(gathering)
    if announced:
        gathering_mail.tell_all(gathering, "cancelled", by=by)
    return gathering


def invited(gathering: Gathering) -> Any:
    """The members of the collaboration in the regions of the gathering, as they are today."""
    members = gathering.project.collaboration.members()
    regions = list(gathering.regions.all())
    if not regions:
        return members
    places = {place.pk for region in regions for place in region.members_on(timezone.localdate())}
    return members.filter(pk__in=places)


def locked(gathering: Gathering, version: int | None, by: Any) -> Gathering:
    rows = Gathering.objects.select_for_update(of=["self"]).select_related("project__collaboration", "organiser")
    current: Gathering = rows.get(pk=gathering.pk)
    require(by, RIGHT, on=current.project.collaboration)
    check_version(current, version)
    return current


def _invite(gathering: Gathering, by: Any) -> None:
    there = set(gathering.invitations.values_list("municipality", flat=True))
    new = [place for place in invited(gathering) if place.pk not in there]
    if not new and not there:
        raise NotAllowedNow(
            _("None of the members is in these regions, so nobody would be invited. Choose others."), at="regions"
        )
    GatheringInvitation.objects.bulk_create(
        GatheringInvitation(gathering=gathering, municipality=place) for place in new
    )
    gathering_mail.invite(gathering, new, by=by)


def _for_whom(
    gathering: Gathering, regions: Iterable[Region] | None, target_groups: Iterable[TargetGroup] | None
) -> None:
    if regions is not None:
        gathering.regions.set(regions)
    if target_groups is not None:
        gathering.target_groups.set(target_groups)


def _hours_of_the_day(gathering: Gathering) -> None:
    """The day is that of the first hour in Norway."""
    if gathering.starts_at is not None:
        gathering.on, gathering.precision = timezone.localdate(gathering.starts_at), "day"
        if gathering.ends_at is not None and gathering.ends_at <= gathering.starts_at:
            raise NotAllowedNow(_("The gathering must end after it starts."), at="ends")


def _has_its_hours(gathering: Gathering) -> None:
    if gathering.starts_at is None or gathering.ends_at is None:
        raise NotAllowedNow(_("Write the day and the hours before the gathering is announced."), at="day")
    if not gathering.place and not gathering.link:
        raise NotAllowedNow(
            _("Write a place or the address of a digital meeting before the gathering is announced."), at="place"
        )


def _room_for_all(gathering: Gathering) -> None:
    taken = registrations.taken(gathering)
    if gathering.capacity is not None and gathering.capacity < taken:
        raise NotAllowedNow(
            _("%(taken)s have a place already, so there can't be fewer places than that.") % {"taken": taken},
            at="capacity",
        )


def _step(gathering: Gathering, state: Gathering.State) -> None:
    if state not in Gathering.NEXT[gathering.state]:
        raise NotAllowedNow(
            _("The gathering is %(state)s, and can't become %(wanted)s.")
            % {"state": gathering.get_state_display(), "wanted": state.label}
        )
    gathering.state = state


def _saved(gathering: Gathering) -> Gathering:
    gathering.version += 1
    gathering.save()
    return gathering
