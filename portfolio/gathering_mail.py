"""E-mails about a gathering: one Job for each receiver, which names rows and no addresses (rule 12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digivesteralen.documents import jobs, registry
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail import outgoing
from digivesteralen.ui import wording
from governance import calendars, letters
from governance.models import Appointment, Collaboration, Organisation, Person, Role
from portfolio import gathering_calendar
from portfolio.models import Gathering, Registration

KIND = "portfolio.gathering_mail"
INVITED = [Role.DIRECTOR, Role.CONTACT]
SUBJECTS = {
    "invitation": gettext_lazy("Invitation: %(gathering)s"),
    "moved": gettext_lazy("New time or place: %(gathering)s"),
    "cancelled": gettext_lazy("Cancelled: %(gathering)s"),
    "place": gettext_lazy("You have a place: %(gathering)s"),
    "waits": gettext_lazy("You are on the waiting list: %(gathering)s"),
    "evaluation": gettext_lazy("What did you think? %(gathering)s"),
}
TEXTS = {
    "invitation": gettext_lazy(
        "%(collaboration)s invites %(receiver)s.\n\nRegister those who will come, or tell that nobody comes, by %(by)s."
    ),
    "moved": gettext_lazy("The gathering has a new time or place."),
    "cancelled": gettext_lazy("The gathering is cancelled. %(reason)s"),
    "place": gettext_lazy("%(receiver)s, you are registered and have a place."),
    "waits": gettext_lazy(
        "%(receiver)s, the gathering is full. You are on the waiting list and hear if there is a place."
    ),
    "evaluation": gettext_lazy(
        "%(receiver)s, thank you for coming. It takes two minutes to say what you thought of it:"
    ),
}
# These tell of the time, and carry it for the receiver's own calendar.
WITH_CALENDAR = ("invitation", "moved", "cancelled", "place")


def register() -> None:
    registry.register(
        KIND,
        container=_collaboration,
        right="governance.view_collaboration",
        work=send,
        title=gettext_lazy("E-mail about a gathering"),
        queue="mail",
    )


def invite(gathering: Gathering, places: Iterable[Organisation], *, by: Any) -> None:
    """To the director and the contact persons of each municipality; one with several places gets one e-mail."""
    for person, municipality in _people_of(places):
        _ask(gathering, "invitation", {"person": person, "municipality": municipality}, f"p{person}", by)


def tell_all(gathering: Gathering, what: str, *, by: Any) -> None:
    """To those who were invited, and to those who have or wait for a place."""
    live = list(gathering.registrations.live().exclude(email="").values_list("pk", "email"))
    known = {email.lower() for _pk, email in live}
    places = Organisation.objects.filter(gathering_invitations__gathering=gathering)
    invited = dict(_people_of(places))
    for person in Person.objects.filter(pk__in=invited):
        if person.email.lower() not in known:
            about = {"person": person.pk, "municipality": invited[person.pk]}
            _ask(gathering, what, about, f"p{person.pk}", by)
    for pk, _email in live:
        _ask(gathering, what, {"registration": pk}, f"r{pk}", by)


def tell_one(registration: Registration, what: str, *, by: Any) -> None:
    if registration.email:
        _ask(registration.gathering, what, {"registration": registration.pk}, f"r{registration.pk}", by)


def send(job: Job, report: Report) -> None:
    """Nothing to one whose name is erased meanwhile."""
    gathering = Gathering.objects.select_related("project__collaboration", "organiser", "evaluation").get(
        pk=job.subject
    )
    what = job.arguments["what"]
    name, email, language, receiver, has_place = _receiver(job)
    if not email:
        return
    with translation.override(language):
        file = None
        if what in WITH_CALENDAR and has_place:
            method, content = gathering_calendar.invitation(gathering, name, email)
            file = calendars.attachment(method, content, "samling.ics")
        told = {"gathering": gathering, "collaboration": gathering.project.collaboration, "receiver": receiver}
        subject = str(SUBJECTS[what]) % told
        outgoing.send(job, to=[email], subject=subject, text=_text(gathering, what, told, job), file=file)


def _text(gathering: Gathering, what: str, told: dict[str, Any], job: Job) -> str:
    told |= {"by": wording.day(gathering.last_day), "reason": gathering.cancelled_because}
    lead = (str(TEXTS[what]) % told).strip()
    if what == "evaluation":
        address = reverse("answer_evaluation", args=[evaluation_token(job.arguments["registration"])])
        return f"{lead}\n\n{letters.address(address)}\n"
    facts = [gathering.title, _when(gathering), gathering.place, gathering.link, gathering.cost_note]
    where = _("Programme and registration: %(link)s") % {"link": letters.address(gathering.get_absolute_url())}
    return "\n\n".join([lead, "\n".join(fact for fact in facts if fact), where]) + "\n"


def _when(gathering: Gathering) -> str:
    if gathering.starts_at is None or gathering.ends_at is None:
        return gathering.when
    return f"{wording.moment(gathering.starts_at)} – {wording.moment(gathering.ends_at)}"


def evaluation_token(registration: int) -> str:
    """What stands in the address of one who came: it says which registration, and can't be guessed."""
    return signing.Signer(salt="portfolio.evaluation").sign(str(registration))


def _receiver(job: Job) -> tuple[str, str, str, str, bool]:
    """Name, address, language, whom the letter speaks to, and whether it belongs in the receiver's calendar."""
    if "registration" in job.arguments:
        row = Registration.objects.select_related("user").get(pk=job.arguments["registration"])
        language = row.user.language if row.user else settings.LANGUAGE_CODE
        return row.name, row.email, language, row.name, row.state == Registration.State.REGISTERED
    person = Person.objects.select_related("user").get(pk=job.arguments["person"])
    language = person.user.language if person.user else settings.LANGUAGE_CODE
    place = Organisation.objects.get(pk=job.arguments["municipality"])
    return person.name, person.email, language, place.name, True


def _people_of(places: Any) -> list[tuple[int, int]]:
    """Who can be reached today, and the municipality each is told for."""
    held = Appointment.objects.active().filter(organisation__in=places, role__in=INVITED)
    rows = held.exclude(person__email="").order_by("organisation__sort_key", "pk")
    found: dict[int, int] = {}
    for person, place in rows.values_list("person", "organisation"):
        if place is not None:
            found.setdefault(person, place)
    return list(found.items())


def _ask(gathering: Gathering, what: str, about: dict[str, Any], whom: str, by: Any) -> Job:
    key = f"{KIND}:{what}:{gathering.pk}:{gathering.version}:{timezone.localdate()}:{whom}"
    return jobs.ask(KIND, gathering.pk, by=by, arguments={"what": what, **about}, key=key)


def _collaboration(subject: str) -> Collaboration:
    found: Gathering = Gathering.objects.select_related("project__collaboration").get(pk=subject)
    return found.project.collaboration
