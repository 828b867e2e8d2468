"""The present-day layer of DigiVesterålen: people, a meeting held, a meeting to come, five projects; all made up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading import agreements as demo_agreements
from digivesteralen.demo.loading import (
    convergence,
    example_benefits,
    example_maturity,
    example_meetings,
    example_money,
    example_participation,
    example_projects,
    example_status,
    example_strategy,
    follow_up,
    ideas,
    insight,
    it_leaders,
    procurement,
    proposals,
    ranking,
    registers,
    secretariat,
    waves,
    year_plan,
)
from digivesteralen.demo.loading.cast import Cast
from digivesteralen.demo.loading.vesteralen import SLUG, write_sections
from governance.actions import adoptions, agreements, collaborations, delegations, people
from governance.models import Adoption, Agreement, Collaboration, Duty, Organisation, Role

ROLES = {
    "director": Role.DIRECTOR,
    "contact": Role.CONTACT,
    "it_leader": Role.IT_LEADER,
    "secretariat_leader": Role.SECRETARIAT,
    "secretariat_adviser": Role.SECRETARIAT,
    "survey_admin": Role.SURVEY_ADMIN,
    "auditor": Role.AUDITOR,
    "observer": Role.OBSERVER,
    "deputy": Role.SUBSTITUTE,
}
DELEGATED = "Kommunedirektøren etter delegert myndighet"
DUTIES = {
    "employer": Duty.Kind.EMPLOYER,
    "grant_recipient": Duty.Kind.GRANT,
    "accounts": Duty.Kind.ACCOUNTS,
    "procurement": Duty.Kind.CONTRACTS,
    "archive": Duty.Kind.ARCHIVE,
    "data_controller": Duty.Kind.PRIVACY,
}
STATES = {
    "vedtatt": Adoption.State.ADOPTED,
    "vedtatt med forbehold": Adoption.State.RESERVED,
    "ikke vedtatt": Adoption.State.NOT_ADOPTED,
}


def load(cast: Cast) -> None:
    told = facts.example()
    collaboration = Collaboration.objects.get(slug=SLUG)
    secretary = cast.user("ragnhild-fjelltunet")
    since = date(cast.today.year - 3, 1, 1)
    for person in told["people"]:
        _appoint(cast, collaboration, person, since)
    secretariat.load(cast, collaboration, secretary)
    for duty, number in told["responsible"].items():
        collaborations.lay_duty(
            collaboration=collaboration,
            kind=DUTIES[duty],
            organisation=cast.municipality(number),
            since=since,
            example=True,
            by=secretary,
        )
    _agreement(cast, collaboration, told["agreement"], secretary)
    demo_agreements.load(cast, collaboration, secretary)
    _delegations(cast, told["delegations"])
    example_projects.register(cast, collaboration, told["projects"], secretary)
    held, coming = told["meetings"]
    example_meetings.load(cast, collaboration, held, secretary)
    example_projects.answer(cast, collaboration, told["projects"], secretary)
    example_projects.begin(collaboration, told["projects"], secretary)
    example_money.load(cast, collaboration, told, secretary)
    # Only now, so that the portfolio is laid as the projects stand.
    example_meetings.load(cast, collaboration, coming, secretary, told["views"])
    follow_up.load(cast, collaboration, secretary)
    example_status.load(cast, collaboration, told["projects"], secretary)
    example_participation.load(cast, collaboration, told["projects"], secretary)
    example_strategy.load(cast, collaboration, secretary)
    example_benefits.load(cast, collaboration, told["projects"], secretary)
    insight.load_example(cast, collaboration, secretary)
    it_leaders.load(cast, collaboration, secretary)
    proposals.load_vesteralen(cast, collaboration, secretary)
    procurement.load(cast)
    ideas.load(cast, collaboration, secretary)
    convergence.load(cast, collaboration, cast.user("linn-dalseteren"))
    registers.load(cast, collaboration, secretary, cast.user("linn-dalseteren"))
    example_maturity.load(cast, collaboration, cast.user("linn-dalseteren"))
    waves.load(cast, collaboration, cast.user("linn-dalseteren"))
    year_plan.load(collaboration.bodies.get(slug="styringsgruppen"), secretary)
    example_projects.name_areas(collaboration, told["projects"], secretary)
    ranking.load(collaboration, secretary)


def _appoint(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], since: date) -> None:
    """People of this collaboration; a project leader's role is held at the collaboration."""
    for appointment in fact["appointments"]:
        place = _place(cast, collaboration, appointment)
        if place is None:
            continue
        role = _role(appointment)
        if fact["slug"] == "ragnhild-fjelltunet":
            continue  # already there, as the one who registers
        person = cast.person(fact["slug"], collaboration)
        if role == Role.PROJECT_LEADER and person.appointments.filter(role=role).exists():
            continue
        people.appoint(
            person=person,
            role=role,
            at=place,
            since=since,
            represents=_represents(cast, fact, appointment, role),
            title=fact["title"],
            is_chair=appointment.get("chair", False),
            example=True,
            by=cast.registrar(collaboration),
        )


def _place(cast: Cast, collaboration: Collaboration, appointment: dict[str, Any]) -> Any:
    where = appointment.get("on")
    if where is None:
        return None
    if appointment["role"] == "project_leader" or where == collaboration.slug:
        return collaboration
    if where in cast.bodies:
        return cast.bodies[where]
    return collaboration.members().filter(number=where).first()


def _role(appointment: dict[str, Any]) -> Role:
    if appointment["role"] == "member":
        return Role.STEERING if appointment["on"] == "styringsgruppen" else Role.MEMBER
    if appointment["role"] == "project_leader":
        return Role.PROJECT_LEADER
    return ROLES[appointment["role"]]


def _represents(cast: Cast, fact: dict[str, Any], appointment: dict[str, Any], role: Role) -> Organisation | None:
    if role in {Role.STEERING, Role.SUBSTITUTE, Role.MEMBER}:
        return cast.municipality(fact["number"])
    if role == Role.OBSERVER:
        known = {one["slug"]: one for one in facts.vesteralen()["organisations"]}
        return cast.organisation(known[fact["organisation"]])
    return None


def _agreement(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> None:
    """The agreement prolonged, with the words of the first."""
    first = facts.vesteralen()["agreement"]
    agreement = agreements.create_agreement(
        collaboration=collaboration,
        title=fact["title"],
        slug=fact["slug"],
        period_from=date(cast.today.year + fact["from_year"], 1, 1),
        period_to=date(cast.today.year + fact["to_year"], 12, 31),
        notice_months=fact["notice_months"],
        parties=cast.municipalities(one["number"] for one in fact["accessions"]),
        example=True,
        by=secretary,
    )
    write_sections(agreement, first, secretary)
    sent = cast.day(min(one["days"] for one in fact["accessions"]) - 30)
    agreement = agreements.send_agreement(
        agreement=Agreement.objects.get(pk=agreement.pk),
        answer_by=sent + timedelta(days=90),
        sent_on=sent,
        by=secretary,
    )
    for one in fact["accessions"]:
        answer(cast, Adoption.objects.get(agreement=agreement, organisation__number=one["number"]), one)


def answer(cast: Cast, adoption: Adoption, told: dict[str, Any]) -> Adoption:
    """A municipality's own people register what it has done with a matter."""
    director = cast.director_of(told["number"])
    adoption = Adoption.objects.get(pk=adoption.pk)
    if told["treatment"] == "til behandling":
        return adoptions.schedule(adoption=adoption, scheduled_on=cast.day(told["days"]), by=director)
    if told["treatment"] not in STATES:
        return adoption
    decided_on, adopted = cast.past(told["days"]), told["treatment"] == "vedtatt"
    decision: dict[str, Any] = {
        "adoption": adoption,
        "state": STATES[told["treatment"]],
        "decided_on": decided_on,
        "case_number": f"{told['case']}/{decided_on:%y}",
        "text": adoption.proposal if adopted else told.get("reason", ""),
        "conditions": told.get("reservation", ""),
        "amount": told.get("amount"),
        "hours": told.get("hours"),
        "by": director,
    }
    if told["body"] == DELEGATED:
        return adoptions.register_by_delegation(**decision)
    return adoptions.register_adoption(decided_by=told["body"], vote="Enstemmig" if adopted else "", **decision)


def _delegations(cast: Cast, told: list[dict[str, Any]]) -> None:
    """What each council has left to its director; the directors' answers below stand on it."""
    for one in told:
        decided_on = cast.past(one["days"])
        delegations.register_delegation(
            organisation=cast.municipality(one["number"]),
            to="Kommunedirektøren",
            matters=one["matters"],
            ceiling=one["ceiling"],
            decided_by="Kommunestyret",
            decided_on=decided_on,
            case_number=f"{one['case']}/{decided_on:%y}",
            since=decided_on,
            example=True,
            by=cast.director_of(one["number"]),
        )
