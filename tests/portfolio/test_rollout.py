"""Each municipality goes into a project at its own pace (K4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from portfolio.actions import rollout
from portfolio.actions.rollout import PlannedStep
from portfolio.models import Participation, Precision, Project, RolloutStep
from portfolio.rollout_plan import plan_of, sheet

Parts = dict[str, Participation]
TODAY = timezone.localdate
PLAN = [PlannedStep("Opplæring", date(2031, 3, 31), Precision.MONTH), PlannedStep("I drift", date(2031, 6, 1))]


@pytest.fixture
def joined(invited: Parts, decides: Callable[..., Participation]) -> Parts:
    """Bø, Hadsel and Sortland take part."""
    return {name: decides(invited[name], 100_000) for name in ("Bø", "Hadsel", "Sortland")}


@pytest.fixture
def planned(led: Project, joined: Parts, secretary: User) -> Project:
    rollout.lay_out(project=led, steps=PLAN, by=secretary)
    return led


def step_of(part: Participation, title: str) -> RolloutStep:
    return RolloutStep.objects.get(participation=part, title=title)


def test_the_same_steps_are_given_to_all_who_take_part_and_nobody_else(planned: Project) -> None:
    steps = RolloutStep.objects.filter(participation__project=planned)
    assert steps.count() == 6
    assert set(steps.values_list("participation__organisation__name", flat=True)) == {"Bø", "Hadsel", "Sortland"}
    assert step_of(planned.participations.get(organisation__name="Bø"), "Opplæring").planned == "mars 2031"


def test_laying_out_again_leaves_what_one_has_moved(planned: Project, joined: Parts, secretary: User) -> None:
    step = step_of(joined["Bø"], "Opplæring")
    rollout.change_step(step=step, title=step.title, planned_on=date(2032, 1, 1), by=secretary)
    more = [*PLAN, PlannedStep("Evaluert", date(2032, 1, 31))]
    assert rollout.lay_out(project=planned, steps=more, by=secretary) == 3
    assert step_of(joined["Bø"], "Opplæring").planned_on == date(2032, 1, 1)


def test_one_is_moved_and_the_others_stand(planned: Project, joined: Parts, directors: dict[str, User]) -> None:
    step = step_of(joined["Bø"], "I drift")
    rollout.change_step(step=step, title="I drift", planned_on=date(2033, 1, 1), by=directors["Bø"])
    assert step_of(joined["Bø"], "I drift").planned_on == date(2033, 1, 1)
    assert step_of(joined["Hadsel"], "I drift").planned_on == date(2031, 6, 1)


def test_the_projects_own_leader_plans_for_all(planned: Project, joined: Parts, project_leader: User) -> None:
    assert rollout.lay_out(project=planned, steps=[PlannedStep("Evaluert", TODAY())], by=project_leader) == 3


def test_the_leader_of_another_project_plans_for_nobody(project: Project, joined: Parts, project_leader: User) -> None:
    with pytest.raises(PermissionDenied):
        rollout.lay_out(project=project, steps=PLAN, by=project_leader)


@pytest.mark.parametrize("who", ["Hadsel", "auditor"])
def test_nobody_moves_the_steps_of_another(
    planned: Project, joined: Parts, directors: dict[str, User], auditor: User, who: str
) -> None:
    by = directors.get(who, auditor)
    step = step_of(joined["Bø"], "I drift")
    for press in (
        lambda: rollout.change_step(step=step, title="I drift", planned_on=TODAY(), by=by),
        lambda: rollout.remove_step(step=step, by=by),
        lambda: rollout.add_step(participation=joined["Bø"], title="Mer", planned_on=TODAY(), by=by),
        lambda: rollout.lay_out(project=planned, steps=PLAN, by=by),
    ):
        with pytest.raises(PermissionDenied):
            press()


def test_the_it_leader_moves_the_own_municipalitys(planned: Project, joined: Parts, it_leader: User) -> None:
    step = step_of(joined["Sortland"], "I drift")
    changed = rollout.change_step(step=step, title="I drift", planned_on=TODAY(), reached_on=TODAY(), by=it_leader)
    assert changed.reached_on == TODAY()
    assert not changed.is_late


def test_who_has_not_said_yes_has_no_plan(
    project: Project, invited: Parts, secretary: User, directors: dict[str, User]
) -> None:
    with pytest.raises(NotAllowedNow):
        rollout.lay_out(project=project, steps=PLAN, by=secretary)
    with pytest.raises(NotAllowedNow, match="Bø"):
        rollout.add_step(participation=invited["Bø"], title="I drift", planned_on=TODAY(), by=directors["Bø"])


def test_a_step_has_one_name_in_a_municipality(planned: Project, joined: Parts, secretary: User) -> None:
    with pytest.raises(NotAllowedNow, match="Bø"):
        rollout.add_step(participation=joined["Bø"], title="I drift", planned_on=TODAY(), by=secretary)
    with pytest.raises(NotAllowedNow, match="Bø"):
        rollout.change_step(step=step_of(joined["Bø"], "Opplæring"), title="I drift", planned_on=TODAY(), by=secretary)


def test_nothing_is_reached_in_the_future(planned: Project, joined: Parts, secretary: User) -> None:
    step = step_of(joined["Bø"], "I drift")
    with pytest.raises(NotAllowedNow):
        rollout.change_step(
            step=step, title="I drift", planned_on=TODAY(), reached_on=TODAY() + timedelta(days=1), by=secretary
        )


def test_what_is_reached_has_happened(planned: Project, joined: Parts, secretary: User) -> None:
    step = step_of(joined["Bø"], "I drift")
    step = rollout.change_step(step=step, title="I drift", planned_on=TODAY(), reached_on=TODAY(), by=secretary)
    with pytest.raises(NotAllowedNow):
        rollout.remove_step(step=step, by=secretary)
    rollout.remove_step(step=step_of(joined["Bø"], "Opplæring"), by=secretary)
    assert joined["Bø"].steps.count() == 1


def test_two_who_move_a_step_do_not_overwrite_each_other(planned: Project, joined: Parts, secretary: User) -> None:
    step = step_of(joined["Bø"], "I drift")
    rollout.change_step(step=step, version=1, title="I drift", planned_on=TODAY(), by=secretary)
    with pytest.raises(Stale):
        rollout.change_step(step=step, version=1, title="I drift", planned_on=TODAY(), by=secretary)


def test_a_plan_stands_when_the_project_has_ended(planned: Project, secretary: User) -> None:
    Project.objects.filter(pk=planned.pk).update(state=Project.State.STOPPED)
    with pytest.raises(NotAllowedNow):
        rollout.lay_out(project=planned, steps=PLAN, by=secretary)


def test_the_plan_tells_what_is_reached_and_what_is_late(
    planned: Project, joined: Parts, secretary: User, directors: dict[str, User]
) -> None:
    early = step_of(joined["Bø"], "I drift")
    rollout.change_step(step=early, title="I drift", planned_on=TODAY(), reached_on=TODAY(), by=secretary)
    late = step_of(joined["Hadsel"], "Opplæring")
    rollout.change_step(step=late, title="Opplæring", planned_on=TODAY() - timedelta(days=1), by=secretary)
    plan = plan_of(planned, directors["Bø"])
    assert (plan.reached, plan.late, len(plan.steps)) == (1, 1, 6)
    assert {row.participation.organisation.name for row in plan.rows if row.editable} == {"Bø"}
    assert all(row.editable for row in plan_of(planned, secretary).rows)
    rows = list(sheet(plan).rows)
    assert len(rows) == 6
    assert TODAY() in {row[4] for row in rows}


def test_the_plan_of_many_asks_no_more_questions(
    planned: Project, invited: Parts, decides: Callable[..., Participation], secretary: User,
    directors: dict[str, User],
    django_assert_max_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    for name in ("Andøy", "Lødingen", "Øksnes"):
        decides(invited[name], 100_000)
    rollout.lay_out(project=planned, steps=PLAN, by=secretary)
    with django_assert_max_num_queries(6):
        assert len(plan_of(planned, directors["Bø"]).steps) == 12
