"""Shares are shown twice, are exact, and only those that have said yes themselves pay."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Organisation, Population
from portfolio.actions import costs, participation, projects
from portfolio.models import Participation, Project
from portfolio.shares import financing, shares_without

Parts = dict[str, Participation]


def divided(project: Project) -> Any:
    return financing(Project.objects.get(pk=project.pk), list(project.participations.whole()))


def test_nobody_pays_before_anybody_has_said_yes(project: Project, invited: Parts) -> None:
    found = divided(project)
    assert [line.if_all for line in found.lines] == [Decimal(100_000)] * 6
    assert found.so_far.amounts == {}
    assert found.unfunded == Decimal(600_000)


def test_shares_are_shown_twice_and_both_add_up(project: Project, invited: Parts, decides: Callable[..., Any]) -> None:
    for name in ("Bø", "Hadsel", "Øksnes"):
        decides(invited[name], 200_000)
    found = divided(project)
    assert found.if_all.total == found.so_far.total == Decimal(600_000)
    assert {line.participation.organisation.name for line in found.lines if line.so_far} == {"Bø", "Hadsel", "Øksnes"}
    assert found.unfunded == 0


def test_by_population_each_pays_for_its_people_to_the_ore(
    project: Project, invited: Parts, secretary: User, six: list[Organisation]
) -> None:
    costs.share_cost(project=project, version=None, key="population", counted_on=date(2022, 1, 1), by=secretary)
    found = divided(project)
    people = {place.pk: place.populations.get().people for place in six}
    everybody = sum(people.values())
    assert found.if_all.total == Decimal(600_000)
    for line in found.lines:
        exact = Decimal(600_000) * people[line.participation.organisation_id] / everybody
        assert abs(line.if_all - exact) < Decimal("0.01")


def test_the_count_of_the_chosen_day_is_used_and_not_a_newer_one(
    project: Project, invited: Parts, secretary: User, bo: Organisation
) -> None:
    costs.share_cost(project=project, version=None, key="population", counted_on=date(2022, 1, 1), by=secretary)
    before = divided(project).of(bo).if_all
    Population.objects.create(organisation=bo, on=date(2023, 1, 1), people=90_000)
    assert divided(project).of(bo).if_all == before


def test_a_missing_count_is_said_and_not_guessed(
    project: Project, invited: Parts, secretary: User, bo: Organisation
) -> None:
    costs.share_cost(project=project, version=None, key="population", counted_on=date(2022, 1, 1), by=secretary)
    bo.populations.all().delete()
    found = divided(project)
    assert "Bø" in found.problem
    assert found.if_all.amounts == {}
    with pytest.raises(NotAllowedNow, match=r"Bø.*01\.01\.2022"):
        costs.share_cost(project=project, version=None, key="population", counted_on=date(2022, 1, 1), by=secretary)


def test_a_part_equally_and_the_rest_by_population(project: Project, invited: Parts, secretary: User) -> None:
    costs.share_cost(
        project=project, version=None, key="mixed", counted_on=date(2022, 1, 1), equal_percent=30, by=secretary
    )
    found = divided(project)
    assert found.if_all.total == Decimal(600_000)
    assert all(line.if_all >= Decimal(30_000) for line in found.lines)


def test_amounts_written_in_must_be_the_cost(project: Project, invited: Parts, secretary: User) -> None:
    amounts = {part.pk: Decimal(100_000) for part in invited.values()}
    costs.share_cost(project=project, version=None, key="manual", amounts=amounts, by=secretary)
    assert divided(project).if_all.total == Decimal(600_000)
    amounts[invited["Bø"].pk] = Decimal("100000.01")
    with pytest.raises(NotAllowedNow) as refused:
        costs.share_cost(project=project, version=None, key="manual", amounts=amounts, by=secretary)
    assert "600" in str(refused.value.sentence)


def test_the_base_budget_pays_for_all(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, in_base_budget=True, by=secretary)
    assert divided(project).if_all.total == 0


def test_grants_are_taken_off_before_the_rest_is_shared(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, grant_share=Decimal("100000.01"), by=secretary)
    assert divided(project).if_all.total == Decimal("499999.99")


def test_an_unknown_cost_gives_no_invented_shares(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, shared_cost=None, by=secretary)
    found = divided(project)
    assert found.unfunded is None
    assert all(line.if_all is None for line in found.lines)


def test_a_decision_that_covers_less_than_the_share_must_be_settled_anew(
    project: Project, invited: Parts, decides: Callable[..., Any], bo: Organisation, hadsel: Organisation
) -> None:
    for name in ("Andøy", "Bø", "Hadsel", "Lødingen", "Sortland"):
        decides(invited[name], 100_000 if name != "Hadsel" else 120_000)
    decides(invited["Øksnes"], state="not_adopted")
    found = divided(project)
    assert found.of(bo).so_far == Decimal(120_000)
    assert found.of(bo).reopened
    assert found.of(bo).excess == Decimal(20_000)
    assert not found.of(hadsel).reopened
    assert found.unfunded == Decimal(80_000)
    assert found.of(bo).participation.status == "takes_part"


def test_a_decision_that_holds_if_all_join_says_so(
    project: Project, invited: Parts, decides: Callable[..., Any], bo: Organisation
) -> None:
    decides(invited["Bø"], 100_000)
    line = divided(project).of(bo)
    assert line.reopened
    assert line.holds_if_all_join


def test_what_if_one_municipality_does_not_join(
    project: Project, invited: Parts, bo: Organisation, hadsel: Organisation
) -> None:
    without = shares_without(project, bo)
    assert without.of(bo) is None
    assert without.of(hadsel).if_all == Decimal(120_000)
    assert without.if_all.total == Decimal(600_000)


def test_the_last_ore_is_known_and_named(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, shared_cost=Decimal("600000.02"), by=secretary)
    assert [place.name for place in divided(project).if_all.last_ore] == ["Andøy", "Bø"]


def test_hours_are_shared_like_the_cost(project: Project, invited: Parts) -> None:
    assert [line.hours_if_all for line in divided(project).lines] == [Decimal("100.0")] * 6


def test_who_says_no_or_has_left_is_not_counted_among_those_who_may_join(
    project: Project, invited: Parts, decides: Callable[..., Any], directors: dict[str, User]
) -> None:
    decides(invited["Øksnes"], state="not_adopted")
    decides(invited["Bø"], 120_000)
    participation.give_notice(
        participation=invited["Bø"],
        leaves_on=timezone.localdate() - timedelta(days=1),
        state="adopted",
        decided_by="kommunestyret",
        decided_on=timezone.localdate() - timedelta(days=9),
        case_number="40/26",
        by=directors["Bø"],
    )
    found = divided(project)
    assert len(found.if_all.amounts) == 4
    assert found.so_far.amounts == {}
