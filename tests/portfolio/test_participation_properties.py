"""Whatever is decided and whenever, no sum counts a municipality outside its dates or its decision (rules 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.models import Adoption, Organisation
from portfolio.actions import participation
from portfolio.actions.contributions import fullest_day
from portfolio.actions.shares import recalculate
from portfolio.dividing import ALWAYS, Part, Party, divide
from portfolio.models import Contribution, Participation, Project, ProjectYear, Share, Status, YearShare
from portfolio.models.participation import YES, status_from
from portfolio.shares import financing

TODAY = timezone.localdate
YEARS = (2029, 2030, 2031, 2032)
DAYS = st.dates(date(2029, 1, 1), date(2032, 12, 31))
MAYBE_A_DAY = st.none() | DAYS
DECISIONS = st.sampled_from(["", "adopted", "reserved", "not_adopted"])
SIGNALS = st.sampled_from(["", "interested", "waiting"])


@given(DECISIONS, DECISIONS, MAYBE_A_DAY, MAYBE_A_DAY, SIGNALS, DAYS)
def test_a_status_is_one_of_the_vocabulary_and_silence_is_never_a_yes(
    decision: str, withdrawal: str, joins_on: date | None, leaves_on: date | None, interest: str, day: date
) -> None:
    status = status_from(decision, withdrawal, joins_on, leaves_on, interest, day)
    bound = {Status.TAKES_PART, Status.RESERVED, Status.NOTICE, Status.LEFT}
    assert status in Status
    if decision not in YES and withdrawal not in YES:
        assert status not in bound
    if withdrawal in YES and leaves_on and leaves_on < day:
        assert status == Status.LEFT
    if status in {Status.TAKES_PART, Status.RESERVED}:
        assert joins_on is None or joins_on <= day
    if interest and not decision and withdrawal not in YES:
        assert status in {Status.INTERESTED, Status.WAITING}


PARTY = st.builds(
    lambda pk, first, last: Party(pk, pk, False, first, last, None, None),
    st.integers(1, 9),
    st.sampled_from([ALWAYS[0], *YEARS]),
    st.sampled_from([ALWAYS[1], *YEARS]),
)


@given(
    st.lists(PARTY, min_size=1, max_size=9, unique_by=lambda one: one.pk),
    st.lists(st.integers(0, 10**9), min_size=len(YEARS), max_size=len(YEARS)),
)
def test_no_year_is_carried_by_one_who_is_not_in_it_and_each_year_is_whole(
    parties: Sequence[Party], costs: Sequence[int]
) -> None:
    project = Project(key=Project.Key.EQUAL, shared_cost=Decimal(sum(costs)) / 100)
    parts = [Part(year, cost) for year, cost in zip(YEARS, costs, strict=True)]
    found = divide(project, parts, parties, lambda _organisation: 0)
    for part in parts:
        there = {one.pk for one in parties if one.first_year <= (part.year or 0) <= one.last_year}
        carried = {pk: years[part.year] for pk, years in found.years.items() if part.year in years}  # type: ignore[index]
        assert set(carried) == there
        assert sum(carried.values()) == (part.ore if there else 0)
    assert found.ore == {pk: sum(years.values()) for pk, years in found.years.items()}


# --- the same, through the database ---------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What one municipality decides, as days from today."""

    state: str
    decided: int
    joins: int | None
    leaves: int | None
    interest: str
    objects: bool


STORY = st.builds(
    Story,
    state=st.sampled_from(["open", "adopted", "reserved", "not_adopted"]),
    decided=st.integers(-400, 0),
    joins=st.none() | st.integers(-800, 800),
    leaves=st.none() | st.integers(-300, 800),
    interest=SIGNALS,
    objects=st.booleans(),
)
ONE_DATABASE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def tell(part: Participation, story: Story, by: Any) -> None:
    """Write the story as its rows are, whatever the verbs would have said: the sums must hold for all of them."""
    day = TODAY() + timedelta(days=story.decided)
    decided = {
        "decided_by": "kommunestyret", "decided_on": day, "case_number": "1/31", "registered_by": by,
        "registered_at": timezone.now(), "conditions": "Ett år." if story.state == "reserved" else "",
        "amount": None if story.state == "not_adopted" else Decimal(50_000),
    }  # fmt: skip
    if story.state != "open":
        Adoption.objects.filter(pk=part.adoption_id).update(state=story.state, **decided)
    joins = None if story.joins is None else TODAY() + timedelta(days=story.joins)
    told: dict[str, Any] = {
        "joins_on": joins, "interest": story.interest, "reason": "Ingen ledige." if story.interest else "",
        "interest_on": TODAY() if story.interest else None,
    }  # fmt: skip
    if story.leaves is not None and story.state in YES:
        leaves = max(TODAY() + timedelta(days=story.leaves), joins or date.min)
        withdrawal = Adoption.objects.create(
            collaboration=part.adoption.collaboration, organisation=part.organisation, matter="Ut",
            key=f"ut-{part.pk}", state="adopted", **{**decided, "amount": None, "conditions": ""},
        )  # fmt: skip
        if story.objects:
            Adoption.objects.filter(pk=withdrawal.pk).update(state="not_adopted")
        told |= {"withdrawal": withdrawal, "leaves_on": leaves}
    Participation.objects.filter(pk=part.pk).update(**told)


@pytest.fixture
def laid_out(project: Project) -> Project:
    for shift in (-1, 0, 1):
        ProjectYear.objects.create(project=project, year=TODAY().year + shift, cost=Decimal(200_000))
    return project


@ONE_DATABASE
@given(st.lists(STORY, min_size=6, max_size=6))
def test_what_is_kept_is_what_follows_from_the_decisions_and_nothing_else(
    laid_out: Project, invited: dict[str, Participation], secretary: Any, stories: list[Story]
) -> None:
    with transaction.atomic():
        for part, story in zip(invited.values(), stories, strict=True):
            tell(part, story, secretary)
        recalculate([laid_out])
        _nothing_outside_its_decision(laid_out)
        _the_same_one_by_one(laid_out)
        _the_same_by_day(laid_out)
        transaction.set_rollback(True)


def _nothing_outside_its_decision(project: Project) -> None:
    parts = {part.pk: part for part in project.participations.whole()}
    for share in Share.objects.filter(project=project):
        part = parts[share.participation_id]
        assert share.status == part.status
        assert part.is_bound or (share.so_far is None and share.covered is None and not share.excess)
    for one in YearShare.objects.filter(project=project).exclude(so_far=None):
        part = parts[one.participation_id]
        assert part.is_bound
        assert part.joins_on is None or part.joins_on.year <= one.year
        assert not part.is_leaving or part.leaves_on is None or one.year <= part.leaves_on.year
    for year in project.years.all():
        carried = YearShare.objects.filter(project=project, year=year.year).exclude(so_far=None)
        total = sum((one.so_far or Decimal(0) for one in carried), Decimal(0))
        assert total == (year.to_share if carried else 0)


def _the_same_one_by_one(project: Project) -> None:
    divided = financing(project, list(project.participations.whole()))
    kept = dict(Share.objects.filter(project=project).values_list("participation", "so_far"))
    assert {line.participation.pk: line.so_far for line in divided.lines} == kept


def _the_same_by_day(project: Project) -> None:
    for days in (-500, -100, -1, 0, 1, 100, 500):
        day = TODAY() + timedelta(days=days)
        told = dict(Participation.objects.with_status(day).values_list("pk", "status_then"))
        parts = list(project.participations.whole())
        assert told == {part.pk: part.status_on(day) for part in parts}
        taking = {part.pk for part in parts if part.status_on(day) in {"takes_part", "reserved", "notice"}}
        assert set(Participation.objects.taking_part(day).values_list("pk", flat=True)) == taking


@ONE_DATABASE
@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(0, 300), st.none() | st.integers(0, 300)), max_size=6),
    st.integers(0, 300),
    st.none() | st.integers(0, 300),
)
def test_the_fullest_day_of_a_person_is_the_fullest_of_all_days(
    invited: dict[str, Participation],
    bo: Organisation,
    secretary: Any,
    shares: list[tuple[int, int, int | None]],
    since: int,
    length: int | None,
) -> None:
    from tests.people import person  # noqa: PLC0415 -- a new one for each case

    first = date(2031, 1, 1)
    with transaction.atomic():
        who = person("Kari Nilsen", organisation=bo)
        for percent, start, lasts in shares:
            begins = first + timedelta(days=start)
            until = None if lasts is None else begins + timedelta(days=lasts)
            other = [one for one in who.contributions.all() if _meet(one, begins, until)]
            if (
                any(one.since == begins for one in who.contributions.all())
                or sum(o.percent for o in other) > 100 - percent
            ):
                continue
            Contribution.objects.create(
                participation=invited["Bø"], person=who, percent=percent, since=begins, until=until
            )
        begins = first + timedelta(days=since)
        until = None if length is None else begins + timedelta(days=length)
        found = fullest_day(who, begins, until, by=secretary)
        days = [
            begins + timedelta(days=number)
            for number in range(700)
            if until is None or begins + timedelta(days=number) <= until
        ]
        sums = [sum(one.percent for one in who.contributions.active(day)) for day in days[:: max(len(days) // 60, 1)]]
        assert found.percent >= max(sums)
        assert found.percent == sum(one.percent for one in who.contributions.active(found.day))
        transaction.set_rollback(True)


def _meet(one: Contribution, begins: date, until: date | None) -> bool:
    return (one.until is None or one.until >= begins) and (until is None or one.since <= until)


def test_the_stories_reach_what_they_are_about(
    laid_out: Project, invited: dict[str, Participation], secretary: Any
) -> None:
    """One story told to the end, so that the properties above are not about nothing."""
    bo, hadsel = invited["Bø"], invited["Hadsel"]
    tell(bo, Story("adopted", -10, None, 0, "", False), secretary)
    tell(hadsel, Story("adopted", -10, 400, None, "", False), secretary)
    recalculate([laid_out])
    assert participation.locked_participation(bo, None).status == Status.NOTICE
    assert participation.locked_participation(hadsel, None).status == Status.WAITING
    assert YearShare.objects.filter(project=laid_out).exclude(so_far=None).count() >= 2
