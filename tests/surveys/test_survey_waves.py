"""Surveys put several times, compared where a person says so; texts are read before others see them (S13, G14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Collaboration, Organisation
from surveys import waves
from surveys.actions import text_review
from surveys.actions.surveys import define_question
from surveys.actions.waves import change_series, define_series, link_questions
from surveys.models import Answer, SameQuestion, Survey, SurveySeries
from tests.surveys.survey_people import survey_in
from tests.surveys.test_survey_pages import page, text
from tests.surveys.test_survey_results import answer

pytestmark = pytest.mark.django_db
TOOLS = ["Deler dere verktøy?", "Deler dere verktøy og rutiner?"]


def wave(digi: Collaboration, year: int, wording: str) -> Survey:
    survey = survey_in(digi, slug=f"behov-{year}", opens_on=date(year, 5, 1), personal_opinion=True)
    define_question(survey=survey, text=wording, kind="scale")
    define_question(survey=survey, text="Har dere plan?", kind="single", options=[{"text": "Ja"}, {"text": "Nei"}])
    return survey


@pytest.fixture
def series(digi: Collaboration, sortland: Organisation, hadsel: Organisation) -> SurveySeries:
    first, second = wave(digi, 2021, TOOLS[0]), wave(digi, 2025, TOOLS[1])
    for step, plan in ((2, 1), (2, 2)):
        answer(first, place=sortland, q1=step, q2=plan)
    for step, plan in ((3, 1), (4, 1), (2, 1), (3, 2)):
        answer(second, place=hadsel, q1=step, q2=plan)
    return define_series(collaboration=digi, name="Behov", surveys=[first, second])


@pytest.fixture
def two(series: SurveySeries) -> tuple[Survey, Survey]:
    first, second = series.waves.order_by("opens_on")
    return first, second


def linked(series: SurveySeries, two: tuple[Survey, Survey], by: Any) -> list[waves.Thread]:
    first, second = two
    pairs = zip(second.questions.all(), first.questions.all(), strict=True)
    link_questions(series=series, earlier=first, later=second, links={a.pk: b.pk for a, b in pairs}, by=by)
    return waves.threads(waves.waves_of(series))


def test_words_that_look_alike_are_proposed_and_never_linked_by_themselves(two: tuple[Survey, Survey]) -> None:
    tools, plan = waves.proposals(*two)
    assert (tools.likest.text, plan.likest.text) == (TOOLS[0], "Har dere plan?")  # type: ignore[union-attr]
    assert tools.linked is None
    assert not SameQuestion.objects.exists()


def test_unlinked_questions_stand_by_themselves(series: SurveySeries) -> None:
    put = waves.waves_of(series)
    assert waves.threads(put) == []
    assert [len(asked) for _wave, asked in waves.alone(put)] == [2, 2]


def test_linked_questions_tell_the_change_and_that_others_answered(
    series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any
) -> None:
    tools, plan = linked(series, two, survey_admin)
    assert [one.mean for one in tools.results if one] == [2, 3]
    assert tools.wordings == [TOOLS[0]]
    for said in ("+1", "2 → 4", "Sortland", "Hadsel"):
        assert said in tools.change
    assert "+25" in plan.change, "from one of two to three of four"
    assert [row[1:3] for row in plan.numbers["rows"]] == [["2", "2"], ["4", "4"]]


def test_a_wave_that_did_not_ask_leaves_a_gap(
    digi: Collaboration, series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any
) -> None:
    between = survey_in(digi, slug="behov-2023", opens_on=date(2023, 5, 1))
    define_question(survey=between, text="Noe annet?", kind="text")
    change_series(series=series, name="Behov", surveys=[*two, between], by=survey_admin)
    tools, _plan = linked(series, two, survey_admin)
    assert [one and one.mean for one in tools.results] == [Decimal(2), None, Decimal(3)]
    assert tools.chart is not None
    assert [row[1] for row in tools.chart.rows] == [Decimal(2), None, Decimal(3)], "nothing is filled in between"


def test_two_questions_cannot_repeat_the_same_one(
    series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any
) -> None:
    first, second = two
    define_question(survey=second, text="Deler dere alt?", kind="scale")
    same = first.questions.get(kind="scale").pk
    links = {one.pk: same for one in second.questions.filter(kind="scale")}
    with pytest.raises(NotAllowedNow):
        link_questions(series=series, earlier=first, later=second, links=links, by=survey_admin)


def test_only_questions_of_one_kind_and_in_their_order_are_linked(
    series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any
) -> None:
    first, second = two
    scale, single = first.questions.get(kind="scale").pk, second.questions.get(kind="single").pk
    with pytest.raises(NotAllowedNow):
        link_questions(series=series, earlier=first, later=second, links={single: scale}, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        link_questions(series=series, earlier=second, later=first, links={}, by=survey_admin)


def test_a_link_can_be_taken_back_and_goes_with_a_survey_that_leaves(
    series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any
) -> None:
    first, second = two
    linked(series, two, survey_admin)
    gone = {one.pk: None for one in second.questions.filter(kind="scale")}
    link_questions(series=series, earlier=first, later=second, links=gone, by=survey_admin)
    assert SameQuestion.objects.count() == 1
    change_series(series=series, name="Behov", surveys=[first], by=survey_admin)
    assert not SameQuestion.objects.exists()


def test_the_secretariat_reads_and_the_administrator_links(
    series: SurveySeries, two: tuple[Survey, Survey], survey_admin: Any, secretary: Any, director: Any, outsider: Any
) -> None:
    with pytest.raises(PermissionDenied):
        linked(series, two, secretary)
    page(outsider, "survey_series", "vesteralen", series.pk, expect=404)
    for name in ("survey_series_change", "survey_series_link"):
        page(director, name, "vesteralen", series.pk, expect=403)
    first, second = two
    said = {
        f"sporsmal_{later.pk}": earlier.pk
        for later, earlier in zip(second.questions.all(), first.questions.all(), strict=True)
    }
    assert TOOLS[0] in text(page(survey_admin, "survey_series_link", "vesteralen", series.pk))
    page(survey_admin, "survey_series_link", "vesteralen", series.pk, expect=302, data=said)
    assert "2 → 4" in text(page(director, "survey_series", "vesteralen", series.pk))
    page(director, "survey_series", "vesteralen", series.pk, format="xlsx")
    page(director, "survey_series_list", "vesteralen")


def test_a_series_is_made_on_its_page(digi: Collaboration, survey_admin: Any) -> None:
    survey = wave(digi, 2021, TOOLS[0])
    page(survey_admin, "survey_series_new", "vesteralen")
    data = {"name": "Behov", "surveys": [survey.pk]}
    page(survey_admin, "survey_series_new", "vesteralen", expect=302, data=data)
    again = page(survey_admin, "survey_series_new", "vesteralen", data=data)
    assert "name" in again.context_data["form"].errors
    assert SurveySeries.objects.get().waves.get() == survey


class TestTexts:
    @pytest.fixture
    def survey(self, digi: Collaboration) -> Survey:
        survey = survey_in(digi, slug="tekster")
        define_question(survey=survey, text="Hva er bra?", kind="text")
        for number in range(6):
            answer(survey, q1=f"Tekst {number}")
        return survey

    def test_a_text_is_shown_to_others_when_the_secretariat_has_opened_it(
        self, survey: Survey, secretary: Any, director: Any
    ) -> None:
        assert "Tekst 3" not in text(page(director, "survey", "vesteralen", "tekster"))
        shown = page(secretary, "survey_texts", "vesteralen", "tekster")
        assert len(shown.context_data["lines"]) == 6
        said = {f"tekst_{one.pk}": "open" if one.text == "Tekst 3" else "" for one in Answer.objects.all()}
        said[f"tekst_{Answer.objects.get(text='Tekst 4').pk}"] = "held"
        page(secretary, "survey_texts", "vesteralen", "tekster", expect=302, data=said)
        seen = text(page(director, "survey", "vesteralen", "tekster"))
        assert "Tekst 3" in seen
        assert "Tekst 4" not in seen

    def test_all_on_the_page_can_be_opened_at_once(self, survey: Survey, survey_admin: Any) -> None:
        page(survey_admin, "survey_texts", "vesteralen", "tekster", expect=302, data={"secondary": "1"})
        assert Answer.objects.filter(review="open").count() == 6

    def test_others_do_not_decide(self, survey: Survey, director: Any) -> None:
        with pytest.raises(PermissionDenied):
            text_review.review(survey=survey, decided={Answer.objects.earliest("pk").pk: "open"}, by=director)
        page(director, "survey_texts", "vesteralen", "tekster", expect=403)


def test_from_a_figure_to_the_answers_behind_it(two: tuple[Survey, Survey], secretary: Any, director: Any) -> None:
    _first, second = two
    option, scale = second.questions.get(kind="single").options.get(text="Nei"), second.questions.get(kind="scale")
    assert f"?valg={option.pk}" in text(page(secretary, "survey", "vesteralen", second.slug))
    assert f"?valg={option.pk}" not in text(page(director, "survey", "vesteralen", second.slug))
    for asked, count in (({"valg": option.pk}, 1), ({"sporsmal": scale.pk, "trinn": "3"}, 2), ({"valg": "x"}, 4)):
        shown = page(secretary, "survey_answers", "vesteralen", second.slug, **asked)
        assert len(shown.context_data["table"].rows) == count


def test_statements_of_one_grid_and_what_questions_are_about_stand_together(digi: Collaboration, director: Any) -> None:
    survey = survey_in(digi, slug="rutenett", personal_opinion=False)
    steps = [{"text": "Enig"}, {"text": "Uenig"}]
    for statement in ("Vi har en plan", "Vi måler"):
        define_question(survey=survey, text=statement, kind="single", group="Hvor enig?", options=steps, theme="need")
    answer(survey, q1=1, q2=2)
    shown = page(director, "survey", "vesteralen", "rutenett")
    [grid] = shown.context_data["blocks"]
    assert [one.question.text for one in grid.results] == ["Vi har en plan", "Vi måler"]
    assert [len(members) for _name, members in shown.context_data["themes"]] == [2]
