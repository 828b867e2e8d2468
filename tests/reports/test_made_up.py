"""What is made up says so in the final report, on its pages and in the data attached to it (rule 13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from digivesteralen.reports import actions, final_report, insight
from digivesteralen.reports.models import Report
from governance.models import Collaboration, Organisation
from surveys.actions import catalogue, findings, inventory, surveys


@pytest.fixture
def report(digi: Collaboration, secretary: Any) -> Report:
    return actions.begin_report(collaboration=digi, title="Sluttrapport", by=secretary)


def attached(report: Report) -> dict[str, list[str]]:
    """The rows of each attached file, without the header."""
    with override("nb"):
        files = insight.attachments(report)
    return {name: content.decode("utf-8-sig").splitlines()[1:] for name, content, _mime, _about in files}


def test_a_made_up_system_is_marked_in_the_attached_inventory(report: Report, sortland: Organisation) -> None:
    area = catalogue.define_area(service_area="Oppvekst", name="Skole", position=1)
    own = inventory.inventory_of(sortland)
    for product, example in (("Ekte", False), ("Laget", True)):
        inventory.add_system(inventory=own, area=area, product=product, end_unknown=True, example=example, by=None)

    rows = attached(report)["systemoversikt.csv"]

    assert sorted(row.split(";")[3] + row.split(";")[-1] for row in rows) == ["Ekte", "LagetEksempel"]
    assert final_report.context(report)["example"]


def test_a_made_up_survey_is_marked_on_the_page_and_in_the_data(report: Report, digi: Collaboration) -> None:
    survey = surveys.define_survey(collaboration=digi, slug="behov", title="Behov", reported_answers=35, example=True)
    surveys.define_question(survey=survey, text="Hva?", kind="single", options=[{"text": "Noe", "reported_count": 3}])

    assert attached(report)["undersokelser.csv"] == ["Behov;Hva?;Noe;3;ukjent;Eksempel"]
    assert final_report.context(report)["example"]


def test_a_made_up_finding_marks_the_report(report: Report, digi: Collaboration, secretary: Any) -> None:
    category = findings.define_category(collaboration=digi, name="Kompetanse", by=secretary)
    findings.define_finding(category=category, text="Kjent", by=secretary)
    assert not final_report.context(report)["example"]

    findings.define_finding(category=category, text="Laget", example=True, by=secretary)

    assert final_report.context(report)["example"]
