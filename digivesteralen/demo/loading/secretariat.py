"""Made up: the secretariat's positions and what its people can, so that a gap and a share of full time are seen."""

from __future__ import annotations

from datetime import date
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.actions import competences, people, positions
from governance.models import Body, Collaboration, Role


def load(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    told = facts.example()
    secretariat = Body.objects.get(collaboration=collaboration, kind=Body.Kind.SECRETARIAT)
    group = told["secretariat"]
    asked = {
        name: competences.name_competence(collaboration=collaboration, name=name, example=True, by=by)
        for name in group["competences"]
    }
    competences.want_competences(body=secretariat, competences=list(asked.values()), by=by)
    employer = cast.municipality(told["responsible"]["employer"])
    for fact in told["people"]:
        if fact["slug"] not in group["able"]:
            continue
        person = cast.person(fact["slug"], collaboration)
        positions.fill_position(
            body=secretariat,
            title=person.title,
            employer=employer,
            share=int(fact["fte"] * 100),
            person=person,
            since=date(cast.today.year - 3, 1, 1),
            example=True,
            by=by,
        )
        able = [asked[name] for name in group["able"][fact["slug"]]]
        competences.tell_competences(person=person, collaboration=collaboration, competences=able, by=by)
    for called in group["titles"]:
        people.name_title(collaboration=collaboration, role=Role.DIRECTOR, **called, by=by)
