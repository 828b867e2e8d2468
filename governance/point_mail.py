"""E-mail to those who own a point of a resolution, before its deadline and when it is past (X2, D12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents import jobs, registry
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from governance import follow_up, letters
from governance.models import Appointment, Collaboration, Organisation, Person, ResolutionPoint, Role
from governance.reminding import CATCHES_UP, DAYS_BEFORE, moment_of

KIND = "governance.point_reminder"


def register() -> None:
    registry.register(
        KIND,
        container=_collaboration,
        right="governance.prepare_meetings",
        work=send,
        title=_("Reminder of a resolution to carry out"),
        queue="mail",
    )


def remind_in_time(day: date | None = None) -> int:
    """Ask for each reminder that is due today, once."""
    today = day or timezone.localdate()
    near = (today - timedelta(days=1 + CATCHES_UP), today + timedelta(days=max(DAYS_BEFORE)))
    points = ResolutionPoint.objects.to_follow_up().not_closed().not_done().filter(deadline__range=near)
    reachable = points.filter(Q(owner__isnull=False) & ~Q(owner__email="") | Q(owner=None, organisation__isnull=False))
    asked = 0
    for point in reachable.select_related("resolution__item__meeting"):
        assert point.deadline is not None
        if moment := moment_of(point.resolution.item.meeting.day, point.deadline, today):
            key = f"point_reminder:{point.pk}:{point.deadline}:{moment}"
            asked += not Job.objects.filter(key=key).exists()
            jobs.ask(KIND, point.pk, by=None, key=key)
    return asked


def send(job: Job, report: Report) -> None:
    """Names the case by its number, and nothing of one that is exempt (rule 8)."""
    point = ResolutionPoint.objects.select_related(
        "resolution__item__case__body__collaboration", "owner__user", "organisation"
    ).get(pk=job.subject)
    receivers = _receivers(point)
    if point.done_on is not None or not receivers:
        return
    case = point.resolution.item.case
    with translation.override("nb"):
        told = {
            "case": case.number,
            "number": point.number,
            "body": case.body.name,
            "text": _("(exempt from public disclosure)") if case.is_exempt else point.text,
            "day": formats.date_format(point.deadline) if point.deadline else "",
            "link": letters.address(point.get_absolute_url()),
        }
        subject = _("To be carried out by %(day)s: case %(case)s, point %(number)s") % told
        text = (
            _(
                "%(body)s has asked you to follow up case %(case)s, point %(number)s:\n\n%(text)s\n\n"
                "The deadline is %(day)s. Say how it stands here:\n%(link)s\n"
            )
            % told
        )
        outgoing.send(job, to=receivers, subject=subject, text=text)


def _receivers(point: ResolutionPoint) -> list[str]:
    """The owner; where only a municipality is named, its director and its contact persons.

    The secretariat, when none of these may read the case that the letter leads to.
    """
    case = point.resolution.item.case
    asked = [point.owner] if point.owner is not None else _people_of(point.organisation)
    readers = [person for person in asked if follow_up.may_read(person, case)]
    if asked and not readers:
        readers = _holding(collaboration=case.body.collaboration, role=Role.SECRETARIAT)
    return [person.email for person in readers if person.email]


def _people_of(organisation: Organisation | None) -> list[Person]:
    if organisation is None:
        return []
    return _holding(organisation=organisation, role__in=[Role.DIRECTOR, Role.CONTACT])


def _holding(**office: Any) -> list[Person]:
    held = Appointment.objects.active().filter(**office).select_related("person__user").order_by("pk")
    return list(dict.fromkeys(appointment.person for appointment in held))


def _collaboration(subject: str) -> Collaboration:
    points = ResolutionPoint.objects.select_related("resolution__item__meeting__body__collaboration")
    found: Any = points.get(pk=subject)
    return found.resolution.item.meeting.body.collaboration
