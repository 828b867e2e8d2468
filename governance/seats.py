"""Who sits in a body on a day, in which kind of seat, and who stands in for whom (B12–B14, D5, D7)."""

from __future__ import annotations

from datetime import date

from django.db import models

from governance.models import Appointment, Body, Collaboration, Role
from governance.models.people import SUBSTITUTES, WITHOUT_VOTE


def seats_on(body: Body, day: date | None = None, *, acting_as: str = "") -> models.QuerySet[Appointment]:
    """Every seat of the body on the day; a conditional one only when the body acts as what the seat is for (B13)."""
    held = Appointment.objects.active(day).filter(body=body, only_as__in=["", acting_as or body.kind])
    return held.select_related("person__organisation", "represents", "region", "substitute_for__person", "nomination")


def non_voting(body: Body, day: date | None = None) -> list[Appointment]:
    """Observers, those who speak without a vote, and the secretariat: called and noted, never counted."""
    sitting = seats_on(body, day).filter(role__in=WITHOUT_VOTE)
    secretariat = Appointment.objects.active(day).filter(collaboration=body.collaboration_id, role=Role.SECRETARIAT)
    order = [*WITHOUT_VOTE, Role.SECRETARIAT]
    found = [*sitting, *secretariat.select_related("person__organisation", "represents")]
    return sorted(found, key=lambda seat: (order.index(Role(seat.role)), seat.person.name))


def substitutes_for(seat: Appointment, day: date | None = None) -> list[Appointment]:
    """Who may stand in for a seat that day, in the order they are asked: the member's own, the party's, the common."""
    assert seat.body is not None
    return _in_turn(seat, substitutes_on(seat.body, day))


def substitutes_by_seat(seats: list[Appointment], body: Body, day: date | None = None) -> dict[int, list[Appointment]]:
    """The same for many seats of one body, read once."""
    known = substitutes_on(body, day)
    return {seat.pk: _in_turn(seat, known) for seat in seats}


def substitutes_on(body: Body, day: date | None = None) -> list[Appointment]:
    return list(seats_on(body, day).filter(role__in=SUBSTITUTES))


def _in_turn(seat: Appointment, known: list[Appointment]) -> list[Appointment]:
    own = [one for one in known if one.substitute_for_id is not None and one.substitute_for_id == seat.pk]
    party = [
        one
        for one in known
        if one.substitute_for_id is None and one.represents_id is not None and one.represents_id == seat.represents_id
    ]
    common = [one for one in known if one.substitute_for_id is None and one.represents_id is None]
    groups = [sorted(group, key=_turn) for group in (own, party, common)]
    return [one for group in groups for one in group if one.person_id != seat.person_id]


def _turn(seat: Appointment) -> tuple[int, int]:
    return (seat.call_order or 0, seat.pk)


def contact_points(collaboration: Collaboration, day: date | None = None) -> dict[int, Appointment]:
    """The contact point of each region in the collaboration's strategy group, by region (B14, B21)."""
    seats = Appointment.objects.active(day).filter(body__collaboration=collaboration, region__isnull=False)
    found = seats.select_related("person", "represents", "region", "body", "nomination__person")
    return {seat.region_id: seat for seat in found if seat.region_id is not None}
