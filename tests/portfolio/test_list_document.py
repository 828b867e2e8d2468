"""The portfolio as one looks at it, as a PDF: the same selection, as of today."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.documents import access, files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.ui import wording
from governance.models import Collaboration, Organisation
from portfolio import document_parts, list_document
from portfolio.actions import participation, projects
from portfolio.actions.lists import DOCUMENT
from portfolio.models import Participation, Project
from tests.printed import text_of

Parts = dict[str, Participation]


def ordered(client: Client, user: User, query: str = "") -> Document:
    """Ask for it on the page and let the worker make it."""
    client.force_login(user)
    answer = client.post(f"{reverse('portfolio_pdf', args=['vesteralen'])}?{query}")
    job = Job.objects.get(kind=DOCUMENT, document=None)
    assert answer["Location"] == job.get_absolute_url()
    done = jobs.run(job.pk)
    assert done.state == "done", done.error
    assert done.document is not None
    return done.document


def test_the_pdf_has_what_the_filter_leaves_and_says_of_which_day(
    client: Client, director: User, secretary: User, digi: Collaboration, project: Project, invited: Parts, decides: Any
) -> None:
    projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    decides(invited["Bø"], 600_000)
    text = text_of(files.content(ordered(client, director, "state=planning")))
    assert "Felles skjema" in text
    assert "Felles arkiv" not in text
    assert f"Porteføljen per {wording.day(timezone.localdate())}" in text
    assert "Fase: planlegges" in text
    assert "Andel for Sortland" in text
    assert text.count("100 000 kr") >= 6


def test_made_up_projects_are_marked_at_each_foot(
    client: Client, director: User, secretary: User, digi: Collaboration
) -> None:
    projects.register_project(collaboration=digi, title="Felles arkiv", example=True, by=secretary)
    pages = pypdf.PdfReader(io.BytesIO(files.content(ordered(client, director)))).pages
    assert all("Eksempel" in page.extract_text() for page in pages)


def test_an_empty_selection_is_told_and_breaks_nothing(client: Client, director: User, project: Project) -> None:
    assert "Ingen prosjekter passer" in text_of(files.content(ordered(client, director, "state=finished")))


def test_a_filter_that_makes_no_sense_orders_nothing(client: Client, director: User, project: Project) -> None:
    client.force_login(director)
    answer = client.post(f"{reverse('portfolio_pdf', args=['vesteralen'])}?state=sirkus")
    assert answer["Location"] == f"{reverse('portfolio', args=['vesteralen'])}?state=sirkus"
    assert not Job.objects.exists()


def test_the_same_selection_is_the_next_version_when_something_is_different(
    client: Client, director: User, secretary: User, project: Project
) -> None:
    first, again = ordered(client, director, "state=planning"), ordered(client, director, "state=planning")
    assert again == first
    projects.change_project(project=project, version=None, title="Felles skjemaløsning", by=secretary)
    later, other = ordered(client, director, "state=planning"), ordered(client, director, "state=idea")
    assert (later.version, later.subject) == (2, first.subject)
    assert other.subject != first.subject


def test_those_of_the_collaboration_read_it_and_nobody_else(
    client: Client, director: User, auditor: User, outsider: User, project: Project
) -> None:
    made = ordered(client, director)
    assert access.may_see(auditor, made)
    assert not access.may_see(outsider, made)
    client.force_login(outsider)
    assert client.post(reverse("portfolio_pdf", args=["vesteralen"])).status_code == 404


def test_the_figures_are_those_of_the_kept_shares(
    digi: Collaboration, project: Project, invited: Parts, decides: Any, sortland: Organisation
) -> None:
    decides(invited["Bø"], 250_000)
    decides(invited["Hadsel"], 300_000)
    told = list_document.context(digi, "", sortland)
    assert (told["known_cost"], told["unfunded"]) == (600_000, 50_000)
    sums = {row["name"]: (row["projects"], row["so_far"], row["if_all"]) for row in told["municipalities"]}
    assert sums["Bø"] == (1, Decimal(300_000), Decimal(100_000))
    assert sums["Sortland"] == (0, Decimal(0), Decimal(100_000))


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_TOLD"])
def test_what_is_too_long_to_read_lies_inside_as_a_workbook(
    client: Client, director: User, secretary: User, digi: Collaboration, project: Project, invited: Parts,
    six: list[Organisation], monkeypatch: pytest.MonkeyPatch, limit: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(list_document, limit, 1)
    other = projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    participation.invite(project=other, organisations=six, by=secretary)
    pdf = pypdf.PdfReader(io.BytesIO(files.content(ordered(client, director))))
    [(_name, [content])] = pdf.attachments.items()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Andeler"].max_row == 13
    assert document_parts.MOST_ROWS == 1_000
