"""What a body must be able to do, who in it can, and what nobody can (B6, B18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.models import Appointment, Body, Collaboration, Competence, Person, PersonCompetence, Position, Role


@dataclass(frozen=True)
class Line:
    """One competence that a body needs, and the people in it who have it."""

    competence: Competence
    people: list[Person]

    @property
    def is_gap(self) -> bool:
        return not self.people


@dataclass(frozen=True)
class Coverage:
    body: Body
    lines: list[Line]

    @property
    def gaps(self) -> list[Competence]:
        return [line.competence for line in self.lines if line.is_gap]


def coverage(collaboration: Collaboration, day: date) -> list[Coverage]:
    """Each body that has said what it needs, by what its people can on the day."""
    bodies = collaboration.bodies.filter(wanted_competences__isnull=False).distinct()
    bodies = bodies.prefetch_related("wanted_competences__competence", "positions__competences__competence")
    inside = _people(collaboration, day)
    able: dict[int, list[Person]] = {}
    known = PersonCompetence.objects.filter(competence__collaboration=collaboration).select_related("person")
    for one in known.order_by("person__name"):
        able.setdefault(one.competence_id, []).append(one.person)
    found = []
    for body in bodies:
        wanted = [one.competence for one in body.wanted_competences.all()]
        here = inside.get(body.pk, set())
        if body.kind == Body.Kind.SECRETARIAT:
            here = here | inside.get(None, set())
        lines = [Line(one, [who for who in able.get(one.pk, []) if who.pk in here]) for one in wanted]
        found.append(Coverage(body, lines))
    return found


def _people(collaboration: Collaboration, day: date) -> dict[int | None, set[int]]:
    """Who sits in each body or is employed in it; the secretariat's role is held at the collaboration."""
    found: dict[int | None, set[int]] = {}
    seats = Appointment.objects.active(day).filter(body__collaboration=collaboration).values_list("body", "person")
    posts = Position.objects.active(day).filter(body__collaboration=collaboration, person__isnull=False)
    for body, person in [*seats, *posts.values_list("body", "person")]:
        found.setdefault(body, set()).add(person)
    role = Appointment.objects.active(day).filter(collaboration=collaboration, role=Role.SECRETARIAT)
    found[None] = set(role.values_list("person", flat=True))
    return found
