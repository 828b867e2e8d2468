"""The files of a council paper: they open without repair, break well over pages, are made once, and who gets them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn

from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Job
from digivesteralen.ui import wording
from governance.actions import cases
from governance.models import (
    Adoption,
    Body,
    Collaboration,
    Membership,
    Organisation,
)
from portfolio import council_paper
from portfolio.actions import participation, projects
from portfolio.actions.cases import attach_case
from portfolio.models import Participation, Project, ProjectCase
from tests.people import municipality
from tests.portfolio.council_paper_helpers import printed, said, word

Parts = dict[str, Participation]


# --- the files ------------------------------------------------------------------------------------------


def test_the_word_file_opens_without_repair(invited: Parts, nynorsk: Organisation) -> None:
    content = council_paper.word_file(invited["Sortland"].adoption).content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        assert "{{" not in "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".xml"))
    document = word(invited["Sortland"].adoption)
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[0] == ("Title", "Deltaking i Felles skjema")
    assert ("Heading 1", "Saksopplysningar") in headings
    assert ("Heading 2", "Det kommunane har vedteke") in headings
    assert document.core_properties.language == "nn-NO"
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"nn-NO"}


def test_the_head_of_a_table_is_shown_on_each_page_and_no_row_is_broken(invited: Parts) -> None:
    table = next(one for one in word(invited["Bø"].adoption).tables if len(one.rows) > 6)
    first, *rest = [row._tr.trPr for row in table.rows]

    assert first.find(qn("w:tblHeader")) is not None
    assert all(row.find(qn("w:tblHeader")) is None for row in rest)
    assert all(row.find(qn("w:cantSplit")) is not None for row in (first, *rest))


def test_the_points_to_decide_are_numbered_from_one(
    project: Project, invited: Parts, steering: Body, secretary: User, held: Callable[..., Any]
) -> None:
    case = cases.make_case(body=steering, title="Skjema", proposal="Ett.\nTo.", ready=True, by=secretary)
    attach_case(project=project, case=case, purpose=ProjectCase.Purpose.PARTICIPATION, by=secretary)
    held(case)
    listed = [
        (paragraph.text, paragraph._p.pPr.numPr.numId.val)
        for paragraph in word(Adoption.objects.get(pk=invited["Bø"].adoption_id)).paragraphs
        if paragraph.style.name == "List Number"
    ]
    lists = {number for _text, number in listed}

    assert len(lists) == 3  # what was recommended, what is proposed, and the attachments
    assert next(text for text, _number in listed if "Bø" in text) == "Bø deltar i Felles skjema."


def test_markup_in_a_title_stays_text(digi: Collaboration, secretary: User, bo: Organisation) -> None:
    made = projects.register_project(collaboration=digi, title="A & B <w:p> {{ 7*7 }}", by=secretary)
    part = participation.invite(project=made, organisations=[bo], by=secretary)[0]

    assert "A & B <w:p> {{ 7*7 }}" in said(part.adoption)
    assert "A & B <w:p> {{ 7*7 }}" in printed(part.adoption)


def test_47_municipalities_break_well_over_the_pages(digi: Collaboration, secretary: User) -> None:
    places = [
        municipality(f"{5000 + number}", f"Kommune med et temmelig langt navn nummer {number}", 1000 + number)
        for number in range(47)
    ]
    for place in places:
        Membership.objects.create(collaboration=digi, organisation=place, since=date(2021, 1, 1))
    made = projects.register_project(
        collaboration=digi, title="Felles " + "lang " * 30, shared_cost=Decimal("1000000.01"), by=secretary
    )
    parts = participation.invite(project=made, organisations=places, by=secretary)
    pages = pypdf.PdfReader(io.BytesIO(council_paper.pdf_file(parts[0].adoption).content)).pages
    texts = [page.extract_text() for page in pages]

    assert sum("Med dem som har" in text for text in texts) >= 3
    assert all(place.name.split()[-1] in " ".join(texts) for place in places)
    assert len(word(parts[0].adoption).tables[-1].rows) > 0


def test_the_same_paper_asked_for_twice_is_one_file(
    client: Client, invited: Parts, director: User, decides: Callable[..., Participation]
) -> None:
    client.force_login(director)
    address = reverse("council_paper_pdf", args=["vesteralen", invited["Sortland"].adoption_id])
    first = client.post(address)
    job = jobs.run(Job.objects.get(kind=council_paper.OPEN).pk)
    assert job.state == "done", job.error
    assert client.post(address)["Location"] == first["Location"]
    decides(invited["Bø"], 100_000)
    assert client.post(address)["Location"] != first["Location"]
    page = client.get(first["Location"]).content.decode()
    assert "saksframlegg-sortland-deltakelse-i-felles-skjema.pdf" in page


# --- who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"),
    [("director", 200), ("contact", 200), ("secretary", 200), ("auditor", 200), ("it_leader", 200), ("outsider", 404)],
)
def test_whoever_sees_the_municipalitys_matter_takes_out_the_paper(
    client: Client, request: pytest.FixtureRequest, invited: Parts, who: str, answer: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    adoption = invited["Sortland"].adoption_id
    page = client.get(reverse("council_paper", args=["vesteralen", adoption]))
    assert page.status_code == answer
    if answer == 200:
        assert page["Content-Disposition"].endswith('.docx"')
        assert page.content[:2] == b"PK"
    expected = 302 if answer == 200 else 404
    assert client.post(reverse("council_paper_pdf", args=["vesteralen", adoption])).status_code == expected


def test_both_files_are_offered_where_the_director_meets_the_matter(
    client: Client, director: User, invited: Parts, project: Project
) -> None:
    client.force_login(director)
    adoption = invited["Sortland"].adoption
    word_link = reverse("council_paper", args=["vesteralen", adoption.pk])
    pdf_form = reverse("council_paper_pdf", args=["vesteralen", adoption.pk])
    pages = [
        adoption.get_absolute_url(),
        project.get_absolute_url(),
        reverse("portfolio_municipality", args=["vesteralen", "1870"]),
        reverse("start"),
    ]
    for address in pages:
        page = client.get(address).content.decode()
        assert f'href="{word_link}"' in page, address
        assert f'action="{pdf_form}"' in page, address


def test_the_answer_is_asked_for_by_its_day(invited: Parts) -> None:
    soon = timezone.localdate() + timedelta(days=30)
    Adoption.objects.filter(pk=invited["Bø"].adoption_id).update(answer_by=soon)

    assert f"Svarfrist | {wording.day(soon)}" in said(Adoption.objects.get(pk=invited["Bø"].adoption_id))
