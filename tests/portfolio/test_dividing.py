"""No split loses or makes an øre, whatever the key, the years and who is in which of them (rule 2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.dividing import ALWAYS, Division, NoShares, Part, Party, divide
from portfolio.models import Project
from portfolio.splitting import split_units, units_of

YEARS = [2026, 2027, 2028]
KEYS = [key for key in Project.Key if key != Project.Key.RATE]
FIGURE = st.decimals(min_value=0, max_value=5_000, places=2)
PARTIES = st.lists(
    st.builds(
        Party,
        pk=st.integers(1, 400),
        organisation=st.integers(1, 400),
        left=st.just(False),
        first_year=st.sampled_from([ALWAYS[0], *YEARS]),
        last_year=st.sampled_from([ALWAYS[1], *YEARS]),
        use=FIGURE,
        amount=st.none() | FIGURE,
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda one: one.pk,
)
AMOUNTS = st.integers(0, 10**11)
# Whoever lives there, somebody does.
PEOPLE = {organisation: 120 + organisation * 613 % 20_000 for organisation in range(1, 401)}


def project_of(key: str, ore: int, **fields: object) -> Project:
    return Project(
        key=key, shared_cost=Decimal(ore) / 100, counted_on="2026-01-01", equal_percent=30, fixed_amount=Decimal(0),
        use_unit="brukere", hours=Decimal("417.3"), **fields,
    )  # fmt: skip


def there(parties: Sequence[Party], part: Part) -> list[Party]:
    return [one for one in parties if part.year is None or one.first_year <= part.year <= one.last_year]


def weighs(key: str, parties: Sequence[Party]) -> bool:
    """Somebody there carries something, by the figures that are written in."""
    told = {Project.Key.USE: [one.use for one in parties], Project.Key.MANUAL: [one.amount for one in parties]}
    return any(told[Project.Key(key)]) if key in told else bool(parties)


@given(st.sampled_from(KEYS), AMOUNTS, PARTIES)
def test_a_cost_is_divided_to_the_ore(key: str, ore: int, parties: list[Party]) -> None:
    divided = divide(project_of(key, ore), [Part(None, ore)], parties, PEOPLE)
    assert sum(divided.ore.values()) == (ore if weighs(key, parties) else 0)
    assert set(divided.ore) == {one.pk for one in parties}
    assert min(divided.ore.values()) >= 0


@given(st.sampled_from(KEYS), st.lists(AMOUNTS, min_size=3, max_size=3), PARTIES)
def test_each_year_is_divided_to_the_ore_among_those_who_are_in_it(
    key: str, amounts: list[int], parties: list[Party]
) -> None:
    parts = [Part(year, ore) for year, ore in zip(YEARS, amounts, strict=True)]
    divided = divide(project_of(key, sum(amounts)), parts, parties, PEOPLE)
    for part in parts:
        inside = there(parties, part)
        paid = {pk: years[part.year] for pk, years in divided.years.items() if part.year in years}
        assert set(paid) == {one.pk for one in inside}
        assert sum(paid.values()) == (part.ore if weighs(key, inside) else 0)
    for pk, years in divided.years.items():
        assert sum(years.values()) == divided.ore[pk]


@given(AMOUNTS, st.integers(0, 10**6), PARTIES)
def test_a_fixed_amount_and_the_rest_by_population_is_the_cost(ore: int, fixed: int, parties: list[Party]) -> None:
    project = project_of("fixed", ore)
    project.fixed_amount = Decimal(fixed) / 100
    if fixed * len(parties) > ore and ore:
        with pytest.raises(NoShares):
            divide(project, [Part(None, ore)], parties, PEOPLE)
        return
    divided = divide(project, [Part(None, ore)], parties, PEOPLE)
    assert sum(divided.ore.values()) == ore
    assert ore == 0 or min(divided.ore.values()) >= fixed


@given(st.integers(0, 10_000), PARTIES, st.data())
def test_at_a_rate_nobody_pays_more_when_others_are_not_with(
    rate: int, parties: list[Party], data: st.DataObject
) -> None:
    whole = rate * sum(PEOPLE[one.organisation] for one in parties)
    project = project_of("rate", whole)
    project.rate = Decimal(rate) / 100
    all_of_them = divide(project, [Part(None, whole)], parties, PEOPLE)
    few = data.draw(st.lists(st.sampled_from(parties), min_size=1, unique_by=lambda one: one.pk))
    some = divide(project, [Part(None, whole)], few, PEOPLE)
    assert sum(all_of_them.ore.values()) == whole
    assert all(some.ore[one.pk] == all_of_them.ore[one.pk] for one in few)
    assert sum(some.ore.values()) <= whole


@given(st.sampled_from(KEYS), AMOUNTS, PARTIES)
def test_the_hours_are_divided_to_the_tenth(key: str, ore: int, parties: list[Party]) -> None:
    divided = divide(project_of(key, ore), [Part(None, ore)], parties, PEOPLE)
    assert sum(divided.hours.values()) == units_of(Decimal("417.3"), Decimal("0.1"))


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=80).filter(any))
def test_who_carries_the_last_ore_pays_one_more_than_rounded_down(ore: int, weights: list[int]) -> None:
    parts, raised = split_units(ore, weights)
    for place, (part, weight) in enumerate(zip(parts, weights, strict=True)):
        assert part - ore * weight // sum(weights) == (1 if place in raised else 0)


def test_a_rate_that_asks_for_more_than_the_cost_gives_no_shares_but_a_sentence() -> None:
    project = project_of("rate", 100)
    project.rate = Decimal(20)
    with pytest.raises(NoShares, match="20"):
        divide(project, [Part(None, 100)], [Party(1, 1, False, *ALWAYS, None, None)], PEOPLE)


def test_nobody_among_nobody_divides_nothing() -> None:
    assert divide(project_of("equal", 100), [Part(None, 100)], [], {}) == Division()
