"""The arithmetic of maturity: examples worked out by hand, and what holds for all answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import scoring
from surveys.likert import proposed_scores
from surveys.scoring import Score, leading_number, of_group, of_one, of_region, on_scale, share_of

D = Decimal
ONE, FIVE = D(1), D(5)


def score(mean: str, people: int = 1) -> Score:
    return Score(D(mean), 1, people, D(0), D(mean), D(mean))


# --- one answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "number"),
    [("4 - Enig", "4"), ("4", "4"), (" 3,5 – midt imellom", "3.5"), ("10 %", "10"), ("Helt enig", None),
     ("", None), ("2021 var bedre", None), ("Enig 4", None), ("4. Enig", "4")],
)  # fmt: skip
def test_a_number_is_read_from_the_front_of_the_text(said: str, number: str | None) -> None:
    assert leading_number(said) == (D(number) if number else None)


@pytest.mark.parametrize(
    ("value", "low", "high", "share"),
    [(1, 1, 5, "0"), (3, 1, 5, "0.5"), (5, 1, 5, "1"), (4, 1, 6, "0.6"), (45, 0, 100, "0.45"), (3, 1, 3, "1")],
)
def test_an_answer_is_a_share_of_any_scale(value: int, low: int, high: int, share: str) -> None:
    assert share_of(D(value), D(low), D(high)) == D(share)


def test_a_reversed_item_counts_from_the_other_end() -> None:
    assert share_of(D(2), ONE, FIVE, from_the_other_end=True) == D("0.75")


def test_what_is_missing_is_neither_nought_nor_the_middle() -> None:
    assert share_of(None, ONE, FIVE) is None
    assert share_of(None, ONE, FIVE, from_the_other_end=True) is None
    assert of_one([D(1), D(1), None, None]) == D(1)


def test_an_answer_outside_the_scale_says_nothing() -> None:
    assert share_of(D(6), ONE, FIVE) is None
    assert share_of(D(0), ONE, FIVE) is None


def test_half_of_the_statements_is_enough_and_less_is_not() -> None:
    # 4 and 5 of a scale 1–5 are 0,75 and 1; their mean 0,875 is 4,5.
    assert of_one([D("0.75"), D(1), None, None]) == D("0.875")
    assert on_scale(D("0.875"), ONE, FIVE) == D("4.5")
    assert of_one([D("0.75"), None, None]) is None
    assert of_one([D("0.75"), D(1), None, None, None]) is None
    assert of_one([]) is None
    assert of_one([None]) is None


# --- a municipality -----------------------------------------------------------------------------------


def test_people_weigh_and_both_counts_are_kept() -> None:
    """Three people gave 4,0 together and one gave 2,0: (3 · 0,75 + 0,25) / 4 = 0,625, which is 3,5.

    The variance is (3 · 0,125² + 0,375²) / 4 = 0,046875.
    """
    found = of_group([(D("0.75"), 3), (D("0.25"), 1), (None, 10)])
    assert found is not None
    assert (found.mean, found.answers, found.people) == (D("0.625"), 2, 4)
    assert on_scale(found.mean, ONE, FIVE) == D("3.5")
    assert found.deviation**2 == pytest.approx(D("0.046875"))
    assert (found.lowest, found.highest) == (D("0.25"), D("0.75"))


def test_a_municipality_without_answers_has_no_score() -> None:
    assert of_group([]) is None
    assert of_group([(None, 4)]) is None


# --- a region -----------------------------------------------------------------------------------------


def test_each_municipality_weighs_the_same_unless_people_are_asked_for() -> None:
    """0,2 (9 people), 0,5 (none said) and 0,8 (1): (0,2 + 0,8) / 2 = 0,5; by people (1,8 + 0,8) / 10 = 0,26."""
    scores = [score("0.2", 9), None, score("0.8", 1)]
    plain, weighted = of_region(scores), of_region(scores, by_people=True)
    assert plain is not None and weighted is not None
    assert (plain.mean, plain.municipalities, plain.answers, plain.people) == (D("0.5"), 2, 2, 10)
    assert weighted.mean == D("0.26")
    assert plain.deviation == weighted.deviation == D("0.3")
    assert (plain.lowest, plain.highest) == (D("0.2"), D("0.8"))
    assert of_region([None]) is None


def test_the_smallest_third_is_set_beside_the_largest() -> None:
    """Of seven with both figures the two smallest have (0,1 + 0,3) / 2 = 0,2, the two largest (0,8 + 0,6) / 2 = 0,7."""
    known = [("0.3", 200), ("0.1", 100), ("0.5", 300), ("0.5", 400), ("0.5", 500), ("0.8", 900), ("0.6", 700)]
    found = scoring.gap_by_size([*((D(share), size) for share, size in known), (None, 50), (D(1), None)])
    assert found is not None
    assert (found.smallest, found.largest, found.difference, found.each) == (D("0.2"), D("0.7"), D("0.5"), 2)
    assert scoring.gap_by_size([(D(1), 10), (D(0), 20)]) is None


# --- what choices may count ---------------------------------------------------------------------------


def test_known_words_and_leading_numbers_are_proposed() -> None:
    agreement = ["Helt enig", "Delvis enig", "Verken eller", "Delvis uenig", "Helt uenig", "Vet ikke"]
    assert proposed_scores(agreement) == [5, 4, 3, 2, 1, None]
    assert proposed_scores(["1 – Stemmer ikke", "2", "3", "Ikke relevant"]) == [1, 2, 3, None]


def test_nothing_is_half_guessed() -> None:
    assert proposed_scores(["Helt enig", "Kanskje", "Helt uenig"]) == [None, None, None]
    assert proposed_scores(["Vet ikke", "Ikke relevant"]) == [None, None]
    assert proposed_scores([]) == []


# --- what holds for all answers -----------------------------------------------------------------------

shares = st.decimals(0, 1, places=4)
answers = st.lists(st.tuples(st.none() | shares, st.integers(1, 60)), max_size=12)


@given(answers)
def test_a_mean_is_never_outside_what_it_is_made_of(given_: list[tuple[Decimal | None, int]]) -> None:
    found = of_group(given_)
    if found is None:
        assert all(share is None for share, _people in given_)
    else:
        assert found.lowest <= found.mean <= found.highest
        assert 0 <= found.deviation <= D("0.5000001")


@given(answers)
def test_an_answer_of_several_people_counts_as_so_many_single_ones(given_: list[tuple[Decimal | None, int]]) -> None:
    together, apart = of_group(given_), of_group([(share, 1) for share, people in given_ for _ in range(people)])
    assert (together is None) == (apart is None)
    if together and apart:
        assert together.mean == pytest.approx(apart.mean)
        assert together.people == apart.people == apart.answers
        assert together.deviation == pytest.approx(apart.deviation, abs=D("1e-12"))


@given(st.decimals(1, 5, places=2), st.sampled_from([(1, 5), (0, 10), (-2, 6)]))
def test_a_share_shown_on_its_own_scale_is_the_answer(value: Decimal, scale: tuple[int, int]) -> None:
    low, high = map(D, scale)
    share = share_of(value, low, high)
    assert share is not None and on_scale(share, low, high) == pytest.approx(value)
    turned = share_of(value, low, high, from_the_other_end=True)
    assert turned is not None and turned + share == 1


@given(st.lists(st.none() | shares, max_size=10), st.none() | shares)
def test_one_more_missing_answer_never_changes_what_is_there(given_: list[Decimal | None], _more: None) -> None:
    before, after = of_one(given_), of_one([*given_, None])
    assert after in (before, None)


@given(st.lists(shares, min_size=1, max_size=8))
def test_equal_weights_make_the_weighted_mean_the_plain_one(means: list[Decimal]) -> None:
    scores = [score(str(mean), 7) for mean in means]
    plain, weighted = of_region(scores), of_region(scores, by_people=True)
    assert plain is not None and weighted is not None
    assert plain.mean == pytest.approx(weighted.mean)
    assert plain.lowest <= plain.mean <= plain.highest
