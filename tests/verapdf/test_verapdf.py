"""The reference checker over every PDF template, filled by the demo collaborations."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.template.base import Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.utils import timezone

from digivesteralen.documents import files, jobs, pdf, registry
from digivesteralen.documents.models import Document, Job
from digivesteralen.reports import final_report
from governance import extract
from governance import papers as meeting_papers
from governance.actions import opinions, rounds, rules
from governance.actions.cases import make_case
from governance.models import Adoption, AgendaItem, Appointment, Case, Collaboration, Meeting, Role
from governance.quorum import answering_seats
from portfolio import (
    benefit_plan_document,
    council_paper,
    gate_document,
    list_document,
    portfolio_document,
    ranking_document,
    status_document,
    strategy_document,
    timeline_document,
)
from portfolio.actions.phase_models import choose_full
from portfolio.actions.projects import register_project
from portfolio.actions.rankings import save_ranking
from portfolio.actions.versions import propose_portfolio_version
from portfolio.document_parts import written
from portfolio.models import Gate
from surveys import maturity_card
from surveys.models import Area
from tests.documents import papers
from tests.portfolio.gate_helpers import laid

CHECK = Path(__file__).with_name("check")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
JAVA = bool(shutil.which("javac")) and Path("/usr/share/java/jaxb-runtime.jar").exists()

pytestmark = [
    pytest.mark.slow,
    # In the whole proof the machine has Java; there a missing one is a failure.
    pytest.mark.skipif(not JAVA and not os.environ.get("CI"), reason="needs javac and libjaxb-java"),
]


def validated(paths: dict[Path, str]) -> None:
    """Each file by its own profile of PDF/A and by PDF/UA-1."""
    arguments = [argument for path, profile in paths.items() for argument in (path, profile, path, "ua1")]
    checked = subprocess.run(
        [CHECK, *arguments], env={**os.environ, "PYTHON": sys.executable}, capture_output=True, text=True, timeout=170
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(" is compliant") == 2 * len(paths)


def test_everything_that_a_template_may_hold(tmp_path: Path) -> None:
    data = pdf.Attachment("tall.csv", b"a;b\n", "text/csv", "Tallene i rapporten")
    (tmp_path / "2a.pdf").write_bytes(pdf.write(papers.html(example=True)))
    (tmp_path / "3a.pdf").write_bytes(pdf.write(papers.html(), variant="pdf/a-3a", attachments=[data]))
    validated({tmp_path / "2a.pdf": "2a", tmp_path / "3a.pdf": "3a"})


def test_the_check_finds_a_fault(tmp_path: Path) -> None:
    import weasyprint  # noqa: PLC0415 -- slow import

    weasyprint.HTML(string="<p>x</p>").write_pdf(tmp_path / "plain.pdf")
    with pytest.raises(AssertionError, match="NOT compliant"):
        validated({tmp_path / "plain.pdf": "2a"})


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of the templates that were used."""
    names: set[str] = set()
    monkeypatch.setattr(Template, "_render", instrumented_test_render)

    def note(template: Any, **about: Any) -> None:
        names.add(str(template.name))

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.mark.django_db
@pytest.mark.faults
@pytest.mark.xdist_group("verapdf")
def test_every_template_with_the_demo_in_it(rendered: set[str], tmp_path: Path) -> None:
    call_command("demo", "vesteralen", verbosity=0)
    digi = Collaboration.objects.get(slug="vesteralen")
    secretary = Appointment.objects.filter(role=Role.SECRETARIAT, collaboration=digi)[0].person.user
    for number, report in enumerate(digi.reports.all()):
        (tmp_path / f"report-{number}-3a.pdf").write_bytes(final_report.render(report))
    if not digi.portfolio_versions.exists():
        propose_portfolio_version(collaboration=digi, projects=list(digi.projects.all()), by=secretary)
    for version in digi.portfolio_versions.all():
        (tmp_path / f"portfolio-{version.number}-2a.pdf").write_bytes(portfolio_document.render(version))
    for meeting in Meeting.objects.filter(body__slug="styringsgruppen", starts_at__isnull=False):
        told = status_document.collected(meeting, timezone.now())
        (tmp_path / f"status-{meeting.pk}-2a.pdf").write_bytes(status_document.render(told))
    for name, paper in council_papers(digi).items():
        (tmp_path / f"{name}-2a.pdf").write_bytes(paper)
    (tmp_path / "list-2a.pdf").write_bytes(written(list_document.context(digi, ""), title="Porteføljen"))
    for name, place in (("all", digi), ("one", digi.projects.get(slug="alle-skjema-pa-nett"))):
        plan = benefit_plan_document.context(place, {})
        (tmp_path / f"benefits-{name}-2a.pdf").write_bytes(benefit_plan_document.render(plan, "Gevinster"))
    for strategy in digi.strategies.all():
        (tmp_path / f"strategy-{strategy.number}-2a.pdf").write_bytes(strategy_document.render(strategy))
    for name in ("Våren", "Høsten"):
        ranking = save_ranking(collaboration=digi, name=name, reason="Til møtet", by=secretary)
        (tmp_path / f"ranking-{ranking.number}-2a.pdf").write_bytes(ranking_document.render(ranking))
    line = timeline_document.context(digi, "", secretary)
    (tmp_path / "timeline-2a.pdf").write_bytes(timeline_document.written(line, "Tidslinje"))
    for survey in digi.surveys.filter(maturity__isnull=False):
        card = maturity_card.card(survey, digi.members().get(number="1867"))
        assert card is not None
        (tmp_path / f"maturity-{survey.pk}-2a.pdf").write_bytes(maturity_card.render(card))
    treat_in_writing(digi, secretary)
    (tmp_path / "gate-2a.pdf").write_bytes(gate_document.render(decided_gate(digi, secretary)))
    for number, item in enumerate(AgendaItem.objects.filter(resolution__isnull=False, meeting__state="approved")[:2]):
        (tmp_path / f"extract-{number}-2a.pdf").write_bytes(extract.render(item, public=False, number=1))
    for document in papers_that_went_out():
        (tmp_path / f"{document.pk.hex}-2a.pdf").write_bytes(files.content(document))

    validated({path: path.stem[-2:] for path in tmp_path.glob("*.pdf")})

    assert {f"pdf/{path.name}" for path in TEMPLATES.glob("*.html")} <= rendered


def treat_in_writing(digi: Collaboration, secretary: Any) -> None:
    """An elected body answers in writing: why it could not wait, who took part, and who answered what."""
    body = digi.steering_group()
    rules.set_rules(body=body, rules="elected", since=timezone.localdate(), by=secretary)
    in_writing(
        make_case(body=body, title="Felles vakt i jula", proposal="Vakta deles.", ready=True, by=secretary), secretary
    )


def in_writing(case: Case, secretary: Any) -> None:
    """Everybody supports the case, and the round is closed."""
    tomorrow = timezone.now() + timedelta(days=1)
    meeting = rounds.send_round(
        body=case.body, cases=[case], answer_by=tomorrow, why="Jula kommer før møtet.", by=secretary
    )
    for seat in answering_seats(case.body, timezone.localdate()):
        opinions.give_view(
            case=case, organisation=seat.represents, stance="supports", accepts_writing=True, by=seat.person.user
        )
    rounds.close_round(meeting=meeting, by=secretary)


def decided_gate(digi: Collaboration, secretary: Any) -> Gate:
    """The first gate of a project in phases, passed on a resolution of the steering group."""
    project = register_project(collaboration=digi, title="Felles innbyggerdialog", by=secretary)
    choose_full(project=project, by=secretary)
    gate = laid(project, 1, secretary)
    in_writing(gate.case, secretary)
    return Gate.objects.get(pk=gate.pk)


def council_papers(digi: Collaboration) -> dict[str, bytes]:
    """For a project and for an agreement, in both language forms."""
    digi.members().filter(number="1867").update(language_form="nn")
    project = digi.projects.get(slug="felles-sakarkiv")
    project.areas.set(Area.objects.filter(uses__inventory__municipality__number="1867"))
    asked = Adoption.objects.select_related("organisation", "collaboration", "case__body", "agreement__collaboration")
    chosen = {
        "nynorsk": asked.get(participation__project=project, organisation__number="1867"),
        "bokmaal": asked.get(participation__project=project, organisation__number="1866"),
        "agreement": asked.filter(agreement__collaboration=digi, organisation__number="1867").latest("pk"),
    }
    return {f"council-{name}": council_paper.pdf_file(adoption).content for name, adoption in chosen.items()}


def papers_that_went_out() -> Iterable[Document]:
    """Of each kind the newest three: all of them would take minutes.

    The file with all papers is put together of others' files too, and promises no PDF/A: its page says so.
    """
    for job in Job.objects.unfinished():
        if registry.kind(job.kind).queue == "documents":
            assert jobs.run(job.pk).error == ""
    pdfs = Document.objects.filter(mime="application/pdf").exclude(
        kind__in=[meeting_papers.FOLDER, meeting_papers.FOLDER_PUBLIC]
    )
    for kind in pdfs.values_list("kind", flat=True).distinct():
        yield from pdfs.filter(kind=kind).order_by("-created_at")[:3]
