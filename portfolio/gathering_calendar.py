"""A gathering in people's own calendars (iCalendar): one stable identity, a number raised at each change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from governance import calendars
from portfolio.models import Gathering


def invitation(gathering: Gathering, name: str, email: str) -> tuple[str, bytes]:
    """What goes with the e-mail to one receiver: the method, and the file."""
    method = "CANCEL" if gathering.state == Gathering.State.CANCELLED else "REQUEST"
    event = _event(gathering, timezone.now())
    event.add("organizer", calendars.attendee(gathering.project.collaboration.name, calendars.sender()))
    receiver = calendars.attendee(name, email)
    receiver.params["RSVP"] = "FALSE"
    event.add("attendee", receiver)
    return method, calendars.calendar([event], method=method)


def published(gathering: Gathering) -> bytes:
    """The one gathering, to put in a calendar."""
    return calendars.calendar([_event(gathering, timezone.now())], method="PUBLISH")


def own(user: Any, stamp: datetime) -> Iterator[Event]:
    """The gatherings that the person has a place in, for the person's own calendar address."""
    rows = Gathering.objects.in_calendar_of(user).select_related("project__collaboration")
    return (_event(gathering, stamp) for gathering in rows)


def _event(gathering: Gathering, stamp: datetime) -> Event:
    assert gathering.starts_at is not None and gathering.ends_at is not None
    event = Event()
    event.add("uid", f"gathering-{gathering.pk}@{calendars.domain()}")
    event.add("sequence", gathering.calendar_sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", gathering.starts_at.astimezone(calendars.OSLO))
    event.add("dtend", gathering.ends_at.astimezone(calendars.OSLO))
    event.add("summary", f"{gathering.title}, {gathering.project.collaboration.name}")
    if gathering.place or gathering.link:
        event.add("location", gathering.place or gathering.link)
    address = f"{settings.PORTAL_ADDRESS}{gathering.get_absolute_url()}"
    lines = [gathering.link, _("Programme and registration are in the portal: %(address)s") % {"address": address}]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", address)
    event.add("status", "CANCELLED" if gathering.state == Gathering.State.CANCELLED else "CONFIRMED")
    return event
