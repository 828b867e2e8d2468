"""What the portal writes to municipalities and people; each letter is a job, sent by ``mail.outgoing``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from digivesteralen.accounts import invitations
from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from governance.models import Adoption, Appointment, Collaboration, Membership, Organisation, Person, Role


def address(path: str) -> str:
    return f"{settings.PORTAL_ADDRESS}{path}"


def adoption_told(job: Job, report: Report) -> None:
    """The municipality hears that a decision was registered on its behalf, and is asked to confirm it or object."""
    adoption = _adoption(job)
    with translation.override("nb"):
        subject = _("Registered on behalf of %(municipality)s") % {"municipality": adoption.organisation}
        text = _(
            "The secretariat of %(collaboration)s has registered a decision on behalf of %(municipality)s:\n\n"
            "%(matter)s\n%(state)s by %(who)s, %(day)s, case %(number)s\n\n"
            "Look at the extract, and confirm or object here:\n%(link)s\n"
        ) % {
            "collaboration": adoption.collaboration,
            "municipality": adoption.organisation,
            "matter": _matter(adoption),
            "state": str(adoption.get_state_display()).capitalize(),
            "who": adoption.decided_by,
            "day": formats.date_format(adoption.decided_on) if adoption.decided_on else "",
            "number": adoption.case_number,
            "link": address(adoption.get_absolute_url()),
        }
        send(job, to=_own_people(adoption), subject=subject, text=text)


def membership_told(job: Job, report: Report) -> None:
    """The municipality hears that its membership was begun or ended on its behalf, by which decision of its own."""
    one = Membership.objects.select_related("collaboration", "organisation").get(pk=job.subject)
    with translation.override("nb"):
        told = {"municipality": one.organisation, "collaboration": one.collaboration}
        if one.end_ground == Membership.EndGround.DECISION:
            text = _("%(municipality)s is a member of %(collaboration)s until %(day)s.")
            day, decision = one.until or one.since, one.ended_by
        else:
            text = _("%(municipality)s is a member of %(collaboration)s from %(day)s.")
            day, decision = one.since, one.stands_on
        lines = [
            _("The secretariat of %(collaboration)s has registered a decision on behalf of %(municipality)s:") % told,
            f"{text % {**told, 'day': formats.date_format(day)}}\n{decision}",
            _("Is this not what your municipality has decided? Tell the secretariat. You find the registration here:")
            + f"\n{address(one.organisation.get_absolute_url())}\n",
        ]
        if one.awaits:
            closed = _("Nothing of the municipality's own is open there before it has confirmed it in the portal.")
            lines.insert(2, closed)
        subject = _("Registered on behalf of %(municipality)s") % told
        send(job, to=_people_of(one.organisation), subject=subject, text="\n\n".join(lines))


def membership_contested(job: Job, report: Report) -> None:
    """The secretariat hears that a municipality it wrote down as its member says that it is none, and why."""
    one = Membership.objects.select_related("collaboration", "organisation", "contested_by").get(pk=job.subject)
    if one.contested_at is None:
        return  # taken back before the message went out
    told = {"municipality": one.organisation, "collaboration": one.collaboration}
    with translation.override("nb"):
        lines = [
            _("%(municipality)s says that it is not a member of %(collaboration)s.") % told,
            f"{one.contested_by}:\n{one.contested_why}",
            _(
                "The membership counts nowhere from now on. If the municipality has decided to join, "
                "write it down anew with the decision and its extract:"
            )
            + f"\n{address(reverse('members', args=[one.collaboration.slug]))}\n",
        ]
        subject = _("%(municipality)s is not a member of %(collaboration)s") % told
        send(job, to=_secretariat_of(one.collaboration), subject=subject, text="\n\n".join(lines))


def adoption_reminder(job: Job, report: Report) -> None:
    """The municipality is reminded of a matter it has not answered."""
    adoption = _adoption(job)
    if adoption.is_decided:
        return
    with translation.override("nb"):
        subject = _("Waits for %(municipality)s: %(matter)s") % {
            "municipality": adoption.organisation,
            "matter": _matter(adoption),
        }
        text = _(
            "%(collaboration)s waits for the decision of %(municipality)s:\n\n%(matter)s\n%(deadline)s\n"
            "Register the decision here, also when the answer is no:\n%(link)s\n"
        ) % {
            "collaboration": adoption.collaboration,
            "municipality": adoption.organisation,
            "matter": _matter(adoption),
            "deadline": "\n".join(line for line in (_deadline(adoption), _own_day(adoption)) if line),
            "link": address(adoption.get_absolute_url()),
        }
        send(job, to=_own_people(adoption), subject=subject, text=text)


def invitation(job: Job, report: Report) -> None:
    """The link by which a person chooses a password; the token is made here, so that no row holds it."""
    person = Person.objects.select_related("user").get(pk=job.subject)
    if person.user is None or not person.user.is_active:
        return
    open_now = invitations.usable().filter(user=person.user).first()
    if open_now is None:
        return  # used or withdrawn before the message went out
    path = reverse("open_invitation", args=[invitations.token(open_now)])
    with translation.override(person.user.language):
        text = _(
            "Hello %(name)s!\n\n%(sender)s has given you a user in the portal of %(collaborations)s. "
            "Choose how you will sign in here:\n%(link)s\n\n"
            "The link can be used once, until %(day)s. After that you sign in with your e-mail address %(email)s.\n"
        ) % {
            "name": person.name,
            "sender": open_now.by or _("The secretariat"),
            "collaborations": ", ".join(map(str, person.known_in.order_by("name"))) or _("the collaboration"),
            "link": address(path),
            "day": formats.date_format(timezone.localtime(open_now.until)),
            "email": person.user.email,
        }
        send(job, to=[person.user.email], subject=_("Your way into the portal"), text=text)


def _adoption(job: Job) -> Adoption:
    return Adoption.objects.select_related("organisation", "collaboration", "case").get(pk=job.subject)


def _matter(adoption: Adoption) -> str:
    """Not even the title of an exempt case stands in an e-mail (rule 8)."""
    if adoption.case is not None and adoption.case.is_exempt:
        return _("A matter exempt from public disclosure")
    return adoption.matter


def _deadline(adoption: Adoption) -> str:
    if adoption.answer_by is None:
        return ""
    told = {"day": formats.date_format(adoption.answer_by)}
    return (_("The deadline was %(day)s.") if adoption.is_late else _("The deadline is %(day)s.")) % told + "\n"


def _own_day(adoption: Adoption) -> str:
    """What the municipality itself has told about when it treats the matter."""
    if adoption.state != Adoption.State.SCHEDULED or adoption.scheduled_on is None:
        return ""
    return (
        _("You have told that the matter is to be treated %(day)s.")
        % {"day": formats.date_format(adoption.scheduled_on)}
        + "\n"
    )


def _own_people(adoption: Adoption) -> list[Any]:
    return _people_of(adoption.organisation)


def _people_of(municipality: Organisation) -> list[Any]:
    """The municipal director and the contact persons; a job that reaches nobody says so."""
    people = Appointment.objects.active().filter(organisation=municipality, role__in=[Role.DIRECTOR, Role.CONTACT])
    addresses = [email for email in people.values_list("person__email", flat=True) if email]
    if not addresses:
        raise NotAllowedNow(
            _("Nobody in %(municipality)s has an e-mail address. Register the municipal director or a contact person.")
            % {"municipality": municipality}
        )
    return addresses


def _secretariat_of(collaboration: Collaboration) -> list[Any]:
    seats = Appointment.objects.active().filter(collaboration=collaboration, role=Role.SECRETARIAT)
    addresses = [email for email in seats.values_list("person__email", flat=True) if email]
    if not addresses:
        raise NotAllowedNow(
            _("Nobody in the secretariat of %(collaboration)s has an e-mail address.")
            % {"collaboration": collaboration}
        )
    return addresses
