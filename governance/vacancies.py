"""What a collaboration lacks on a day: seats, councils and contact points of regions, people in the secretariat.

Warnings, never refusals: an empty seat stops nobody (B7, B17, B20, B21).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from governance import seats as who_sits
from governance import staffing
from governance.models import Appointment, Body, BodyCapacity, BodyStatus, Collaboration, Organisation, Region, Role

SOON = timedelta(days=90)
VOTING = (Role.STEERING, Role.MEMBER)


@dataclass(frozen=True)
class Lack:
    """One thing to look at, and where it is mended."""

    body: Body
    text: str


@dataclass(frozen=True)
class RegionRow:
    """A region with its council and its contact point (B20, B21, L6)."""

    region: Region
    body: Body | None
    status: BodyStatus | None
    serves: bool
    contact: Appointment | None

    @property
    def has_council(self) -> bool:
        """Set up and at work; a body without a word of its status is simply there."""
        return self.body is not None and (self.status is None or self.status.is_there)

    @property
    def state(self) -> str:
        if self.body is None:
            return _("no council")
        return str(self.status.get_status_display()) if self.status else _("established")

    @property
    def color(self) -> str:
        if self.has_council:
            return "success"
        under_way = self.status is not None and self.status.status == BodyStatus.Status.SETTING_UP
        return "info" if under_way else "warning"


def seat_lacks(body: Body, held: Iterable[Appointment], members: Iterable[Organisation]) -> list[Lack]:
    """Empty seats, and municipalities outside the number agreed on (B7)."""
    fewest, most = body.seats_minimum, body.seats_maximum
    if body.kind == Body.Kind.STEERING and not body.existed_before:
        fewest, most = fewest or 1, most or 1
    if fewest is None and most is None:
        return []
    count = Counter(seat.represents_id for seat in held if seat.role in VOTING)
    lacks = [(member, _lack(count[member.pk], fewest, most)) for member in members]
    return [Lack(body, text % {"municipality": member, "n": count[member.pk], "least": fewest, "most": most})
            for member, text in lacks if text]  # fmt: skip


def _lack(number: int, fewest: int | None, most: int | None) -> str:
    if number < (fewest or 0):
        if number == 0:
            return _("%(municipality)s: vacant seat")
        return _("%(municipality)s: %(n)s seat, at least %(least)s agreed")
    if most is not None and number > most:
        return _("%(municipality)s: %(n)s seats, at most %(most)s agreed")
    return ""


def lacks_of(collaboration: Collaboration, day: date) -> list[Lack]:
    """All empty seats and missing positions of a collaboration, body by body."""
    bodies = list(collaboration.bodies.prefetch_related("statuses"))
    members = list(collaboration.members(day))
    held: dict[int | None, list[Appointment]] = {}
    for seat in Appointment.objects.active(day).filter(body__in=bodies):
        held.setdefault(seat.body_id, []).append(seat)
    found = []
    for body in bodies:
        found += seat_lacks(body, held.get(body.pk, []), members)
        if body.fte_minimum is not None:
            warning = staffing.staffing_on(body, day).warning
            found += [Lack(body, warning)] if warning else []
    return found


def regions(collaboration: Collaboration, day: date) -> list[RegionRow]:
    """Every region that a member belongs to, with what it has of its own (B20)."""
    own = {
        body.region_id: body for body in collaboration.bodies.filter(region__isnull=False).prefetch_related("statuses")
    }
    serving = {
        one.region_id: one.body
        for one in BodyCapacity.objects.active(day)
        .filter(collaboration=collaboration, region__isnull=False)
        .select_related("body__collaboration")
        .prefetch_related("body__statuses")
    }
    contacts = who_sits.contact_points(collaboration, day)
    rows = []
    for region in regions_of(collaboration, day):
        body = own.get(region.pk) or serving.get(region.pk)
        status = body.status_on(day) if body else None
        rows.append(RegionRow(region, body, status, region.pk not in own and body is not None, contacts.get(region.pk)))
    return rows


def regions_of(collaboration: Collaboration, day: date | None = None) -> Any:
    """The regions that a member of the collaboration belongs to; the county line does not matter (A5)."""
    inside = Region.objects.with_any_of(collaboration.members(day), day)
    return Region.objects.filter(Q(pk__in=inside) | Q(collaborations=collaboration)).distinct().order_by("name")


def ended(collaboration: Collaboration, day: date) -> Any:
    """Seats that are over, the newest first."""
    return _seats(collaboration).ever_held().filter(until__lt=day).order_by("-until", "pk")


def ending(collaboration: Collaboration, day: date) -> Any:
    """Seats whose last day comes within three months."""
    return _seats(collaboration).filter(until__gte=day, until__lte=day + SOON).order_by("until", "pk")


def _seats(collaboration: Collaboration) -> Any:
    held = Appointment.objects.filter(body__collaboration=collaboration)
    return held.select_related("person", "body__collaboration", "represents", "region")
