"""Meetings in people's own calendars (iCalendar): one stable identity each, a number raised at each change.

Names the body and the meeting, never a case (rule 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from governance.models import Meeting, Person

OSLO = ZoneInfo("Europe/Oslo")
# A meeting whose end is not known.
USUALLY = timedelta(hours=2)
MIME = "text/calendar; charset=utf-8"
# What floors above put in a person's calendar beside the meetings: ``events(user, stamp)``.
MORE: list[Callable[[Any, datetime], Iterable[Event]]] = []
STATES = {Meeting.State.PLANNED: "TENTATIVE", Meeting.State.CANCELLED: "CANCELLED"}


def invitation(meeting: Meeting, person: Person, *, stamp: datetime | None = None) -> tuple[str, bytes]:
    """What goes with the e-mail: the method, and the file for this one receiver."""
    method = "CANCEL" if meeting.state == Meeting.State.CANCELLED else "REQUEST"
    event = _event(meeting, stamp or timezone.now())
    event.add("organizer", attendee(meeting.body.collaboration.name, sender()))
    receiver = attendee(person.name, person.email)
    receiver.params["RSVP"] = "FALSE"
    event.add("attendee", receiver)
    return method, calendar([event], method=method)


def also(events: Callable[[Any, datetime], Iterable[Event]]) -> None:
    MORE.append(events)


def published(meetings: Iterable[Meeting], name: str, *, user: Any = None, stamp: datetime | None = None) -> bytes:
    """A calendar to read, or to subscribe to; with the person's other appointments when it is the person's own."""
    now = stamp or timezone.now()
    others = [event for more in MORE for event in more(user, now)] if user else []
    return calendar([*(_event(meeting, now) for meeting in meetings), *others], method="PUBLISH", name=name)


def attachment(method: str, content: bytes, file_name: str) -> MIMEText:
    """The file as it goes with an e-mail."""
    file = MIMEText(content.decode(), "calendar", "utf-8")
    file.set_param("method", method)
    file.add_header("Content-Disposition", "attachment", filename=file_name)
    return file


def _event(meeting: Meeting, stamp: datetime) -> Event:
    assert meeting.starts_at is not None
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{domain()}")
    event.add("sequence", meeting.calendar_sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", meeting.starts_at.astimezone(OSLO))
    event.add("dtend", (meeting.ends_at or meeting.starts_at + USUALLY).astimezone(OSLO))
    name = {"body": meeting.body.name, "label": meeting.label, "collaboration": meeting.body.collaboration.name}
    event.add("summary", _("%(body)s %(label)s, %(collaboration)s") % name)
    if meeting.place:
        event.add("location", meeting.place)
    address = f"{settings.PORTAL_ADDRESS}{meeting.get_absolute_url()}"
    event.add("description", _("The agenda and the papers are in the portal: %(address)s") % {"address": address})
    event.add("url", address)
    event.add("status", STATES.get(Meeting.State(meeting.state), "CONFIRMED"))
    return event


def calendar(events: list[Event], *, method: str, name: str = "") -> bytes:
    made = Calendar()
    made.add("prodid", "-//DigiVesteralen//moter//NO")
    made.add("version", "2.0")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
    for event in events:
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def attendee(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = name
    return address


def sender() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")


def domain() -> str:
    return sender().rpartition("@")[2]
