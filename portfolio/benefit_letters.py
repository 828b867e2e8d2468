"""The e-mail that asks the owner of a benefit for a measurement."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from governance.letters import address
from governance.models import Collaboration, Person
from portfolio.actions.benefit_reminders import due_lines


def collaboration_of(subject: str) -> Collaboration:
    return Collaboration.objects.get(pk=subject)


def reminder(job: Job, report: Report) -> None:
    """Names what is still due when it is sent; one who has measured in the meantime gets no e-mail."""
    collaboration = collaboration_of(job.subject)
    owner = Person.objects.select_related("user").get(pk=job.arguments["owner"])
    lines = list(due_lines(collaboration, owner).in_full())
    if not lines or not owner.email:
        return
    with translation.override(owner.user.language if owner.user else settings.LANGUAGE_CODE):
        listed = "\n".join(
            f"- {line.benefit.gain} ({line.benefit.project}): {address(line.get_absolute_url())}" for line in lines
        )
        text = _(
            "You own these benefits, and it is time to measure them:\n\n%(benefits)s\n\n"
            "Write the figure and its day with «New measurement» on the page of the benefit.\n"
        ) % {"benefits": listed}
        subject = _("%(collaboration)s: time to measure benefits") % {"collaboration": collaboration}
        send(job, to=[owner.email], subject=subject, text=text)
