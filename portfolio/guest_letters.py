"""The e-mail to somebody from outside with whom a project is shared."""

from __future__ import annotations

from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from governance import letters
from governance.models import Collaboration
from portfolio.models import ProjectGuest

KIND = "portfolio.project_shared"


def collaboration_of(subject: str) -> Collaboration:
    return ProjectGuest.objects.select_related("project__collaboration").get(pk=subject).project.collaboration


def send(job: Job, report: Report) -> None:
    """Nothing is sent of a sharing that was ended before the letter went out."""
    guests = ProjectGuest.objects.standing().select_related("project__collaboration", "person")
    guest = guests.filter(pk=job.subject).first()
    if guest is None:
        return
    project = guest.project
    with translation.override("nb"):
        told = {
            "collaboration": project.collaboration,
            "project": project,
            "purpose": guest.purpose,
            "since": formats.date_format(guest.since),
            "until": formats.date_format(guest.until),
        }
        subject = _("A project is shared with you: %(project)s") % told
        text = _(
            "%(collaboration)s shares the project «%(project)s» with you from %(since)s until and including "
            "%(until)s.\n\n%(purpose)s\n\nYou see the page of this project and its open documents, and nothing else. "
            "Sign in here:"
        )
        link = letters.address(reverse("shared_project", args=[project.collaboration.slug, project.slug]))
        outgoing.send(job, to=[guest.person.email], subject=subject, text=f"{text % told}\n{link}\n")
