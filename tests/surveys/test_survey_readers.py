"""Exports of the survey programs, read as a careful person would (surveys.md 5, 9): nothing lost, nothing guessed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference

from digivesteralen.spreadsheets import reading
from governance.models import Collaboration
from surveys.actions import imports
from surveys.actions.surveys import define_question
from surveys.answer_kinds import kind_of, moment, order_of, step_of
from surveys.choices import in_order, proposed, split_choices
from surveys.error_file import error_sheet
from surveys.models import ImportJob, Option, Survey
from surveys.survey_words import program_of
from tests.surveys.survey_files import CASES, Case, Said, at, forms, workbook
from tests.surveys.survey_people import connected, faults, imported, looked_over, sheet, survey_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in a process of its own is tried elsewhere."""
    monkeypatch.setattr(reading, "read_guarded", reading.read)


@pytest.fixture
def survey(digi: Collaboration) -> Survey:
    return survey_in(digi)


def upload(survey: Survey, content: bytes, by: Any, name: str = "svar.xlsx") -> ImportJob:
    return imports.read_now(
        imports.keep(
            kind="survey", content=content, file_name=name, collaboration=survey.collaboration,
            subject=str(survey.pk), by=by,
        )
    )  # fmt: skip


def written(survey: Survey, job: ImportJob) -> list[Said]:
    """Question, kind, and what each row of the file answers."""
    targets = [row.target for row in job.rows.in_order()]
    found = []
    for question in survey.questions.all():
        by_row: dict[Any, list[str]] = {}
        for answer in question.answers.select_related("option").order_by("option__position"):
            by_row.setdefault(answer.response_id, []).append(str(answer))
        text = f"{question.group} / {question.text}" if question.group else question.text
        found.append((text, question.kind, [" + ".join(by_row.get(target, [])) for target in targets]))
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_file_says_what_a_careful_person_reads_in_it(survey: Survey, survey_admin: Any, case: Case) -> None:
    name, content = case.file
    job = upload(survey, content, survey_admin, name)
    assert job.state == ImportJob.State.READ, job.error
    job = connected(job, by=survey_admin, columns=case.columns, choices=case.choices)
    assert (job.error, faults(job)) == ("", [])
    assert job.columns[0]["program"] == case.program
    job = imports.apply(job=job, by=survey_admin)
    assert [(text, kind, [one.replace("Annet:", "Other:") for one in said])
            for text, kind, said in written(survey, job)] == case.said  # fmt: skip
    again = looked_over(survey, content, by=survey_admin, name=name, columns=case.columns)
    assert (again.counts["unchanged"], again.counts["new"]) == (len(targets(job)), 0), "twice changes nothing"


def targets(job: ImportJob) -> list[Any]:
    return [row.target for row in job.rows.in_order()]


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 20


def test_the_reader_is_told_what_it_looks_like_and_a_person_may_say_otherwise(
    survey: Survey, survey_admin: Any
) -> None:
    job = upload(survey, sheet([["Tidsmerke", "Hva er bra?"], [at(1), "Alt"], [at(2), "Ingenting"]]), survey_admin)
    assert any("Google Forms" in note for note in job.notes)
    job = connected(job, by=survey_admin, program="other")
    assert job.mapping["program"] == "other"
    assert not job.error


def test_commas_between_choices_wait_for_a_person(survey: Survey, survey_admin: Any) -> None:
    rows = [["Timestamp", "Where?"], *([at(n), "Home, often, At work"] for n in (1, 2)), [at(3), "At work"]]
    job = looked_over(survey, sheet(rows), by=survey_admin, columns={"B": "multiple"})
    assert "Where?" in job.error
    [plan] = job.basis["plan"]
    assert [option["text"] for option in plan["options"]] == ["Home, often", "At work"]
    job = connected(job, by=survey_admin, choices={"B": ["Home, often", "At work"]})
    assert not job.error
    imports.apply(job=job, by=survey_admin)
    assert Option.objects.get(text="Home, often").answers.count() == 2


def test_the_choices_of_the_survey_decide_where_commas_divide(survey: Survey, survey_admin: Any) -> None:
    options = [{"text": "Drift"}, {"text": "Drift, også om natten"}, {"text": "Annet", "is_other": True}]
    asked = define_question(survey=survey, text="Hva?", kind="multiple", options=options)
    rows = [["Tidsmerke", "Hva?"], [at(1), "Drift, også om natten, Drift, noe, helt annet"], [at(2), "Drift"]]
    imported(survey, sheet(rows), by=survey_admin)
    first, second = asked.answers.order_by("response__completed", "option__position")[:3][0:3:2]
    assert str(first) == "Drift"
    assert asked.answers.get(option__is_other=True).text == "noe, helt annet"
    assert asked.answers.filter(option__text="Drift, også om natten").count() == 1
    assert second is not None


def test_an_edited_answer_is_a_change_and_an_older_export_brings_nothing_back(
    survey: Survey, survey_admin: Any
) -> None:
    header = ["Tidspunkt for siste endring", "Hva er bra?"]
    first, edited = forms(header, [at(2), "Lite"]), forms(header, [at(5), "Mye mer enn før"])
    imported(survey, sheet(first), by=survey_admin)
    job = imported(survey, sheet(edited), by=survey_admin)
    assert job.counts["changed"] == 1
    one = survey.responses.get()
    assert (one.answers.get().text, one.modified.day) == ("Mye mer enn før", 5)
    older = looked_over(survey, sheet(first), by=survey_admin)
    assert older.counts["unchanged"] == 1
    imports.undo(job=job, by=survey_admin)
    one.refresh_from_db()
    assert (one.answers.get().text, one.modified.day) == ("Lite", 2)


def test_answers_that_a_file_lacks_stay_and_are_told(survey: Survey, survey_admin: Any) -> None:
    imported(survey, sheet(forms(["Hva er bra?"], ["A a"], ["B b"], ["C c"])), by=survey_admin)
    job = imported(survey, sheet(forms(["Hva er bra?"], ["A a"])), by=survey_admin)
    assert (job.basis["known"], job.basis["absent"]) == (1, 2)
    assert survey.responses.count() == 3


@pytest.mark.parametrize(("cell", "words"), [("Vi gjÃ¸r det", "F2"), ("Itës fine", ".xlsx"), ("Vi gjør det", "")])
def test_damaged_letters_are_told_and_never_mended(survey: Survey, survey_admin: Any, cell: str, words: str) -> None:
    job = upload(survey, sheet(forms(["Hva er bra?"], [cell])), survey_admin)
    damaged = [note for note in job.notes if "F2" in note]
    assert bool(damaged) == bool(words)
    assert not words or any(words in note for note in damaged)
    assert job.rows.get().raw["F2"] == cell


def test_times_with_slashes_are_refused_where_nobody_can_tell_day_from_month(survey: Survey, survey_admin: Any) -> None:
    rows = forms(["Hva er bra?"], ["Alt"])
    rows[1][1] = rows[1][2] = "03/04/2025 10:00"
    job = looked_over(survey, sheet(rows), by=survey_admin)
    assert [cell for cell, *_rest in faults(job)] == ["B2", "C2"]


def test_a_row_that_is_no_answer_is_told(survey: Survey, survey_admin: Any) -> None:
    rows = [*forms(["Karakter"], [4], [5]), [None, None, None, None, None, 4.5]]
    job = looked_over(survey, sheet(rows), by=survey_admin, columns={"F": "number"})
    assert job.counts == {"new": 2, "changed": 0, "unchanged": 0, "errors": 1}


def test_the_number_in_the_name_of_the_file_is_compared(survey: Survey, survey_admin: Any) -> None:
    job = upload(survey, sheet(forms(["Hva er bra?"], ["Alt"])), survey_admin, "Behov(1-35).xlsx")
    assert any("35" in note for note in job.notes)


def test_a_chart_sheet_and_an_empty_sheet_of_many_rows_are_no_hindrance(survey: Survey, survey_admin: Any) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Tom"
    book.active.cell(5_000, 3).number_format = "0.00"
    figure = book.create_chartsheet("Figur")
    answers = book.create_sheet("Form_Responses1")
    for row in [["Timestamp", "What?"], [at(1), "This and that"]]:
        answers.append(row)
    chart = BarChart()
    chart.add_data(Reference(answers, min_col=1, min_row=1, max_row=2))
    figure.add_chart(chart)
    out = io.BytesIO()
    book.save(out)
    job = upload(survey, out.getvalue(), survey_admin)
    assert (job.error, job.sheet) == ("", "Form_Responses1")


def test_no_address_of_anybody_stands_in_a_receipt_or_a_fault(digi: Collaboration, survey_admin: Any) -> None:
    survey = survey_in(digi, named=True)
    rows = forms(
        ["Antall personer", "Hva er bra?"], ["kari@sortland.kommune.no og to til", "Spør ola@eksempel.no"], [3, "Alt"],
        mail="per@eksempel.no",
    )  # fmt: skip
    job = looked_over(survey, sheet(rows), by=survey_admin)
    [(cell, value, sentence)] = faults(job)
    assert cell == "F2"
    receipt = str(list(error_sheet(job).rows))
    for address in ("kari@", "ola@", "per@"):
        assert address not in f"{value} {sentence} {receipt} {job.notes} {job.basis}"


def test_a_column_that_a_person_says_is_private_is_forgotten(survey: Survey, survey_admin: Any) -> None:
    job = upload(survey, sheet(forms(["Kontakt", "Hva er bra?"], ["Kari på 5", "Alt"])), survey_admin)
    job = connected(job, by=survey_admin, columns={"F": "private"})
    assert "Kari" not in str(job.rows.get().raw)


def test_a_workbook_exported_by_the_portal_itself_is_read_too(survey: Survey, survey_admin: Any) -> None:
    content = workbook({"Les dette": [["Veiledning"]], "Svar": forms(["Hva er bra?"], ["Alt"])})
    assert load_workbook(io.BytesIO(content)).sheetnames[0] == "Les dette"
    assert upload(survey, content, survey_admin).sheet == "Svar"


class TestTheSmallRules:
    @pytest.mark.parametrize(
        ("cell", "known", "sign", "parts"),
        [
            ("A;B;", [], ";", ["A", "B"]),
            ("A; b;C;", ["A; b"], ";", ["A; b", "C"]),
            ("A, b, C", ["A, b", "C"], ", ", ["A, b", "C"]),
            ("A, b, C", ["C"], ", ", ["A, b", "C"]),
            ("A, A, b", ["A", "A, b"], ", ", ["A", "A, b"]),
            ("ukjent, helt", ["A"], ", ", ["ukjent, helt"]),
            (";;", [], ";", []),
        ],
    )
    def test_a_cell_is_divided_at_its_sign(self, cell: str, known: list[str], sign: str, parts: list[str]) -> None:
        assert split_choices(cell, known, sign) == parts

    def test_parts_that_never_stand_apart_are_one(self) -> None:
        assert proposed(["Tak, zawsze", "Nie", "Nie, Tak, zawsze"], ", ") == ["Tak, zawsze", "Nie"]

    @pytest.mark.parametrize(
        ("text", "step"),
        [
            ("4 - Enig", 4),
            ("1 (None at all)", 1),
            ("5", 5),
            ("3. Både og", 3),
            ("(2) Litt", 2),
            ("2024 - i fjor", None),
        ],
    )
    def test_the_number_in_front_is_the_step(self, text: str, step: int | None) -> None:
        found = step_of(text)
        assert (found[0] if found else None) == step

    def test_a_column_tells_whether_the_day_or_the_month_comes_first(self) -> None:
        assert order_of(["9/13/25 9:00", "9/1/25 9:00"]) == "mdy"
        assert order_of(["13/9/2025", "1/9/2025"]) == "dmy"
        assert order_of(["1/2/2025"]) == order_of(["13/1/2025", "1/13/2025"]) == ""
        assert moment("9/1/25 1:05 PM", "mdy") == datetime(2025, 9, 1, 13, 5)  # noqa: DTZ001

    def test_sentences_with_commas_are_no_choices(self) -> None:
        sentences = ["Vi har lite tid, dårlig råd og ingen plan", "Vi har folk, men ikke nok", "Alt, egentlig"]
        assert kind_of(sentences, program="google") == "text"

    def test_the_steps_of_a_known_scale_stand_in_its_order(self) -> None:
        assert in_order(["Vet ikke", "Enig", "Helt uenig"]) == ["Helt uenig", "Enig", "Vet ikke"]
        assert in_order(["Enig", "Kanskje"]) == ["Enig", "Kanskje"]

    def test_a_row_of_answers_is_no_row_of_titles(self) -> None:
        assert program_of(["1", "anonymous", "Ja"]) is None
