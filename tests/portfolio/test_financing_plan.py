"""The financing plan: frozen as it was laid, decided by the steering group, and the measure of what may start (R10)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from governance.actions import attendance, running
from governance.actions import cases as governance_cases
from governance.models import Body, Case, Collaboration, Organisation, Resolution, Role
from portfolio import financing_plan_document
from portfolio.actions import costs, grants, projects
from portfolio.actions.cases import lay_financing_plan
from portfolio.financing_plans import DOCUMENT, decided, plan_of
from portfolio.models import FinancingPlan, Participation, Project, ProjectCase
from tests.people import LONG_AGO
from tests.printed import faults, text_of
from tests.refusals import the_database_refuses

Parts = dict[str, Participation]


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def full(
    project: Project, invited: Parts, decides: Any, secretary: User, digi: Collaboration, steering: Body
) -> Project:
    """A project with everything that a plan tells: lines, years, sources, a key by people and an answer."""
    costs.share_cost(project=project, version=None, key="population", counted_on=LONG_AGO, by=secretary)
    costs.write_costs(
        project=project, version=None, shared_cost=None, grant_share=Decimal(200_000), by=secretary,
        lines=[
            {"title": "Lisenser", "kind": "procurement", "year": 2026, "amount": Decimal("400000.02")},
            {"title": "Opplæring", "kind": "training", "year": None, "amount": Decimal("199999.98")},
        ],
        years=[
            {"year": 2026, "cost": Decimal(300_000), "grant_share": Decimal(150_000)},
            {"year": 2027, "cost": Decimal(300_000), "grant_share": Decimal(50_000)},
        ],
    )  # fmt: skip
    giver = Organisation.objects.create(kind="state", name="Statsforvalteren i Nordland")
    grant = grants.register_grant(
        collaboration=digi, title="Skjønnsmidler", giver=giver, state="granted", awarded=Decimal(150_000), by=secretary
    )
    grants.allocate(grant=grant, year=2026, amount=Decimal(150_000), project=project, by=secretary)
    decides(invited["Bø"], 400_000)
    return Project.objects.get(pk=project.pk)


def test_the_plan_keeps_all_that_was_laid(full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    facts = plan.facts
    assert (plan.number, plan.shared_cost, plan.to_share) == (1, Decimal(600_000), Decimal(400_000))
    assert [line["amount"] for line in facts["lines"]] == ["400000.02", "199999.98"]
    assert [year["grant_share"] for year in facts["years"]] == ["150000.00", "50000.00"]
    assert facts["sources"][0]["giver"] == "Statsforvalteren i Nordland"
    assert (facts["secured"], facts["missing"]) == ("150000.00", "50000.00")
    assert facts["people"]["1867"] == 2576
    assert sum(Decimal(share["if_all"]) for share in facts["shares"]) == Decimal(400_000)
    assert [share["so_far"] for share in facts["shares"] if share["so_far"]] == ["400000.00"]
    assert facts["counted_on"] == LONG_AGO.isoformat()
    assert facts["last_ore"]


def test_the_plan_stands_when_the_project_changes(full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    before = financing_plan_document.render(plan)
    projects.change_project(project=full, version=None, title="Et annet navn", hours=Decimal(5), by=secretary)
    plan.refresh_from_db()
    assert financing_plan_document.render(plan) == before
    for verb in ("UPDATE portfolio_financingplan SET shared_cost = 1", "DELETE FROM portfolio_financingplan"):
        with the_database_refuses(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_the_pdf_tells_the_plan_and_is_valid(full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    job = jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    assert job.state == "done", job.error
    document = Document.objects.get(kind=DOCUMENT)
    content = files.content(document)
    told = text_of(content)
    for said in ("Finansieringsplan 1", "Lisenser", "400 000,02 kr", "Statsforvalteren i Nordland", "2 576", "Bø"):
        assert said in told
    assert "Innbyggere" in told
    assert document.file_name == f"finansieringsplan-vesteralen-{full.number}-{plan.number}.pdf"
    assert faults(content) == []


def test_a_plan_is_not_laid_while_the_shares_are_not_known(full: Project, secretary: User, bo: Organisation) -> None:
    bo.populations.all().delete()
    with pytest.raises(NotAllowedNow, match="Bø"):
        lay_financing_plan(project=full, by=secretary)
    assert not FinancingPlan.objects.exists()
    assert not ProjectCase.objects.exists()


def test_a_newer_plan_says_what_is_otherwise_than_in_the_decided_one(full: Project, held: Any, secretary: User) -> None:
    held(lay_financing_plan(project=full, by=secretary).case)
    costs.write_costs(
        project=full, version=None, lines=[], years=[], shared_cost=Decimal(700_000), grant_share=Decimal(200_000),
        by=secretary,
    )  # fmt: skip
    costs.share_cost(project=full, version=None, key="equal", by=secretary)
    second = lay_financing_plan(project=full, by=secretary)
    told = {
        change["what"]: (change["before"], change["after"])
        for change in financing_plan_document.context(second)["changes"]
    }
    plain = {what: (before.replace("\xa0", " "), after.replace("\xa0", " ")) for what, (before, after) in told.items()}
    assert plain["Felles kostnad"] == ("600 000 kr", "700 000 kr")
    assert plain["Til fordeling"] == ("400 000 kr", "500 000 kr")
    assert {"key", "counted_on"} <= {change["what"] for change in second.facts["changes"]}
    assert any("Andelen til Bø" in what for what in plain)
    assert second.facts["before"] == 1
    assert "700 000 kr" in text_of(financing_plan_document.render(second))


def test_a_plan_that_was_not_decided_is_nothing_to_compare_with(full: Project, held: Any, secretary: User) -> None:
    held(lay_financing_plan(project=full, by=secretary).case, Resolution.Outcome.NOT_ADOPTED)
    assert lay_financing_plan(project=full, by=secretary).facts["before"] is None


def test_a_postponed_case_takes_its_plan_along(
    go: Any, full: Project, held: Any, secretary: User, director: User
) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    held(plan.case, Resolution.Outcome.POSTPONED)
    with pytest.raises(NotAllowedNow, match="allerede"):
        lay_financing_plan(project=full, by=secretary)
    back = governance_cases.bring_back(case=Case.objects.get(pk=plan.case_id), by=secretary)
    assert plan_of(back) == plan
    governance_cases.mark_ready(case=back, by=secretary)
    held(back)
    found = decided(full)
    assert found is not None
    assert found.plan == plan
    assert projects.start_execution(project=full, by=secretary).state == Project.State.EXECUTION
    back.refresh_from_db()
    assert plan.get_absolute_url() in go(director).get(back.get_absolute_url()).content.decode()


def test_a_withdrawn_plan_gives_way_to_a_new_one(full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    governance_cases.withdraw_case(case=plan.case, by=secretary)
    assert lay_financing_plan(project=full, by=secretary).number == 2


def test_a_plan_of_more_grants_does_not_let_the_municipalities_pay_more(
    full: Project, held: Any, secretary: User
) -> None:
    """The cost is the same, and the part of the municipalities is not: this was not noticed before."""
    held(lay_financing_plan(project=full, by=secretary).case)
    costs.write_costs(
        project=full, version=None, lines=[], years=[], shared_cost=Decimal(600_000), grant_share=Decimal(100_000),
        by=secretary,
    )  # fmt: skip
    with pytest.raises(NotAllowedNow) as refused:
        projects.start_execution(project=full, by=secretary)
    said = str(refused.value.sentence).replace("\xa0", " ")
    assert "400 000 kr" in said
    assert "500 000 kr" in said


# --- pages ----------------------------------------------------------------------------------------------


def test_a_missing_plan_is_a_state_that_all_see(go: Any, project: Project, director: User) -> None:
    assert "Finansieringsplanen mangler" in go(director).get(project.get_absolute_url()).content.decode()


def test_a_measure_that_needs_no_plan_lacks_none(go: Any, project: Project, director: User, secretary: User) -> None:
    projects.change_project(project=project, version=None, in_base_budget=True, by=secretary)
    assert "Finansieringsplanen mangler" not in go(director).get(project.get_absolute_url()).content.decode()


def test_the_plan_is_read_by_those_who_read_its_case(
    go: Any, full: Project, held: Any, secretary: User, director: User, it_leader: User, outsider: User
) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    address = plan.get_absolute_url()
    assert go(secretary).get(address).status_code == 200
    assert go(director).get(address).status_code == 404
    assert "under arbeid" in go(director).get(full.get_absolute_url()).content.decode()
    held.called(plan.case)
    jobs.run(Job.objects.get(kind=DOCUMENT).pk)
    for reader in (director, it_leader):
        assert go(reader).get(address).status_code == 200
        assert b"".join(go(reader).get(f"{address}pdf/").streaming_content).startswith(b"%PDF")
    assert go(outsider).get(address).status_code == 404
    Case.objects.filter(pk=plan.case_id).update(exempt=True, legal_ground="offentleglova § 23")
    assert go(director).get(address).status_code == 200
    assert go(it_leader).get(address).status_code == 404
    assert go(it_leader).get(f"{address}pdf/").status_code == 404
    assert address not in go(it_leader).get(full.get_absolute_url()).content.decode()


def test_the_file_itself_is_only_for_those_who_read_the_papers(
    go: Any, full: Project, held: Any, secretary: User, director: User, it_leader: User
) -> None:
    held.called(lay_financing_plan(project=full, by=secretary).case)
    document = jobs.run(Job.objects.get(kind=DOCUMENT).pk).document
    assert b"".join(go(director).get(document.get_absolute_url()).streaming_content).startswith(b"%PDF")
    assert go(it_leader).get(document.get_absolute_url()).status_code == 404


def test_a_file_that_is_not_made_yet_is_told(go: Any, full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    answer = go(secretary).get(f"{plan.get_absolute_url()}pdf/", follow=True)
    assert answer.redirect_chain[0][0] == plan.get_absolute_url()


def test_the_page_before_says_what_is_missing_and_makes_nothing(
    go: Any, full: Project, secretary: User, director: User, bo: Organisation
) -> None:
    address = f"{full.get_absolute_url()}finansieringsplan/"
    assert "Lag saken" in go(secretary).get(address).content.decode()
    assert go(director).get(address).status_code == 403
    bo.populations.all().delete()
    shown = go(secretary).get(address).content.decode()
    assert "Lag saken" not in shown
    assert "Bø" in shown
    assert go(secretary).post(address).status_code == 409
    assert not FinancingPlan.objects.exists()


def test_the_secretary_lays_the_plan_from_the_page(go: Any, full: Project, secretary: User) -> None:
    address = f"{full.get_absolute_url()}finansieringsplan/"
    answer = go(secretary).post(address, {"version": full.version})
    plan = FinancingPlan.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == plan.case.get_absolute_url()
    assert go(secretary).post(address, {"version": full.version}).status_code == 409


def test_the_same_plan_gives_the_same_file_byte_for_byte(full: Project, secretary: User) -> None:
    plan = lay_financing_plan(project=full, by=secretary)
    html = financing_plan_document.render(plan)
    assert html == financing_plan_document.render(FinancingPlan.objects.get(pk=plan.pk))


def test_without_a_quorum_the_plan_is_not_decided_and_the_project_does_not_start(
    go: Any, full: Project, held: Any, steering: Body, secretary: User
) -> None:
    """T23: three of the six have met, and the steps are pressed all the same."""
    plan = lay_financing_plan(project=full, by=secretary)
    meeting, here = held.called(plan.case), full.get_absolute_url()
    away = {seat.pk: attendance.Seat(status="excused") for seat in steering.seats.filter(role=Role.STEERING)[:3]}
    running.start_meeting(meeting=meeting, seats=away, by=secretary)
    client = go(secretary)
    client.post(f"{here}planlegg/", {"version": Project.objects.get(pk=full.pk).version})
    item = meeting.items.get(case=plan.case)

    refused = client.post(f"{meeting.get_absolute_url()}sak/{item.pk}/som-foreslatt/")
    started = client.post(f"{here}start/", {"version": Project.objects.get(pk=full.pk).version})

    assert (refused.status_code, started.status_code) == (409, 409)
    assert "3 av 6" in refused.content.decode()
    assert not Resolution.objects.exists() and decided(full) is None
    assert Project.objects.get(pk=full.pk).state == Project.State.PLANNING
