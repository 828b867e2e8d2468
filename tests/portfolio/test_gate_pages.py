"""The pages of the gates, for each role, and the front page as a document (D13)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.documents.uploads import Upload
from governance.models import Body, Case, Collaboration, Organisation
from portfolio.actions import gates, participation, projects
from portfolio.actions.gate_cases import lay_gate
from portfolio.actions.phase_models import choose_full
from portfolio.models import Gate, Project
from portfolio.models.gates import DOCUMENT
from tests.portfolio.gate_helpers import laid, ready, the_gate
from tests.printed import faults, text_of


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def idea(digi: Collaboration, steering: Body, secretary: User) -> Project:
    made = projects.register_project(
        collaboration=digi, title="Felles innlogging", shared_cost=Decimal(0), by=secretary
    )
    return choose_full(project=made, by=secretary)


def here(name: str, project: Project, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", project.slug, *rest])


def test_the_secretariat_takes_a_gate_from_the_form_to_the_case(
    go: Any, project: Project, idea: Project, secretary: User, held: Any
) -> None:
    client = go(secretary)
    gate = the_gate(idea, 1)
    assert "7" in client.get(here("gate", idea, "bp1")).content.decode()
    fields = {"planned": "høsten 2027", "prepared_by": "Siv", "staffing": "To", "next_ends": "2028"}
    client.post(here("gate_front_page", idea, "bp1"), {**fields, "version": gate.version})
    told = {f"answer-{check.key}": "yes" for check in gate.checks.all()} | {"answer-strategy": "not_relevant"}
    version = the_gate(idea, 1).version
    refused = client.post(here("gate_checks", idea, "bp1"), {**told, "version": version})
    assert "hvorfor sjekkpunktet ikke er relevant" in refused.content.decode()
    told["reason-strategy"] = "Lovpålagt"
    client.post(here("gate_checks", idea, "bp1"), {**told, "version": version})
    named = {"named": "Arkivsak 26/12", "version": the_gate(idea, 1).version}
    client.post(here("gate_document", idea, "bp1", "mandate"), named)
    client.post(here("new_gate_version", idea, "bp1"), {"number": "0.1", "on": "1.2.2026", "change": "Utkast"})
    client.post(here("new_gate_receiver", idea, "bp1"), {"name": "Styringsgruppen"})
    answer = client.post(
        here("lay_gate", idea, "bp1"), {"proposed": "start", "version": the_gate(idea, 1).version}, follow=True
    )
    assert "BP1 for Felles innlogging" in answer.content.decode()
    gate = the_gate(idea, 1)
    assert (gate.planned, gate.checks.get(key="strategy").reason) == ("høsten 2027", "Lovpålagt")
    assert gate.case is not None
    held(gate.case, "not_adopted")
    assert "Registrer hva vedtaket ble" in client.get(here("gate", idea, "bp1")).content.decode()
    client.post(here("tell_gate", idea, "bp1"), {"answer": "stop", "version": the_gate(idea, 1).version})
    assert Project.objects.get(pk=idea.pk).state == "stopped"


@pytest.mark.parametrize("name", ["gate_front_page", "gate_checks", "lay_gate", "new_gate_version"])
def test_others_read_and_do_not_write(
    go: Any, idea: Project, director: User, observer: User, outsider: User, secretary: User, name: str
) -> None:
    ready(idea, 1, secretary)
    for user in (director, observer):
        assert go(user).get(here("gate", idea, "bp1")).status_code == 200
        assert go(user).get(here(name, idea, "bp1")).status_code == 403
    assert go(outsider).get(here("gate", idea, "bp1")).status_code == 404
    assert go(secretary).get(here(name, idea, "bp1")).status_code == 200
    for wrong in ("bp9", "bp3-7", "x", "bp"):
        assert go(secretary).get(here("gate", idea, wrong)).status_code == 404


def test_a_gate_that_is_not_ready_is_not_laid(go: Any, idea: Project, secretary: User) -> None:
    answer = go(secretary).post(here("lay_gate", idea, "bp1"), {"proposed": "start"})
    assert answer.status_code == 409
    assert not Gate.objects.exclude(case=None).exists()


@pytest.mark.parametrize("name", ["gate_front_page", "gate_checks", "new_gate_version", "new_gate_receiver"])
def test_nobody_fills_in_a_form_about_a_gate_that_lies_before_the_body(
    go: Any, idea: Project, secretary: User, name: str
) -> None:
    gate = laid(idea, 1, secretary)
    assert gate.case is not None
    answer = go(secretary).get(here(name, idea, "bp1"))
    assert answer.status_code == 409
    assert gate.case.title in answer.content.decode()


def test_the_project_shows_its_phases_and_the_list_its_next_gate(go: Any, idea: Project, secretary: User) -> None:
    shown = go(secretary).get(idea.get_absolute_url()).content.decode()
    assert "Faser og beslutningspunkter" in shown
    assert 'aria-current="step"' in shown
    assert "Begynn planlegging" not in shown, "only the gate takes that step"
    listed = go(secretary).get(reverse("portfolio", args=["vesteralen"])).content.decode()
    assert here("gate", idea, "bp1") in listed


def test_a_simple_project_has_no_gates_until_they_are_chosen(go: Any, project: Project, secretary: User) -> None:
    assert "fire steg" in go(secretary).get(here("gates", project)).content.decode()
    answer = go(secretary).post(
        here("full_phase_model", project), {"phase": "concept", "reason": "Stort", "version": project.version}
    )
    assert "Velg vedtaket" in answer.content.decode()


def test_a_municipality_finds_its_question(
    go: Any, idea: Project, six: list[Organisation], decides: Any, held: Any, secretary: User, director: User
) -> None:
    parts = {one.organisation.name: one for one in
             participation.invite(project=idea, organisations=six, by=secretary)}  # fmt: skip
    decides(parts["Sortland"])
    gate = laid(idea, 1, secretary, answer_by=timezone.localdate())
    held(gate.case, "recommended")
    shown = go(director).get(here("gate", idea, "bp1")).content.decode()
    assert "Sortland er spurt: Deltar vi videre?" in shown
    assert "Deltar vi videre?" in go(director).get(reverse("start")).content.decode()


def test_the_front_page_is_a_valid_document(idea: Project, held: Any, secretary: User) -> None:
    gate = ready(idea, 1, secretary)
    pdf = Upload(b"%PDF-1.7 mandate", "mandat.pdf", "application/pdf")
    gates.name_document(gate=gate, key="mandate", upload=pdf, by=secretary)
    gates.add_receiver(gate=gate, name="Styringsgruppen", by=secretary)
    gate = laid(idea, 1, secretary)
    held(gate.case)
    job = jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    assert job.state == "done", job.error
    document = Document.objects.get(kind=DOCUMENT)
    content = files.content(document)
    told = text_of(content)
    for said in ("BP1: Felles innlogging", "Saksnummer", "Starte konseptfasen", "Versjonstabell", "Fordelingstabell"):
        assert said in told
    assert faults(content) == []


def test_what_is_exempt_at_a_gate_is_read_by_few(
    go: Any, idea: Project, director: User, observer: User, secretary: User
) -> None:
    gate = ready(idea, 1, secretary)
    pdf = Upload(b"%PDF-1.7 tender", "evaluering.pdf", "application/pdf")
    gates.name_document(gate=gate, key="mandate", upload=pdf, named="Vurdering av Alfa", by=secretary)
    file = here("gate_file", idea, "bp1", "mandate")
    assert b"tender" in b"".join(go(observer).get(file))
    ground = "offentleglova § 23 tredje ledd"
    gates.name_document(gate=gate, key="mandate", named="Vurdering av Alfa", legal_ground=ground, by=secretary)
    kept = gate.documents.get(key="mandate").document
    assert kept is not None
    for user in (observer, director):
        assert go(user).get(file).status_code == 404
        assert go(user).get(kept.get_absolute_url()).status_code == 404
        assert "Alfa" not in go(user).get(here("gate", idea, "bp1")).content.decode()
    assert b"tender" in b"".join(go(secretary).get(file))
    assert Act.objects.filter(verb="looked_at_exempt", by=secretary).count() == 1
    gates.name_document(gate=gate, key="mandate", named="Åpent mandat", by=secretary)
    gate = lay_gate(gate=the_gate(idea, 1), proposed="start", by=secretary)
    assert gate.case is not None
    assert "Alfa" not in gate.case.information
    assert "Åpent mandat" in go(observer).get(here("gate", idea, "bp1")).content.decode()
    Case.objects.filter(pk=gate.case.pk).update(exempt=True, legal_ground=ground)
    assert go(observer).get(file).status_code == 404
    shown = go(observer).get(here("gate", idea, "bp1")).content.decode()
    assert "Åpent mandat" not in shown
    assert "To fra sekretariatet" not in shown
    assert "Åpent mandat" in go(secretary).get(here("gate", idea, "bp1")).content.decode()


def test_a_stage_is_taken_out_after_a_question(go: Any, idea: Project, secretary: User) -> None:
    client = go(secretary)
    client.post(here("new_stage", idea), {"seen": "0"})
    remove = here("remove_stage", idea, "bp3-1")
    assert "Ta ut BP3.1?" in client.get(remove).content.decode()
    assert idea.gates.filter(part=1).exists()
    client.post(remove)
    assert not idea.gates.filter(part=1).exists()
    assert "blir borte" in client.get(here("simple_phase_model", idea)).content.decode()
    for other in ("bp02", "bp2-"):
        assert client.get(here("gate", idea, other)).status_code == 404


def test_a_deadline_that_is_past_is_told_at_its_field(go: Any, idea: Project, secretary: User) -> None:
    ready(idea, 1, secretary)
    answer = go(secretary).post(here("lay_gate", idea, "bp1"), {"proposed": "start", "answer_by": "1.2.2026"})
    assert answer.status_code == 200
    assert "answer_by" in answer.context_data["form"].errors


def test_an_earlier_treatment_is_a_link_only_for_those_who_read_it(
    go: Any, idea: Project, held: Any, observer: User, secretary: User
) -> None:
    gate = laid(idea, 1, secretary)
    held(gate.case, "sent_back")
    link = here("gate_pdf", idea, "bp1", 1)
    assert link not in go(secretary).get(here("gate", idea, "bp1")).content.decode(), "not made yet"
    jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    assert link in go(secretary).get(here("gate", idea, "bp1")).content.decode()
    assert link not in go(observer).get(here("gate", idea, "bp1")).content.decode()
