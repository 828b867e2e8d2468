"""No figure counts a municipality that has left, or calls one undecided that has said yes for a later day."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.start.tasks import waiting_for
from governance.models import Collaboration, Organisation
from portfolio import effort_sums, municipality, overview, reopened
from portfolio.actions import benefits, costs, participation
from portfolio.actions.shares import recalculate, up_to_date
from portfolio.explaining import explain
from portfolio.models import Participation, Project, ProjectYear, Share, Status
from portfolio.shares import financing
from portfolio.snapshots import kept_snapshots
from portfolio.status_facts import facts_of

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
TODAY = timezone.localdate
THIS = timezone.localdate().year
LEAVES: Any = {"state": "adopted", "decided_by": "kommunestyret", "case_number": "99/26"}


@pytest.fixture
def over_two_years(project: Project) -> Project:
    """300 000 kroner this year and the next."""
    for year in (THIS, THIS + 1):
        ProjectYear.objects.create(project=project, year=year, cost=Decimal(300_000))
    recalculate([project])
    return project


@pytest.fixture
def leaves(directors: dict[str, User]) -> Callable[..., Participation]:
    def leave(part: Participation, on: date) -> Participation:
        who = directors[part.organisation.name]
        return participation.give_notice(participation=part, leaves_on=on, decided_on=TODAY(), by=who, **LEAVES)

    return leave


@pytest.fixture
def gone(over_two_years: Project, invited: Parts, decides: Decides, leaves: Any, digi: Collaboration) -> Any:
    """Bø has said yes with 80 hours, and its last day is past: it still carries its part of this year."""
    part = decides(invited["Bø"], 600_000, hours=Decimal(80))
    leaves(part, TODAY())
    with time_machine.travel(TODAY() + timedelta(days=1), tick=False):
        up_to_date(digi)
        assert Share.objects.get(participation=part).status == Status.LEFT
        yield part


def test_who_has_left_pledges_no_hours_and_is_bound_to_nothing_more(
    gone: Participation, digi: Collaboration, bo: Organisation, over_two_years: Project, secretary: User
) -> None:
    benefits.add_benefit(project=over_two_years, gain="Kortere kø", by=secretary)
    asked = municipality.participations(digi, bo)
    totals = municipality.totals(asked)
    assert (totals["projects"], totals["pledged"]) == (0, None)
    assert totals["so_far"] == 300_000  # what it carries of the year it was in, stands
    assert not municipality.bound(asked).exists()
    assert not municipality.benefits(digi, bo).exists()
    assert effort_sums.by_municipality(digi).get(pk=bo.pk).pledged is None
    assert not effort_sums.by_project(digi).exists()


def test_who_has_left_is_not_told_as_one_that_takes_part(gone: Participation, digi: Collaboration) -> None:
    [facts] = kept_snapshots(overview.rows(overview.listed(digi)), with_shares=True)
    assert [line["name"] for line in facts["shares"] if line["pays"]] == []


def test_who_has_said_yes_and_joins_later_has_decided(
    project: Project, invited: Parts, decides: Decides, directors: dict[str, User], digi: Collaboration, secretary: User
) -> None:
    later = TODAY() + timedelta(days=30)
    participation.join_from(participation=decides(invited["Bø"], 600_000), joins_on=later, by=directors["Bø"])
    decides(invited["Sortland"], 100_000)
    assert "Bø" not in facts_of(project, TODAY())["open_decisions"]
    share = reopened.of(digi, secretary).get()
    said = " ".join(reopened.Reasons([share]).of(share))
    assert share.organisation.name == "Sortland"
    assert "Hadsel" in said and "Bø" not in said


def test_a_share_at_a_rate_is_explained_with_the_years_the_municipality_is_in(
    over_two_years: Project, invited: Parts, directors: dict[str, User], secretary: User
) -> None:
    participation.join_from(participation=invited["Bø"], joins_on=date(THIS + 1, 1, 1), by=directors["Bø"])
    key: Any = {"key": Project.Key.RATE, "rate": Decimal(20), "counted_on": date(2026, 1, 1)}
    project = costs.share_cost(project=over_two_years, version=None, by=secretary, **key)
    told = {one.organisation.name: one.if_all for one in explain(financing(project, whole(project)))}
    years = {name: re.findall(r"\d+", sentence)[-1] for name, sentence in told.items()}
    assert (years["Sortland"], years["Bø"]) == ("2", "1")


def test_a_share_over_years_says_that_not_all_are_with_in_each(
    over_two_years: Project, invited: Parts, directors: dict[str, User]
) -> None:
    def told() -> str:
        return explain(financing(over_two_years, whole(over_two_years)))[0].if_all

    assert ";" not in told()
    participation.join_from(participation=invited["Bø"], joins_on=date(THIS + 1, 1, 1), by=directors["Bø"])
    assert ";" in told()


def test_the_morning_after_a_municipality_left_the_others_are_told(
    project: Project, invited: Parts, decides: Decides, leaves: Any, director: User
) -> None:
    """The start page is the first that anybody opens that day."""
    decides(invited["Sortland"], 300_000)
    leaves(decides(invited["Bø"], 300_000), TODAY())

    def to_settle() -> list[str]:
        return [
            task.url for task in waiting_for(director) if "300 000" in task.title.replace("\N{NO-BREAK SPACE}", " ")
        ]

    assert not to_settle()
    with time_machine.travel(TODAY() + timedelta(days=1), tick=False):
        assert to_settle() == [invited["Sortland"].get_absolute_url()]


def whole(project: Project) -> list[Participation]:
    return list(Participation.objects.filter(project=project).whole())
