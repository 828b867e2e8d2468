"""From when a municipality is with, and until when: its own people say so, and no sum counts it outside (R25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.actions import adoptions
from governance.models import Organisation
from portfolio.actions import participation, projects
from portfolio.actions.shares import recalculate, up_to_date
from portfolio.models import Participation, Project, ProjectYear, Share, Status, YearShare
from portfolio.shares import financing
from tests.addresses.world import PDF

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
TODAY = timezone.localdate
THIS = timezone.localdate().year


def again(part: Participation) -> Participation:
    return Participation.objects.whole().select_related("project__collaboration").get(pk=part.pk)


@pytest.fixture
def over_three_years(project: Project) -> Project:
    """200 000 kroner in each of last year, this year and the next."""
    for year in (THIS - 1, THIS, THIS + 1):
        ProjectYear.objects.create(project=project, year=year, cost=Decimal(200_000))
    recalculate([project])
    return project


@pytest.fixture
def under_way(project: Project) -> Project:
    """Begun, as far as the rules of the financing plan do not matter here."""
    Project.objects.filter(pk=project.pk).update(in_base_budget=True, state=Project.State.EXECUTION)
    project.refresh_from_db()
    return project


def paid(project: Project) -> dict[tuple[str, int], Decimal | None]:
    found = YearShare.objects.filter(project=project).select_related("organisation")
    return {(one.organisation.name, one.year): one.so_far for one in found}


def test_who_joins_next_year_pays_nothing_for_the_years_before(
    over_three_years: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    decides(invited["Bø"], 600_000)
    part = decides(invited["Hadsel"], 600_000)
    part = participation.join_from(participation=part, joins_on=date(THIS + 1, 1, 1), by=directors["Hadsel"])
    assert part.status == Status.WAITING
    assert part.pays
    shares = paid(over_three_years)
    assert shares["Hadsel", THIS + 1] == shares["Bø", THIS + 1] == Decimal(100_000)
    assert ("Hadsel", THIS) not in shares or shares["Hadsel", THIS] is None
    assert shares["Bø", THIS] == Decimal(200_000)


def test_from_its_day_it_takes_part(invited: Parts, decides: Decides, directors: dict[str, User]) -> None:
    part = decides(invited["Bø"], 100_000)
    day = TODAY() + timedelta(days=30)
    part = participation.join_from(participation=part, joins_on=day, by=directors["Bø"])
    assert part.status_on(day - timedelta(days=1)) == Status.WAITING
    assert part.status_on(day) == Status.TAKES_PART
    assert Participation.objects.taking_part().count() == 0
    assert Participation.objects.taking_part(day).count() == 1
    with time_machine.travel(day, tick=False):
        up_to_date(part.project.collaboration)
        assert Share.objects.get(participation=part).status == Status.TAKES_PART


@pytest.mark.parametrize("who", ["secretary", "project_leader", "it_leader", "auditor"])
def test_nobody_else_says_from_when(invited: Parts, decides: Decides, who: str, request: pytest.FixtureRequest) -> None:
    part = decides(invited["Bø"], 100_000)
    with pytest.raises(PermissionDenied):
        participation.join_from(participation=part, joins_on=None, by=request.getfixturevalue(who))


def test_a_neighbour_does_not_say_it_either(invited: Parts, decides: Decides, directors: dict[str, User]) -> None:
    part = decides(invited["Bø"], 100_000)
    with pytest.raises(PermissionDenied):
        participation.join_from(participation=part, joins_on=None, by=directors["Hadsel"])


def test_a_municipality_may_say_the_day_before_it_decides_and_it_binds_nobody(
    invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    day = TODAY() + timedelta(days=30)
    part = participation.join_from(participation=invited["Bø"], joins_on=day, by=directors["Bø"])
    assert part.status == Status.UNDECIDED
    assert not part.pays
    assert decides(part, 100_000).status == Status.WAITING


def test_who_has_said_no_has_no_day(invited: Parts, decides: Decides, directors: dict[str, User]) -> None:
    part = decides(invited["Bø"], state="not_adopted")
    with pytest.raises(NotAllowedNow):
        participation.join_from(participation=part, joins_on=TODAY(), by=directors["Bø"])


def test_who_is_with_does_not_slip_out_by_a_later_day(
    under_way: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    later = TODAY() + timedelta(days=400)
    with time_machine.travel(TODAY() - timedelta(days=3), tick=False):
        part = decides(invited["Bø"], 100_000)
    with pytest.raises(NotAllowedNow, match="Bø"):
        participation.join_from(participation=part, joins_on=later, by=directors["Bø"])
    assert again(part).joins_on == part.joins_on


def test_on_the_day_of_its_decision_the_day_is_free(
    under_way: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    part = decides(invited["Bø"], 100_000)
    later = TODAY() + timedelta(days=400)
    assert participation.join_from(participation=part, joins_on=later, by=directors["Bø"]).status == Status.WAITING


def test_whoever_is_invited_after_the_start_pays_for_no_year_before(
    over_three_years: Project,
    six: list[Organisation],
    decides: Decides,
    secretary: User,
) -> None:
    first, second = six[0], six[1]
    early = participation.invite(project=over_three_years, organisations=[first], by=secretary)[0]
    decides(early, 600_000)
    Project.objects.filter(pk=over_three_years.pk).update(in_base_budget=True, state=Project.State.EXECUTION)
    over_three_years.refresh_from_db()
    parts = participation.invite(project=over_three_years, organisations=[second], by=secretary)
    late = next(part for part in parts if part.organisation == second)
    Project.objects.filter(pk=over_three_years.pk).update(in_base_budget=False, state=Project.State.PLANNING)
    decides(late, 600_000)
    shares = paid(over_three_years)
    assert shares[first.name, THIS - 1] == Decimal(200_000)
    assert shares.get((second.name, THIS - 1)) is None
    assert shares[second.name, THIS] == Decimal(100_000)


def test_a_finished_project_is_joined_by_nobody(
    project: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    part = decides(invited["Bø"], 100_000)
    Project.objects.filter(pk=project.pk).update(state=Project.State.STOPPED)
    with pytest.raises(NotAllowedNow):
        participation.join_from(participation=part, joins_on=TODAY(), by=directors["Bø"])


LEAVES = {"state": "adopted", "decided_by": "kommunestyret", "case_number": "40/26"}


def test_when_one_leaves_the_others_must_settle_anew_from_the_day_after_its_last(
    project: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    for name in ("Bø", "Hadsel", "Sortland"):
        decides(invited[name], 200_000)
    last = TODAY() + timedelta(days=10)
    participation.give_notice(
        participation=again(invited["Bø"]), leaves_on=last, decided_on=TODAY(), by=directors["Bø"], **LEAVES
    )
    assert Share.objects.reopened().count() == 0
    with time_machine.travel(last, tick=False):
        up_to_date(project.collaboration)
        assert Share.objects.get(participation=invited["Bø"]).status == Status.NOTICE
        assert Share.objects.reopened().count() == 0
    with time_machine.travel(last + timedelta(days=1), tick=False):
        up_to_date(project.collaboration)
        assert Share.objects.get(participation=invited["Bø"]).status == Status.LEFT
        excess = {one.organisation.name: one.excess for one in Share.objects.reopened().select_related("organisation")}
        assert excess == {"Hadsel": Decimal(100_000), "Sortland": Decimal(100_000)}
        found = financing(project, list(project.participations.whole()))
        assert {line.participation.organisation.name for line in found.reopened} == {"Hadsel", "Sortland"}
        assert found.unfunded == Decimal(200_000)


def test_who_left_has_paid_for_its_years_and_pays_for_no_other(
    over_three_years: Project, invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    decides(invited["Bø"], 600_000)
    decides(invited["Hadsel"], 600_000)
    participation.give_notice(
        participation=again(invited["Bø"]),
        leaves_on=date(THIS, 12, 31),
        decided_on=TODAY(),
        by=directors["Bø"],
        **LEAVES,
    )
    shares = paid(over_three_years)
    assert shares["Bø", THIS] == shares["Hadsel", THIS] == Decimal(100_000)
    assert shares.get(("Bø", THIS + 1)) is None
    assert shares["Hadsel", THIS + 1] == Decimal(200_000)


def test_who_joins_later_does_not_leave_before_it_joins(
    invited: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    part = decides(invited["Bø"], 100_000)
    part = participation.join_from(participation=part, joins_on=TODAY() + timedelta(days=90), by=directors["Bø"])
    with pytest.raises(NotAllowedNow, match="Bø"):
        participation.give_notice(
            participation=part, leaves_on=TODAY(), decided_on=TODAY(), by=directors["Bø"], **LEAVES
        )


def test_who_is_leaving_has_no_other_day_to_join(invited: Parts, decides: Decides, directors: dict[str, User]) -> None:
    part = decides(invited["Bø"], 100_000)
    last = TODAY() + timedelta(days=90)
    part = participation.give_notice(
        participation=part, leaves_on=last, decided_on=TODAY(), by=directors["Bø"], **LEAVES
    )
    with pytest.raises(NotAllowedNow):
        participation.join_from(participation=again(part), joins_on=last, by=directors["Bø"])


def test_an_objection_takes_the_yes_and_its_day_out_of_the_sums(
    project: Project, invited: Parts, secretary: User, directors: dict[str, User]
) -> None:
    adoption = adoptions.register_on_behalf(
        adoption=invited["Bø"].adoption,
        amount=Decimal(600_000),
        decided_on=TODAY(),
        extract=PDF,
        by=secretary,
        **LEAVES,
    )
    assert Share.objects.get(participation=invited["Bø"]).so_far == Decimal(600_000)
    adoptions.object_to(adoption=adoption, objection="Ikke vedtatt.", by=directors["Bø"])
    assert Share.objects.get(participation=invited["Bø"]).so_far is None
    projects.change_project(project=project, version=None, note="ingen betaler", by=secretary)
    assert Share.objects.filter(project=project).paying().count() == 0
