"""What must never be false is refused by the database, past every form and verb."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from digivesteralen.accounts.models import User
from governance.actions.adoptions import open_adoption
from governance.models import Collaboration, Organisation
from portfolio.models import (
    BaseBudget,
    Benefit,
    EarlierAnswer,
    Grant,
    Milestone,
    OwnEffort,
    Participation,
    Project,
    RolloutStep,
)

Parts = dict[str, Participation]


def refused(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"shared_cost": Decimal(-1)}, "project_cost_not_negative"),
        ({"grant_share": Decimal(700_000)}, "project_grant_within_the_cost"),
        ({"grant_share": Decimal(1), "shared_cost": None}, "project_grant_within_the_cost"),
        ({"grant_share": Decimal(-1)}, "project_grant_within_the_cost"),
        ({"hours": Decimal(-1)}, "project_hours_not_negative"),
        ({"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}, "project_ends_after_start"),
        ({"key": "population"}, "project_population_key_has_a_day"),
        ({"key": "mixed", "counted_on": date(2026, 1, 1)}, "project_mixed_key_has_a_per_cent"),
        ({"quick_measure": True}, "quick_measure_has_no_shared_cost"),
        ({"state": "execution"}, "project_with_shared_cost_runs_on_a_resolution"),
        ({"state": "finished"}, "project_with_shared_cost_runs_on_a_resolution"),
        ({"state": "execution", "shared_cost": None}, "project_with_shared_cost_runs_on_a_resolution"),
        ({"slug": "Store bokstaver"}, "project_slug_is_plain"),
        ({"slug": "ny"}, "project_slug_is_plain"),
    ],
)
def test_a_project(project: Project, wrong: dict[str, Any], constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**wrong)


def test_a_number_and_an_address_once_in_a_collaboration(project: Project, digi: Collaboration) -> None:
    for double in ({"number": 1, "slug": "annet"}, {"number": 2, "slug": project.slug}):
        with refused("project_(number|slug)_once"), transaction.atomic():
            Project.objects.create(collaboration=digi, title="Dobbelt", **double)


def test_a_municipality_once_in_a_project(invited: Parts) -> None:
    part = invited["Bø"]
    with refused("participation_once|adoption"), transaction.atomic():
        Participation.objects.create(
            project=part.project, organisation=part.organisation, adoption=part.adoption, invited_on=date(2026, 1, 1)
        )


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"leaves_on": date(2027, 1, 1)}, "participation_leaves_by_a_decision"),
        ({"amount": Decimal(-1)}, "participation_amount_not_negative"),
        ({"internal_cost": Decimal(-1)}, "participation_internal_cost_not_negative"),
        ({"internal_spent": Decimal(-1)}, "participation_internal_spent_not_negative"),
        ({"use": Decimal(-1)}, "participation_use_not_negative"),
        ({"interest": "interested"}, "participation_signal_has_its_day"),
        ({"interest_on": date(2026, 1, 1)}, "participation_signal_has_its_day"),
        ({"interest": "waiting", "interest_on": date(2026, 1, 1)}, "participation_waits_for_a_reason"),
    ],
)
def test_a_participation(invited: Parts, wrong: dict[str, Any], constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        Participation.objects.filter(pk=invited["Bø"].pk).update(**wrong)


def test_a_municipality_leaves_after_it_has_joined(invited: Parts, secretary: User) -> None:
    withdrawal = open_adoption(
        collaboration=invited["Bø"].project.collaboration, organisation=invited["Bø"].organisation, matter="Ut",
        by=secretary,
    )  # fmt: skip
    wrong = {"withdrawal": withdrawal, "leaves_on": date(2026, 1, 1), "joins_on": date(2026, 1, 2)}
    with refused("participation_leaves_after_it_joins"), transaction.atomic():
        Participation.objects.filter(pk=invited["Bø"].pk).update(**wrong)


def test_a_step_has_one_name_in_each_municipality(invited: Parts) -> None:
    step = {"participation": invited["Bø"], "title": "I drift", "planned_on": date(2031, 1, 1)}
    RolloutStep.objects.create(**step)
    with refused("rollout_step_once"), transaction.atomic():
        RolloutStep.objects.create(**step)


def test_an_earlier_answer_ended_after_it_was_asked_for(invited: Parts) -> None:
    part = invited["Bø"]
    earlier = {"invited_on": date(2026, 2, 1), "asked_anew_on": date(2026, 1, 1)}
    with refused("earlier_answer_was_asked_before"), transaction.atomic():
        EarlierAnswer.objects.create(participation=part, adoption=part.adoption, **earlier)


@pytest.mark.parametrize(
    ("amounts", "constraint"),
    [
        ({"minimum": 2, "maximum": 1}, "base_budget_is_a_range"),
        ({"minimum": -1, "maximum": 1}, "base_budget_is_a_range"),
        ({"minimum": 1, "maximum": 2, "figure": -1}, "base_budget_not_negative"),
        ({"minimum": 1, "maximum": 2, "secretariat": -1}, "base_budget_secretariat_not_negative"),
    ],
)
def test_a_base_budget(digi: Collaboration, amounts: dict[str, int], constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        BaseBudget.objects.create(collaboration=digi, year=2026, **amounts)


def test_one_revision_of_a_base_budget_once(digi: Collaboration) -> None:
    BaseBudget.objects.create(collaboration=digi, year=2026, minimum=1, maximum=2)
    with refused("base_budget_revision_once"), transaction.atomic():
        BaseBudget.objects.create(collaboration=digi, year=2026, minimum=1, maximum=2)


def test_a_frame_is_adjusted_for_a_reason_from_a_day(digi: Collaboration) -> None:
    for lacking in ({"reason": "Flere samlinger"}, {"applies_from": date(2026, 6, 1)}):
        with refused("base_budget_adjusted_for_a_reason"), transaction.atomic():
            BaseBudget.objects.create(collaboration=digi, year=2026, revision=2, minimum=1, maximum=2, **lacking)


def test_a_grant_is_awarded_when_it_is_granted_and_not_before(digi: Collaboration) -> None:
    giver = Organisation.objects.create(kind="state", name="Statsforvalteren i Nordland")
    for wrong in ({"state": "granted"}, {"state": "applied", "awarded": 1}):
        with refused("grant_awarded_when_granted"), transaction.atomic():
            Grant.objects.create(collaboration=digi, title="Skjønnsmidler", giver=giver, **wrong)


def test_own_effort_is_not_below_nothing(digi: Collaboration) -> None:
    with refused("own_effort_not_negative"), transaction.atomic():
        OwnEffort.objects.create(collaboration=digi, title="Egeninnsats", amount=-1)


def test_a_milestone_has_a_day(project: Project) -> None:
    with refused("milestone_has_a_day"), transaction.atomic():
        Milestone.objects.create(project=project, title="En gang")


def test_every_change_is_in_the_history(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(title="Endret utenom")
    benefit = Benefit.objects.create(project=project, gain="Mindre tid")
    benefit.delete()
    assert list(project.history.order_by("pgh_id").values_list("title", flat=True)) == [
        "Felles skjema",
        "Endret utenom",
    ]
    assert Benefit.history.rel.related_model.objects.filter(pgh_label="delete").count() == 1
