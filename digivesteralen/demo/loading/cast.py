"""Who and what the demo's facts speak of: organisations and people by the words the facts use for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.demo import facts
from digivesteralen.demo.signins import PASSWORD
from governance import municipal_history
from governance.actions import people, register
from governance.actions.collaborations import secretary
from governance.models import Body, Collaboration, Organisation, OrganisationName, Person, Population

SOURCE = "SSB 07459"
BODY_KINDS = {
    "steering_group": Body.Kind.STEERING,
    "secretariat": Body.Kind.SECRETARIAT,
    "resource_group": Body.Kind.RESOURCE,
    "working_group": Body.Kind.WORKING,
    "reference_group": Body.Kind.REFERENCE,
    "expert_group": Body.Kind.EXPERT,
    "network": Body.Kind.NETWORK,
}
ORGANISATION_KINDS = {"company": Organisation.Kind.PARTNER}
LANGUAGE_FORMS = {"bokmål": "nb", "nynorsk": "nn"}


class Cast:
    """The made-up people and the real organisations of the demo, made when they are first asked for."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.bodies: dict[str, Body] = {}

    @cached_property
    def sysadmin(self) -> User:
        who = next(one for one in facts.example()["people"] if one["appointments"][0]["role"] == "system_admin")
        found = User.objects.filter(email=who["email"]).first()
        return found or self._user(who, is_staff=True)

    def registrar(self, collaboration: Collaboration) -> User:
        """The first of the secretariat; before there is one, whoever runs the installation."""
        first = secretary(collaboration)
        return first.user if first and first.user else self.sysadmin

    def day(self, days: int, *, same_year: bool = False) -> date:
        """A working day so many days from the first load."""
        return facts.day(self.today, days, same_year=same_year)

    def past(self, days: int) -> date:
        return min(self.day(days), self.today)

    def moment(self, day: date, clock: str) -> datetime:
        hours, minutes = clock.split(":")
        return timezone.make_aware(datetime.combine(day, time(int(hours), int(minutes))))

    def municipality(self, number: str) -> Organisation:
        """By the number it has or had."""
        return Organisation.objects.ever_with_number(number).get()

    def municipalities(self, numbers: Iterable[str]) -> list[Organisation]:
        return [self.municipality(number) for number in numbers]

    def register_municipalities(self, part: str) -> list[Organisation]:
        found = [self._municipality(fact) for fact in facts.municipalities(part)]
        register.tell_history(municipal_history.worked_out(municipal_history.own_copy()))
        return list(Organisation.objects.filter(pk__in=[place.pk for place in found]))

    def organisation(self, fact: dict[str, Any]) -> Organisation:
        """An organisation with its names over time; the newest is the present one."""
        names = fact["names"]
        kind = ORGANISATION_KINDS.get(fact["kind"], fact["kind"])
        made, new = Organisation.objects.get_or_create(name=names[-1]["name"], defaults={"kind": kind})
        if new:
            for name in names:
                OrganisationName.objects.create(
                    organisation=made, name=name["name"], since=name.get("from"), until=name.get("to")
                )
        return made

    def person(self, slug: str, collaboration: Collaboration) -> Person:
        """A made-up person with a way in."""
        fact = next(one for one in facts.example()["people"] if one["slug"] == slug)
        person = people.register_person(
            collaboration=collaboration,
            name=fact["name"],
            email=fact["email"],
            title=fact["title"],
            organisation=self.municipality(fact["number"]) if "number" in fact else None,
            example=True,
            by=self.registrar(collaboration),
        )
        if person.user is None:
            person.user = self._user(fact)
            person.save(update_fields=["user"])
        return person

    def user(self, slug: str) -> User:
        email = next(one["email"] for one in facts.example()["people"] if one["slug"] == slug)
        return User.objects.get(email=email)

    def director_of(self, number: str) -> User:
        """Whoever registers a municipality's own decisions."""
        fact = next(
            one
            for one in facts.example()["people"]
            if one.get("number") == number and one["appointments"][0]["role"] == "director"
        )
        return self.user(fact["slug"])

    @cached_property
    def _password(self) -> str:
        """The one password that everybody knows, hashed once: that takes half a second by design."""
        return make_password(PASSWORD)

    def _user(self, fact: dict[str, Any], **more: Any) -> User:
        user = User.objects.create_user(fact["email"], None, name=fact["name"], **more)
        user.password = self._password
        user.save(update_fields=["password"])
        return user

    def _municipality(self, fact: facts.MunicipalityFact) -> Organisation:
        made = Organisation.objects.ever_with_number(fact.number).first() or Organisation.objects.create(
            kind=Organisation.Kind.MUNICIPALITY,
            number=fact.number,
            name=fact.name,
            official_name=fact.official_name,
            organisation_number=fact.organisation_number,
            county=fact.county,
            language_form=LANGUAGE_FORMS.get(fact.language.lower(), ""),
            website=fact.website,
            email_domain=fact.website.removeprefix("www."),
        )
        for on, counted in fact.population.items():
            Population.objects.get_or_create(organisation=made, on=on, defaults={"people": counted, "source": SOURCE})
        return made
