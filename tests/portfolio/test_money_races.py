"""Two use the same grant, or tell the same hours, at the same moment."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio import periods
from portfolio.actions import budgets, effort, grants
from portfolio.effort_rules import Told
from portfolio.models import Allocation, BaseBudget, Effort, Grant, GrantSpending
from portfolio.periods import Period
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MOST = Decimal(1_200_000)


def test_a_grant_is_not_laid_out_twice(grant: Grant, secretary: User) -> None:
    def lay(year: int) -> Allocation:
        made: Allocation = grants.allocate(grant=grant, year=year, amount=MOST, by=secretary)
        return made

    answers = at_once(lambda: lay(2026), lambda: lay(2027))
    assert sorted(type(answer).__name__ for answer in answers) == ["Allocation", "NotAllowedNow"]
    assert Allocation.objects.get().amount == MOST


def test_a_grant_is_not_spent_twice(grant: Grant, secretary: User) -> None:
    def spend() -> GrantSpending:
        return grants.spend(grant=grant, amount=MOST, spent_on=timezone.localdate(), text="Lisenser", by=secretary)

    answers = at_once(spend, spend)
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert GrantSpending.objects.count() == 1


def test_the_database_itself_lets_one_of_two_through(grant: Grant) -> None:
    """Past every verb: the trigger waits for the other, and then sees what it wrote."""

    def write() -> object:
        try:
            with transaction.atomic():
                return GrantSpending.objects.create(grant=grant, amount=MOST, text="Utenom")
        except IntegrityError as refused:
            return refused

    answers = at_once(write, write)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
    assert GrantSpending.objects.count() == 1


def test_a_half_year_and_its_month_are_not_told_at_the_same_moment(
    digi: Collaboration, sortland: Organisation, secretary: User
) -> None:
    half = periods.half_years(timezone.localdate().year - 1)[0]

    def tell(period: Period) -> list[Effort]:
        told = [Told(organisation=sortland, period=period, hours=Decimal(10))]
        return effort.tell_hours(collaboration=digi, told=told, by=secretary)

    answers = at_once(lambda: tell(half), lambda: tell(Period(half.starts_on, periods.MONTH)))
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert Effort.objects.count() == 1


def test_the_database_itself_keeps_them_apart(digi: Collaboration, sortland: Organisation, secretary: User) -> None:
    year = timezone.localdate().year - 1

    def write(span: str, starts_on: date) -> object:
        try:
            with transaction.atomic():
                return Effort.objects.create(
                    collaboration=digi, organisation=sortland, span=span, starts_on=starts_on, hours=1,
                    registered_by=secretary,
                )  # fmt: skip
        except IntegrityError as refused:
            return refused

    answers = at_once(
        lambda: write(periods.MONTH, date(year, 2, 1)), lambda: write(periods.HALF_YEAR, date(year, 1, 1))
    )
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1


def test_a_frame_is_adjusted_once_when_two_press(digi: Collaboration, secretary: User) -> None:
    budget = budgets.register_base_budget(
        collaboration=digi, year=2026, minimum=Decimal(1), maximum=Decimal(2), by=secretary
    )

    def adjust() -> BaseBudget:
        return budgets.adjust_base_budget(
            budget=budget, version=1, minimum=Decimal(2), maximum=Decimal(3), reason="Flere", by=secretary,
            applies_from=timezone.localdate(),
        )  # fmt: skip

    answers = at_once(adjust, adjust)
    assert sum(isinstance(answer, NotAllowedNow) for answer in answers) == 1
    assert list(BaseBudget.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]
