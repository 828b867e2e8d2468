"""The final report tells what the benefits were to give and what came of them, year by year (E10-E12, D14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils.translation import override
from pypdf import PdfReader

from digivesteralen.accounts.models import User
from digivesteralen.reports import actions, final_report, insight
from digivesteralen.reports.benefits import benefits
from digivesteralen.reports.models import Report
from governance.models import Collaboration
from portfolio.actions import benefit_lines
from portfolio.actions.benefits import add_benefit
from portfolio.models import Benefit, BenefitLine, Participation, Project
from tests.portfolio.conftest import area, decides, invited, project  # noqa: F401 -- fixtures

HOURS: dict[str, Any] = {
    "gain": "Mindre papir",
    "kind": Benefit.Kind.TIME,
    "used_for": Benefit.Use.SERVICE,
    "indicator": "Timer til papirskjema",
    "unit": Benefit.Unit.HOURS,
    "baseline": Decimal(900),
    "baseline_on": date(2024, 3, 1),
    "target_value": Decimal(300),
    "target_on": date(2030, 12, 31),
    "starts_year": 2024,
}


@pytest.fixture
def report(digi: Collaboration, secretary: User) -> Report:
    return actions.begin_report(collaboration=digi, title="Sluttrapport", by=secretary)


@pytest.fixture
def line(
    project: Project,  # noqa: F811
    invited: dict[str, Participation],  # noqa: F811
    decides: Callable[..., Participation],  # noqa: F811
    director: User,
    secretary: User,
) -> BenefitLine:
    """Sortland has decided to take part, and has measured twice."""
    with time_machine.travel("2024-02-01 12:00Z"):
        part = decides(invited["Sortland"], 200_000)
        benefit = add_benefit(project=project, by=secretary, **HOURS)
        line = benefit_lines.plan_line(benefit=benefit, participation=part, owner_role="Servicetorget", by=director)
    for day, value in ((date(2024, 12, 1), 700), (date(2025, 11, 1), 400)):
        with time_machine.travel(day):
            benefit_lines.measure(line=line, on=day, value=Decimal(value), by=director)
    return line


def told(report: Report) -> str:
    with override("nb"):
        return " ".join(render_to_string("reports/blocks/benefits.html", {"facts": benefits(report)}).split())


def test_the_usual_chapters_have_one_on_benefits(report: Report) -> None:
    assert report.chapters.get(blocks=["benefits"]).title == "Gevinster"


def test_without_benefits_the_chapter_says_so(report: Report) -> None:
    assert "Ingen gevinster er registrert" in told(report)


def test_each_year_stands_with_what_was_expected_and_realised_by_then(report: Report, line: BenefitLine) -> None:
    with time_machine.travel("2026-06-01 12:00Z"):
        rows = benefits(report)["years"]
    assert [(row["kind"], row["year"], row["hours_planned"], row["hours_realised"]) for row in rows] == [
        ("time", 2024, 600, 200),
        ("time", 2025, 600, 500),
        ("time", 2026, 600, 500),
    ]


def test_owner_use_and_indicator_stand_with_their_days(report: Report, line: BenefitLine) -> None:
    shown = told(report)
    assert "Sortland: Servicetorget" in shown
    assert "Tjenestene utvikles" in shown
    for value in ("900 timer (01.03.2024)", "300 timer (31.12.2030)", "400 timer (01.11.2025)"):
        assert value in shown.replace("\xa0", " "), value


def test_a_benefit_that_no_municipality_has_taken_up_is_told_with_a_sentence(
    report: Report,
    project: Project,  # noqa: F811
    secretary: User,
) -> None:
    add_benefit(project=project, gain="Tryggere drift", by=secretary)
    shown = told(report)
    assert "Ingen kommune har sagt hvem som eier" in shown
    assert "Tryggere drift" in shown and "ingen er oppgitt ennå" in shown


def test_the_pdf_has_the_chapter_and_the_data_behind_it(report: Report, line: BenefitLine) -> None:
    file = PdfReader(BytesIO(final_report.render(report)))
    pages = " ".join(" ".join(page.extract_text() for page in file.pages).split())
    assert "4.6 Gevinster" in pages and "Mindre papir" in pages
    (rows,) = [row.decode("utf-8-sig").splitlines() for row in file.attachments["gevinster.csv"]]
    assert rows[1].split(";")[1:5] == ["Mindre papir", "spart tid", "tjenestene utvikles", "Sortland"]
    assert insight.counts(report)["benefit_lines"] == 1


def test_a_made_up_benefit_marks_the_report(report: Report, project: Project, secretary: User) -> None:  # noqa: F811
    assert not final_report.context(report)["example"]
    add_benefit(project=project, gain="Laget", example=True, by=secretary)
    assert final_report.context(report)["example"]
    assert "Laget (Eksempel)" in told(report)


def test_more_benefits_and_lines_ask_the_database_no_more(
    report: Report,
    line: BenefitLine,
    project: Project,  # noqa: F811
    secretary: User,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(40) as first:
        benefits(report)
    for number in range(5):
        add_benefit(project=project, by=secretary, **{**HOURS, "gain": f"Gevinst {number}"})
    with django_assert_num_queries(len(first)):
        benefits(report)
