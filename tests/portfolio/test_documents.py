"""What leaves the portal: the portfolio as PDF, and the case paper a municipality goes on writing in."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance.actions import cases
from governance.actions.adoptions import open_adoption
from governance.models import Body, Collaboration, Organisation
from portfolio import council_paper, portfolio_document
from portfolio.actions import projects
from portfolio.actions.versions import DOCUMENT, propose_portfolio_version
from portfolio.models import Participation, PortfolioVersion, Project

Parts = dict[str, Participation]


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def paper(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " | ".join([*[paragraph.text for paragraph in document.paragraphs], *cells]))


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


def test_the_case_paper_has_its_four_parts_and_the_own_share(
    project: Project, invited: Parts, bo: Organisation
) -> None:
    text = paper(council_paper.render(invited["Bø"].adoption))
    for part in ("Saksopplysninger", "Vurdering", "Økonomiske konsekvenser", "Forslag til vedtak"):
        assert part in text
    assert "Felles skjema" in text
    assert "100 000 kr" in text
    assert text.count("| Bø |") == 1
    assert invited["Bø"].adoption.proposal.splitlines()[0] in text


def test_markup_in_a_title_stays_text_in_the_paper(digi: Collaboration, secretary: User, bo: Organisation) -> None:
    made = projects.register_project(collaboration=digi, title="A & B <w:p> {{ 7*7 }}", by=secretary)
    adoption = open_adoption(collaboration=digi, organisation=bo, matter=made.title, by=secretary)
    assert "A & B <w:p> {{ 7*7 }}" in paper(council_paper.render(adoption))


def test_a_paper_for_a_case_without_a_project(
    digi: Collaboration, steering: Body, bo: Organisation, secretary: User
) -> None:
    case = cases.make_case(
        body=steering,
        title="Ny avtale",
        information="Om avtalen.",
        consequences="Ingen.",
        proposal="Bli med.",
        by=secretary,
    )
    adoption = open_adoption(
        collaboration=digi, organisation=bo, matter="Ny avtale", proposal="Bø blir med.", case=case, by=secretary
    )
    text = paper(council_paper.render(adoption))
    assert "Om avtalen." in text
    assert "Ingen." in text
    assert "Bø blir med." in text


def test_an_exempt_case_tells_nothing_in_the_paper(
    digi: Collaboration, steering: Body, bo: Organisation, secretary: User
) -> None:
    case = cases.make_case(
        body=steering, title="Hemmelig leverandør", information="Pris 12", exempt=True,
        legal_ground="offentleglova § 23", by=secretary,
    )  # fmt: skip
    adoption = open_adoption(collaboration=digi, organisation=bo, matter="Anskaffelse", case=case, by=secretary)
    text = paper(council_paper.render(adoption))
    assert "Hemmelig" not in text
    assert "Pris 12" not in text


@pytest.mark.parametrize(
    ("who", "answer"),
    [("director", 200), ("contact", 200), ("secretary", 200), ("auditor", 403), ("it_leader", 403), ("outsider", 404)],
)
def test_who_takes_out_the_paper(
    client: Client, request: pytest.FixtureRequest, invited: Parts, who: str, answer: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    address = reverse("council_paper", args=["vesteralen", invited["Sortland"].adoption_id])
    page = client.get(address)
    assert page.status_code == answer
    if answer == 200:
        assert page["Content-Disposition"].endswith('.docx"')
        assert page.content[:2] == b"PK"


def test_a_neighbours_director_does_not_take_out_the_paper(
    client: Client, directors: dict[str, User], invited: Parts
) -> None:
    client.force_login(directors["Hadsel"])
    assert client.get(reverse("council_paper", args=["vesteralen", invited["Bø"].adoption_id])).status_code == 403
