"""The pages of surveys, findings and insight, opened by those who may and refused to those who may not."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from governance.models import Collaboration, Organisation
from surveys.actions import findings as finding_actions
from surveys.actions import imports
from surveys.actions.surveys import define_question
from surveys.models import Finding, ImportJob, InsightActivity, Survey
from tests.surveys.survey_people import FILES, connected, imported, survey_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(digi: Collaboration) -> Survey:
    return survey_in(digi, slug="behov")


@pytest.fixture
def answered(survey: Survey, survey_admin: Any) -> Survey:
    imported(survey, (FILES / "forms-norsk.xlsx").read_bytes(), by=survey_admin)
    return survey


def page(user: Any, name: str, *args: Any, expect: int = 200, data: dict[str, Any] | None = None, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    url = reverse(name, args=args)
    response = client.get(url, query) if data is None else client.post(url, data)
    assert response.status_code == expect, (url, response.status_code)
    return response


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_administrator_makes_a_survey_and_uploads_the_export(digi: Collaboration, survey_admin: Any) -> None:
    page(survey_admin, "survey_new", "vesteralen")
    page(survey_admin, "survey_new", "vesteralen", expect=302, data={"title": "Behov på tvers", "precision": "month"})
    survey = Survey.objects.get()
    assert survey.slug == "behov-pa-tvers"
    upload = SimpleUploadedFile("svar.xlsx", (FILES / "forms-engelsk.xlsx").read_bytes())
    page(survey_admin, "survey_upload", "vesteralen", survey.slug)
    page(survey_admin, "survey_upload", "vesteralen", survey.slug, expect=302, data={"file": upload})
    job = ImportJob.objects.get()
    connected(imports.read_now(job), by=survey_admin)
    shown = text(page(survey_admin, "import", "vesteralen", job.pk))
    assert reverse("import_places", args=["vesteralen", job.pk]) in shown
    grid = page(survey_admin, "import_places", "vesteralen", job.pk)
    rows = [row.number for row, *_rest in grid.context_data["lines"]]
    assert len(rows) == 15
    sortland = Organisation.objects.get(number="1870")
    job.refresh_from_db()
    said = {"version": job.version, f"kommune_{rows[2]}": sortland.pk, f"personer_{rows[2]}": 4}
    page(survey_admin, "import_places", "vesteralen", job.pk, expect=302, data=said)
    job.refresh_from_db()
    imports.apply(job=imports.check_now(job), by=survey_admin)
    assert survey.responses.totals() == (15, 18)
    assert survey.responses.get(people=4).municipality == sortland


def test_text_for_a_number_of_people_is_told_in_the_grid(survey: Survey, survey_admin: Any) -> None:
    job = imports.keep(
        kind="survey", content=(FILES / "forms-engelsk.xlsx").read_bytes(), file_name="svar.xlsx",
        collaboration=survey.collaboration, subject=str(survey.pk), by=survey_admin,
    )  # fmt: skip
    job = connected(imports.read_now(job), by=survey_admin)
    shown = page(survey_admin, "import_places", "vesteralen", job.pk, data={"version": job.version, "personer_2": "0"})
    assert "personer_2" in shown.context_data["form"].errors


def test_the_choices_of_a_form_are_corrected_before_the_import(survey: Survey, survey_admin: Any) -> None:
    job = imports.keep(
        kind="survey", content=(FILES / "forms-norsk.xlsx").read_bytes(), file_name="svar.xlsx",
        collaboration=survey.collaboration, subject=str(survey.pk), by=survey_admin,
    )  # fmt: skip
    job = connected(imports.read_now(job), by=survey_admin)
    form = page(survey_admin, "import_choices", "vesteralen", job.pk).context_data["form"]
    data = {name: form[name].initial or "" for name in form.fields} | {"version": job.version}
    letter = next(one["letter"] for one in job.basis["plan"] if one["kind"] == "multiple")
    data[letter] += "\nÅ møtes oftere"
    page(survey_admin, "import_choices", "vesteralen", job.pk, expect=302, data=data)
    job.refresh_from_db()
    plan = {one["letter"]: one for one in imports.check_now(job).basis["plan"]}
    assert plan[letter]["own_words"] == 0


def test_what_the_file_is_from_is_told_and_can_be_changed(survey: Survey, survey_admin: Any) -> None:
    job = imports.keep(
        kind="survey", content=(FILES / "forms-norsk.xlsx").read_bytes(), file_name="svar.xlsx",
        collaboration=survey.collaboration, subject=str(survey.pk), by=survey_admin,
    )  # fmt: skip
    job = connected(imports.read_now(job), by=survey_admin)
    address = reverse("import_program", args=["vesteralen", job.pk])
    assert address in text(page(survey_admin, "import", "vesteralen", job.pk))
    assert "Microsoft Forms" in text(page(survey_admin, "import_program", "vesteralen", job.pk))
    said = {"program": "other", "version": job.version}
    page(survey_admin, "import_program", "vesteralen", job.pk, expect=302, data=said)
    job.refresh_from_db()
    assert job.mapping["program"] == "other"
    assert imports.check_now(job).counts["new"] == 20


def test_a_director_sees_results_but_no_single_answers(answered: Survey, director: Any, secretary: Any) -> None:
    assert "Kompetanseutvikling" in text(page(director, "survey", "vesteralen", "behov"))
    page(director, "survey_answers", "vesteralen", "behov", expect=403)
    page(director, "response", "vesteralen", "behov", answered.responses.first().pk, expect=403)
    page(director, "survey_upload", "vesteralen", "behov", expect=403)
    page(secretary, "survey_answers", "vesteralen", "behov")
    page(secretary, "response", "vesteralen", "behov", answered.responses.first().pk)
    page(secretary, "survey_upload", "vesteralen", "behov", expect=403)


def test_a_stranger_finds_nothing(answered: Survey, outsider: Any) -> None:
    for name, args in (("surveys", []), ("survey", ["behov"]), ("findings", []), ("insight", [])):
        page(outsider, name, "vesteralen", *args, expect=404)


def test_a_small_municipality_is_no_filter_for_others_than_the_secretariat(
    answered: Survey, director: Any, secretary: Any
) -> None:
    for user, expected in ((director, 20), (secretary, 3)):
        shown = page(user, "survey", "vesteralen", "behov", kommune="1867")
        multiple = next(one for one in shown.context_data["results"] if one.question.kind == "multiple")
        assert multiple.answers == expected


def test_excel_holds_single_answers_only_for_those_who_may_see_them(
    answered: Survey, director: Any, secretary: Any
) -> None:
    sheets = {}
    for user in (director, secretary):
        content = page(user, "survey", "vesteralen", "behov", format="xlsx").getvalue()
        sheets[user] = len(load_workbook(io.BytesIO(content)).sheetnames)
    assert sheets[secretary] == sheets[director] + 2, "the single answers, and the texts that nobody has read yet"
    page(secretary, "survey_answers", "vesteralen", "behov", format="xlsx")
    page(director, "surveys", "vesteralen", format="xlsx")


def test_an_answer_is_corrected_and_a_late_save_is_noticed(
    answered: Survey, survey_admin: Any, bo: Organisation
) -> None:
    one = answered.responses.get(external_id="1")
    args = ["vesteralen", "behov", one.pk]
    page(survey_admin, "response_change", *args)
    page(survey_admin, "response_change", *args, expect=302, data={"version": 1, "municipality": bo.pk, "people": 3})
    page(survey_admin, "response_change", *args, expect=409, data={"version": 1, "municipality": "", "people": 2})
    wrong = page(survey_admin, "response_change", *args, data={"version": 2, "municipality": "", "people": -1})
    assert "people" in wrong.context_data["form"].errors
    one.refresh_from_db()
    assert (one.municipality, one.people) == (bo, 3)


def test_figures_from_a_report_are_written_by_hand(survey: Survey, survey_admin: Any, director: Any) -> None:
    page(survey_admin, "question_new", "vesteralen", "behov")
    choices = "Felles anskaffelser = 29\nStrategi og planer for digitalis… = 12?\nFelles drift = ?\nAndre områder"
    data = {"text": "Hva er viktigst?", "kind": "multiple", "number": "9", "choices": choices, "other": "on"}
    page(survey_admin, "question_new", "vesteralen", "behov", expect=302, data=data)
    options = list(survey.questions.get().options.values_list("reported_count", "uncertain", "cut", "is_other"))
    assert options == [
        (29, False, False, False),
        (12, True, True, False),
        (None,) + (False,) * 3,
        (None, False, False, True),
    ]
    asked = survey.questions.get()
    shown = page(survey_admin, "question", "vesteralen", "behov", asked.pk)
    assert "= 12?" in text(shown)
    page(survey_admin, "survey_questions", "vesteralen", "behov")
    assert "29" in text(page(director, "survey", "vesteralen", "behov"))


def test_a_question_without_choices_is_told(survey: Survey, survey_admin: Any) -> None:
    data = {"text": "Hva er viktigst?", "kind": "single", "choices": ""}
    assert "choices" in page(survey_admin, "question_new", "vesteralen", "behov", data=data).context_data["form"].errors


def test_the_secretariat_keeps_the_findings(
    digi: Collaboration, secretary: Any, director: Any, sortland: Organisation
) -> None:
    page(secretary, "findings", "vesteralen")
    page(secretary, "finding_category_new", "vesteralen", expect=302, data={"name": "Teknologi"})
    category = digi.finding_categories.get()
    page(secretary, "finding_new", "vesteralen", kategori=category.pk)
    data = {"category": category.pk, "text": "Små fagmiljøer", "instruments": ["survey", "interview"]}
    page(secretary, "finding_new", "vesteralen", expect=302, data=data)
    finding_actions.define_finding(category=category, text="Ulik programvare")
    first, second = Finding.objects.order_by("position")
    page(secretary, "finding_move", "vesteralen", second.pk, expect=302, data={"vei": "opp"})
    page(secretary, "finding", "vesteralen", first.pk)
    page(secretary, "finding_category", "vesteralen", category.pk)
    page(secretary, "finding_remove", "vesteralen", first.pk)
    page(director, "finding_new", "vesteralen", expect=403)
    page(director, "finding_remark", "vesteralen", category.pk, sortland.number)
    said = {"agreement": "partly", "text": "Vi er større enn de andre", "version": 0}
    page(director, "finding_remark", "vesteralen", category.pk, sortland.number, expect=302, data=said)
    page(director, "finding_remark", "vesteralen", category.pk, "1866", expect=403)
    shown = text(page(director, "findings", "vesteralen"))
    assert "Vi er større enn de andre" in shown
    assert shown.index("Ulik programvare") < shown.index("Små fagmiljøer")
    content = page(director, "findings", "vesteralen", format="xlsx").getvalue()
    assert load_workbook(io.BytesIO(content)).worksheets[0].max_row == 3
    page(secretary, "finding_remove", "vesteralen", first.pk, expect=302, data={})
    assert not Finding.objects.filter(pk=first.pk).exists()


def test_the_instruments_are_listed(digi: Collaboration, survey: Survey, secretary: Any, director: Any) -> None:
    page(secretary, "activity_new", "vesteralen")
    data = {
        "kind": "survey", "title": "Undersøkelse", "summary": "35 svar", "since": "01.05.2021", "until": "30.06.2021",
        "precision": "month", "survey": survey.pk,
    }  # fmt: skip
    page(secretary, "activity_new", "vesteralen", expect=302, data=data)
    page(director, "activity_new", "vesteralen", expect=403)
    done = InsightActivity.objects.get()
    assert done.period == "mai–juni 2021"
    page(secretary, "activity", "vesteralen", done.pk)
    assert survey.get_absolute_url() in text(page(director, "insight", "vesteralen"))


def test_everything_is_empty_before_it_begins(digi: Collaboration, survey_admin: Any, director: Any) -> None:
    for name in ("surveys", "findings", "insight", "surveys_home"):
        page(director, name, "vesteralen")
        page(survey_admin, name, "vesteralen")
    survey = survey_in(digi, slug="tom")
    page(director, "survey", "vesteralen", survey.slug)
    define_question(survey=survey, text="Hva?", kind="text")
    page(director, "survey", "vesteralen", survey.slug)
