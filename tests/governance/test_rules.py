"""How a body decides, from a day on: what the law settles, and what a meeting has followed, stands (rule 5, D8)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance.actions import rules
from governance.models import Body, Meeting, RuleProfile
from governance.quorum import Quorum
from tests.governance.meeting_helpers import held

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def test_a_body_without_rules_of_its_own_has_the_usual_ones(steering: Body) -> None:
    assert steering.profile.is_simple
    assert steering.profile.decision_rule == "consensus"


def test_other_rules_hold_from_their_day_and_the_old_ones_before_it(steering: Body, secretary: Any) -> None:
    day = timezone.localdate() + TOMORROW
    rules.set_rules(body=steering, rules="steering", by=secretary)
    rules.set_rules(body=steering, rules="elected", since=day, by=secretary)
    assert not steering.profile_on(day - TOMORROW).by_law
    assert steering.profile_on(day).by_law


def test_what_chapter_11_settles_is_settled(steering: Body, secretary: Any) -> None:
    chosen = rules.set_rules(body=steering, rules="board", quorum="all", may_abstain=True, by=secretary)
    assert (chosen.quorum, chosen.may_abstain, chosen.between_meetings) == ("half", False, "strict")
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleProfile.objects.filter(pk=chosen.pk).update(may_abstain=True)


def test_rules_a_meeting_has_followed_stand(steering: Body, secretary: Any, directors: Any) -> None:
    meeting = held(steering, secretary)
    with pytest.raises(NotAllowedNow, match=meeting.label):
        rules.set_rules(body=steering, rules="elected", since=meeting.day, by=secretary)
    rules.set_rules(body=steering, rules="elected", since=meeting.day + TOMORROW, by=secretary)
    assert not meeting.profile.by_law


def test_only_those_who_manage_the_collaboration_set_rules(steering: Body, directors: dict[str, Any]) -> None:
    with pytest.raises(PermissionDenied):
        rules.set_rules(body=steering, rules="elected", since=date(2030, 1, 1), by=directors["Sortland"])


ENOUGH = {"majority": [1, 2, 2, 3, 4], "half": [1, 1, 2, 2, 3], "two_thirds": [1, 2, 2, 3, 4], "all": [1, 2, 3, 4, 6]}


@pytest.mark.parametrize(("rule", "needed"), ENOUGH.items())
def test_what_is_enough_follows_the_rule(rule: str, needed: list[int]) -> None:
    assert [Quorum(0, seats, rule).needed for seats in (1, 2, 3, 4, 6)] == needed


def test_a_meeting_asks_for_its_rules_once(
    steering: Body, secretary: Any, directors: Any, django_assert_num_queries: Any
) -> None:
    meeting = Meeting.objects.select_related("body").get(pk=held(steering, secretary).pk)
    with django_assert_num_queries(1):
        assert meeting.profile.is_simple and not meeting.profile.by_law
