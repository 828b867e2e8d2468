"""«Prioritering»: the secretariat's order, points by criteria in use, and saved rankings."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.actions.cases import make_case
from governance.models import Body, Collaboration
from portfolio import candidates, ranking_history
from portfolio.actions import criteria, ideas, ordering, projects, rankings, scores
from portfolio.actions.criteria import Line
from portfolio.actions.scores import Given
from portfolio.models import Assessment, Candidate, CriteriaSet, Criterion, FocusArea, Habits, Project, Ranking, Score
from tests.portfolio.money import here
from tests.refusals import the_database_refuses


@pytest.fixture
def four(digi: Collaboration, area: FocusArea, secretary: User) -> list[str]:
    """Four projects, A to D, the first two in a focus area; by key."""
    made = [
        projects.register_project(
            collaboration=digi, title=f"Prosjekt {name}", focus_area=area if name in "AB" else None, by=secretary
        )
        for name in "ABCD"
    ]
    return [f"prosjekt-{one.number}" for one in made]


@pytest.fixture
def scoring(digi: Collaboration, secretary: User) -> CriteriaSet:
    """Scoring is on, and the usual criteria are in use."""
    Habits.objects.create(collaboration=digi, scoring=True)
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    return criteria.adopt_criteria(edition=draft, version=None, adopted_on=timezone.localdate(), by=secretary)


def titles(digi: Collaboration) -> str:
    return "".join(entry.title[-1] for entry in candidates.in_order(digi))


def scored(digi: Collaboration, key: str, edition: CriteriaSet, value: int, by: User, **more: Any) -> Assessment:
    given = {one.pk: Given(value) for one in edition.criteria.all()}
    return scores.give_points(collaboration=digi, key=key, given=given, by=by, **more)


# --- the order --------------------------------------------------------------------------------------


def test_the_secretariat_moves_up_down_and_to_a_place(digi: Collaboration, four: list[str], secretary: User) -> None:
    assert titles(digi) == "ABCD"
    assert not Candidate.objects.exists()
    ordering.move(collaboration=digi, key=four[2], to=2, seen=3, by=secretary)
    assert titles(digi) == "ACBD"
    ordering.move(collaboration=digi, key=four[0], to=4, by=secretary)
    assert titles(digi) == "CBDA"
    ordering.move(collaboration=digi, key=four[3], to=1, by=secretary)
    assert titles(digi) == "DCBA"


def test_pressed_twice_it_moves_once_and_what_another_has_moved_is_told(
    digi: Collaboration, four: list[str], secretary: User
) -> None:
    ordering.move(collaboration=digi, key=four[1], to=1, seen=2, by=secretary)
    ordering.move(collaboration=digi, key=four[1], to=1, seen=2, by=secretary)
    assert titles(digi) == "BACD"
    with pytest.raises(Stale):
        ordering.move(collaboration=digi, key=four[1], to=3, seen=2, by=secretary)


def test_what_has_ended_is_no_candidate_and_leaves_the_order_of_the_rest(
    digi: Collaboration, four: list[str], secretary: User
) -> None:
    ordering.move(collaboration=digi, key=four[3], to=2, by=secretary)
    projects.stop(project=Project.objects.get(title="Prosjekt A"), by=secretary)
    assert titles(digi) == "DBC"
    assert [entry.place for entry in candidates.in_order(digi)] == [1, 2, 3]
    ordering.move(collaboration=digi, key=four[2], to=1, by=secretary)
    assert titles(digi) == "CDB"
    projects.register_project(collaboration=digi, title="Prosjekt E", by=secretary)
    assert titles(digi) == "CDBE"


def test_a_place_that_is_none_is_refused(digi: Collaboration, four: list[str], secretary: User) -> None:
    with pytest.raises(NotAllowedNow, match="5"):
        ordering.move(collaboration=digi, key=four[0], to=5, by=secretary)
    with pytest.raises(NotAllowedNow):
        ordering.move(collaboration=digi, key="prosjekt-999", to=1, by=secretary)


def test_only_the_secretariat_moves_and_all_see(
    go: Any, digi: Collaboration, four: list[str], director: User, secretary: User
) -> None:
    with pytest.raises(PermissionDenied):
        ordering.move(collaboration=digi, key=four[0], to=2, by=director)
    page = go(director).get(here("order"))
    assert [row.entry.title for row in page.context_data["rows"]] == [f"Prosjekt {name}" for name in "ABCD"]
    assert here("move_candidate", four[0]) not in page.content.decode()
    assert go(director).post(here("move_candidate", four[0]), {"to": "2"}).status_code == 403
    answer = go(secretary).post(here("move_candidate", four[0]), {"to": "2", "seen": "1"})
    assert answer.url.endswith(f"flyttet={four[0]}")
    assert titles(digi) == "BACD"
    assert go(secretary).post(here("move_candidate", four[0]), {"to": "først"}).status_code == 409


def test_within_a_focus_area_a_line_passes_its_neighbour_there(
    go: Any, digi: Collaboration, four: list[str], secretary: User
) -> None:
    ordering.move(collaboration=digi, key=four[1], to=4, by=secretary)
    rows = go(secretary).get(here("order"), {"area": "strategi-og-retning"}).context_data["rows"]
    assert [(row.entry.title[-1], row.entry.place, row.up, row.down) for row in rows] == [
        ("A", 1, None, 4),
        ("B", 4, 1, None),
    ]


def test_a_new_version_of_the_portfolio_begins_with_the_order(
    go: Any, digi: Collaboration, four: list[str], steering: Body, secretary: User
) -> None:
    ordering.move(collaboration=digi, key=four[3], to=1, by=secretary)
    form = go(secretary).get(here("propose_portfolio")).context_data["form"]
    assert [(one.title[-1], bound.value()) for one, bound in form.rows] == [("D", 1), ("A", 2), ("B", 3), ("C", 4)]


def test_an_idea_is_weighed_with_the_projects_and_keeps_its_place_and_points_when_it_is_taken_up(
    digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    idea = ideas.register_idea(collaboration=digi, title="Idé X", background="Fordi", by=secretary)
    assert titles(digi) == "ABCDX"
    key = f"ide-{idea.pk}"
    ordering.move(collaboration=digi, key=key, to=2, by=secretary)
    scored(digi, key, scoring, 4, secretary)
    made = ideas.take_up(idea=idea, title="Prosjekt X", by=secretary)
    assert titles(digi) == "AXBCD"
    row = Candidate.objects.get(project=made)
    assert (row.idea, candidates.points(scoring)[row.pk].total) == (idea, 4)


def test_an_idea_that_is_not_prioritised_competes_for_nothing(digi: Collaboration, secretary: User) -> None:
    idea = ideas.register_idea(collaboration=digi, title="Idé X", background="Fordi", by=secretary)
    ideas.recommend(idea=idea, state="not_prioritised", comment="Ikke nå", by=secretary)
    assert candidates.in_order(digi) == []


def test_every_move_is_in_the_history(digi: Collaboration, four: list[str], secretary: User) -> None:
    ordering.move(collaboration=digi, key=four[1], to=1, by=secretary)
    events = Candidate.pgh_event_model.objects.filter(project__title="Prosjekt B")
    assert list(events.order_by("pgh_id").values_list("place", flat=True)) == [2, 1]


@pytest.mark.parametrize("wanted", ["order", "propose_portfolio", "portfolio", "rankings"])
def test_ten_times_as_many_projects_are_no_more_questions(
    go: Any, digi: Collaboration, scoring: CriteriaSet, steering: Body, secretary: User, wanted: str
) -> None:
    counts = []
    for many in (5, 60):
        have = digi.projects.count()
        Project.objects.bulk_create(
            Project(collaboration=digi, number=n, slug=f"p-{n}", title=f"Prosjekt {n}") for n in range(have + 1, many)
        )
        rankings.save_ranking(collaboration=digi, name=f"Med {many}", reason="Måling", by=secretary)
        go(secretary).get(here(wanted))
        with CaptureQueriesContext(connection) as asked:
            assert go(secretary).get(here(wanted)).status_code == 200
        counts.append(len(asked))
    assert counts[0] >= counts[1]


# --- criteria and points ----------------------------------------------------------------------------


def test_weights_that_do_not_make_100_are_refused_with_the_sum_and_what_is_missing(
    go: Any, digi: Collaboration, secretary: User
) -> None:
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    lines = [Line("Nytte", "", Decimal(50)), Line("Risiko", "", Decimal("37.5"))]
    with pytest.raises(NotAllowedNow, match=r"87,5.*12,5"):
        criteria.change_criteria(edition=draft, version=None, lines=lines, by=secretary)
    with pytest.raises(NotAllowedNow, match=r"120.*20"):
        criteria.change_criteria(
            edition=draft, version=None, lines=[*lines, Line("Lov", "", Decimal("32.5"))], by=secretary
        )
    data = {"name_1": "Nytte", "weight_1": "50", "name_2": "Risiko", "weight_2": "37,5", "version": 1}
    page = go(secretary).post(here("change_criteria"), data)
    assert "87,5" in str(page.context_data["form"].non_field_errors())
    assert f'data-draft="criteria-{draft.pk}"' in page.content.decode(), "what is written is kept in the browser"
    assert go(secretary).post(here("change_criteria"), {**data, "weight_2": "50"}).status_code == 302
    assert [(one.name, one.weight) for one in draft.criteria.all()] == [("Nytte", 50), ("Risiko", 50)]


def test_the_database_keeps_the_weights_whole_and_what_is_adopted_as_it_is(
    digi: Collaboration, scoring: CriteriaSet
) -> None:
    for tampering in (
        lambda: Criterion.objects.filter(edition=scoring).update(weight=20),
        lambda: Criterion.objects.filter(edition=scoring).first().delete(),  # type: ignore[union-attr]
        lambda: Criterion.objects.create(edition=scoring, position=9, name="Ny", weight=1),
        lambda: CriteriaSet.objects.filter(pk=scoring.pk).update(adopted_on=None),
    ):
        with the_database_refuses(), transaction.atomic():
            tampering()
    with the_database_refuses(), transaction.atomic():
        half = CriteriaSet.objects.create(collaboration=digi, number=2)
        Criterion.objects.create(edition=half, position=1, name="Halv", weight=50)
        CriteriaSet.objects.filter(pk=half.pk).update(adopted_on=timezone.localdate())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_new_set_is_a_new_edition_and_scores_of_the_old_stand(
    digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    scored(digi, four[0], scoring, 4, secretary)
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    assert criteria.draft_criteria(collaboration=digi, by=secretary) == draft
    criteria.change_criteria(edition=draft, version=None, lines=[Line("Nytte", "", Decimal(100))], by=secretary)
    criteria.adopt_criteria(edition=draft, version=None, adopted_on=timezone.localdate(), by=secretary)
    assert digi.criteria_sets.in_force() == draft
    assert Assessment.objects.get().edition == scoring
    assert candidates.points(draft) == {}
    with pytest.raises(NotAllowedNow):
        criteria.change_criteria(edition=draft, version=None, lines=[Line("Nytte", "", Decimal(100))], by=secretary)


def test_the_sum_is_exact_and_there_is_none_before_all_is_scored(
    digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    given = {one.pk: Given(value) for one, value in zip(scoring.criteria.all(), [5, 4, 3, 2, 1], strict=True)}
    first = dict(list(given.items())[:2])
    one = scores.give_points(collaboration=digi, key=four[0], given=first, by=secretary)
    found = candidates.points(scoring)[one.candidate_id]
    assert (found.given, found.asked, found.total) == (2, 5, None)
    scores.give_points(
        collaboration=digi, key=four[0], given=given, adjustment=Decimal("-0.25"), comment="Samme folk", by=secretary
    )
    # 5×30 + 4×20 + 3×20 + 2×15 + 1×15 = 335
    assert candidates.points(scoring)[one.candidate_id].total == Decimal("3.10")
    scores.give_points(collaboration=digi, key=four[0], given={scoring.criteria.all()[0].pk: Given(None)}, by=secretary)
    assert candidates.points(scoring)[one.candidate_id].total is None


def test_an_adjustment_needs_a_comment_and_points_stay_within_the_scale(
    digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    with pytest.raises(NotAllowedNow):
        scored(digi, four[0], scoring, 4, secretary, adjustment=Decimal(1))
    one = scored(digi, four[0], scoring, 4, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=one.pk).update(adjustment=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(value=6)
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    with the_database_refuses(), transaction.atomic():
        Score.objects.create(assessment=one, criterion=draft.criteria.all()[0], value=3)
    with pytest.raises(Stale):
        scored(digi, four[0], scoring, 2, secretary, version=0)


def test_scoring_is_off_until_it_is_turned_on_and_has_criteria(
    go: Any, digi: Collaboration, four: list[str], secretary: User, director: User
) -> None:
    assert go(secretary).get(here("give_points", four[0])).status_code == 409
    Habits.objects.create(collaboration=digi, scoring=True)
    with pytest.raises(NotAllowedNow):
        scores.give_points(collaboration=digi, key=four[0], given={}, by=secretary)
    for name in ("criteria", "order"):
        assert go(director).get(here(name)).status_code == 200
    assert go(director).post(here("new_criteria")).status_code == 403


def test_the_secretariat_scores_on_the_page_and_orders_by_points(
    go: Any, digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    data: dict[str, Any] = {f"value_{one.pk}": "5" for one in scoring.criteria.all()}
    page = go(secretary).post(here("give_points", four[2]), {**data, "version": 0, "adjustment": "-1"})
    assert set(page.context_data["form"].errors) == {"comment"}
    assert go(secretary).post(here("give_points", four[2]), {**data, "version": 0}).status_code == 302
    assert go(secretary).get(here("order_by_points")).status_code == 200
    go(secretary).post(here("order_by_points"))
    assert titles(digi) == "CABD"
    assert "5" in go(secretary).get(here("order")).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(go(secretary).get(here("order"), {"format": "xlsx"}).content))
    head, first = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    assert first[:2] == (1, "Prosjekt C")
    assert first[head.index("Sum")] == 5


def test_without_any_sum_there_is_nothing_to_order_by(
    digi: Collaboration, four: list[str], scoring: CriteriaSet, secretary: User
) -> None:
    with pytest.raises(NotAllowedNow):
        ordering.order_by_points(collaboration=digi, by=secretary)


def test_criteria_of_tomorrow_or_of_a_resolution_that_was_not_adopted_are_not_taken_into_use(
    go: Any, digi: Collaboration, steering: Body, secretary: User
) -> None:
    draft = criteria.draft_criteria(collaboration=digi, by=secretary)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        criteria.adopt_criteria(edition=draft, version=None, adopted_on=tomorrow, by=secretary)
    assert go(secretary).post(here("adopt_criteria"), {"adopted_on": "1.1.2026", "version": 1}).status_code == 302
    assert digi.criteria_sets.in_force() == draft
    assert go(secretary).get(here("criteria")).status_code == 200


def test_a_draft_is_thrown_away_and_those_in_use_go_on(
    go: Any, digi: Collaboration, scoring: CriteriaSet, secretary: User
) -> None:
    go(secretary).post(here("new_criteria"))
    assert digi.criteria_sets.drafts().exists()
    go(secretary).get(here("discard_criteria"))
    assert digi.criteria_sets.drafts().exists(), "it asks first"
    go(secretary).post(here("discard_criteria"))
    assert list(digi.criteria_sets.all()) == [scoring]


# --- saved rankings ---------------------------------------------------------------------------------


def test_a_ranking_is_saved_with_who_and_why_and_the_next_tells_what_moved(
    go: Any, digi: Collaboration, four: list[str], secretary: User, director: User
) -> None:
    data = {"name": "Vår", "reason": "Før budsjettet"}
    assert go(secretary).post(here("save_ranking"), data).url == here("ranking_edition", 1)
    go(secretary).post(here("save_ranking"), data)
    assert Ranking.objects.count() == 1
    ordering.move(collaboration=digi, key=four[3], to=1, by=secretary)
    projects.stop(project=Project.objects.get(title="Prosjekt C"), by=secretary)
    newer = rankings.save_ranking(collaboration=digi, name="Høst", reason="Nye midler", by=secretary)
    page = go(director).get(here("ranking_edition", 2))
    assert [(one.title[-1], one.by) for one in page.context_data["page"]] == [("D", 3), ("A", -1), ("B", -1)]
    assert page.context_data["gone"] == ["Prosjekt C"]
    assert newer.made_by == secretary
    book = openpyxl.load_workbook(io.BytesIO(go(director).get(here("ranking_edition", 2), {"format": "xlsx"}).content))
    assert [cell.value for cell in book.worksheets[0]["E"]][1:] == [4, 1, 2]


def test_a_ranking_of_one_focus_area_is_compared_with_the_one_before_of_the_same(
    digi: Collaboration, area: FocusArea, four: list[str], secretary: User
) -> None:
    first = rankings.save_ranking(collaboration=digi, name="Område", reason="x", focus_area=area, by=secretary)
    rankings.save_ranking(collaboration=digi, name="Alt", reason="x", by=secretary)
    ordering.move(collaboration=digi, key=four[1], to=1, by=secretary)
    newer = rankings.save_ranking(collaboration=digi, name="Område", reason="y", focus_area=area, by=secretary)
    assert [line["title"][-1] for line in newer.lines] == ["B", "A"]
    assert ranking_history.earlier(newer) == first


def test_what_is_saved_is_not_changed_and_is_decided_once(
    go: Any, digi: Collaboration, four: list[str], held: Any, steering: Body, secretary: User
) -> None:
    saved = rankings.save_ranking(collaboration=digi, name="Vår", reason="Før budsjettet", by=secretary)
    for change in ({"name": "Høst"}, {"lines": []}, {"reason": "x"}):
        with the_database_refuses(), transaction.atomic():
            Ranking.objects.filter(pk=saved.pk).update(**change)
    with the_database_refuses(), transaction.atomic():
        Ranking.objects.all().delete()
    case = _case(steering, secretary)
    held(case)
    resolution = case.items.get().resolution
    assert go(secretary).get(here("ranking_decided", 1)).status_code == 200
    go(secretary).post(here("ranking_decided", 1), {"resolution": resolution.pk})
    saved.refresh_from_db()
    assert saved.resolution == resolution
    other = _case(steering, secretary)
    held(other)
    with pytest.raises(NotAllowedNow):
        rankings.adopt_ranking(ranking=saved, resolution=other.items.get().resolution, by=secretary)


def test_a_resolution_that_was_not_adopted_stands_behind_nothing(
    digi: Collaboration, four: list[str], held: Any, steering: Body, secretary: User
) -> None:
    saved = rankings.save_ranking(collaboration=digi, name="Vår", reason="Før budsjettet", by=secretary)
    case = _case(steering, secretary)
    held(case, "not_adopted")
    with pytest.raises(NotAllowedNow):
        rankings.adopt_ranking(ranking=saved, resolution=case.items.get().resolution, by=secretary)


def _case(steering: Body, by: User) -> Any:
    return make_case(body=steering, title="Rangering", proposal="1. Rangeringen vedtas.", ready=True, by=by)


def test_nothing_to_rank_is_told(digi: Collaboration, secretary: User) -> None:
    with pytest.raises(NotAllowedNow):
        rankings.save_ranking(collaboration=digi, name="Tom", reason="x", by=secretary)
