"""DiguT Trøndelag as the case of Holtålen tells it: 47 municipalities, the resolution of 2018, one decision of 2019."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading import example_status, phases, programmes, proposals, ranking, trondelag_bodies
from digivesteralen.demo.loading.cast import Cast
from digivesteralen.demo.loading.example import answer
from digivesteralen.demo.loading.example_money import load_trondelag as load_money
from governance.actions import adoptions, agreements, bodies, collaborations, people
from governance.actions.earlier import register_earlier_resolution
from governance.actions.forwarding import forward_case
from governance.models import Adoption, Body, Collaboration, Organisation, Region, Resolution, Role
from portfolio.actions import editions, initiatives, projects, strategy
from portfolio.actions.habits import change_habits
from portfolio.models import Precision, Project

SLUG = "trondelag"
SINCE = date(2018, 1, 1)
# What the steering group wanted of a member besides being one (A4).
NAMED_ROLES = {"5001": "sentral rolle i samhandlingen"}
DIRECTORS = {"5001": "astrid-elvebrekkmo", "5025": "kare-bergstadlien", "5026": "signe-gaulamoen"}


def load(cast: Cast) -> Collaboration:
    told = facts.trondelag()
    members = cast.register_municipalities(SLUG)
    cast.register_municipalities("nabo")
    for fact in told["organisations"]:
        cast.organisation(fact)
    _regions(cast, told)
    collaboration = _collaboration(cast, told, members)
    secretary = _people(cast, collaboration)
    body = _steering_group(cast, collaboration, told, secretary)
    _strategy(collaboration, told, secretary)
    _initiatives(cast, collaboration, told, secretary)
    places = trondelag_bodies.load(cast, collaboration, body, told, secretary)
    resolution = _history(body, told, secretary)
    # The council of chief executives laid the strategy down and recommended the municipalities to accede to it.
    editions.adopt_on(strategy=collaboration.strategies.get(), resolution=resolution, by=secretary)
    proposals.load_trondelag(cast, collaboration, places, told, secretary)
    _accessions(cast, resolution, told)
    _projects(cast, collaboration, facts.example()["trondelag"]["projects"], secretary)
    programmes.load_trondelag(cast, collaboration, secretary)
    phases.load(collaboration, secretary)
    load_money(cast, collaboration, secretary)
    ranking.load_scored(collaboration, secretary)
    agreements.create_agreement(
        collaboration=collaboration,
        title=f"Samarbeidsavtale om {collaboration.name}",
        parties=members,
        by=secretary,
    )
    return collaboration


def _initiatives(cast: Cast, collaboration: Collaboration, told: dict[str, Any], by: Any) -> None:
    """What others run, and the few municipalities of which the sources say how they stand (A20)."""
    for fact in told["initiatives"]:
        about = {name: value for name, value in fact.items() if name != "standings"}
        made = initiatives.register_initiative(collaboration=collaboration, by=by, **about)
        stands: dict[int, Any] = {
            cast.municipality(one["number"]).pk: {name: one[name] for name in one if name != "number"}
            for one in fact.get("standings", [])
        }
        initiatives.tell_standings(initiative=made, standings=stands, by=by)


def _regions(cast: Cast, told: dict[str, Any]) -> None:
    for fact in told["regions"]:
        region, _new = Region.objects.get_or_create(name=fact["name"], defaults={"note": fact.get("note", "")})
        region.members.add(*cast.municipalities(fact["members"]))


def _collaboration(cast: Cast, told: dict[str, Any], members: list[Organisation]) -> Collaboration:
    about = told["collaboration"]
    collaboration = collaborations.create_collaboration(
        slug=SLUG, name=about["name"], purpose=told["strategy"]["summary"], period="2018–2021", by=cast.sysadmin
    )
    for organisation in members:
        collaborations.add_member(
            collaboration=collaboration,
            organisation=organisation,
            since=SINCE,
            named_role=NAMED_ROLES.get(organisation.number, ""),
            by=cast.sysadmin,
        )
    return collaboration


def _people(cast: Cast, collaboration: Collaboration) -> Any:
    """Three directors and the leader of the secretariat, all made up."""
    leader = cast.person("jorund-leksmyren", collaboration)
    since = date(cast.today.year - 3, 1, 1)
    people.appoint(person=leader, role=Role.SECRETARIAT, at=collaboration, since=since, example=True, by=cast.sysadmin)
    for number, slug in DIRECTORS.items():
        person = cast.person(slug, collaboration)
        people.appoint(
            person=person,
            role=Role.DIRECTOR,
            at=cast.municipality(number),
            since=since,
            title=person.title,
            example=True,
            by=leader.user,
        )
    return leader.user


def _steering_group(cast: Cast, collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> Body:
    """The committee existed before and acts as steering group (B12); most of its seats are not known."""
    fact = told["bodies"][0]
    body = bodies.create_body(
        collaboration=collaboration,
        name=fact["name"],
        slug=fact["slug"],
        kind=Body.Kind.STEERING,
        level=fact["level"],
        existed_before=fact["existing"],
        mandate=f"{fact['description']} {fact['seats_note']}",
        by=secretary,
    )
    people.appoint(
        person=cast.person(DIRECTORS["5001"], collaboration),
        role=Role.STEERING,
        at=body,
        since=date(cast.today.year - 3, 1, 1),
        represents=cast.municipality("5001"),
        title="Kommunedirektør",
        is_chair=True,
        example=True,
        by=secretary,
    )
    return body


def _strategy(collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    fact = told["strategy"]
    strategy.register_strategy(
        collaboration=collaboration,
        title=fact["title"],
        starts_on=fact["period_from"],
        starts_precision=Precision.YEAR,
        ends_on=fact["period_to"],
        ends_precision=Precision.YEAR,
        note=fact["summary"],
        goals=[(goal["name"], goal["text"]) for goal in fact["goals"]],
        pillars=[(pillar["name"], pillar["text"]) for pillar in fact["pillars"]],
        by=secretary,
    )


def _history(body: Body, told: dict[str, Any], secretary: Any) -> Resolution:
    """The task of January and the resolution of May, in eleven points; point 10 goes to the municipalities."""
    resolution: Resolution | None = None
    earlier = ""
    for fact in told["history"]:
        if fact["kind"] == "proposal":
            earlier = "\n".join([f"{fact['title']} ({fact['date']:%d.%m.%Y}): {fact['text']}", *fact["points"]])
            continue
        resolution = register_earlier_resolution(
            body=body,
            day=fact["date"],
            title=fact["title"],
            information="\n".join(text for text in (fact["text"], earlier) if text),
            points=fact["points"] or [fact["text"]],
            asks_municipalities="recommends_accession_point" in fact,
            question=lambda organisation: _asked(organisation, told),
            responsible="DiguT" if fact["kind"] == "task" else "",
            deadline=fact.get("deadline"),
            by=secretary,
        )
        earlier = ""
        if "forwarded_to" in fact:
            forward_case(
                case=resolution.item.case,
                receiver=fact["forwarded_to"],
                sent_on=fact["date"],
                note=f"{fact['points'][fact['forwarded_point'] - 1]} {fact['forwarded_note']}",
                by=secretary,
            )
    assert resolution is not None
    return resolution


def _projects(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    """Made up: a collaboration of this size follows its projects every month."""
    change_habits(
        collaboration=collaboration, version=None, status="full", effort="half_year", more_keys=False, scoring=True,
        by=secretary,
    )  # fmt: skip
    for fact in told:
        projects.register_project(
            collaboration=collaboration,
            slug=fact["slug"],
            title=fact["name"],
            goal=fact["goal"],
            state=Project.State.PLANNING,
            shared_cost=Decimal(fact["cost"]),
            example=True,
            by=secretary,
        )
    example_status.load(cast, collaboration, told, secretary)


def _asked(organisation: Organisation, told: dict[str, Any]) -> tuple[str, str]:
    """Point 10 of the resolution is what the municipalities were asked; Holtålen's own proposal is known."""
    own = told["decisions"][0]
    recommended = next(one for one in told["history"] if "recommends_accession_point" in one)
    accession = recommended["points"][recommended["recommends_accession_point"] - 1]
    proposal = "\n".join(own["proposal_points"]) if organisation.number == own["number"] else accession
    return own["title"], proposal


def _accessions(cast: Cast, resolution: Resolution, told: dict[str, Any]) -> None:
    """Of the 47 decisions only Holtålen's is known; the others stay «ikke behandlet»."""
    fact = told["decisions"][0]
    asked = Adoption.objects.filter(case=resolution.item.case)
    _holtalen(cast, asked.get(organisation__number=fact["number"]), fact)
    for one in facts.example()["trondelag"]["strategy_accession"]:
        adoption = asked.get(organisation__number=one["number"])
        # That the municipality was asked is known; how far it has come is made up.
        Adoption.objects.filter(pk=adoption.pk).update(example=True)
        answer(cast, adoption, one)


def _holtalen(cast: Cast, adoption: Adoption, fact: dict[str, Any]) -> None:
    adoptions.register_adoption(
        adoption=adoption,
        state=Adoption.State.ADOPTED,
        decided_by=fact["body"],
        decided_on=fact["date"],
        case_number=fact["case"],
        treatment="\n".join([f"Tilrådd av: {fact['recommended_by']}.", fact["facts"], fact["assessment"]]),
        text="\n".join(fact["points"]),
        vote="Enstemmig",
        by=cast.director_of(fact["number"]),
    )
