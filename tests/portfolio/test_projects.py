"""Registering a project, and the gate: no shared cost without a decided financing plan."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Body, Case, Collaboration, Resolution
from portfolio.actions import projects
from portfolio.actions.cases import lay_financing_plan, start_quick_measure
from portfolio.actions.strategy import register_strategy
from portfolio.models import FocusArea, Participation, Project, ProjectCase

Parts = dict[str, Participation]


def register(digi: Collaboration, secretary: User, **fields: Any) -> Project:
    return projects.register_project(collaboration=digi, by=secretary, **{"title": "Felles arkiv", **fields})


def test_projects_get_numbers_and_addresses_of_their_own(digi: Collaboration, secretary: User) -> None:
    first = register(digi, secretary, title="Søknader på nett i Øksnes og Bø")
    second = register(digi, secretary, title="Søknader på nett i Øksnes og Bø")
    assert (first.number, second.number) == (1, 2)
    assert (first.slug, second.slug) == ("soknader-pa-nett-i-oksnes-og-bo", "soknader-pa-nett-i-oksnes-og-bo-2")


def test_a_project_called_ny_does_not_take_the_address_of_the_form(digi: Collaboration, secretary: User) -> None:
    assert register(digi, secretary, title="Ny").slug == "ny-2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"shared_cost": Decimal(100), "grant_share": Decimal("100.01")},
        {"grant_share": Decimal(1)},
        {"shared_cost": Decimal(-1)},
        {"hours": Decimal(-1)},
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"key": "population"},
        {"key": "mixed", "counted_on": date(2026, 1, 1)},
        {"quick_measure": True, "shared_cost": Decimal(1)},
        {"state": "execution"},
        {"state": "finished", "shared_cost": Decimal(1)},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    digi: Collaboration, secretary: User, wrong: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        register(digi, secretary, **wrong)
    assert len(str(refused.value.sentence)) > 20
    assert not Project.objects.exists()


def test_the_second_who_saves_is_told(project: Project, secretary: User) -> None:
    projects.change_project(project=project, version=project.version, title="Ny tittel", by=secretary)
    with pytest.raises(Stale):
        projects.change_project(project=project, version=project.version, title="Annen tittel", by=secretary)
    project.refresh_from_db()
    assert project.title == "Ny tittel"


def test_the_address_stays_when_the_title_changes(project: Project, secretary: User) -> None:
    before = project.slug
    projects.change_project(project=project, version=None, title="Noe helt annet", by=secretary)
    project.refresh_from_db()
    assert project.slug == before


def test_a_project_with_shared_cost_does_not_start_without_a_decided_plan(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 600_000)
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)


def test_it_starts_when_the_steering_group_has_decided_the_plan(
    project: Project, invited: Parts, decides: Callable[..., Any], held: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 600_000)
    link = lay_financing_plan(project=project, by=secretary)
    meeting = held(link.case)
    started = projects.start_execution(project=project, by=secretary)
    assert started.state == Project.State.EXECUTION
    assert started.financing_resolution == meeting.items.get(case=link.case).resolution


@pytest.mark.parametrize(
    "outcome", [Resolution.Outcome.NOT_ADOPTED, Resolution.Outcome.POSTPONED, Resolution.Outcome.SENT_BACK]
)
def test_a_plan_that_was_not_adopted_opens_no_gate(
    project: Project,
    invited: Parts,
    decides: Callable[..., Any],
    held: Callable[..., Any],
    secretary: User,
    outcome: str,
) -> None:
    decides(invited["Bø"], 600_000)
    held(lay_financing_plan(project=project, by=secretary).case, outcome)
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)


def test_a_resolution_in_a_meeting_that_still_runs_opens_no_gate(
    project: Project, invited: Parts, decides: Callable[..., Any], held: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 600_000)
    held(lay_financing_plan(project=project, by=secretary).case, end=False)
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)


def test_a_plan_for_less_than_the_cost_opens_no_gate(
    project: Project, invited: Parts, decides: Callable[..., Any], held: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 600_000)
    held(lay_financing_plan(project=project, by=secretary).case)
    projects.change_project(project=project, version=None, shared_cost=Decimal(600_001), by=secretary)
    with pytest.raises(NotAllowedNow, match="600"):
        projects.start_execution(project=project, by=secretary)


def test_a_running_project_does_not_grow_beyond_its_plan(
    project: Project, invited: Parts, decides: Callable[..., Any], held: Callable[..., Any], secretary: User
) -> None:
    decides(invited["Bø"], 600_000)
    held(lay_financing_plan(project=project, by=secretary).case)
    projects.start_execution(project=project, by=secretary)
    with pytest.raises(NotAllowedNow):
        projects.change_project(project=project, version=None, shared_cost=Decimal(700_000), by=secretary)
    projects.change_project(project=project, version=None, shared_cost=Decimal(500_000), by=secretary)


@pytest.mark.parametrize("detour", [{"in_base_budget": True, "shared_cost": Decimal(900_000)}, {}])
def test_a_detour_does_not_make_the_participants_pay_more_than_the_plan(
    project: Project,
    invited: Parts,
    decides: Callable[..., Any],
    held: Callable[..., Any],
    secretary: User,
    detour: dict[str, Any],
) -> None:
    """Through the base budget and out again, or by a grant that falls away."""
    projects.change_project(project=project, version=None, grant_share=Decimal(300_000), by=secretary)
    decides(invited["Bø"], 300_000)
    held(lay_financing_plan(project=project, by=secretary).case)
    projects.start_execution(project=project, by=secretary)
    projects.change_project(project=project, version=None, by=secretary, **detour)
    with pytest.raises(NotAllowedNow):
        projects.change_project(
            project=project, version=None, in_base_budget=False, grant_share=Decimal(0), by=secretary
        )


def test_nothing_starts_before_somebody_takes_part(
    project: Project, invited: Parts, held: Callable[..., Any], secretary: User
) -> None:
    held(lay_financing_plan(project=project, by=secretary).case)
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)


def test_an_unknown_cost_opens_no_gate(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User
) -> None:
    projects.change_project(project=project, version=None, shared_cost=None, by=secretary)
    decides(invited["Bø"])
    with pytest.raises(NotAllowedNow):
        projects.start_execution(project=project, by=secretary)
    with pytest.raises(NotAllowedNow):
        lay_financing_plan(project=project, by=secretary)


def test_what_the_base_budget_pays_needs_no_plan(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User
) -> None:
    projects.change_project(project=project, version=None, in_base_budget=True, by=secretary)
    decides(invited["Bø"])
    assert projects.start_execution(project=project, by=secretary).state == Project.State.EXECUTION


def test_a_quick_measure_starts_with_its_participants_and_is_reported_to_the_steering_group(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User, steering: Body
) -> None:
    projects.change_project(project=project, version=None, quick_measure=True, shared_cost=Decimal(0), by=secretary)
    with pytest.raises(NotAllowedNow):
        start_quick_measure(project=project, by=secretary)
    decides(invited["Bø"])
    assert start_quick_measure(project=project, by=secretary).state == Project.State.EXECUTION
    report = ProjectCase.objects.get(project=project, purpose=ProjectCase.Purpose.REPORT)
    assert report.case.kind == Case.Kind.ORIENTATION


def test_one_financing_plan_waits_at_a_time(project: Project, steering: Body, secretary: User) -> None:
    lay_financing_plan(project=project, by=secretary)
    with pytest.raises(NotAllowedNow):
        lay_financing_plan(project=project, by=secretary)


def test_the_plan_tells_the_shares(project: Project, invited: Parts, steering: Body, secretary: User) -> None:
    text = lay_financing_plan(project=project, by=secretary).case.consequences
    assert text.count("100") >= 6
    assert "Øksnes" in text


@pytest.mark.parametrize(("state", "verb"), [("finished", projects.plan), ("idea", projects.finish)])
def test_a_state_leads_only_where_the_table_says(
    digi: Collaboration, secretary: User, state: str, verb: Callable[..., Project]
) -> None:
    with pytest.raises(NotAllowedNow):
        verb(project=register(digi, secretary, state=state), by=secretary)


def test_goals_follow_the_project(project: Project, digi: Collaboration, area: FocusArea, secretary: User) -> None:
    strategy = register_strategy(
        collaboration=digi, goals=[("Kompetanse", "Nok folk"), ("Samhandling", "")], by=secretary
    )
    goals = list(strategy.goals.all())
    projects.change_project(project=project, version=None, goals=goals, by=secretary)
    projects.change_project(project=project, version=None, goals=goals[1:], by=secretary)
    assert list(project.goals.all()) == goals[1:]
