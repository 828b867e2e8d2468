"""The card of a project and the pages beside it in a browser: nothing spills over, and axe finds nothing."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from digivesteralen.documents.uploads import Upload
from portfolio.actions import mandates, preconditions, project_documents, project_roles, projects
from portfolio.models import Participation, Project
from tests.browser import faults_of

pytestmark = pytest.mark.django_db(transaction=True)
PDF = Upload(b"%PDF-1.7 a plan", "plan.pdf", "application/pdf")


@pytest.fixture
def filled(project: Project, invited: dict[str, Participation], secretary: User) -> Project:
    """Something on every page."""
    told: dict[str, Any] = {
        "kind": "procurement", "procurement": "open", "sustainability": [9, 17], "goal": "Alle får samme skjema.",
        "user_involvement": "Fire kommuner prøver.", "archive_reference": "2026/1234",
    }  # fmt: skip
    projects.change_project(project=project, version=None, by=secretary, **told)
    projects.put_on_hold(project=project, reason="Ny stortingsmelding", by=secretary)
    for kind in ("leader", "owner"):
        project_roles.give_role(project=project, kind=kind, person=secretary.person, by=secretary)
    draft = mandates.write_mandate(project=project, points=["Undersøke behovet", "Foreslå styring"], by=secretary)
    today = timezone.localdate()
    mandates.adopt_mandate(mandate=draft, adopted_on=today, adopted_by="Styringsgruppen, sak 5/26", by=secretary)
    mandates.write_mandate(project=project, points=["Bare ett punkt"], by=secretary)
    plan: dict[str, Any] = {"dated_on": today, "timeline": "Hele 2027", "financing": "600 000 kroner, likt"}
    first = project_documents.add_document(
        project=project, kind="plan", title="Prosjektplan", upload=PDF, by=secretary, **plan
    )
    project_documents.replace_document(document=first, upload=PDF, changed="Et halvt år til", by=secretary, **plan)
    preconditions.add_deliverable(project=project, title="Sluttrapport med anbefaling", due_on=today, by=secretary)
    preconditions.add_precondition(project=project, text="En fast ressurs i sekretariatet", by=secretary)
    other = projects.register_project(collaboration=project.collaboration, title="Ny plattform", by=secretary)
    preconditions.add_dependency(project=project, on_project=other, needed_by=today, by=secretary)
    projects.stop(project=other, by=secretary)
    return project


def test_the_card_and_the_pages_beside_it_are_whole_and_accessible(
    browser: Browser, live_server: Any, secretary: User, filled: Project
) -> None:
    names = [
        "project", "project_roles", "mandate", "project_documents", "deliverables", "preconditions", "give_role",
        "add_document", "new_dependency", "change_project",
    ]  # fmt: skip
    paths = [reverse(name, args=["vesteralen", filled.slug]) for name in names]
    paths.append(reverse("new_quick_measure", args=["vesteralen"]))
    assert faults_of(browser, live_server, [(secretary, path) for path in paths]) == []
