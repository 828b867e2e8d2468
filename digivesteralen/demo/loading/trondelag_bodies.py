"""DiguT's other bodies: strategy group with contact points, secretariat led by the county, the regions' eFagråd."""

from __future__ import annotations

from datetime import date
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.actions import bodies, collaborations, competences, nominations, people, positions
from governance.models import Appointment, Body, Collaboration, Organisation, Region, Role

EFAGRAD = Body.Kind.EFAGRAD


def load(cast: Cast, collaboration: Collaboration, steering: Body, told: dict[str, Any], by: Any) -> dict[str, Body]:
    """The bodies by their words in the facts; who sits there is made up."""
    named = {fact["slug"]: cast.organisation(fact) for fact in told["organisations"]}
    since = date(cast.today.year - 3, 1, 1)
    group, office = told["other_bodies"]
    strategy = _strategy_group(collaboration, steering, group, by)
    _secretariat(cast, collaboration, strategy, office, named[office["led_by"]], since, by)
    fosen = _councils(cast, collaboration, told, by)
    joint = _region_collaboration(cast, collaboration, told["region_collaboration"], since)
    _contact_points(
        cast, collaboration, strategy, steering, {"idunn-stjornlimo": fosen, "kare-bergstadlien": joint}, by
    )
    _own_seats(cast, collaboration, strategy, steering, named, since, by)
    return {"radmannsutvalget": steering, "strategigruppen": strategy, "efagrad-fosen": fosen, "rorosregionen": joint}


def _strategy_group(collaboration: Collaboration, steering: Body, fact: dict[str, Any], by: Any) -> Body:
    return bodies.create_body(
        collaboration=collaboration,
        name=fact["name"],
        slug=fact["slug"],
        kind=Body.Kind.STRATEGY,
        level=fact["level"],
        reports_to=steering,
        existed_before=True,
        mandate=fact["description"],
        by=by,
    )


def _secretariat(
    cast: Cast,
    collaboration: Collaboration,
    strategy: Body,
    fact: dict[str, Any],
    county: Organisation,
    since: date,
    by: Any,
) -> None:
    """Led by the county, at least two positions; the made-up staffing is half a position short (B17)."""
    body = bodies.create_body(
        collaboration=collaboration,
        name=fact["name"],
        slug=fact["slug"],
        kind=Body.Kind.SECRETARIAT,
        level=fact["level"],
        reports_to=strategy,
        led_by=county,
        fte_minimum=fact["minimum_fte"],
        mandate=fact["description"],
        by=by,
    )
    asked = [competences.name_competence(collaboration=collaboration, name=name, by=by) for name in fact["competences"]]
    competences.want_competences(body=body, competences=asked, by=by)
    adviser = cast.person("torunn-gruvlivik", collaboration)
    people.appoint(person=adviser, role=Role.SECRETARIAT, at=collaboration, since=since, example=True, by=by)
    competences.tell_competences(person=adviser, collaboration=collaboration, competences=asked[1:3], by=by)
    leader = cast.person("jorund-leksmyren", collaboration)
    competences.tell_competences(person=leader, collaboration=collaboration, competences=[asked[0], asked[4]], by=by)
    for person, employer, share in ((leader, county, 100), (adviser, adviser.organisation, 50)):
        assert employer is not None
        positions.fill_position(
            body=body,
            title=person.title,
            employer=employer,
            share=share,
            person=person,
            since=since,
            example=True,
            by=by,
        )


def _councils(cast: Cast, collaboration: Collaboration, told: dict[str, Any], by: Any) -> Body:
    """Fosen has had one for years; two that are on their way are made up, and the other regions have none (B20)."""
    (known,) = told["efagrad"]
    fosen = bodies.create_body(
        collaboration=collaboration,
        name=known["name"],
        slug=known["slug"],
        kind=EFAGRAD,
        level=2,
        region=Region.objects.get(name=known["region"]),
        existed_before=known["existed_before"],
        mandate=known["description"],
        by=by,
    )
    for fact in facts.example()["trondelag"]["efagrad"]:
        bodies.create_body(
            collaboration=collaboration,
            name=fact["name"],
            slug=fact["slug"],
            kind=EFAGRAD,
            level=2,
            region=Region.objects.get(name=fact["region"]),
            status=fact["status"],
            status_since=cast.past(fact["days"]),
            example=True,
            by=by,
        )
    member = cast.person("idunn-stjornlimo", collaboration)
    people.appoint(person=member, role=Role.MEMBER, at=fosen, represents=member.organisation, example=True, by=by)
    return fosen


def _region_collaboration(cast: Cast, above: Collaboration, fact: dict[str, Any], since: date) -> Body:
    """Røros, Os and Holtålen below DiguT: their joint steering group is the region's eFagråd too (B23, L7)."""
    below = collaborations.create_collaboration(
        slug=fact["slug"], name=fact["name"], purpose=fact["purpose"], parent=above, by=cast.sysadmin
    )
    secretary = cast.person("torunn-gruvlivik", below)
    people.appoint(
        person=secretary, role=Role.SECRETARIAT, at=below, since=since, example=True, by=cast.registrar(below)
    )
    assert secretary.user is not None
    by = secretary.user
    for place in cast.municipalities(fact["members"]):
        listed = collaborations.add_member(collaboration=below, organisation=place, since=fact["since"], by=by)
        leads = Appointment.objects.active().filter(organisation=place, role=Role.DIRECTOR).first()
        if leads is not None:
            collaborations.confirm_member(membership=listed, by=leads.person.user)
    body = bodies.create_body(
        collaboration=below,
        name=fact["body"]["name"],
        slug=fact["body"]["slug"],
        kind=Body.Kind.STEERING,
        level=1,
        mandate=fact["body"]["description"],
        by=by,
    )
    for slug in ("kare-bergstadlien", "signe-gaulamoen"):
        director = cast.person(slug, below)
        people.appoint(
            person=director,
            role=Role.STEERING,
            at=body,
            since=since,
            represents=director.organisation,
            title=director.title,
            is_chair=slug == "kare-bergstadlien",
            example=True,
            by=by,
        )
    bodies.serve_as(
        body=body,
        collaboration=above,
        kind=EFAGRAD,
        region=Region.objects.get(name=fact["region"]),
        since=fact["since"],
        decided_by=fact["decided_by"],
        by=by,
    )
    return body


def _contact_points(
    cast: Cast, collaboration: Collaboration, strategy: Body, steering: Body, pointed_out: dict[str, Body], by: Any
) -> None:
    """Each council points out its contact point, and the steering group elects (B14, B15, B21)."""
    for slug, council in pointed_out.items():
        person = cast.person(slug, collaboration)
        region = council.region or council.capacities.get(collaboration=collaboration).region
        day = cast.past(-200)
        nominations.nominate(
            body=strategy, person=person, region=region, nominated_by=council, nominated_on=day, example=True, by=by
        )
        people.appoint(
            person=person,
            role=Role.MEMBER,
            at=strategy,
            region=region,
            represents=person.organisation,
            appointed_by=steering,
            title="Kontaktpunkt",
            since=cast.past(-180),
            example=True,
            by=by,
        )


def _own_seats(
    cast: Cast,
    collaboration: Collaboration,
    strategy: Body,
    steering: Body,
    named: dict[str, Organisation],
    since: date,
    by: Any,
) -> None:
    """The county leads, and Trondheim has a seat of its own; the state's seat is vacant."""
    seats = [("asbjorn-trollheimlien", named["trondelag-fylkeskommune"], True), ("astrid-elvebrekkmo", None, False)]
    for slug, organisation, leads in seats:
        person = cast.person(slug, collaboration)
        people.appoint(
            person=person,
            role=Role.MEMBER,
            at=strategy,
            represents=organisation or person.organisation,
            appointed_by=steering,
            is_chair=leads,
            since=since,
            example=True,
            by=by,
        )
