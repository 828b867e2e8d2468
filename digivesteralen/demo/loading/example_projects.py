"""The five projects of the present-day layer, in different states over the six focus areas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from digivesteralen.demo.loading import example_benefits, example_cards
from digivesteralen.demo.loading.cast import Cast
from governance.models import Collaboration, Person
from portfolio.actions import costs, participation, projects
from portfolio.models import FocusArea, Goal, Participation, Project
from surveys.models import Area

# Where a project stands before the meeting that is held this year.
FIRST = {"idea": Project.State.IDEA}


def register(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    for fact in told:
        project = _project(cast, collaboration, fact, secretary)
        invited = [cast.municipality(number) for number in fact["invited"]]
        if invited:
            participation.invite(
                project=project,
                organisations=invited,
                answer_by=cast.day(fact["answer_deadline_days"]) if "answer_deadline_days" in fact else None,
                invited_on=cast.past(min([-75, *(one.get("days", 0) - 20 for one in fact.get("answers", []))])),
                by=secretary,
            )
        if "cost_lines" in fact:
            _costs(project, fact, secretary)
        for benefit in fact.get("benefits", []):
            example_benefits.register(cast, project, benefit, secretary)
        example_cards.register(cast, project, fact, secretary)


def _project(cast: Cast, collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> Project:
    newest = collaboration.strategies.in_force()
    leader = cast.user(fact["project_leader"]) if "project_leader" in fact else None
    in_base_budget = fact.get("base_budget", False)
    return projects.register_project(
        collaboration=collaboration,
        slug=fact["slug"],
        state=FIRST.get(fact["state"], Project.State.PLANNING),
        example=True,
        title=fact["name"],
        focus_area=FocusArea.objects.get(collaboration=collaboration, slug=fact["focus_areas"][0]),
        kind=Project.Kind.PROCUREMENT if fact["slug"] == "felles-sakarkiv" else Project.Kind.PROJECT,
        goal=fact["goal"],
        goals=list(Goal.objects.filter(strategy=newest, position__in=fact["sub_goals"])),
        starts_on=cast.day(fact["from_days"]) if "from_days" in fact else None,
        ends_on=cast.day(fact["to_days"]) if "to_days" in fact else None,
        leader=Person.objects.filter(user=leader).first() if leader else None,
        shared_cost=Decimal(fact["cost"]) if "cost" in fact else Decimal(0) if in_base_budget else None,
        grant_share=Decimal(fact.get("grant_amount", 0)),
        in_base_budget=in_base_budget,
        key=fact.get("key", Project.Key.EQUAL),
        counted_on=fact.get("population_date"),
        by=secretary,
    )


def _costs(project: Project, fact: dict[str, Any], secretary: Any) -> None:
    """What the money is for, and how it is phased in."""
    first = project.starts_on.year if project.starts_on else timezone.localdate().year
    costs.write_costs(
        project=project,
        version=None,
        lines=[
            {"title": one["title"], "kind": one["kind"], "year": None, "amount": Decimal(one["amount"])}
            for one in fact["cost_lines"]
        ],
        years=[
            {"year": first + one["after"], "cost": Decimal(one["cost"]), "grant_share": Decimal(one["grant"])}
            for one in fact["years"]
        ],
        shared_cost=None,
        grant_share=Decimal(fact["grant_amount"]),
        by=secretary,
    )


def name_areas(collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    """Which areas of the system inventory a project concerns, once the inventory is there."""
    for fact in told:
        if "areas" in fact:
            project = Project.objects.get(collaboration=collaboration, slug=fact["slug"])
            areas = list(Area.objects.filter(name__in=fact["areas"]))
            projects.change_project(project=project, version=None, areas=areas, by=secretary)


def answer(cast: Cast, collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    """Each municipality's own people register what it has answered; the others stay «ikke avklart»."""
    from digivesteralen.demo.loading.example import answer as answer_matter  # noqa: PLC0415 -- example calls this module

    for fact in told:
        for one in fact.get("answers", []):
            part = Participation.objects.select_related("adoption").get(
                project__collaboration=collaboration, project__slug=fact["slug"], organisation__number=one["number"]
            )
            if one["participation"] == "interessert":
                participation.answer_interest(
                    participation=part,
                    interest=Participation.Interest.INTERESTED,
                    by=cast.director_of(one["number"]),
                )
            else:
                answer_matter(cast, part.adoption, one)


def begin(collaboration: Collaboration, told: list[dict[str, Any]], secretary: Any) -> None:
    """What runs was started on a decided plan; what is closed has run."""
    for fact in told:
        project = Project.objects.get(collaboration=collaboration, slug=fact["slug"])
        if fact["state"] in {"running", "closed"}:
            projects.start_execution(project=project, by=secretary)
        if fact["state"] == "closed":
            projects.finish(project=project, by=secretary)
