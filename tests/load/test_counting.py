"""What `make load` says: what failed, what was lost, what stands twice."""

from types import SimpleNamespace
from typing import Any

import pytest

from digivesteralen.load import running
from digivesteralen.load.visiting import Director, Visit
from governance.actions import opinions
from tests.governance.meeting_helpers import called


def _director(port: int = 9, **fields: Any) -> Director:
    places = dict.fromkeys(["agenda", "portfolio", "municipality", "case", "answer"], "/")
    return Director(port, "a session", **places, **fields)


def test_nineteen_of_twenty_stay_within_the_time_that_is_told() -> None:
    assert running.p95([float(n) for n in range(1, 101)]) == 95
    assert running.p95([0.2]) == 0.2


def test_a_page_that_failed_is_named_and_a_second_press_is_no_failure() -> None:
    visits = [Visit("agenda", 200, 0.1), Visit("answer again", 409, 0.1), Visit("case", 409, 0.1), Visit("case", 0, 30)]
    assert running._failed(visits) == ["case: 409 after 0.1 s", "case: no answer after 30.0 s"]


def test_a_portal_that_is_not_there_is_no_answer() -> None:
    director = _director()
    director.work(pause=0)
    assert {visit.status for visit in director.visits} == {0}
    assert [visit.what for visit in director.visits] == ["agenda", "portfolio", "my municipality", "case", "answer"]


@pytest.mark.django_db
def test_an_answer_that_is_lost_is_told(steering: Any, secretary: Any, directors: dict[str, Any]) -> None:
    case = called(steering, secretary).items.get().case
    load: Any = SimpleNamespace(case=case, directors=[_director(), _director()])
    for name in ("Bø", "Hadsel"):
        assert running._answers(load) != []
        user = directors[name]
        opinions.give_view(case=case, organisation=user.person.organisation, stance="supports", by=user)
    assert running._answers(load) == []
    load.directors.append(_director())
    assert running._answers(load) == ["2 answers of 2 places stand, not 3."]
