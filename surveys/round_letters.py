"""The e-mail that asks a municipality's IT leader to confirm or correct the list of systems."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from digivesteralen.ui import wording
from governance.letters import address
from governance.models import Collaboration, Organisation
from surveys import rounds
from surveys.actions.rounds import leaders_of
from surveys.models import ConfirmationRound


def collaboration_of(subject: str) -> Collaboration:
    return ConfirmationRound.objects.select_related("collaboration").get(pk=subject).collaboration


def reminder(job: Job, report: Report) -> None:
    """Tells how much is left when it is sent; one that has delivered in the meantime gets no e-mail."""
    round = ConfirmationRound.objects.select_related("collaboration").get(pk=job.subject)
    place = Organisation.objects.get(pk=job.arguments["municipality"])
    standing = next((one for one in rounds.progress(round) if one.municipality == place), None)
    if round.closed_on or standing is None or standing.delivered:
        return
    with translation.override("nb"):
        subject = _("%(municipality)s: confirm or correct the systems by %(day)s") % {
            "municipality": place,
            "day": wording.day(round.answer_by),
        }
        send(job, to=leaders_of(place).values_list("email", flat=True), subject=subject, text=_text(round, standing))


def _text(round: ConfirmationRound, standing: rounds.Progress) -> str:
    return _(
        "%(collaboration)s goes through the systems of the municipalities: %(round)s.\n\n"
        "In %(municipality)s %(done)s of %(total)s lines are looked over. "
        "What still is right is confirmed with one press; correct the rest, and deliver by %(day)s:\n%(link)s\n"
    ) % {
        "collaboration": round.collaboration,
        "round": round,
        "municipality": standing.municipality,
        "done": standing.done,
        "total": standing.total,
        "day": wording.day(round.answer_by),
        "link": address(reverse("round_own", args=[standing.municipality.number, round.pk])),
    }
