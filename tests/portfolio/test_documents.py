"""What leaves the portal: the portfolio as PDF."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance.models import Body, Collaboration
from portfolio import portfolio_document
from portfolio.actions import projects
from portfolio.actions.versions import DOCUMENT, propose_portfolio_version
from portfolio.models import Participation, PortfolioVersion, Project

Parts = dict[str, Participation]


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


@pytest.fixture
def version(
    digi: Collaboration, project: Project, invited: Parts, decides: Any, steering: Body, secretary: User
) -> PortfolioVersion:
    decides(invited["Bø"], 600_000)
    return propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)


def test_the_pdf_tells_what_was_approved(version: PortfolioVersion, held: Callable[..., Any]) -> None:
    held(version.case)
    job = jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    assert job.state == "done", job.error
    document = Document.objects.get(kind=DOCUMENT)
    text = words(files.content(document))
    assert "Felles skjema" in text
    assert text.count("100 000 kr") >= 6
    assert text.count("600 000 kr") >= 3
    assert document.made_from["items"][0]["title"] == "Felles skjema"


def test_the_pdf_of_an_approved_version_is_the_same_after_the_project_changed(
    version: PortfolioVersion, held: Callable[..., Any], project: Project, secretary: User
) -> None:
    held(version.case)
    version.refresh_from_db()
    before = portfolio_document.render(version)
    projects.change_project(project=project, version=None, title="Annet", shared_cost=Decimal(5), by=secretary)
    assert portfolio_document.render(version) == before
