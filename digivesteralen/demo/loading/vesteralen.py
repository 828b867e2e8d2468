"""DigiVesterålen at the end of its pre-project and the start of its main project, as the report of 2021 tells it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from digivesteralen.demo import facts
from digivesteralen.demo.loading import insight
from digivesteralen.demo.loading.agreements import obligations
from digivesteralen.demo.loading.cast import BODY_KINDS, Cast
from governance.actions import agreements, bodies, collaborations, meetings, people
from governance.models import Collaboration, Organisation, Role
from portfolio.actions import budgets, focus_areas, grants, mandates, milestones, preconditions, projects, strategy
from portfolio.models import FocusArea, Goal, Grant, Precision, Project

SLUG = "vesteralen"
SINCE = date(2021, 2, 1)


def load(cast: Cast) -> Collaboration:
    told = facts.vesteralen()
    cast.register_municipalities(SLUG)
    named = {fact["slug"]: cast.organisation(fact) for fact in told["organisations"]}
    collaboration = _collaboration(cast, told)
    secretary = _secretary(cast, collaboration)
    _bodies(cast, collaboration, told)
    _earlier_meetings(cast, secretary)
    _agreement(collaboration, told["agreement"], secretary, cast)
    _strategy(collaboration, told, secretary)
    _projects(collaboration, told, named, secretary)
    _financing(collaboration, told, named, secretary, cast)
    insight.load_founding(collaboration, secretary)
    return collaboration


def _collaboration(cast: Cast, told: dict[str, Any]) -> Collaboration:
    about = told["collaboration"]
    others = {
        other["slug"]: Collaboration.objects.get_or_create(
            slug=other["slug"], defaults={"name": other["name"], "purpose": other["text"], "external": True}
        )[0]
        for other in told["related_collaborations"]
    }
    collaboration = collaborations.create_collaboration(
        slug=SLUG,
        name=about["name"],
        purpose=told["main_project"]["goal"],
        period="2021/22–2025",
        parent=others[about["parent"]],
        by=cast.sysadmin,
    )
    siblings = [others[other["slug"]] for other in told["related_collaborations"] if other["relation"] == "sibling"]
    collaborations.change_collaboration(collaboration=collaboration, siblings=siblings, by=cast.sysadmin)
    for number in about["members"]:
        collaborations.add_member(
            collaboration=collaboration, organisation=cast.municipality(number), since=SINCE, by=cast.sysadmin
        )
    return collaboration


def _secretary(cast: Cast, collaboration: Collaboration) -> Any:
    """The first of the secretariat; everything that follows is registered by it."""
    person = cast.person("ragnhild-fjelltunet", collaboration)
    people.appoint(
        person=person,
        role=Role.SECRETARIAT,
        at=collaboration,
        since=SINCE,
        title=person.title,
        example=True,
        by=cast.sysadmin,
    )
    return person.user


def _bodies(cast: Cast, collaboration: Collaboration, told: dict[str, Any]) -> None:
    for fact in told["bodies"]:
        seats = fact.get("seats_per_municipality", {})
        cast.bodies[fact["slug"]] = bodies.create_body(
            collaboration=collaboration,
            name=fact["name"],
            slug=fact["slug"],
            kind=BODY_KINDS[fact["kind"]],
            level=fact["level"],
            reports_to=cast.bodies.get(fact.get("reports_to", "")),
            permanent="main" in fact["phase"],
            existed_before=fact.get("existing", False),
            mandate=fact["description"],
            seats_minimum=seats.get("minimum"),
            seats_maximum=seats.get("maximum"),
            status=fact.get("status", ""),
            status_since=SINCE,
            by=cast.registrar(collaboration),
        )


def _earlier_meetings(cast: Cast, secretary: Any) -> None:
    """Only the number of them is known (V2)."""
    for number in range(1, 6):
        meetings.register_earlier_meeting(body=cast.bodies["styringsgruppen"], year=2021, number=number, by=secretary)


def _agreement(collaboration: Collaboration, fact: dict[str, Any], secretary: Any, cast: Cast) -> None:
    """As recommended; that anybody entered it is not known, so it stays a draft."""
    agreement = agreements.create_agreement(
        collaboration=collaboration,
        title=fact["title"],
        slug=fact["slug"],
        period_from=fact["from"],
        period_to=fact["to"],
        parties=cast.municipalities(value["number"] for value in fact["values"]),
        by=secretary,
    )
    write_sections(agreement, fact, secretary)
    obligations(agreement, fact["obligations"], secretary, example=False)


def write_sections(agreement: Any, fact: dict[str, Any], secretary: Any) -> None:
    agreements.write_agreement(
        agreement=agreement,
        period_from=agreement.period_from,
        period_to=agreement.period_to,
        notice_months=agreement.notice_months,
        sections={section["kind"]: section["text"] for section in fact["sections"]},
        by=secretary,
    )
    for value in fact["values"]:
        agreements.write_value(
            agreement=agreement,
            organisation=Organisation.objects.get(number=value["number"]),
            value=value["text"],
            example=value["example"],
            by=secretary,
        )


def _strategy(collaboration: Collaboration, told: dict[str, Any], secretary: Any) -> None:
    fact = told["strategy"]
    strategy.register_strategy(
        collaboration=collaboration,
        title=told["main_project"]["name"],
        vision=fact["vision"],
        main_goal=fact["main_goal"],
        starts_on=fact["from"],
        starts_precision=Precision.YEAR,
        ends_on=fact["to"],
        ends_precision=Precision.YEAR,
        period=collaboration.period,
        note=fact["note"],
        goals=[(goal["name"], goal["text"]) for goal in fact["sub_goals"]],
        by=secretary,
    )
    for area in told["focus_areas"]:
        focus_areas.register_focus_area(
            collaboration=collaboration,
            slug=area["slug"],
            short_name=area["short_name"],
            name=area["name"],
            text=area["description"],
            measures=[measure["title"] for measure in area["measures"]],
            by=secretary,
        )


def _financing(
    collaboration: Collaboration, told: dict[str, Any], named: dict[str, Organisation], secretary: Any, cast: Cast
) -> None:
    budget, effort = told["base_budget"], told["own_effort"]
    budgets.register_base_budget(
        collaboration=collaboration,
        year=budget["year"],
        minimum=budget["minimum"],
        maximum=budget["maximum"],
        note=budget["period_note"],
        by=secretary,
    )
    budgets.register_own_effort(
        collaboration=collaboration,
        title=effort["text"],
        year=effort["year"],
        amount=effort["amount"],
        estimated=effort["estimated"],
        note=effort["period_note"],
        by=secretary,
    )
    _grant(collaboration, told, named, secretary, cast)


def _grant(
    collaboration: Collaboration, told: dict[str, Any], named: dict[str, Organisation], secretary: Any, cast: Cast
) -> None:
    """About 1.2 million is left for the base budget of 2022; the rest went to the pre-project (N6, N9).

    Who received it, and on which days it was applied for and awarded, is not known.
    """
    fact, before = told["grant"], told["pre_project"]
    pre_project = collaboration.projects.get(slug=before["slug"])
    spent = Decimal(fact["awarded"] - fact["remaining"])
    roughly = {"approximate": fact["remaining_approximate"]}
    grant = grants.register_grant(
        collaboration=collaboration,
        title=fact["name"],
        kind=Grant.Kind.DISCRETIONARY,
        giver=named[fact["giver"]],
        applicants=cast.municipalities(fact["applicants"]),
        state=Grant.State.GRANTED,
        applied_year=fact["applied_year"],
        awarded=Decimal(fact["awarded"]),
        note=fact["covers"],
        by=secretary,
    )
    grants.allocate(grant=grant, project=pre_project, year=before["to"].year, amount=spent, by=secretary, **roughly)
    grants.allocate(
        grant=grant, year=told["base_budget"]["year"], amount=Decimal(fact["remaining"]), by=secretary, **roughly
    )
    grants.spend(
        grant=grant,
        project=pre_project,
        spent_on=before["to"],
        text=before["name"],
        amount=spent,
        by=secretary,
        **roughly,
    )


def _projects(
    collaboration: Collaboration, told: dict[str, Any], named: dict[str, Organisation], secretary: Any
) -> None:
    """The pre-project with its mandate, the main project and the first two; no municipality's answer is known."""
    before, main = told["pre_project"], told["main_project"]
    pre_project = projects.register_project(
        collaboration=collaboration,
        slug=before["slug"],
        state=Project.State.FINISHED,
        title=before["name"],
        kind=Project.Kind.PRE_PROJECT,
        starts_on=before["from"],
        starts_precision=Precision.MONTH,
        ends_on=before["to"],
        ends_precision=Precision.MONTH,
        lead_organisation=named[before["project_manager_organisation"]],
        note=f"Informert underveis: {before['informed_text']}.",
        by=secretary,
    )
    mandates.write_mandate(project=pre_project, points=told["mandate"]["points"], by=secretary)
    preconditions.add_deliverable(
        project=pre_project,
        title=told["mandate"]["deliverable"],
        due_on=before["to"],
        due_precision=Precision.MONTH,
        by=secretary,
    )
    for point in told["milestones"]:
        _milestone(pre_project, point, secretary)
    projects.register_project(
        collaboration=collaboration,
        slug=main["slug"],
        state=Project.State.PLANNING,
        title=main["name"],
        kind=Project.Kind.MAIN_PROJECT,
        goal=main["goal"],
        starts_on=main["from"],
        starts_precision=Precision.YEAR,
        ends_on=main["to"],
        ends_precision=Precision.YEAR,
        in_base_budget=True,
        follows=pre_project,
        by=secretary,
    )
    for fact in told["projects"]:
        _first_project(collaboration, fact, secretary)


def _milestone(project: Project, point: dict[str, Any], secretary: Any) -> None:
    when = "planned" if point.get("planned") else "reached"
    milestones.add_milestone(
        project=project,
        title=point["title"],
        **{f"{when}_on": point["from"], f"{when}_precision": point["precision"]},
        by=secretary,
    )


def _first_project(collaboration: Collaboration, fact: dict[str, Any], secretary: Any) -> None:
    area = FocusArea.objects.get(collaboration=collaboration, slug=fact["focus_areas"][0])
    newest = collaboration.strategies.in_force()
    project = projects.register_project(
        collaboration=collaboration,
        slug=fact["slug"],
        state=Project.State.PLANNING,
        title=fact["name"],
        focus_area=area,
        kind=Project.Kind.NETWORK if fact["slug"] == "it-driftsnettverk" else Project.Kind.PROJECT,
        goal=fact["goal"],
        goals=list(Goal.objects.filter(strategy=newest, position__in=fact["sub_goals"])),
        starts_on=fact.get("planned_from"),
        starts_precision=fact.get("precision", Precision.DAY),
        shared_cost=Decimal(0),
        quick_measure=True,
        by=secretary,
    )
    for measure in area.measures.filter(project=None):
        focus_areas.measure_became(measure=measure, project=project, by=secretary)
