"""What is kept of the shares is the same, to the øre, as what one project's page works out (rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from governance.models import Collaboration, Organisation, Population
from portfolio import tasks
from portfolio.actions import costs, participation, projects, shares
from portfolio.models import Participation, Project, ProjectSums, ProjectYear, Share, SharesDay, YearShare
from portfolio.shares import Financing, financing
from tests.people import LONG_AGO
from tests.portfolio.test_participation_properties import STORY, Story, tell
from tests.portfolio.test_races import at_once

Parts = dict[str, Participation]
THIS_YEAR = timezone.localdate().year
FIGURE = st.decimals(min_value=0, max_value=9_000, places=2)
COST = st.decimals(min_value=0, max_value=10_000_000, places=2)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """A project as anybody might write it: a key with its figures, and years or none."""
    years = draw(st.lists(st.tuples(COST, st.integers(0, 100)), max_size=3))
    spread = [(cost, (cost * per_cent / 100).quantize(Decimal("0.01"))) for cost, per_cent in years]
    cost = sum((one for one, _grant in spread), Decimal(0)) if spread else draw(st.none() | COST)
    return {
        "key": draw(st.sampled_from(Project.Key)),
        "shared_cost": cost,
        "grant_share": sum((grant for _cost, grant in spread), Decimal(0)),
        "in_base_budget": draw(st.booleans()) and draw(st.booleans()),
        "hours": draw(st.none() | st.decimals(min_value=0, max_value=3_000, places=1)),
        "counted_on": draw(st.sampled_from([LONG_AGO, timezone.localdate()])),
        "equal_percent": draw(st.integers(0, 100)),
        "fixed_amount": draw(FIGURE),
        "rate": draw(st.decimals(min_value=0, max_value=40, places=2)),
        "use_unit": "brukere",
        "years": spread,
    }


def write(project: Project, fields: dict[str, Any], uses: list[Decimal | None], amounts: list[Decimal | None]) -> None:
    """Past the verbs: the sums must hold for whatever stands in the database."""
    years = fields.pop("years")
    Project.objects.filter(pk=project.pk).update(**fields)
    for shift, (cost, grant) in enumerate(years):
        ProjectYear.objects.create(project=project, year=THIS_YEAR - 1 + shift, cost=cost, grant_share=grant)
    for part, use, amount in zip(project.participations.all(), uses, amounts, strict=True):
        Participation.objects.filter(pk=part.pk).update(use=use, amount=amount)


def worked_out(project: Project) -> Financing:
    return financing(Project.objects.get(pk=project.pk), list(project.participations.whole()))


def same(project: Project) -> None:
    """Every column of every row."""
    divided = worked_out(project)
    last = {organisation.pk for organisation in divided.if_all.last_ore}
    kept = {share.participation_id: share for share in Share.objects.filter(project=project)}
    assert kept.keys() == {line.participation.pk for line in divided.lines}
    for line in divided.lines:
        share = kept[line.participation.pk]
        assert (share.if_all, share.so_far, share.covered, share.excess) == (
            line.if_all, line.so_far, line.covered, line.excess,
        )  # fmt: skip
        assert (share.hours_if_all, share.hours_so_far) == (line.hours_if_all, line.hours_so_far)
        assert share.status == line.participation.status
        assert share.last_ore == (share.organisation_id in last)
    years = {(one.participation_id, one.year): (one.if_all, one.so_far) for one in project.year_shares.all()}
    assert years == {
        (line.participation.pk, year.year): (year.if_all, year.so_far)
        for line in divided.lines
        for year in line.years
        if (year.if_all, year.so_far) != (None, None)
    }
    sums = ProjectSums.objects.get(project=project)
    assert (sums.covered, sums.unfunded, sums.reopened) == (divided.covered, divided.unfunded, len(divided.reopened))
    assert bool(sums.problem) == bool(divided.problem)
    assert sums.paying == sum(line.participation.pays for line in divided.lines)


@FEW
@given(
    written(),
    st.lists(STORY, min_size=6, max_size=6),
    st.lists(st.none() | FIGURE, min_size=6, max_size=6),
    st.lists(st.none() | FIGURE, min_size=6, max_size=6),
)
def test_the_kept_shares_are_those_that_are_worked_out_one_by_one(
    project: Project, invited: Parts, secretary: User, fields: dict[str, Any], stories: list[Story], uses: list[Any],
    amounts: list[Any],
) -> None:  # fmt: skip
    with transaction.atomic():
        write(project, fields, uses, amounts)
        for part, story in zip(invited.values(), stories, strict=True):
            tell(part, story, secretary)
        shares.recalculate([project])
        same(project)
        _the_whole_is_covered_or_unfunded(project)
        transaction.set_rollback(True)


def _the_whole_is_covered_or_unfunded(project: Project) -> None:
    divided = worked_out(project)
    to_share = divided.project.to_share
    if to_share is None:
        assert divided.unfunded is None
        return
    assert divided.unfunded is not None
    assert divided.covered + divided.unfunded == to_share
    assert divided.covered >= 0
    assert divided.unfunded >= 0
    assert divided.if_all.total <= to_share
    assert divided.so_far.total <= to_share


def test_a_collaboration_is_kept_as_each_project_by_itself(
    project: Project, invited: Parts, digi: Collaboration, six: list[Organisation], secretary: User, decides: Any
) -> None:
    other = projects.register_project(
        collaboration=digi, title="Arkiv", shared_cost=Decimal("100000.01"), key="population", counted_on=LONG_AGO,
        by=secretary,
    )  # fmt: skip
    participation.invite(project=other, organisations=six[:4], by=secretary)
    decides(invited["Bø"], 90_000)
    Share.objects.all().delete()
    ProjectSums.objects.all().delete()
    shares.recalculate_all(digi)
    for one in (project, other):
        same(one)
    assert SharesDay.objects.get(collaboration=digi).day == timezone.localdate()


def test_what_has_not_changed_is_not_written(project: Project, invited: Parts, decides: Any) -> None:
    decides(invited["Bø"], 100_000)
    before = versions()
    shares.recalculate([project])
    assert versions() == before
    decides(invited["Hadsel"], 100_000)
    changed = {pk for pk, version in versions().items() if version != before[pk]}
    assert changed == {invited["Bø"].pk, invited["Hadsel"].pk}


def versions() -> dict[int, int]:
    """Which transaction last wrote each share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT participation_id, ctid::text FROM portfolio_share")
        return dict(cursor.fetchall())


def test_more_projects_are_worked_out_with_no_more_questions(
    project: Project, invited: Parts, digi: Collaboration, six: list[Organisation], secretary: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            shares.recalculate_all(digi)
        return len(questions)

    few = asked()
    for number in range(4):
        more = projects.register_project(
            collaboration=digi, title=f"Nummer {number}", shared_cost=Decimal(100), key="population",
            counted_on=LONG_AGO, by=secretary,
        )  # fmt: skip
        participation.invite(project=more, organisations=six, by=secretary)
    assert asked() <= few + 1  # the populations, which the first project did not need


def test_who_left_in_the_night_has_left_at_the_first_look_of_the_day(
    project: Project, invited: Parts, decides: Any, directors: dict[str, User], digi: Collaboration, time_machine: Any
) -> None:
    decides(invited["Bø"], 300_000)
    decides(invited["Hadsel"], 300_000)
    today = timezone.localdate()
    participation.give_notice(
        participation=invited["Bø"], leaves_on=today + timedelta(days=3), state="adopted", decided_by="kommunestyret",
        decided_on=today, case_number="40/26", by=directors["Bø"],
    )  # fmt: skip
    shares.up_to_date(digi)
    assert Share.objects.get(participation=invited["Hadsel"]).so_far == Decimal(300_000)
    time_machine.move_to(timezone.now() + timedelta(days=4))
    tasks.shares_of_the_day()
    assert Share.objects.get(participation=invited["Hadsel"]).so_far == Decimal(600_000)
    assert Share.objects.get(participation=invited["Bø"]).status == "left"
    same(project)


# --- a new population ---------------------------------------------------------------------------------


def test_new_counts_of_people_lead_to_new_shares_by_a_job(
    project: Project, invited: Parts, secretary: User, bo: Organisation, tmp_path: Path
) -> None:
    costs.share_cost(project=project, version=None, key="population", counted_on=timezone.localdate(), by=secretary)
    before = Share.objects.get(participation=invited["Bø"]).if_all
    file = tmp_path / "kommuner.csv"
    day = timezone.localdate().replace(month=1, day=1)
    head = f"kommunenummer;navn_kartverket;organisasjonsnummer;fylkesnavn;folketall_{day:%Y_%m_%d};maalform;nettsted"
    file.write_text(f"{head}\n{bo.number};{bo.name};;Nordland;9999;Bokmål;\n", encoding="utf-8")
    call_command("import_municipalities", str(file), stdout=StringIO())
    job = Job.objects.get(kind=shares.RECALCULATION)
    assert job.asked_by is None
    assert Share.objects.get(participation=invited["Bø"]).if_all == before
    assert jobs.run(job.pk).state == Job.State.DONE
    after = Share.objects.get(participation=invited["Bø"]).if_all
    assert after is not None
    assert before is not None
    assert after > before
    same(project)
    invited["Bø"].adoption.refresh_from_db()
    assert f"{int(after)}"[:2] in invited["Bø"].adoption.proposal.replace("\xa0", "")


def test_counts_that_no_project_is_shared_by_ask_for_nothing(project: Project, invited: Parts, bo: Any) -> None:
    shares.on_population([bo.pk], by=None)
    assert not Job.objects.filter(kind=shares.RECALCULATION).exists()


def test_a_secretary_who_registers_a_count_follows_the_job(
    project: Project, invited: Parts, secretary: User, director: User, bo: Organisation
) -> None:
    costs.share_cost(project=project, version=None, key="population", counted_on=LONG_AGO, by=secretary)
    shares.on_population([bo.pk], by=secretary)
    shares.on_population([bo.pk], by=director)
    assert {job.asked_by for job in Job.objects.filter(kind=shares.RECALCULATION)} == {secretary, None}


def test_the_others_are_proposed_their_new_share_when_one_says_no(
    project: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Øksnes"], state="not_adopted")
    invited["Bø"].adoption.refresh_from_db()
    assert "120\xa0000" in invited["Bø"].adoption.proposal


# --- two at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_leave_the_kept_shares_right(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User
) -> None:
    answers = at_once(
        *[lambda name=name: decides(invited[name], 150_000) for name in ("Bø", "Hadsel", "Øksnes", "Andøy")]
    )
    assert not any(isinstance(answer, Exception) for answer in answers)
    same(project)
    assert ProjectSums.objects.get(project=project).paying == 4


@pytest.mark.django_db(transaction=True)
def test_a_decision_while_the_cost_changes_leaves_the_kept_shares_right(
    project: Project, invited: Parts, decides: Callable[..., Any], secretary: User, directors: dict[str, User]
) -> None:
    """Whoever writes the years holds the project, and whoever decides its own answer; neither waits for the other."""
    half = Decimal(300_000)
    years: list[Any] = [{"year": THIS_YEAR + n, "cost": half, "grant_share": Decimal(0)} for n in (0, 1)]
    for round_ in range(4):
        cost = half * 2 + round_
        years[0]["cost"] = half + round_
        name = ["Bø", "Hadsel", "Øksnes", "Andøy"][round_]
        answers = at_once(
            lambda cost=cost: costs.write_costs(
                project=project, version=None, lines=[], years=years, shared_cost=cost, grant_share=Decimal(0),
                by=secretary,
            ),
            lambda name=name: decides(invited[name], 150_000),
            lambda: participation.join_from(
                participation=invited["Sortland"], joins_on=timezone.localdate(), by=directors["Sortland"]
            ),
        )  # fmt: skip
        assert not any(isinstance(answer, NotAllowedNow) for answer in answers)
        same(project)


def test_a_population_is_counted_by_the_newest_that_is_not_newer_than_the_day(
    project: Project, invited: Parts, secretary: User, bo: Organisation
) -> None:
    Population.objects.create(organisation=bo, on=LONG_AGO + timedelta(days=365), people=50_000)
    costs.share_cost(
        project=project, version=None, key="population", counted_on=LONG_AGO + timedelta(days=364), by=secretary
    )
    old = Share.objects.get(participation=invited["Bø"]).if_all
    costs.share_cost(
        project=project, version=None, key="population", counted_on=LONG_AGO + timedelta(days=365), by=secretary
    )
    assert Share.objects.get(participation=invited["Bø"]).if_all != old
    assert not YearShare.objects.exists()
    same(project)
