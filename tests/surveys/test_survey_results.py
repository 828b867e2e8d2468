"""Results: answers and people apart, unknown is not nought, small groups of opinions are not shown (rule 10, S4–S6)."""

from __future__ import annotations

from typing import Any

import pytest

from governance.models import Collaboration, Organisation
from surveys import respondents, results
from surveys.actions.surveys import change_question, define_question
from surveys.models import Answer, Question, Response, Survey
from tests.surveys.survey_people import survey_in

pytestmark = pytest.mark.django_db
LONG = "Felles metodikk som brukerreiser, tjenestedesign og gevinstrealisering på tvers av alle kommunene"


@pytest.fixture
def survey(digi: Collaboration) -> Survey:
    return survey_in(digi)


@pytest.fixture
def areas(survey: Survey) -> Question:
    return define_question(
        survey=survey, text="Hva er viktigst?", kind="multiple", options=[{"text": LONG}, {"text": "Felles drift"}]
    )


@pytest.fixture
def role(survey: Survey) -> Question:
    names = [{"text": "Kommunedirektør"}, {"text": "IT-leder"}, {"text": "Fagleder"}]
    return define_question(survey=survey, text="Hvilken rolle har du?", kind="single", about_role=True, options=names)


def answer(survey: Survey, *, people: int = 1, place: Organisation | None = None, **said: Any) -> Response:
    number = str(survey.responses.count() + 1)
    made = Response.objects.create(
        survey=survey, external_id=number, people=people, people_assumed=False, municipality=place,
        municipality_from="question" if place else "", content=number,
    )  # fmt: skip
    for question, chosen in said.items():
        asked = survey.questions.get(position=int(question.removeprefix("q")))
        for one in chosen if isinstance(chosen, list) else [chosen]:
            if asked.kind == "text":
                Answer.objects.create(response=made, question=asked, text=one)
            elif asked.kind == "scale":
                Answer.objects.create(response=made, question=asked, number=one)
            else:
                Answer.objects.create(response=made, question=asked, option=asked.options.get(position=one))
    return made


def test_one_answer_can_be_many_people_and_is_counted_once_for_each_choice(survey: Survey, areas: Question) -> None:
    answer(survey, people=4, q1=[1, 2])
    answer(survey, people=1, q1=[2])
    [found] = results.summary(survey)
    assert (found.answers, found.people) == (2, 5)
    assert [(row.answers, row.people) for row in found.rows] == [(1, 4), (2, 5)]
    assert found.chart is not None
    assert found.chart.head[1:] and len(found.chart.head) == 3


def test_the_whole_label_stands_in_the_chart_and_its_table(survey: Survey, areas: Question) -> None:
    answer(survey, q1=[1])
    [found] = results.summary(survey)
    assert found.chart is not None
    assert LONG in str(found.chart.table()["rows"])
    assert all(word in found.chart.svg("print") for word in LONG.split())


def test_figures_known_from_a_report_are_shown_and_the_rest_is_unknown(digi: Collaboration) -> None:
    survey = survey_in(digi, reported_answers=35, reported_people=50, reported_approximate=True)
    define_question(
        survey=survey,
        text="Styrker",
        kind="multiple",
        options=[
            {"text": "God kompetanse hos mange l…", "cut": True, "reported_count": 8},
            {"text": "Strategi og planer", "reported_count": 12, "uncertain": True},
            {"text": "God dialog"},
        ],
    )
    [found] = results.summary(survey)
    assert [row.answers for row in found.rows] == [8, 12, None]
    assert [row.people for row in found.rows] == [None] * 3
    assert "ukjent" in str(found.table) or "unknown" in str(found.table)
    assert found.rows[0].label.endswith("…")
    assert found.rows[1].said != found.rows[1].label
    assert found.n.count("35") == 1 and "50" in found.n
    assert "«…»" in found.note


def test_the_mean_of_a_scale_leaves_out_those_who_did_not_answer(survey: Survey) -> None:
    define_question(survey=survey, text="Hvor godt?", kind="scale")
    for step in (2, 4):
        answer(survey, q1=step)
    answer(survey)
    [found] = results.summary(survey)
    assert (found.mean, found.answers) == (3, 2)
    assert [row.label for row in found.rows] == ["1", "2", "3", "4"]


def test_free_text_of_a_few_is_hidden_where_each_answers_for_themselves(survey: Survey) -> None:
    define_question(survey=survey, text="Hva er bra?", kind="text")
    for number in range(4):
        answer(survey, q1=f"Noe {number}")
    [outside] = results.summary(survey)
    [inside] = results.summary(survey, everything=True)
    assert (outside.texts, outside.texts_hidden, outside.texts_count) == ([], True, 4)
    assert len(inside.texts) == 4
    answer(survey, q1="Noe mer")
    [outside] = results.summary(survey)
    assert (outside.texts, outside.texts_hidden, outside.texts_waiting) == ([], False, 5), "nobody has read them"
    Answer.objects.filter(text="Noe mer").update(review="open")
    Answer.objects.filter(text="Noe 1").update(review="held")
    assert results.summary(survey)[0].texts == ["Noe mer"]
    assert len(results.summary(survey, everything=True)[0].texts) == 5


def test_what_municipalities_say_for_themselves_is_open(digi: Collaboration) -> None:
    survey = survey_in(digi, personal_opinion=False)
    define_question(survey=survey, text="Hva er bra?", kind="text")
    answer(survey, q1="Alt")
    assert results.summary(survey)[0].texts == ["Alt"]


def test_a_small_role_is_hidden_and_cannot_be_found_by_subtraction(survey: Survey, role: Question) -> None:
    for place, count in ((1, 2), (2, 6), (3, 9)):
        for _number in range(count):
            answer(survey, q1=place)
    assert [group.hidden for group in respondents.roles(survey, everything=False)] == [True, True, False]
    assert [group.hidden for group in respondents.roles(survey, everything=True)] == [False] * 3


def test_every_member_is_in_the_list_of_who_has_answered(
    survey: Survey, areas: Question, sortland: Organisation
) -> None:
    answer(survey, place=sortland, people=3, q1=[1])
    answer(survey, q1=[1])
    groups = {
        group.name: (group.answers, group.people) for group in respondents.municipalities(survey, everything=True)
    }
    assert groups["Sortland"] == (1, 3)
    assert groups["Bø"] == (0, 0)
    assert len(groups) == 7, "six members, and those who did not say"


def test_the_number_of_queries_does_not_grow(survey: Survey, areas: Question, django_assert_num_queries: Any) -> None:
    for _number in range(3):
        answer(survey, q1=[1])
    with django_assert_num_queries(9):
        results.summary(survey)
    define_question(survey=survey, text="Og så?", kind="single", options=[{"text": "Ja"}, {"text": "Nei"}])
    for _number in range(10):
        answer(survey, q1=[1, 2], q2=1)
    with django_assert_num_queries(9):
        results.summary(survey)


def test_a_choice_somebody_has_taken_is_not_taken_away(survey: Survey, areas: Question, survey_admin: Any) -> None:
    from digivesteralen.accounts.access import NotAllowedNow  # noqa: PLC0415

    answer(survey, q1=[1])
    with pytest.raises(NotAllowedNow):
        change_question(question=areas, text=areas.text, options=[{"text": "Felles drift"}], by=survey_admin)
