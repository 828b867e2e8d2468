"""The e-mail that asks a project leader for the status of the own projects."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from digivesteralen.ui import wording
from governance.letters import address
from governance.models import Collaboration, Person
from portfolio.actions.status_reminders import projects_missing
from portfolio.models import Project
from portfolio.status import Occasion, occasion_of


def collaboration_of(subject: str) -> Collaboration:
    return Collaboration.objects.get(pk=subject)


def reminder(job: Job, report: Report) -> None:
    """Names what is still missing when it is sent; one who has reported in the meantime gets no e-mail."""
    collaboration = collaboration_of(job.subject)
    leader = Person.objects.select_related("user").get(pk=job.arguments["leader"])
    occasion = occasion_of(collaboration)
    led = projects_missing(collaboration, occasion).led_by_somebody().filter(leader=leader)
    missing = led.select_related("collaboration")
    if not missing or not leader.email:
        return
    with translation.override(leader.user.language if leader.user else settings.LANGUAGE_CODE):
        subject = _("%(collaboration)s: %(occasion)s") % {"collaboration": collaboration, "occasion": occasion}
        send(job, to=[leader.email], subject=subject, text=_text(collaboration, occasion, list(missing)))


def _text(collaboration: Collaboration, occasion: Occasion, missing: list[Project]) -> str:
    listed = "\n".join(f"- {project}: {address(_form_of(project))}" for project in missing)
    return _(
        "%(collaboration)s waits for the %(occasion)s. By %(day)s tell how these projects stand:\n\n%(projects)s\n\n"
        "Is nothing changed since the last time? Then «Unchanged» on the page of the project is enough.\n"
    ) % {
        "collaboration": collaboration,
        "occasion": occasion,
        "day": wording.day(occasion.until),
        "projects": listed,
    }


def _form_of(project: Project) -> str:
    return reverse("write_status", args=[project.collaboration.slug, project.slug])
