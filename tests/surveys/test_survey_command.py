"""«manage.py import_survey»: the same import at night or in a script."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance.models import Collaboration
from surveys.models import ImportJob, Survey
from tests.files import make_forms
from tests.surveys.survey_people import FILES, survey_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(digi: Collaboration) -> Survey:
    return survey_in(digi, slug="behov")


def run(file: Path, **options: Any) -> tuple[int, list[str], str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_survey", str(file), survey="behov", stdout=out, stderr=err, **options)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, out.getvalue().splitlines(), err.getvalue()


def test_a_trial_writes_nothing_and_the_counts_stand_last(survey: Survey) -> None:
    code, lines, _faults = run(FILES / "forms-norsk.xlsx", dry_run=True)
    assert (code, lines[-1]) == (0, "new=20 changed=0 unchanged=0 errors=0")
    assert not survey.responses.exists()
    assert ImportJob.objects.get().state == "cancelled"


def test_the_second_time_changes_nothing(survey: Survey) -> None:
    assert run(FILES / "forms-norsk.xlsx")[1][-1] == "new=20 changed=0 unchanged=0 errors=0"
    assert run(FILES / "forms-norsk.xlsx")[1][-1] == "new=0 changed=0 unchanged=20 errors=0"
    assert survey.responses.totals() == (20, 30)


def test_a_fault_is_told_with_file_row_column_and_value(survey: Survey, tmp_path: Path) -> None:
    rows = make_forms.norwegian(3)
    rows[2][7] = "mange"
    make_forms.save(rows, tmp_path / "svar.xlsx")
    code, lines, faults = run(tmp_path / "svar.xlsx")
    assert (code, lines[-1]) == (1, "new=2 changed=0 unchanged=0 errors=1")
    assert all(word in faults for word in ("svar.xlsx", "Sheet1", "H3", "«mange»"))


def test_commas_between_choices_stop_the_command_until_somebody_takes_what_is_proposed(
    survey: Survey, tmp_path: Path
) -> None:
    lines = ["Timestamp,Where?", '2025-09-01 10:00:00,"Home, often, Work"', "2025-09-02 10:00:00,Work"]
    lines += ['2025-09-03 10:00:00,"Home, often"', '2025-09-04 10:00:00,"Home, often, Work"']
    (tmp_path / "svar.csv").write_text("\n".join(lines))
    code, _told, faults = run(tmp_path / "svar.csv")
    assert code == 1
    assert "Where?" in faults
    code, told, _faults = run(tmp_path / "svar.csv", choices_as_proposed=True)
    assert (code, told[-1]) == (0, "new=4 changed=0 unchanged=0 errors=0")
    assert [option.text for option in survey.questions.get().options.all()] == ["Home, often", "Work"]


def test_a_file_that_is_no_form_stops_with_an_error(survey: Survey, tmp_path: Path) -> None:
    (tmp_path / "svar.xlsx").write_bytes(b"PK no workbook")
    code, lines, faults = run(tmp_path / "svar.xlsx")
    assert (code, lines[-1]) == (1, "new=0 changed=0 unchanged=0 errors=1")
    assert "svar.xlsx" in faults


def test_an_unknown_survey_is_told_with_those_there_are(survey: Survey) -> None:
    with pytest.raises(CommandError, match="behov"):
        call_command("import_survey", str(FILES / "forms-norsk.xlsx"), survey="noe-annet")
