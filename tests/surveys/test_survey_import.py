"""An administrator of surveys imports an export from Microsoft Forms (S12, R31): looked over first, written once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from governance.models import Collaboration, Organisation
from surveys.actions import imports, text_review
from surveys.actions.surveys import change_response, define_question
from surveys.models import Answer, ImportJob, Question, Response, Survey
from tests.files import make_forms
from tests.surveys.survey_people import FILES, connected, faults, imported, looked_over, sheet, survey_in

pytestmark = pytest.mark.django_db
START = datetime(2021, 5, 18, 9, 0)  # noqa: DTZ001 -- a form writes times without a zone
META = ["ID", "Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn"]


@pytest.fixture
def survey(digi: Collaboration) -> Survey:
    return survey_in(digi)


def row(number: int, *rest: Any, mail: str = "anonymous", name: str = "") -> list[Any]:
    started = START + timedelta(hours=number)
    return [number, started, started + timedelta(minutes=5), mail, name or None, *rest]


def norwegian() -> bytes:
    return (FILES / "forms-norsk.xlsx").read_bytes()


def test_a_norwegian_export_is_known_by_its_headers(survey: Survey, survey_admin: Any) -> None:
    job = looked_over(survey, norwegian(), by=survey_admin)
    fields = [column["field"] for column in job.columns]
    assert fields == [
        "id", "started", "completed", "email", "name", "modified", "municipality", "people", "role", "multiple",
        "scale", "text", "text",
    ]  # fmt: skip
    assert job.counts == {"new": 20, "changed": 0, "unchanged": 0, "errors": 0}
    assert not survey.responses.exists(), "nothing is written before it is confirmed"


def test_the_answers_are_written_with_municipality_and_people(survey: Survey, survey_admin: Any) -> None:
    imported(survey, norwegian(), by=survey_admin)
    assert survey.responses.totals() == (20, 30)
    assert survey.responses.filter(people_assumed=True).count() == 15
    assert set(survey.responses.values_list("municipality__name", flat=True)) == {
        "Sortland", "Øksnes", "Hadsel", "Bø", "Andøy", "Lødingen",
    }  # fmt: skip
    assert list(survey.questions.values_list("kind", flat=True)) == ["single", "multiple", "scale", "text", "text"]


def test_a_choice_that_holds_the_separator_stays_whole(survey: Survey, survey_admin: Any) -> None:
    define_question(
        survey=survey,
        text=make_forms.WHICH_AREAS + " (velg flere)",
        kind="multiple",
        options=[*({"text": area} for area in make_forms.AREAS), {"text": "Annet", "is_other": True}],
    )
    imported(survey, norwegian(), by=survey_admin)
    question = survey.questions.get(kind="multiple")
    assert [option.text for option in question.options.all()] == [*make_forms.AREAS, "Annet"]
    assert question.answers.filter(option__text=make_forms.AREAS[2]).count() == 5
    own = Answer.objects.get(question=question, option__is_other=True)
    assert own.text == "Å møtes oftere"


def test_words_only_one_has_written_are_shown_as_own_words_and_can_be_corrected(
    survey: Survey, survey_admin: Any
) -> None:
    job = looked_over(survey, norwegian(), by=survey_admin)
    plan = next(one for one in job.basis["plan"] if one["kind"] == "multiple")
    assert plan["own_words"] == 1
    listed = [*make_forms.AREAS, "Å møtes oftere"]
    job = connected(job, by=survey_admin, choices={plan["letter"]: listed})
    plan = next(one for one in job.basis["plan"] if one["kind"] == "multiple")
    assert [option["text"] for option in plan["options"]] == listed
    assert plan["own_words"] == 0


def test_the_same_file_twice_changes_nothing(survey: Survey, survey_admin: Any) -> None:
    imported(survey, norwegian(), by=survey_admin)
    again = looked_over(survey, norwegian(), by=survey_admin)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 20, "errors": 0}
    imports.apply(job=again, by=survey_admin)
    assert survey.responses.totals() == (20, 30)


def test_a_longer_export_on_top_brings_only_what_is_new_or_changed(survey: Survey, survey_admin: Any) -> None:
    imported(survey, norwegian(), by=survey_admin)
    longer = make_forms.norwegian(35)
    longer[1][11] = "Nå har vi tenkt oss om."
    longer[2][10] = "5 - Svært stor grad"
    job = looked_over(survey, sheet(longer), by=survey_admin)
    assert job.counts == {"new": 15, "changed": 2, "unchanged": 18, "errors": 0}
    imports.apply(job=job, by=survey_admin)
    assert survey.responses.count() == 35
    first = survey.responses.get(external_id="1")
    assert first.answers.get(question__kind="text").text == "Nå har vi tenkt oss om."
    assert first.version == 2


def test_an_import_can_be_undone_and_everything_is_as_before(survey: Survey, survey_admin: Any) -> None:
    imported(survey, norwegian(), by=survey_admin)
    before = list(
        Answer.objects.order_by("response", "question", "option").values_list("response", "option", "number", "text")
    )
    longer = make_forms.norwegian(35)
    longer[2][10] = "5 - Svært stor grad"
    job = imported(survey, sheet(longer), by=survey_admin)
    imports.undo(job=job, by=survey_admin)
    after = Answer.objects.order_by("response", "question", "option").values_list(
        "response", "option", "number", "text"
    )
    assert list(after) == before
    assert survey.responses.count() == 20


def test_undoing_the_first_import_takes_its_questions_along(survey: Survey, survey_admin: Any) -> None:
    job = imported(survey, norwegian(), by=survey_admin)
    imports.undo(job=job, by=survey_admin)
    assert not survey.responses.exists()
    assert not Question.objects.filter(survey=survey).exists()


def test_what_somebody_has_corrected_since_is_not_undone(
    survey: Survey, survey_admin: Any, sortland: Organisation
) -> None:
    job = imported(survey, norwegian(), by=survey_admin)
    change_response(response=survey.responses.get(external_id="1"), municipality=sortland, people=4, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        imports.undo(job=job, by=survey_admin)


def test_a_text_that_somebody_has_judged_since_is_not_undone(survey: Survey, survey_admin: Any) -> None:
    job = imported(survey, norwegian(), by=survey_admin)
    text = Answer.objects.texts_of(survey)[0]
    text_review.review(survey=survey, decided={text.pk: "held"}, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        imports.undo(job=job, by=survey_admin)
    assert Answer.objects.get(pk=text.pk).review == "held"


def test_where_the_file_does_not_tell_the_municipality_the_address_does_else_it_is_asked(
    survey: Survey, survey_admin: Any, hadsel: Organisation
) -> None:
    content = (FILES / "forms-engelsk.xlsx").read_bytes()
    job = looked_over(survey, content, by=survey_admin)
    assert len(job.basis["unplaced"]) == 6
    assert job.basis["assumed"] == 15
    asked = str(job.basis["unplaced"][0])
    job = connected(job, by=survey_admin, by_row={asked: {"municipality": hadsel.pk, "people": 6}})
    assert len(job.basis["unplaced"]) == 5
    imports.apply(job=job, by=survey_admin)
    placed = survey.responses.get(municipality=hadsel)
    assert (placed.people, placed.people_assumed, placed.municipality_from) == (6, False, "asked")
    assert survey.responses.filter(municipality_from="email").count() == 9
    assert survey.responses.without_municipality().count() == 5


def test_what_was_filled_in_by_hand_stays_when_the_file_comes_again(
    survey: Survey, survey_admin: Any, hadsel: Organisation
) -> None:
    content = (FILES / "forms-engelsk.xlsx").read_bytes()
    imported(survey, content, by=survey_admin)
    unknown = survey.responses.without_municipality().first()
    change_response(response=unknown, municipality=hadsel, people=4, by=survey_admin)
    again = looked_over(survey, content, by=survey_admin)
    assert again.counts["unchanged"] == 15
    unknown.refresh_from_db()
    assert (unknown.municipality, unknown.people) == (hadsel, 4)


def test_names_and_addresses_are_left_behind(survey: Survey, survey_admin: Any) -> None:
    job = imported(survey, (FILES / "forms-engelsk.xlsx").read_bytes(), by=survey_admin)
    assert not survey.responses.exclude(respondent_name="", respondent_email="").exists()
    kept = str(list(job.rows.values_list("raw", "values", "messages")))
    assert "kari@" not in kept
    assert "Nordmann" not in kept


def test_a_survey_that_says_so_keeps_them(digi: Collaboration, survey_admin: Any) -> None:
    survey = survey_in(digi, named=True)
    imported(survey, (FILES / "forms-engelsk.xlsx").read_bytes(), by=survey_admin)
    assert (
        survey.responses.filter(respondent_email="kari@sortland.kommune.no", respondent_name="Kari Nordmann").count()
        == 3
    )


def test_bo_in_another_county_is_not_ours(survey: Survey, survey_admin: Any) -> None:
    rows = [[*META, "Hvilken kommune?", "Hva er bra?"], row(1, "Bø i Telemark", "Alt"), row(2, "Bø i Nordland", "Alt")]
    job = looked_over(survey, sheet(rows), by=survey_admin)
    assert [(cell, value) for cell, value, _sentence in faults(job)] == [("F2", "Bø i Telemark")]


def test_every_fault_names_cell_value_and_cure(survey: Survey, survey_admin: Any) -> None:
    head = [*META, "Hvilken kommune svarer du for?", "Antall personer", "Karakter", "Hva er bra?"]
    late = timezone.now().replace(tzinfo=None, microsecond=0) + timedelta(days=400)
    rows = [
        head,
        row(1, "Sortland", "mange", "4 - Enig", "a"),
        row(2, "Sortland", 0, "4 - Enig", "b"),
        row(3, "Sortland", -2, "4 - Enig", "c"),
        row(4, "Narvik", 1, "4 - Enig", "d"),
        [5, START, late, "anonymous", None, "Sortland", 1, "4 - Enig", "e"],
        [6, START, "31/12/2020", "anonymous", None, "Sortland", 1, "4 - Enig", "f"],
        row(7, "Sortland", 2.5, "3 - Både og", "g"),
        row(1, "Sortland", 1, "3 - Både og", "h"),
    ]
    job = looked_over(survey, sheet(rows), by=survey_admin)
    found = {cell: (value, sentence) for cell, value, sentence in faults(job)}
    assert set(found) == {"G2", "G3", "G4", "F5", "C6", "C7", "G8", "A9"}
    assert found["G2"][0] == "mange"
    assert found["F5"][0] == "Narvik"
    assert "Sortland" in found["F5"][1]
    assert all(len(sentence) > 20 for _value, sentence in found.values())
    imports.apply(job=job, by=survey_admin)
    assert survey.responses.count() == 0


def test_the_same_answer_twice_in_a_file_is_an_error(survey: Survey, survey_admin: Any) -> None:
    rows = [[*META, "Hva er bra?"], row(1, "Alt mulig her"), row(1, "Noe helt annet")]
    job = looked_over(survey, sheet(rows), by=survey_admin)
    assert [cell for cell, *_rest in faults(job)] == ["A3"]
    assert job.counts["new"] == 1


def test_a_file_without_questions_is_refused_with_the_cure(survey: Survey, survey_admin: Any) -> None:
    job = looked_over(survey, sheet([META, row(1)]), by=survey_admin)
    assert job.state == ImportJob.State.REFUSED
    assert "Starttidspunkt" in job.error


@pytest.mark.parametrize("rows", [[], [META + ["Spørsmål"]]], ids=["empty", "only a header"])
def test_an_empty_file_is_refused(survey: Survey, survey_admin: Any, rows: list[list[Any]]) -> None:
    job = looked_over(survey, sheet(rows), by=survey_admin)
    assert job.state == ImportJob.State.REFUSED
    assert job.error


def test_headers_in_a_strange_language_are_known_by_their_shape(survey: Survey, survey_admin: Any) -> None:
    rows = [["Nr", "Aloitus", "Lopetus", "Sähköposti", "Nimi", "Mitä?"], *(row(n, "Hei hei") for n in (1, 2, 3))]
    job = looked_over(survey, sheet(rows), by=survey_admin)
    assert [column["field"] for column in job.columns][:5] == ["id", "started", "completed", "email", "name"]


def test_a_file_whose_header_is_gone_is_refused(survey: Survey, survey_admin: Any) -> None:
    job = looked_over(survey, sheet([row(1, "Alt"), row(2, "Ingenting")]), by=survey_admin)
    assert job.state == ImportJob.State.REFUSED


def test_equal_titles_become_two_questions(survey: Survey, survey_admin: Any) -> None:
    rows = [[*META, "Hvorfor?", "Hvorfor?"], row(1, "Fordi det er nyttig", "Fordi vi må")]
    imported(survey, sheet(rows), by=survey_admin)
    assert list(survey.questions.values_list("text", flat=True)) == ["Hvorfor?", "Hvorfor?2"]


def test_a_plain_table_without_ids_is_imported_once(survey: Survey, survey_admin: Any) -> None:
    rows = [["Kommune", "Hva er bra?"], ["Bø", "Naturen"], ["Bø", "Naturen"], ["Hadsel", "Folkene"]]
    imported(survey, sheet(rows), by=survey_admin)
    again = looked_over(survey, sheet(rows), by=survey_admin)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 3, "errors": 0}


def test_questions_that_the_file_lacks_are_told(survey: Survey, survey_admin: Any) -> None:
    define_question(survey=survey, text="Hva kan bli bedre?", kind="text")
    job = looked_over(survey, sheet([[*META, "Hva er bra?"], row(1, "Alt")]), by=survey_admin)
    assert job.basis["missing"] == ["Hva kan bli bedre?"]


def test_somebody_corrects_an_answer_between_looking_and_writing(
    survey: Survey, survey_admin: Any, sortland: Organisation
) -> None:
    imported(survey, norwegian(), by=survey_admin)
    job = looked_over(survey, sheet(make_forms.norwegian(25)), by=survey_admin)
    change_response(response=survey.responses.get(external_id="3"), municipality=sortland, people=9, by=survey_admin)
    with pytest.raises(NotAllowedNow):
        imports.apply(job=job, by=survey_admin)
    assert survey.responses.count() == 20


def test_only_the_administrator_of_surveys_imports(survey: Survey, survey_admin: Any, secretary: Any) -> None:
    job = looked_over(survey, norwegian(), by=survey_admin)
    with pytest.raises(PermissionDenied):
        imports.apply(job=job, by=secretary)


def test_a_correction_by_hand_is_kept_in_the_history(survey: Survey, survey_admin: Any, bo: Organisation) -> None:
    imported(survey, norwegian(), by=survey_admin)
    one = survey.responses.get(external_id="1")
    change_response(response=one, municipality=bo, people=7, by=survey_admin)
    events = Response.history.rel.related_model.objects.filter(pgh_obj_id=one.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.people for event in events] == [1, 7]


def test_answers_leave_their_history_too(survey: Survey, survey_admin: Any) -> None:
    imported(survey, norwegian(), by=survey_admin)
    events = Answer.history.rel.related_model.objects  # type: ignore[attr-defined]
    assert events.count() == Answer.objects.count() > 0
