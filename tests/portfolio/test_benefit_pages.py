"""The pages of benefits: three fields first, each municipality's own figures, the sums, the map, PDF and e-mail."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks import waiting_for
from governance.models import Body, Collaboration, Organisation
from portfolio.actions import benefit_lines, benefit_plans, benefit_reminders, benefits, participation, projects
from portfolio.actions.gate_cases import what_is_missing
from portfolio.actions.phase_models import choose_full
from portfolio.models import Benefit, BenefitLine, BenefitMeasurement, Participation, Project
from portfolio.tasks import remind_of_benefits
from tests.browser import faults_of
from tests.portfolio.gate_helpers import the_gate

TODAY = timezone.localdate()
BEGUN = TODAY - timedelta(days=400)


def day(when: date) -> str:
    return f"{when:%d.%m.%Y}"


MORE = {
    "side": "cost", "kind": "time", "indicator": "Timer til punching", "unit": "hours", "direction": "down",
    "baseline": "300", "baseline_on": day(BEGUN), "target_value": "220",
    "target_on": day(TODAY + timedelta(days=200)), "measured_every": "365",
}  # fmt: skip
BLANK = {"direction": "down", "measured_every": "365"}


@pytest.fixture
def joined(invited: dict[str, Participation], decides: Callable[..., Participation]) -> Participation:
    return decides(invited["Sortland"], 200_000)


@pytest.fixture
def line(project: Project, joined: Participation, director: User, secretary: User) -> BenefitLine:
    """Sortland's part of a benefit in hours, from 300 down to 220."""
    benefit = benefits.add_benefit(
        project=project, gain="Mindre punching", target="80 timer", by=secretary, side="cost", unit="hours",
        indicator="Timer til punching", baseline=Decimal(300), baseline_on=BEGUN, target_value=Decimal(220),
        target_on=TODAY + timedelta(days=200),
    )  # fmt: skip
    return benefit_lines.plan_line(benefit=benefit, participation=joined, owner_role="Servicetorget", by=director)


def of_project(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", "felles-skjema", *rest])


def of_line(name: str, line: BenefitLine, *rest: Any) -> str:
    return of_project(name, line.benefit_id, "1870", *rest)


def seen(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_benefit_is_three_fields_and_the_rest_is_folded(client: Client, secretary: User, project: Project) -> None:
    client.force_login(secretary)
    page = seen(client.get(of_project("new_benefit")))
    first, folded = page.split("Mer om gevinsten", 1)
    assert len(re.findall(r'name="(gain|owner|target)"', first)) == 3
    assert "yearly_value" not in first
    assert "yearly_value" in folded
    assert '<details class="ds-details"><summary>' in page
    client.post(of_project("new_benefit"), {"gain": "Kortere kø", "owner": "each", "target": "2 dager", **BLANK})
    made = Benefit.objects.get()
    assert (made.gain, made.owner, made.target, made.unit) == ("Kortere kø", None, "2 dager", "")


def test_a_benefit_without_an_owner_is_refused(client: Client, secretary: User, project: Project) -> None:
    client.force_login(secretary)
    answer = client.post(of_project("new_benefit"), {"gain": "Kortere kø", "owner": "", **BLANK})
    assert "Velg hvem som eier gevinsten" in seen(answer)
    assert not Benefit.objects.exists()


def test_from_benefit_to_two_measurements(
    client: Client, secretary: User, director: User, project: Project, joined: Participation
) -> None:
    client.force_login(secretary)
    client.post(of_project("new_benefit"), {"gain": "Mindre punching", "owner": "each", "target": "", **MORE})
    line = BenefitLine(benefit=Benefit.objects.get(), participation=joined)
    client.force_login(director)
    assert "Si hvem som eier gevinsten" in seen(client.get(of_line("benefit_line", line)))
    refused = client.post(of_line("plan_benefit_line", line), {"owner": "", "owner_role": "", "version": 0})
    assert "skriv rollen som gjør det" in seen(refused)
    client.post(of_line("plan_benefit_line", line), {"owner_role": "Servicetorget", "version": 0})
    for version, (days, value) in enumerate([(100, "280"), (10, "240,5")], start=1):
        told = {"on": day(TODAY - timedelta(days=days)), "value": value, "version": version}
        assert client.post(of_line("measure_benefit", line), told).status_code == 302
    page = seen(client.get(of_line("benefit_line", line)))
    assert "59,5 timer" in page
    assert "<svg" in page
    early = {"on": day(BEGUN - timedelta(days=1)), "value": "1", "version": 3}
    assert "er før startverdien" in seen(client.post(of_line("measure_benefit", line), early))
    late = {"on": day(TODAY), "value": "1", "version": 1}
    assert client.post(of_line("measure_benefit", line), late).status_code == 409
    wrong = BenefitMeasurement.objects.earliest("on")
    fixed = {"on": day(wrong.on), "value": "270", "reason": "Tastefeil", "version": 3}
    assert client.post(of_line("correct_measurement", line, wrong.pk), fixed).status_code == 302
    assert "Tastefeil" in seen(client.get(of_line("benefit_line", line)))


def test_nobody_else_writes_for_a_municipality(
    client: Client, line: BenefitLine, directors: dict[str, User], outsider: User
) -> None:
    told = {"on": day(TODAY), "value": "1", "version": 1}
    client.force_login(directors["Bø"])
    assert client.post(of_line("measure_benefit", line), told).status_code == 403
    client.force_login(outsider)
    assert client.post(of_line("measure_benefit", line), told).status_code == 404
    assert not BenefitMeasurement.objects.exists()


def test_what_the_secretariat_registers_is_marked(client: Client, line: BenefitLine, secretary: User) -> None:
    client.force_login(secretary)
    client.post(of_line("measure_benefit", line), {"on": day(TODAY), "value": "250", "version": 1})
    assert "på vegne av kommunen" in seen(client.get(of_line("benefit_line", line)))


def test_the_portfolio_adds_kroner_and_hours_and_lists_the_rest(
    client: Client, line: BenefitLine, director: User, secretary: User, project: Project
) -> None:
    benefits.add_benefit(project=project, gain="Tryggere drift", side="service", by=secretary)
    benefit_lines.measure(line=line, on=TODAY, value=Decimal(240), by=director)
    client.force_login(director)
    here = reverse("benefit_overview", args=["vesteralen"])
    page = seen(client.get(here))
    assert re.search(r'p-kpi__v">60</span>timer realisert per år av 80 forventet', page)
    assert "1 av 1" in page
    assert "Tryggere drift" in page
    assert "Mindre punching" not in seen(client.get(f"{here}?municipality=1867"))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{here}?format=xlsx").content))
    assert [row[4] for row in book["Summer"].iter_rows(values_only=True, min_row=2)] == [60, 60]
    assert book["Målinger"].max_row == 2
    assert "60 av 80 timer realisert" in seen(
        client.get(reverse("portfolio_municipality", args=["vesteralen", "1870"]))
    )


def test_before_the_execution_a_project_by_the_full_model_states_both_or_says_why(
    project: Project, secretary: User, steering: Body
) -> None:
    made = projects.register_project(
        collaboration=project.collaboration, title="Felles innlogging", shared_cost=Decimal(0), by=secretary
    )
    full = choose_full(project=made, by=secretary)
    gate = the_gate(full, 3)
    assert "bedre tjenester" in " ".join(what_is_missing(gate))
    benefits.say_why_one_side(project=full, reason="Ren driftssak", by=secretary)
    assert "bedre tjenester" not in " ".join(what_is_missing(gate))


def test_the_map_is_hidden_until_it_is_used_and_drawn_with_the_same_as_a_table(
    client: Client, line: BenefitLine, director: User, secretary: User
) -> None:
    client.force_login(director)
    assert "Gevinstkart" not in seen(client.get(of_project("benefits")))
    client.force_login(secretary)
    told = {"enabler": "Felles skjema", "change": "Skjema på nett", "benefit": line.benefit_id}
    assert client.post(of_project("new_chain"), told).status_code == 302
    client.force_login(director)
    page = seen(client.get(of_project("benefits")))
    assert "Gevinstkart" in page
    assert page.count("Skjema på nett") >= 3


def test_the_plan_as_a_pdf_tells_each_municipalitys_line(
    client: Client, line: BenefitLine, director: User, project: Project, digi: Collaboration
) -> None:
    benefit_lines.measure(line=line, on=TODAY, value=Decimal(240), by=director)
    client.force_login(director)
    client.post(of_project("benefit_plan_pdf"))
    client.post(reverse("benefit_overview_pdf", args=["vesteralen"]))
    for job in Job.objects.filter(kind=benefit_plans.KIND):
        done = jobs.run(job.pk)
        assert done.state == "done", done.error
        assert done.document is not None
        pages = pypdf.PdfReader(io.BytesIO(files.content(done.document))).pages
        text = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in pages))
        assert "Gevinstrealiseringsplan" in text
        assert "Servicetorget" in text
        assert "60 timer" in text


def test_the_owner_is_asked_for_a_measurement_that_is_due(
    line: BenefitLine, sortland: Organisation, director: User, digi: Collaboration
) -> None:
    benefit_lines.plan_line(benefit=line.benefit, participation=line.participation, owner=director.person, by=director)
    assert "Mål gevinsten «Mindre punching»" in [task.title for task in waiting_for(director)]
    for _twice in range(2):
        remind_of_benefits()
    asked = Job.objects.filter(kind=benefit_reminders.KIND)
    assert asked.count() == 1
    jobs.run(asked.get().pk)
    assert "Mindre punching" in mail.outbox[-1].body
    benefit_lines.measure(line=line, on=TODAY, value=Decimal(240), by=director)
    assert not [task for task in waiting_for(director) if "Mindre punching" in task.title]
    assert not benefit_reminders.remind_when_due(collaboration=digi)


def test_each_due_day_is_told_once_however_many_there_are(
    line: BenefitLine, director: User, secretary: User, digi: Collaboration
) -> None:
    told: dict[str, Any] = {"participation": line.participation, "owner": director.person, "by": director}
    for number in range(15):
        made = benefits.add_benefit(
            project=line.benefit.project, gain=f"Gevinst {number}", baseline=Decimal(1), baseline_on=BEGUN,
            unit="hours", indicator="Timer", by=secretary,
        )  # fmt: skip
        planned = benefit_lines.plan_line(benefit=made, **told)
    assert len(benefit_reminders.remind_when_due(collaboration=digi)) == 1
    benefit_lines.measure(line=planned, on=TODAY, value=Decimal(240), by=director)
    assert not benefit_reminders.remind_when_due(collaboration=digi)
    benefit_lines.plan_line(benefit=line.benefit, **told)
    assert len(benefit_reminders.remind_when_due(collaboration=digi)) == 1


def test_more_benefits_ask_no_more_of_the_database(
    client: Client, line: BenefitLine, director: User, secretary: User, project: Project, digi: Collaboration,
    directors: dict[str, User], decides: Callable[..., Participation],
    django_assert_num_queries: Any, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client.force_login(director)
    paths = [reverse("benefit_overview", args=["vesteralen"]), of_project("benefits")]

    def fill(count: int) -> None:
        for number in range(count):
            made = projects.register_project(
                collaboration=digi, title=f"P{number}", shared_cost=Decimal(0), by=secretary
            )
            part = participation.invite(project=made, organisations=[line.participation.organisation], by=secretary)[0]
            part = decides(part)
            for place, owner in ((made, part), (project, line.participation)):
                benefit = benefits.add_benefit(project=place, gain=f"G{number}", by=secretary)
                benefit_lines.plan_line(benefit=benefit, participation=owner, owner_role="IT", by=director)

    fill(1)
    counts = []
    for path in paths:
        client.get(path)
        with django_assert_max_num_queries(45) as asked:
            client.get(path)
        counts.append(len(asked))
    fill(3)
    for path, count in zip(paths, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(path)


@pytest.mark.django_db(transaction=True)
def test_every_page_is_whole_and_accessible(
    browser: Browser, live_server: Any, line: BenefitLine, director: User, secretary: User
) -> None:
    benefit_lines.measure(line=line, on=TODAY, value=Decimal(240), by=director)
    project = line.benefit.project
    benefits.add_chain(project=project, benefit=line.benefit, enabler="Felles skjema", work="På nett", by=secretary)
    paths = [
        of_project("benefits"), of_project("benefit", line.benefit_id), of_line("benefit_line", line),
        of_project("new_benefit"), of_project("benefit_map"), reverse("benefit_overview", args=["vesteralen"]),
        of_line("measure_benefit", line),
    ]  # fmt: skip
    assert faults_of(browser, live_server, [(secretary, path) for path in paths]) == []
