"""Made-up lines of the registers: national solutions, forms, documents, infrastructure, an interview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from digivesteralen.demo.loading.insight import it_leader
from governance.models import Collaboration, Person
from surveys.actions import registers, solutions
from surveys.models import (
    ApplicationForm,
    Area,
    CollectedDocument,
    CommonResponsible,
    InfrastructureFact,
    Interview,
    NationalSolution,
)

STATES = ("in_use", "begun", "planned", "none")


def load(cast: Cast, collaboration: Collaboration, secretary: Any, admin: Any) -> None:
    told = facts.registers()
    solutions.define_solutions(collaboration=collaboration, by=admin)
    for fact in told["uptake"]:
        _uptake(cast, fact)
    for fact in told["form"]:
        _form(cast, fact)
    for fact in told["document"]:
        _document(cast, collaboration, fact, secretary)
    for fact in told["infrastructure"]:
        place = cast.municipality(fact["number"])
        registers.write(
            entry=InfrastructureFact(municipality=place, example=True),
            facts={"topic": fact["topic"], "text": fact["text"], "on": cast.today},
            by=it_leader(cast, fact["number"]),
        )
    for fact in told["interview"]:
        registers.write(
            entry=Interview(collaboration=collaboration, example=True),
            facts={
                "municipality": cast.municipality(fact["number"]),
                "on": cast.past(fact["days"]),
                **{name: fact[name] for name in ("who", "themes", "summary")},
            },
            by=secretary,
        )  # fmt: skip
    _common_responsible(cast, collaboration, secretary)


def _uptake(cast: Cast, fact: dict[str, Any]) -> None:
    solution = NationalSolution.objects.get(slug=fact["solution"])
    days = {"in_use": cast.past(fact["days"]), "planned": cast.today + timedelta(days=200)}
    for state in STATES:
        for number in fact.get(state, []):
            solutions.register_uptake(
                solution=solution, municipality=cast.municipality(number), state=state, on=days.get(state),
                example=True, by=it_leader(cast, number),
            )  # fmt: skip


def _form(cast: Cast, fact: dict[str, Any]) -> None:
    for state in ApplicationForm.State.values:
        for number in fact.get(state, []):
            registers.write(
                entry=ApplicationForm(municipality=cast.municipality(number), example=True),
                facts={"name": fact["name"], "state": state, "yearly": fact.get("yearly")},
                by=it_leader(cast, number),
            )  # fmt: skip


def _document(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> None:
    common = CollectedDocument.objects.of(collaboration).filter(title=fact.get("adapts"), municipality=None).first()
    registers.write(
        entry=CollectedDocument(collaboration=collaboration, example=True),
        facts={
            "kind": fact["kind"],
            "title": fact["title"],
            "municipality": cast.municipality(fact["number"]) if "number" in fact else None,
            "from_year": fact.get("from_year"),
            "until_year": fact.get("until_year"),
            "note": fact.get("note", ""),
            "adapts": common,
        },
        by=secretary,
    )  # fmt: skip


def _common_responsible(cast: Cast, collaboration: Collaboration, secretary: Any) -> None:
    """One who answers for an area in two municipalities."""
    leader = Person.objects.get(user=it_leader(cast, "1870"))
    registers.write(
        entry=CommonResponsible(collaboration=collaboration, example=True),
        facts={
            "person": leader,
            "area": Area.objects.get(name="Sak/arkiv"),
            "since": cast.past(-200),
            "municipalities": [cast.municipality("1870"), cast.municipality("1867")],
        },
        by=secretary,
    )  # fmt: skip
