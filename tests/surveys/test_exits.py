"""When a contract can be left, and the days on which most can: worked out by hand, then against day by day (8.1).

Each example says in its comment how a person reckons it with a calendar. Today is Sunday 22 November 2026.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.exits import FAR, Exit, Missing, Way, exits, in_both, within
from surveys.months import add_months, last_period_end, period_end, shift
from surveys.windows import Peak, best_day, peaks

TODAY = date(2026, 11, 22)
EMPTY: dict[str, Any] = {
    "contract_end": None, "end_running": False, "binding_until": None, "notice_months": None, "notice_to": "",
    "options": None, "option_months": None, "renews_months": None,
}  # fmt: skip


def contract(**said: Any) -> Exit:
    return exits(EMPTY | said, said.pop("today", TODAY))


# --- by hand ----------------------------------------------------------------------------------------------


def test_1_a_contract_with_an_end_alone_is_left_on_that_day_and_on_no_other() -> None:
    # Ends 30 June 2028, nothing else known: that day, and nobody has to say anything.
    found = contract(contract_end=date(2028, 6, 30))

    assert (found.earliest, found.latest, found.notice_on) == (date(2028, 6, 30), date(2028, 6, 30), None)
    assert found.spans(TODAY) == [(date(2028, 6, 30), date(2028, 6, 30))]
    assert found.way_out(date(2028, 6, 30), TODAY) == (Way.FREE, None)
    assert found.way_out(date(2028, 6, 29), TODAY) == (Way.BOUND, None)
    assert found.way_out(date(2028, 7, 1), TODAY) == (Way.OVER, None)


def test_2_binding_that_ends_before_the_contract_lets_out_early_with_notice() -> None:
    # Bound to 30 June 2027, ends 30 June 2029, three months' notice: 30 June 2027 back three months is 31 March 2027.
    found = contract(contract_end=date(2029, 6, 30), binding_until=date(2027, 6, 30), notice_months=3)

    assert (found.earliest, found.latest) == (date(2027, 6, 30), date(2029, 6, 30))
    assert found.notice_on == date(2027, 3, 31)
    assert found.way_out(date(2027, 6, 30), TODAY) == (Way.NOTICE, date(2027, 3, 31))
    assert found.way_out(date(2028, 1, 15), TODAY) == (Way.NOTICE, date(2027, 10, 15))


def test_3_options_prolong_the_last_day() -> None:
    # Ends 31 December 2027; two options of twelve months: 31 December 2028, then 31 December 2029.
    found = contract(contract_end=date(2027, 12, 31), options=2, option_months=12)

    assert (found.earliest, found.latest) == (date(2027, 12, 31), date(2029, 12, 31))
    assert found.spans(TODAY, options=False) == [(date(2027, 12, 31), date(2027, 12, 31))]
    # To be out in the middle of the first option it must be used before the contract has ended.
    assert found.way_out(date(2028, 6, 30), TODAY) == (Way.OPTION, date(2027, 12, 31))
    assert found.way_out(date(2030, 1, 1), TODAY) == (Way.OVER, None)


def test_4_a_running_contract_with_notice_to_the_end_of_a_month() -> None:
    # 22 November and three months is 22 February 2027; the end of that month is the 28th. Three whole months
    # (December, January, February) then lie after 30 November, the last day to say it.
    found = contract(end_running=True, notice_months=3, notice_to="month")

    assert (found.earliest, found.latest) == (date(2027, 2, 28), None)
    assert found.notice_on == date(2026, 11, 30)


def test_5_a_running_contract_with_notice_to_the_end_of_a_quarter() -> None:
    # 22 February 2027 is in the first quarter, which ends 31 March; back three months is 31 December 2026.
    found = contract(end_running=True, notice_months=3, notice_to="quarter")

    assert (found.earliest, found.notice_on) == (date(2027, 3, 31), date(2026, 12, 31))
    # Out on 15 August 2027 means out at the end of June already, with notice by the end of March.
    assert found.way_out(date(2027, 8, 15), TODAY) == (Way.NOTICE, date(2027, 3, 31))


def test_6_a_running_contract_with_notice_to_the_end_of_a_year() -> None:
    # 22 November and two months is 22 January 2027: the year is 2027, so 31 December 2027; notice by 31 October.
    found = contract(end_running=True, notice_months=2, notice_to="year")

    assert (found.earliest, found.notice_on) == (date(2027, 12, 31), date(2027, 10, 31))


def test_7_in_a_leap_year_february_has_29_days() -> None:
    # On 29 November 2027 three months' notice reaches 29 February 2028, the last day of the month.
    leap = exits(EMPTY | {"end_running": True, "notice_months": 3, "notice_to": "month"}, date(2027, 11, 29))
    # A year after 28 February 2027, the last day, is 29 February 2028, the last day again.
    option = contract(contract_end=date(2027, 2, 28), options=1, option_months=12)

    assert (leap.earliest, leap.notice_on) == (date(2028, 2, 29), date(2027, 11, 30))
    assert option.latest == date(2028, 2, 29)


def test_8_the_notice_date_has_passed_and_the_contract_renews_itself() -> None:
    # Ends 31 December 2026, renews by twelve months, three months' notice: 30 September 2026 is past. The next way
    # out is 31 December 2027, with notice by 30 September 2027.
    found = contract(contract_end=date(2026, 12, 31), renews_months=12, notice_months=3)

    assert (found.earliest, found.notice_on) == (date(2026, 12, 31), date(2026, 9, 30))
    assert found.notice_passed(TODAY)
    assert found.renews_on == date(2026, 12, 31)
    assert found.way_out(date(2026, 12, 31), TODAY) == (Way.LATE, date(2026, 9, 30))
    assert found.way_out(date(2027, 12, 31), TODAY) == (Way.NOTICE, date(2027, 9, 30))
    assert found.way_out(date(2027, 6, 30), TODAY) == (Way.BOUND, None)


def test_9_the_notice_date_of_the_binding_has_passed_but_a_later_day_is_open() -> None:
    # Bound to 31 January 2027, six months' notice: 31 July 2026 is past. Said today, it is out 22 May 2027.
    found = contract(contract_end=date(2028, 12, 31), binding_until=date(2027, 1, 31), notice_months=6)

    assert (found.earliest, found.notice_on) == (date(2027, 1, 31), date(2026, 7, 31))
    assert found.notice_passed(TODAY)
    assert found.spans(TODAY) == [(date(2027, 5, 22), date(2028, 12, 31))]
    assert found.way_out(date(2027, 3, 1), TODAY)[0] == Way.LATE
    assert found.way_out(date(2027, 5, 22), TODAY) == (Way.NOTICE, TODAY)


def test_10_the_last_day_of_the_notice_is_today() -> None:
    # Six months back from 22 May 2027 is 22 November 2026, today: it is not too late.
    found = contract(contract_end=date(2027, 5, 22), renews_months=12, notice_months=6)

    assert found.notice_on == TODAY
    assert not found.notice_passed(TODAY)
    assert found.way_out(date(2027, 5, 22), TODAY) == (Way.NOTICE, TODAY)
    assert found.way_out(date(2027, 5, 22), TODAY + timedelta(days=1))[0] == Way.LATE


def test_11_a_contract_that_has_renewed_itself_ends_at_the_next_turn() -> None:
    # Ended 31 August 2021 and renews by 24 months: 2023, 2025, and then 31 August 2027; notice by 31 May 2027.
    found = contract(contract_end=date(2021, 8, 31), renews_months=24, notice_months=3)

    assert (found.earliest, found.renews_on) == (date(2027, 8, 31), date(2027, 8, 31))
    assert found.notice_on == date(2027, 5, 31)


def test_12_what_nobody_knows_is_said_to_be_missing() -> None:
    # «Vet ikke» is no day; a contract that ended without renewing says nothing of today, options or not.
    assert contract(end_unknown=True).missing == Missing.UNKNOWN
    assert contract(contract_end=date(2026, 11, 21)).missing == Missing.PASSED
    assert contract(contract_end=date(2026, 11, 21), options=2, option_months=12).missing == Missing.PASSED
    assert contract(contract_end=TODAY).missing == Missing.NO
    assert contract(end_unknown=True).spans(TODAY) == []


def test_13_a_running_contract_that_is_still_bound() -> None:
    # Bound to 15 August 2027 and notice to the end of a quarter: 30 September 2027; one month back is 31 August.
    found = contract(end_running=True, binding_until=date(2027, 8, 15), notice_months=1, notice_to="quarter")

    assert (found.earliest, found.notice_on) == (date(2027, 9, 30), date(2027, 8, 31))


def test_14_a_binding_that_is_over_leaves_the_notice() -> None:
    # Bound to 2025; ends 31 December 2029; two months' notice to the month's end: 22 January, so 31 January 2027.
    found = contract(
        contract_end=date(2029, 12, 31), binding_until=date(2025, 12, 31), notice_months=2, notice_to="month"
    )

    assert (found.earliest, found.notice_on) == (date(2027, 1, 31), date(2026, 11, 30))


def test_15_a_running_contract_that_takes_no_notice_can_be_left_today() -> None:
    found = contract(end_running=True, notice_months=0)

    assert (found.earliest, found.latest, found.notice_on) == (TODAY, None, TODAY)
    assert found.spans(TODAY) == [(TODAY, FAR)]


def test_16_bound_to_today_with_notice_to_the_month_is_out_at_the_end_of_the_month() -> None:
    # Bound to 22 November, and notice runs to the end of a month: 30 November is the first day, said that day.
    found = contract(contract_end=date(2027, 1, 1), binding_until=TODAY, notice_months=0, notice_to="month")

    assert found.way_out(TODAY, TODAY) == (Way.BOUND, None)
    assert found.way_out(date(2026, 11, 30), TODAY) == (Way.NOTICE, date(2026, 11, 30))


def test_17_the_end_of_the_binding_is_rounded_to_what_notice_runs_to_but_not_past_the_end() -> None:
    # Bound to 15 August 2027, one month to the end of a quarter: 30 September, said by 31 August. In a contract that
    # ends on 31 August there is no quarter's end left, so it is that day.
    bound = {"binding_until": date(2027, 8, 15), "notice_months": 1, "notice_to": "quarter"}
    long, short = contract(contract_end=date(2029, 6, 30), **bound), contract(contract_end=date(2027, 8, 31), **bound)

    assert (long.earliest, long.notice_on) == (date(2027, 9, 30), date(2027, 8, 31))
    assert long.way_out(date(2027, 8, 15), TODAY) == (Way.BOUND, None)
    assert (short.earliest, short.needs_notice) == (date(2027, 8, 31), False)


def test_18_where_nobody_knows_the_notice_no_day_is_made_up() -> None:
    # Running, or renewing itself: nobody can tell. With an end it is over on that day, and not a day before.
    running = contract(end_running=True, notice_to="month")
    renewing = contract(contract_end=date(2027, 12, 31), renews_months=12)
    bound = contract(contract_end=date(2029, 12, 31), binding_until=date(2025, 12, 31))

    assert {running.missing, renewing.missing} == {Missing.NOTICE}
    assert running.spans(TODAY) == renewing.spans(TODAY) == []
    assert renewing.renews_on == date(2027, 12, 31)
    assert bound.spans(TODAY) == [(date(2029, 12, 31), date(2029, 12, 31))]


# Counted on the calendar: a day, so many months, the last day of the month that is reached.
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 2, 28), -3, date(2026, 11, 30)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
        (date(2028, 2, 28), -1, date(2028, 1, 28)),
        (date(2027, 3, 30), -1, date(2027, 2, 28)),
        (date(2027, 4, 30), 1, date(2027, 5, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_contract_counts_from_month_end_to_month_end(day: date, months: int, expected: date) -> None:
    assert shift(day, months) == expected


def test_the_ends_of_periods() -> None:
    assert [period_end(date(2028, 2, 10), p) for p in ("", "month", "quarter", "year")] == [
        date(2028, 2, 10), date(2028, 2, 29), date(2028, 3, 31), date(2028, 12, 31),
    ]  # fmt: skip
    assert [last_period_end(date(2028, 2, 10), p) for p in ("", "month", "quarter", "year")] == [
        date(2028, 2, 10), date(2028, 1, 31), date(2027, 12, 31), date(2027, 12, 31),
    ]  # fmt: skip
    assert last_period_end(date(2028, 3, 31), "quarter") == date(2028, 3, 31)


# --- the day of a window, by hand ------------------------------------------------------------------------------


def test_the_day_is_the_first_that_leaves_time_for_a_procurement() -> None:
    # Fifteen months from 22 November 2026 is 22 February 2028; 2028 is a leap year, so the month ends on the 29th.
    open_long = Peak(date(2027, 1, 1), FAR, frozenset({1, 2}))
    far_off = Peak(date(2029, 6, 30), date(2030, 6, 30), frozenset({1, 2}))
    too_short = Peak(date(2027, 1, 1), date(2027, 6, 30), frozenset({1, 2}))

    assert best_day(open_long, TODAY, 15) == date(2028, 2, 29)
    assert best_day(far_off, TODAY, 15) == date(2029, 6, 30)
    assert best_day(too_short, TODAY, 15) == date(2027, 6, 30)


def test_the_days_that_most_can_leave_are_found() -> None:
    # Andøy 1 Jan–31 Mar, Bø 1 Feb–30 Apr, Hadsel 1 Mar–31 Mar, Øksnes 1 Jun: three in March, and one alone in June.
    found = peaks({
        1: [(date(2028, 1, 1), date(2028, 3, 31))],
        2: [(date(2028, 2, 1), date(2028, 4, 30))],
        3: [(date(2028, 3, 1), date(2028, 3, 31))],
        4: [(date(2028, 6, 1), date(2028, 6, 1))],
    })  # fmt: skip

    assert found == [
        Peak(date(2028, 3, 1), date(2028, 3, 31), frozenset({1, 2, 3})),
        Peak(date(2028, 6, 1), date(2028, 6, 1), frozenset({4})),
    ]


# --- whatever the contracts say ------------------------------------------------------------------------------

DAYS = st.dates(date(2026, 11, 22), date(2029, 6, 30))
MONTHS = st.integers(0, 12)


@st.composite
def uses(draw: st.DrawFn) -> dict[str, Any]:
    """A contract as the database lets it be."""
    running, end = draw(st.booleans()), draw(st.dates(date(2024, 1, 1), date(2029, 6, 30)))
    bound = draw(st.none() | st.dates(date(2024, 1, 1), end))
    renews = draw(st.none() | st.integers(1, 36))
    return EMPTY | {
        "end_running": running,
        "contract_end": None if running else end,
        "binding_until": bound,
        "notice_months": draw(st.none() | MONTHS),
        "notice_to": draw(st.sampled_from(["", "month", "quarter", "year"])),
        "options": None if running else draw(st.none() | st.integers(0, 3)),
        "option_months": draw(st.integers(1, 24)),
        "renews_months": None if running else renews,
    }


@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)), months=st.integers(0, 60))
def test_the_notice_date_is_the_last_day_that_is_in_time(day: date, months: int) -> None:
    last = shift(day, -months)

    assert add_months(last, months) <= day < add_months(last + timedelta(days=1), months)


@example(
    use=EMPTY | {"contract_end": date(2028, 12, 31), "binding_until": date(2027, 1, 31), "notice_months": 6},
    on=date(2027, 3, 1),
)
@given(use=uses(), on=DAYS)
def test_whoever_can_leave_is_told_a_deadline_that_is_not_past(use: dict[str, Any], on: date) -> None:
    found = exits(use, TODAY)
    way, by = found.way_out(on, TODAY)

    assert (way in (Way.FREE, Way.NOTICE, Way.OPTION)) == within(on, found.spans(TODAY))
    if way in (Way.NOTICE, Way.OPTION):
        assert by is not None and TODAY <= by <= on
    if way == Way.LATE:
        assert by is not None and by < TODAY


@given(use=uses())
def test_the_days_lie_between_the_earliest_and_the_latest(use: dict[str, Any]) -> None:
    found = exits(use, TODAY)
    for first, last in found.spans(TODAY, too_late=True):
        assert found.earliest <= first <= last
        assert found.latest is None or found.renews or last <= found.latest
    inside = found.spans(TODAY)
    assert inside == sorted(inside)
    assert all(one[1] < other[0] for one, other in zip(inside, inside[1:], strict=False))


@given(some=uses(), other=uses(), on=DAYS)
def test_two_contracts_are_left_on_the_days_of_both(some: dict[str, Any], other: dict[str, Any], on: date) -> None:
    first, second = exits(some, TODAY).spans(TODAY), exits(other, TODAY).spans(TODAY)

    assert within(on, in_both(first, second)) == (within(on, first) and within(on, second))


@settings(max_examples=40, deadline=None)
@given(contracts=st.lists(uses(), min_size=1, max_size=6))
def test_the_sweep_finds_what_looking_at_every_day_finds(contracts: list[dict[str, Any]]) -> None:
    spans = {place: exits(use, TODAY).spans(TODAY) for place, use in enumerate(contracts)}
    found = peaks(spans)
    for peak in found:
        for day in {peak.first, min(peak.last, date(2036, 1, 1)), best_day(peak, TODAY, 15)}:
            if peak.first <= day <= peak.last:
                assert {place for place in spans if within(day, spans[place])} == peak.places
    day, every_day = TODAY, set()
    while day < date(2030, 1, 1):
        every_day.add(frozenset(place for place in spans if within(day, spans[place])))
        day += timedelta(days=1)
    most = max(len(places) for places in every_day)
    assert max((len(peak.places) for peak in found), default=0) >= most
    # Nobody who can leave together on any day is overlooked.
    assert all(any(places <= peak.places for peak in found) for places in every_day if places)
