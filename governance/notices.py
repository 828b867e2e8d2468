"""E-mail to the members of a body: one Job per person and message, so that each goes out once (rule 12)."""

from __future__ import annotations

from collections.abc import Iterable
from email.mime.text import MIMEText
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from governance import calendars
from governance.models import Appointment, Meeting, Person, Role
from governance.models.people import WITHOUT_VOTE

KIND = "governance.meeting_mail"
SUBJECTS = {
    "summons": lambda: _("Summons: {meeting}"),
    "moved": lambda: _("New time or place: {meeting}"),
    "late": lambda: _("A case was added: {meeting}"),
    "changed": lambda: _("The agenda was changed: {meeting}"),
    "cancelled": lambda: _("Cancelled: {meeting}"),
    "minutes": lambda: _("Minutes for remarks: {meeting}"),
    "prolonged": lambda: _("New deadline: {meeting}"),
    "reminder": lambda: _("Waits for your answer: {meeting}"),
}
# These tell of the time, and carry it for the receiver's own calendar.
WITH_CALENDAR = ("summons", "moved", "cancelled")
WRITTEN = {
    "summons": lambda: _("Written treatment: {meeting}"),
    "cancelled": lambda: _("Written treatment cancelled: {meeting}"),
}


def tell_members(meeting: Meeting, what: str, *, by: Any) -> list[Job]:
    """Ask for one message to each who belongs to the body; the row is there before anything is sent."""
    return [
        jobs.ask(
            KIND,
            meeting.pk,
            by=by,
            arguments={"what": what, "person": person.pk},
            key=f"meeting-mail:{what}:{meeting.pk}:{meeting.version}:{person.pk}",
        )
        for person in recipients(meeting)
    ]


def remind(meeting: Meeting, people: Iterable[Person], *, by: Any) -> list[Job]:
    """Ask for one reminder to each of those who have not answered."""
    return [
        jobs.ask(
            KIND,
            meeting.pk,
            by=by,
            arguments={"what": "reminder", "person": person.pk},
            key=f"meeting-mail:reminder:{meeting.pk}:{timezone.localdate()}:{person.pk}",
        )
        for person in people
    ]


def were_reminded_today(meeting: Meeting) -> bool:
    return Job.objects.filter(key__startswith=f"meeting-mail:reminder:{meeting.pk}:{timezone.localdate()}:").exists()


def send(job: Job, report: Report) -> None:
    """Send one message."""
    meeting = Meeting.objects.select_related("body__collaboration").get(pk=job.subject)
    person = Person.objects.select_related("user").get(pk=job.arguments["person"])
    outgoing.send(job, to=[person.email], **words(meeting, person, job.arguments["what"]))


def words(meeting: Meeting, person: Person, what: str) -> dict[str, Any]:
    """What it says. It names the cases and no person; the title of an exempt case stays in the portal (rule 8)."""
    language = person.user.language if person.user else settings.LANGUAGE_CODE
    with translation.override(language):
        name = _("{body} {label}, {collaboration}").format(
            body=meeting.body.name, label=meeting.label, collaboration=meeting.body.collaboration.name
        )
        context = {
            "meeting": meeting,
            "what": what,
            "items": meeting.items.filter(withdrawn=False).select_related("case__body"),
            "address": f"{settings.PORTAL_ADDRESS}{meeting.get_absolute_url()}",
            "reply": f"{settings.PORTAL_ADDRESS}{reverse('answer_summons', args=meeting.address)}",
            "takes_replies": meeting.state == Meeting.State.CALLED and not meeting.written,
        }
        return {
            "subject": {**SUBJECTS, **(WRITTEN if meeting.written else {})}[what]().format(meeting=name),
            "text": render_to_string("governance/meetings/mail.txt", context),
            "file": _calendar_file(meeting, person) if what in WITH_CALENDAR and not meeting.written else None,
        }


def _calendar_file(meeting: Meeting, person: Person) -> MIMEText:
    method, content = calendars.invitation(meeting, person)
    return calendars.attachment(method, content, "mote.ics")


def recipients(meeting: Meeting) -> Any:
    """Those who hold a seat in the body today and can be reached."""
    called = [Role.STEERING, Role.MEMBER, *WITHOUT_VOTE]
    seats = Appointment.objects.active().filter(body=meeting.body, role__in=called)
    return Person.objects.filter(appointments__in=seats).exclude(email="").distinct()
