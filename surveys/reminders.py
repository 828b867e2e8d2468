"""The e-mail that tells a municipality that a survey waits for its answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from digivesteralen.ui import wording
from governance.letters import address
from governance.models import Appointment, Collaboration, Organisation, Role
from surveys.models import Survey

KIND = "surveys.answer_reminder"
ANSWERS = [Role.DIRECTOR, Role.CONTACT, Role.IT_LEADER]


def subject(survey: Survey, place: Organisation) -> str:
    return f"{survey.pk}:{place.number}"


def today(survey: Survey) -> str:
    return f"{KIND}:{timezone.localdate()}:{survey.pk}:"


def key(survey: Survey, place: Organisation) -> str:
    """One message to a municipality about a survey on a day, however often the button is pressed."""
    return f"{today(survey)}{place.number}"


def told_today(survey: Survey, place: Organisation) -> bool:
    return Job.objects.filter(key=key(survey, place)).exists()


def collaboration_of(subject: str) -> Collaboration:
    survey = Survey.objects.select_related("collaboration").get(pk=subject.partition(":")[0])
    return survey.collaboration


def reachable(places: Iterable[Organisation]) -> set[int]:
    """The municipalities where somebody who may answer has an e-mail address."""
    found = Appointment.objects.active().filter(organisation__in=places, role__in=ANSWERS).exclude(person__email="")
    return set(found.values_list("organisation", flat=True))


def remind(job: Job, report: Report) -> None:
    """The work of the job; an answer that came meanwhile needs no reminder."""
    pk, _colon, number = job.subject.partition(":")
    survey = Survey.objects.select_related("collaboration").get(pk=pk)
    place = Organisation.objects.get(number=number)
    if not survey.is_open or survey.responses.filter(municipality=place).exists():
        return
    people = Appointment.objects.active().filter(organisation=place, role__in=ANSWERS).exclude(person__email="")
    with translation.override("nb"):
        path = reverse("answer_survey", args=[survey.collaboration.slug, survey.slug, place.number])
        told = {
            "municipality": place,
            "survey": survey,
            "collaboration": survey.collaboration,
            "day": wording.day(survey.closes_on),
            "link": address(path),
        }
        text = _(
            "%(collaboration)s waits for the answer of %(municipality)s to the survey «%(survey)s».\n\n"
            "It can be answered until %(day)s. What you write is kept as you go:\n%(link)s\n"
        )
        send(
            job,
            to=people.values_list("person__email", flat=True),
            subject=_("Waits for %(municipality)s: %(survey)s") % told,
            text=text % told,
        )
