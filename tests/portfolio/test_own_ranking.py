"""The directors rank before the meeting, each for itself; nobody sees another's before the own is sent."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.start import tasks
from governance.actions import meetings
from governance.models import Body, Collaboration, Organisation
from portfolio.actions import projects
from portfolio.actions.ranking_rounds import ask_directors, end_round, send_own
from portfolio.models import OwnPlace, OwnRanking, Participation, RankingRound
from portfolio.ranking_spread import spread
from tests.portfolio.money import here
from tests.refusals import the_database_refuses

SOON = timedelta(days=3)


@pytest.fixture
def keys(digi: Collaboration, secretary: User) -> list[str]:
    made = [projects.register_project(collaboration=digi, title=f"Prosjekt {name}", by=secretary) for name in "ABC"]
    return [f"prosjekt-{one.number}" for one in made]


@pytest.fixture
def asked(digi: Collaboration, keys: list[str], steering: Body, secretary: User) -> RankingRound:
    return ask_directors(collaboration=digi, keys=keys, answer_by=timezone.now() + SOON, by=secretary)


def places(round: RankingRound, *order: int) -> dict[int, int]:
    return dict(zip(round.items.values_list("pk", flat=True), order, strict=True))


def sent(round: RankingRound, name: str, by: User, *order: int, **more: Any) -> OwnRanking:
    organisation = Organisation.objects.get(name=name)
    return send_own(round=round, organisation=organisation, places=places(round, *order), by=by, **more)


def test_the_page_before_the_meeting_asks_only_where_it_is_asked_for(
    go: Any, directors: dict[str, User], keys: list[str], steering: Body, digi: Collaboration, secretary: User
) -> None:
    director = directors["Bø"]
    assert here("own_ranking", 1) not in go(director).get(reverse("start")).content.decode()
    asked = ask_directors(collaboration=digi, keys=keys, answer_by=timezone.now() + SOON, by=secretary)
    assert here("own_ranking", 1) in go(director).get(reverse("start")).content.decode()
    assert any(here("own_ranking", 1) in task.url for task in tasks.waiting_for(director))
    sent(asked, "Bø", director, 1, 2, 3)
    assert not any(here("own_ranking", 1) in task.url for task in tasks.waiting_for(director))


def test_nobody_sees_another_before_the_own_is_sent_but_the_secretariat(
    go: Any, asked: RankingRound, directors: dict[str, User], it_leader: User, secretary: User
) -> None:
    sent(asked, "Bø", directors["Bø"], 3, 2, 1)
    page = here("ranking_round", 1)
    assert go(directors["Hadsel"]).get(page).context_data["spread"] is None
    assert go(directors["Hadsel"]).get(page, {"format": "xlsx"}).headers["Content-Type"].startswith("text/html")
    assert go(secretary).get(page).context_data["spread"].count == 1
    sent(asked, "Hadsel", directors["Hadsel"], 1, 2, 3)
    assert go(directors["Hadsel"]).get(page).context_data["spread"].count == 2
    assert go(it_leader).get(page).context_data["spread"] is None
    end_round(round=asked, by=secretary)
    assert go(directors["Andøy"]).get(page).context_data["spread"].count == 2
    assert go(it_leader).get(page).context_data["spread"] is None


def test_the_spread_is_told_with_mean_lowest_highest_and_deviation(
    go: Any, asked: RankingRound, directors: dict[str, User], secretary: User
) -> None:
    assert spread(asked).lines[0].mean is None
    for name, order in (("Bø", (3, 2, 1)), ("Hadsel", (1, 2, 3)), ("Sortland", (2, 3, 1))):
        sent(asked, name, directors[name], *order)
    found = spread(asked)
    assert (found.count, len(found.asked)) == (3, 6)
    first = found.lines[0]
    assert (first.title, first.mean, first.lowest, first.highest) == ("Prosjekt C", Decimal("1.67"), 1, 3)
    assert first.deviation == Decimal("0.94")
    assert {place.name for place in found.silent} == {"Andøy", "Lødingen", "Øksnes"}
    answer = go(secretary).get(here("ranking_round", 1), {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[1][:2] == ("Prosjekt C", 3)


def test_the_director_ranks_on_the_page_and_may_change_it(
    go: Any, asked: RankingRound, directors: dict[str, User]
) -> None:
    page, by = f"{here('own_ranking', 1)}?kommune=1867", directors["Bø"]
    form = go(by).get(page).context_data["form"]
    assert [bound.value() for _item, bound in form.rows] == [1, 2, 3]
    items = list(asked.items.values_list("pk", flat=True))
    twice = {f"place_{items[0]}": "1", f"place_{items[1]}": "1", f"place_{items[2]}": "3", "version": 0}
    answer = go(by).post(page, twice)
    assert "Prosjekt A" in str(answer.context_data["form"].errors[f"place_{items[1]}"])
    right = {**twice, f"place_{items[0]}": "2"}
    assert go(by).post(page, right).status_code == 302
    assert go(by).post(page, right).status_code == 409
    assert go(by).post(page, {**right, "version": 1}).status_code == 302
    assert OwnRanking.objects.get().version == 2
    assert go(by).get(here("ranking_round", 1)).status_code == 200


def test_an_order_with_gaps_or_of_another_seat_is_refused(
    asked: RankingRound, directors: dict[str, User], it_leader: User, bo: Organisation
) -> None:
    with pytest.raises(NotAllowedNow):
        sent(asked, "Bø", directors["Bø"], 1, 2, 4)
    with pytest.raises(NotAllowedNow):
        sent(asked, "Hadsel", directors["Bø"], 1, 2, 3)
    with pytest.raises(PermissionDenied):
        sent(asked, "Bø", it_leader, 1, 2, 3)
    sent(asked, "Bø", directors["Bø"], 1, 2, 3)
    with pytest.raises(Stale):
        sent(asked, "Bø", directors["Bø"], 2, 1, 3, version=0)


def test_after_the_deadline_or_the_start_of_the_meeting_no_answer_is_taken(
    digi: Collaboration, asked: RankingRound, keys: list[str], steering: Body, directors: dict[str, User],
    secretary: User,
) -> None:  # fmt: skip
    with pytest.raises(NotAllowedNow):
        sent(asked, "Bø", directors["Bø"], 1, 2, 3, at=timezone.now() + 2 * SOON)
    end_round(round=asked, by=secretary)
    with pytest.raises(NotAllowedNow):
        sent(asked, "Bø", directors["Bø"], 1, 2, 3)
    meeting = meetings.make_meeting(body=steering, starts_at=timezone.now() + SOON, place="Sortland", by=secretary)
    again = ask_directors(collaboration=digi, keys=keys, meeting=meeting, by=secretary)
    sent(again, "Bø", directors["Bø"], 1, 2, 3)
    with pytest.raises(NotAllowedNow):
        sent(again, "Hadsel", directors["Hadsel"], 1, 2, 3, at=meeting.starts_at)


def test_what_is_asked_about_must_be_something_one_can_rank_and_one_at_a_time(
    digi: Collaboration, keys: list[str], steering: Body, secretary: User, director: User
) -> None:
    later = timezone.now() + SOON
    with pytest.raises(PermissionDenied):
        ask_directors(collaboration=digi, keys=keys, answer_by=later, by=director)
    with pytest.raises(NotAllowedNow):
        ask_directors(collaboration=digi, keys=keys[:1], answer_by=later, by=secretary)
    with pytest.raises(NotAllowedNow):
        ask_directors(collaboration=digi, keys=keys, answer_by=timezone.now() - SOON, by=secretary)
    with pytest.raises(NotAllowedNow):
        ask_directors(collaboration=digi, keys=keys, by=secretary)
    ask_directors(collaboration=digi, keys=keys, answer_by=later, by=secretary)
    with pytest.raises(NotAllowedNow):
        ask_directors(collaboration=digi, keys=keys, answer_by=later, by=secretary)


def test_the_secretariat_asks_on_the_page(
    go: Any, keys: list[str], steering: Body, secretary: User, director: User
) -> None:
    day = timezone.localdate() + SOON
    assert go(director).get(here("ask_directors")).status_code == 403
    assert go(secretary).get(here("ask_directors")).status_code == 200
    assert set(go(secretary).post(here("ask_directors"), {"keys": keys}).context_data["form"].errors) == {"day"}
    data = {"keys": keys[:2], "day": f"{day:%d.%m.%Y}", "clock": "15.00"}
    assert go(secretary).post(here("ask_directors"), data).url == here("ranking_round", 1)
    assert RankingRound.objects.get().items.count() == 2
    assert go(secretary).get(here("end_ranking_round", 1)).status_code == 200
    go(secretary).post(here("end_ranking_round", 1))
    assert not RankingRound.objects.get().is_open()


def test_the_database_keeps_each_place_once_and_in_its_own_round(
    digi: Collaboration, asked: RankingRound, keys: list[str], directors: dict[str, User], secretary: User
) -> None:
    own = sent(asked, "Bø", directors["Bø"], 1, 2, 3)
    end_round(round=asked, by=secretary)
    other = ask_directors(collaboration=digi, keys=keys, answer_by=timezone.now() + SOON, by=secretary)
    with the_database_refuses(), transaction.atomic():
        OwnPlace.objects.create(own=own, item=other.items.all()[0], place=9)


def test_a_ranking_is_a_view_and_changes_no_municipality(
    asked: RankingRound, invited: dict[str, Participation], directors: dict[str, User]
) -> None:
    before = list(Participation.objects.order_by("pk").values())
    sent(asked, "Bø", directors["Bø"], 1, 2, 3)
    assert list(Participation.objects.order_by("pk").values()) == before


def test_a_director_moves_a_line_with_a_button_and_nothing_is_sent_by_it(
    go: Any, asked: RankingRound, directors: dict[str, User]
) -> None:
    page, by = f"{here('own_ranking', 1)}?kommune=1867", directors["Bø"]
    first, second, third = asked.items.order_by("position")
    written = {f"place_{first.pk}": "1", f"place_{second.pk}": "2", f"place_{third.pk}": "3", "version": 0}
    answer = go(by).post(page, {**written, "move": f"up-{third.pk}"})
    assert answer.status_code == 200 and not OwnRanking.objects.exists()
    form = answer.context_data["form"]
    assert [(item, bound.value()) for item, bound in form.rows] == [(first, 1), (third, 2), (second, 3)]
    shown = answer.content.decode()
    assert "nå plass 2" in shown and "data-shown-again" in shown
    assert f'value="up-{first.pk}"' not in shown and f'value="down-{second.pk}"' not in shown
    sent_after = {f"place_{item.pk}": bound.value() for item, bound in form.rows}
    assert go(by).post(page, {**sent_after, "version": 0}).status_code == 302
    assert list(OwnRanking.objects.get().places.order_by("place").values_list("item", flat=True)) == [
        first.pk,
        third.pk,
        second.pk,
    ]


@pytest.mark.parametrize("move", ["up-x", "up-999999", "sideways-1", "up"])
def test_a_move_that_makes_no_sense_changes_nothing(
    go: Any, asked: RankingRound, directors: dict[str, User], move: str
) -> None:
    page = f"{here('own_ranking', 1)}?kommune=1867"
    items = list(asked.items.order_by("position"))
    written = {f"place_{item.pk}": text for item, text in zip(items, ("3", "", "tull"), strict=True)}
    answer = go(directors["Bø"]).post(page, {**written, "version": "x", "move": move})
    assert answer.status_code == 200 and not OwnRanking.objects.exists()
    assert [item for item, _bound in answer.context_data["form"].rows] == items
