"""The e-mail that tells those who sent an idea where it is solved (R36); of a proposal the proposal's letter tells."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from governance import letters
from governance.models import Collaboration, Role
from governance.proposal_mail import addresses
from portfolio.models import Idea

KIND = "portfolio.idea_mail"
# What was answered longer ago than this is registered as history, and nobody is written to.
NEWS = timedelta(days=30)


def answered(idea: Idea) -> None:
    """Tell the sender, when somebody outside the secretariat sent it."""
    if idea.sender is None or idea.answered_on is None or idea.answered_on <= timezone.localdate() - NEWS:
        return
    if senders(idea):
        jobs.ask(KIND, idea.pk, by=None, key=f"idea-answered:{idea.pk}")


def senders(idea: Idea) -> list[str]:
    """The one who sent it, and the municipality's or the body's own people."""
    if idea.sender_organisation_id:
        who = Q(organisation=idea.sender_organisation_id, role__in=[Role.DIRECTOR, Role.CONTACT])
    else:
        who = Q(body=idea.sender_body_id, role__in=[Role.MEMBER, Role.STEERING])
    found = addresses(who)
    if idea.sender_person and idea.sender_person.email and idea.sender_person.email not in found:
        found.append(idea.sender_person.email)
    return found


def collaboration_of(subject: str) -> Collaboration:
    return Idea.objects.select_related("collaboration").get(pk=subject).collaboration


def send(job: Job, report: Report) -> None:
    shown = Idea.objects.select_related("collaboration__parent", "sender_person", "sender_organisation", "sender_body")
    idea = shown.get(pk=job.subject)
    with translation.override("nb"):
        subject = _("Answer to the idea %(idea)s") % {"idea": idea}
        text = _("%(collaboration)s has answered the idea «%(title)s» from %(sender)s: %(answer)s.") % {
            "collaboration": idea.collaboration,
            "title": idea.title,
            "sender": idea.sender_in_words,
            "answer": idea.answer_in_words,
        }
        link = letters.address(idea.get_absolute_url())
        outgoing.send(job, to=senders(idea), subject=subject, text=f"{text}\n\n{idea.open_reason}\n\n{link}\n")
