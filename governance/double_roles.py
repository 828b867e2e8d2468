"""The same person recommends in a body and decides at home: flagged with its ground, never decided here (c9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from governance import laws
from governance.models import Appointment, Body, Collaboration, Person, Role, RuleProfile


@dataclass(frozen=True)
class DoubleRole:
    """A municipal director with a seat in a body that chapter 11 binds."""

    person: Person
    seat: Appointment
    text: str


def in_body(body: Body, day: date) -> list[DoubleRole]:
    """Only where the body's own rules make it a question: by plain agreement two roles are how it is meant to be."""
    rules = body.profile_on(day).rules
    if rules == RuleProfile.Rules.STEERING:
        return []
    held = Appointment.objects.active(day).filter(body=body, role__in=[Role.STEERING, Role.MEMBER])
    both = held.filter(person__appointments__in=Appointment.objects.active(day).filter(role=Role.DIRECTOR)).distinct()
    return [DoubleRole(seat.person, seat, _sentence(rules, day)) for seat in both.select_related("person", "body")]


def of_person(person: Person, collaboration: Collaboration, day: date) -> list[DoubleRole]:
    bodies = collaboration.bodies.filter(seats__person=person).distinct().prefetch_related("profiles")
    return [one for body in bodies for one in in_body(body, day) if one.person == person]


def _sentence(rules: str, day: date) -> str:
    if rules == RuleProfile.Rules.ELECTED:
        return _("A municipal director can't be elected to this body (%(ground)s). Check the election.") % {
            "ground": laws.provision("director_not_elected", day).dated
        }
    return _(
        "May be disqualified at home in cases that the collaboration is party to, as a member of its board"
        " (%(ground)s). Whether the collaboration counts as a company is not settled: let the municipality assess it."
    ) % {"ground": laws.provision("board_member_disqualified", day).dated}
