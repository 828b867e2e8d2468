"""Two use the same grant, or tell the same hours, at the same moment."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Collaboration
from portfolio.actions import budgets, grants
from portfolio.models import Allocation, BaseBudget, Grant, GrantSpending
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
