"""Findings: six categories of the collaboration's own, in order, with what each municipality says to them (H1, H3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from digivesteralen.accounts.access import NotAllowedNow, Stale
from governance.models import Collaboration, Organisation
from portfolio.actions import projects
from surveys import findings
from surveys.actions import findings as actions
from surveys.models import FindingCategory

pytestmark = pytest.mark.django_db


@pytest.fixture
def technology(digi: Collaboration) -> FindingCategory:
    category = actions.define_category(collaboration=digi, name="Teknologi")
    for text in ("Først", "Så", "Til slutt"):
        actions.define_finding(category=category, text=text, instruments=["survey"])
    return category


def told(digi: Collaboration) -> list[tuple[str, list[str]]]:
    return [(one.name, [finding.text for finding in one.findings]) for one in findings.by_category(digi)]


def test_findings_are_told_in_their_order(digi: Collaboration, technology: FindingCategory) -> None:
    actions.define_category(collaboration=digi, name="Gevinster")
    assert told(digi) == [("Teknologi", ["Først", "Så", "Til slutt"]), ("Gevinster", [])]


def test_the_secretariat_moves_a_finding(digi: Collaboration, technology: FindingCategory, secretary: Any) -> None:
    actions.move_finding(finding=technology.findings.get(text="Til slutt"), up=True, by=secretary)
    actions.move_finding(finding=technology.findings.get(text="Først"), up=True, by=secretary)
    assert told(digi)[0][1] == ["Først", "Til slutt", "Så"]


def test_a_director_does_not_change_findings(technology: FindingCategory, director: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.define_finding(category=technology, text="Nytt", by=director)


def test_the_municipality_answers_for_itself_and_nobody_overwrites_it(
    technology: FindingCategory, director: Any, secretary: Any, sortland: Organisation, hadsel: Organisation
) -> None:
    actions.remark(category=technology, municipality=sortland, agreement="partly", text="Ikke alt", by=director)
    with pytest.raises(NotAllowedNow):
        actions.remark(category=technology, municipality=sortland, agreement="agrees", by=secretary)
    with pytest.raises(PermissionDenied):
        actions.remark(category=technology, municipality=hadsel, agreement="agrees", by=director)
    given = actions.remark(category=technology, municipality=hadsel, agreement="agrees", by=secretary)
    assert given.on_behalf


def test_a_late_save_is_noticed(technology: FindingCategory, secretary: Any) -> None:
    one = technology.findings.get(text="Så")
    change = {"category": technology, "instruments": [], "by": secretary}
    actions.change_finding(finding=one, version=1, text="Endret", **change)
    with pytest.raises(Stale):
        actions.change_finding(finding=one, version=1, text="Endret igjen", **change)


def test_a_finding_that_a_project_stands_on_is_not_removed(
    digi: Collaboration, technology: FindingCategory, secretary: Any
) -> None:
    finding = technology.findings.get(text="Så")
    projects.register_project(collaboration=digi, title="Felles arkiv", findings=[finding], by=secretary)

    with pytest.raises(NotAllowedNow, match="«Felles arkiv»"):
        actions.remove_finding(finding=finding, by=secretary)

    assert technology.findings.count() == 3
