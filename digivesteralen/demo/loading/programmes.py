"""DiguT's programme for the municipalities' leaders, as the sources tell of it, and made-up gatherings to look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from digivesteralen.demo import facts
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration, Organisation, Region
from portfolio.actions import gatherings, programmes, projects, registrations
from portfolio.models import Gathering, GatheringInvitation, Precision, Project


def load_trondelag(cast: Cast, collaboration: Collaboration, by: Any) -> None:
    told = facts.trondelag()["programme"]
    founding = projects.register_project(
        collaboration=collaboration,
        slug=told["slug"],
        title=told["name"],
        kind=Project.Kind.PROGRAMME,
        state=Project.State.FINISHED,
        goal=told["goal"],
        note=told["note"],
        starts_on=date(2018, 9, 1),
        starts_precision=Precision.SEASON,
        ends_on=date(2019, 12, 31),
        ends_precision=Precision.YEAR,
        by=by,
    )
    programmes.name_target_groups(project=founding, names=told["target_groups"], by=by)
    for fact in told["gatherings"]:
        known = gatherings.plan_gathering(project=founding, by=by, **fact)
        gatherings.hold_gathering(gathering=known, by=by)
    _example(cast, collaboration, facts.example()["trondelag"]["gatherings"], by)


def _example(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], by: Any) -> None:
    """One that has been, with those who came, and one to come, with places for fewer than want to."""
    project = collaboration.projects.get(slug="digital-kompetanse")
    projects.change_project(project=project, version=None, kind=Project.Kind.PROGRAMME, by=by)
    (leaders,) = programmes.name_target_groups(project=project, names=["Kommunale ledere"], by=by)
    for fact in told:
        regions = list(Region.objects.filter(name__in=fact["regions"]))
        day = cast.day(fact["days"])
        made = gatherings.plan_gathering(
            project=project,
            title=fact["title"],
            text=fact["text"],
            place=fact["place"],
            capacity=fact["capacity"],
            on=day,
            starts_at=cast.moment(day, "10:00"),
            ends_at=cast.moment(day, "15:00"),
            regions=regions,
            target_groups=[leaders],
            by=by,
        )
        people = [(cast.municipality(number), name, title) for number, name, title in fact["people"]]
        _register(made, people, by)


def _register(made: Gathering, people: list[tuple[Organisation, str, str]], by: Any) -> None:
    if made.on > timezone.localdate():
        made = gatherings.announce_gathering(gathering=made, by=by)
    else:
        made = gatherings.hold_gathering(gathering=made, by=by)
        # What is written down afterwards invites nobody; here it is as if it had been announced in its time.
        GatheringInvitation.objects.bulk_create(
            GatheringInvitation(gathering=made, municipality=place) for place in gatherings.invited(made)
        )
    rows = [
        registrations.register_participant(gathering=made, municipality=place, name=name, title=title, by=by)
        for place, name, title in people
    ]
    if made.takes_attendance:
        registrations.note_attendance(gathering=made, came=[row.pk for row in rows[:-1]], by=by)
