"""What is done with a person's data: taken out, and erased. Each is written down."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version
from digivesteralen.accounts.models import Invitation, User
from digivesteralen.audit import contact
from digivesteralen.audit.chain import outside
from digivesteralen.audit.history import event_model
from digivesteralen.audit.log import record
from digivesteralen.mail import keeping
from digivesteralen.privacy import answering
from digivesteralen.privacy.collected import Collected, Subject, collect
from governance.actions.people import knows, wrote_down
from governance.models import Appointment, CalendarLink, CaseDraft, Person
from governance.permissions import sync_people
from portfolio.actions import registrations
from portfolio.models import Registration, SavedFilter
from surveys.models import Response, ResponseDraft

# Ways in, where somebody sat when signing in, and what was never finished.
GOES: tuple[Any, ...] = (
    EmailAddress,
    Authenticator,
    SocialAccount,
    UserSession,
    CalendarLink,
    CaseDraft,
    ResponseDraft,
)


def take_out_own(*, by: Any, form: str) -> Collected:
    """The person's own data, all of it."""
    subject = Subject.of_user(by)
    record("personal_data_exported", by=by, on=subject.person or by, detail={"form": form})
    return collect(subject, reader=by)


def take_out(*, person: Person, by: Any, form: str) -> Collected:
    """For a person who asks the secretariat: what it may see of them, in the collaborations it sees (rule 5)."""
    knows(by, person)
    record("personal_data_exported", by=by, on=person, detail={"form": form})
    return collect(Subject.of_person(person), reader=by)


def look_at(*, person: Person, by: Any) -> None:
    """The secretariat opens what is known about a person."""
    knows(by, person)
    record("personal_data_looked_at", by=by, on=person)


def why_not_erased(person: Person) -> str:
    """Why the contact data can't go yet, in a sentence; empty when it can."""
    today = timezone.localdate()
    held = Appointment.objects.filter(Q(until=None) | Q(until__gte=today), person=person)
    if person.user is not None and person.user.is_staff:
        return _("%(name)s runs the installation. End that first.") % {"name": person}
    if held.exists():
        return _("%(name)s still holds a role or a seat. End it first; what it gave ends after its last day.") % {
            "name": person
        }
    if person.shared_projects.standing().exists():
        return _("A project is shared with %(name)s. End that first.") % {"name": person}
    return answering.sentence(person)


@transaction.atomic
def erase_contact_data(*, person: Person, version: int | None = None, by: Any) -> Person:
    """A person who has left is no longer reached, and can't sign in; what they did stands under their name.

    The name stays where something was decided, voted or written, since the municipalities must be able to show who
    did it. E-mail addresses, also in the history, ways in, drafts and registrations go.
    """
    person = Person.objects.select_for_update(of=["self"]).select_related("user").get(pk=person.pk)
    knows(by, person)
    wrote_down(by, person)
    check_version(person, version)
    if sentence := why_not_erased(person):
        raise NotAllowedNow(sentence)
    return erase(person, by=by)


@transaction.atomic
def erase(person: Person, *, by: Any) -> Person:
    """For verbs that have asked; by nobody, it is the time that is over."""
    addresses = _addresses_of(person)
    _erase_written_down(addresses, person.user, by)
    if person.user is not None:
        _close(person.user)
    if person.email:
        person.email, person.version = "", person.version + 1
        person.save(update_fields=["email", "version"])
    contact.erase("governance.Person", keys=[person.pk], by=by)
    contact.erase("audit.Act", addresses=addresses, by=by)
    if person.user is not None:
        contact.erase("accounts.User", keys=[person.user.pk], by=by)
        sync_people(person)
    record(outside.ERASED, by=by, on=person)
    # A lambda: Django asks what failed for its name, which a partial has not.
    transaction.on_commit(lambda: outside.erased(person.pk), robust=True)
    return person


def tell_outside_what_was_not() -> None:
    """Erasures whose line is missing; a file of one machine alone gets those that other machines told, and so all."""
    for number, at in outside.untold_erasures():
        outside.erased(number, at=at)


def _addresses_of(person: Person) -> list[str]:
    """Today's and the earlier ones, which the history tells; not what has become somebody else's, or always was."""
    told = Subject.of_person(person).addresses
    for one in (person, person.user):
        events: Any = event_model(type(one)) if one is not None else None
        if events is not None and one is not None:
            told += [
                email.lower() for email in events.objects.filter(pgh_obj_id=one.pk).values_list("email", flat=True)
            ]
    others = Person.objects.exclude(pk=person.pk).annotate(address=Lower("email"))
    users = User.objects.exclude(pk=person.user_id or 0).annotate(address=Lower("email"))
    of_others = {
        *others.filter(address__in=told).values_list("address", flat=True),
        *users.filter(address__in=told).values_list("address", flat=True),
    }
    return sorted(set(told) - of_others - {""})


def _close(user: User) -> None:
    """No way in is left, and no address; the row stays, since acts and changes point at it."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for model in GOES:
        model._default_manager.filter(user=user).delete()
    Invitation.objects.filter(user=user, accepted=None, withdrawn=None).update(withdrawn=timezone.now())
    SavedFilter.objects.filter(owner=user).delete()
    user.email, user.is_active = f"{user.pk}@slettet.invalid", False
    user.set_unusable_password()
    user.save(update_fields=["email", "is_active", "password"])


def _erase_written_down(addresses: list[str], user: Any, by: Any) -> None:
    """Answers, registrations and the log of e-mail, where they carry the address or the user."""
    answers, registered = Q(pk__in=[]), Q(user=user) if user is not None else Q(pk__in=[])
    for address in addresses:
        answers |= Q(respondent_email__iexact=address)
        registered |= Q(email__iexact=address)
    keys = list(Response.objects.filter(answers).values_list("pk", flat=True))
    Response.objects.filter(pk__in=keys).update(respondent_name="", respondent_email="")
    contact.erase("surveys.Response", keys=keys, by=by)
    for address in addresses:
        keeping.forget(address)
    for row in Registration.objects.select_for_update(of=["self"]).filter(registered, erased_at=None):
        registrations.erase(row)
