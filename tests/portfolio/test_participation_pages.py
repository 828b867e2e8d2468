"""The pages of who takes part, as a secretary, a director and others meet them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from digivesteralen.accounts.models import User
from digivesteralen.documents.models import Job
from digivesteralen.start.tasks.of_portfolio import to_settle_anew
from governance.actions import delegations
from governance.actions.asking import REMINDER
from governance.models import Organisation
from portfolio.actions import contributions, participation, rollout
from portfolio.actions.rollout import PlannedStep
from portfolio.models import Contribution, Participation, Project, RolloutStep, Status
from tests.people import person

Parts = dict[str, Participation]
Decides = Callable[..., Participation]
TODAY = timezone.localdate
PROJECT = "/vesteralen/prosjekter/felles-skjema/"
BO = f"{PROJECT}deltakelse/1867/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def secretariat(secretary: User) -> Client:
    return client_of(secretary)


@pytest.fixture
def bo_director(directors: dict[str, User]) -> Client:
    return client_of(directors["Bø"])


def errors(answer: Any) -> set[str]:
    return set(answer.context_data["form"].errors)


def again(part: Participation) -> Participation:
    return Participation.objects.whole().get(pk=part.pk)


@pytest.fixture
def asked(project: Project, six: list[Organisation], secretary: User) -> Parts:
    parts = participation.invite(
        project=project, organisations=six, answer_by=TODAY() + timedelta(days=14), by=secretary
    )
    return {part.organisation.name: part for part in parts}


# --- the secretariat -------------------------------------------------------------------------------------


def test_the_projects_page_says_how_many_have_answered_and_reminds_the_others(
    secretariat: Client, asked: Parts, decides: Decides
) -> None:
    decides(asked["Bø"], 100_000)
    page = secretariat.get(PROJECT).content.decode()
    assert f"{TODAY() + timedelta(days=14):%d.%m.%Y}" in page
    assert f'action="{PROJECT}paminnelse/"' in page
    secretariat.post(f"{PROJECT}paminnelse/")
    assert Job.objects.filter(kind=REMINDER).count() == 5
    assert secretariat.post(f"{PROJECT}paminnelse/").status_code == 409


def test_a_director_reads_who_has_answered_and_reminds_nobody(
    director: User, asked: Parts, secretariat: Client
) -> None:
    client = client_of(director)
    assert "paminnelse" not in client.get(PROJECT).content.decode()
    assert client.post(f"{PROJECT}paminnelse/").status_code == 403
    assert client.get(f"{PROJECT}svarfrist/").status_code == 403


def test_the_deadline_is_moved_from_the_projects_page(secretariat: Client, asked: Parts) -> None:
    yesterday = TODAY() - timedelta(days=1)
    assert errors(secretariat.post(f"{PROJECT}svarfrist/", {"answer_by": f"{yesterday:%d.%m.%Y}"})) == {"answer_by"}
    later = TODAY() + timedelta(days=60)
    assert secretariat.post(f"{PROJECT}svarfrist/", {"answer_by": f"{later:%d.%m.%Y}"}).status_code == 302
    assert again(asked["Bø"]).adoption.answer_by == later


def test_a_mistaken_invitation_is_taken_back_with_a_reason(secretariat: Client, asked: Parts) -> None:
    assert f"{BO}ta-tilbake/" in secretariat.get(BO).content.decode()
    version = asked["Bø"].version
    assert errors(secretariat.post(f"{BO}ta-tilbake/", {"version": version, "reason": ""})) == {"reason"}
    answer = secretariat.post(f"{BO}ta-tilbake/", {"version": version, "reason": "Feil kommune."}, follow=True)
    assert answer.redirect_chain == [(PROJECT, 302)]
    assert secretariat.get(BO).status_code == 404


def test_who_has_answered_is_not_taken_out_and_the_page_says_what_to_do(
    secretariat: Client, asked: Parts, decides: Decides
) -> None:
    decides(asked["Bø"], 100_000)
    assert "ta-tilbake" not in secretariat.get(BO).content.decode()
    answer = secretariat.get(f"{BO}ta-tilbake/")
    assert answer.status_code == 409
    assert "Bø" in answer.content.decode()


def test_a_municipality_that_declined_is_asked_anew_from_its_page(
    secretariat: Client, asked: Parts, decides: Decides
) -> None:
    part = decides(asked["Bø"], state="not_adopted")
    assert f"{BO}spor-pa-nytt/" in secretariat.get(BO).content.decode()
    secretariat.post(f"{BO}spor-pa-nytt/", {"version": part.version, "answer_by": ""})
    assert again(part).status == Status.UNDECIDED
    page = secretariat.get(BO).content.decode()
    assert part.adoption.get_absolute_url() in page
    assert secretariat.get(f"{BO}spor-pa-nytt/").status_code == 409


# --- the municipality's own people -----------------------------------------------------------------------


def test_who_waits_is_asked_why(bo_director: Client, asked: Parts) -> None:
    version = asked["Bø"].version
    signal = {"version": version, "interest": "waiting", "reason": ""}
    assert errors(bo_director.post(f"{BO}signal/", signal)) == {"reason"}
    bo_director.post(f"{BO}signal/", {**signal, "reason": "Ingen er ledige."})
    assert again(asked["Bø"]).status == Status.WAITING
    assert "Ingen er ledige." in bo_director.get(BO).content.decode()


def test_the_director_chooses_from_when(bo_director: Client, asked: Parts, decides: Decides) -> None:
    part = decides(asked["Bø"], 100_000)
    day = TODAY() + timedelta(days=90)
    bo_director.post(f"{BO}fra/", {"version": part.version, "joins_on": f"{day:%d.%m.%Y}"})
    assert again(part).joins_on == day
    assert f"{day:%d.%m.%Y}" in bo_director.get(PROJECT).content.decode()


def test_the_director_registers_a_notice_and_the_page_leads_to_the_decision(
    bo_director: Client, asked: Parts, decides: Decides
) -> None:
    part = decides(asked["Bø"], 100_000)
    leaves = TODAY() + timedelta(days=90)
    notice = {
        "version": part.version, "decided_by": "kommunestyret", "decided_on": f"{TODAY():%d.%m.%Y}",
        "case_number": "40/26", "leaves_on": f"{leaves:%d.%m.%Y}", "text": "",
    }  # fmt: skip
    bo_director.post(f"{BO}utmelding/", notice)
    found = again(part)
    assert (found.status, found.leaves_on) == (Status.NOTICE, leaves)
    assert found.withdrawal is not None
    assert found.withdrawal.get_absolute_url() in bo_director.get(BO).content.decode()


def test_a_delegation_that_covers_the_share_lets_the_director_answer_at_once(
    bo_director: Client, asked: Parts, bo: Organisation, directors: dict[str, User]
) -> None:
    on_the_spot = reverse("decide_on_spot", args=["vesteralen", asked["Bø"].adoption_id])
    assert on_the_spot not in bo_director.get(BO).content.decode()
    delegations.register_delegation(
        organisation=bo, to="Kommunedirektøren", matters="Deltakelse i prosjekter", decided_by="kommunestyret",
        decided_on=TODAY(), case_number="3/26", since=TODAY(), ceiling=200_000, by=directors["Bø"],
    )  # fmt: skip
    assert on_the_spot in bo_director.get(BO).content.decode()


def test_a_share_beyond_the_decision_is_a_task_that_leads_to_decision_and_paper(
    bo_director: Client, asked: Parts, decides: Decides, directors: dict[str, User]
) -> None:
    decides(asked["Bø"], 100_000)
    tasks = list(to_settle_anew(directors["Bø"]))
    assert [task.url for task in tasks] == [BO]
    assert list(to_settle_anew(directors["Hadsel"])) == []
    page = bo_director.get(BO).content.decode()
    assert asked["Bø"].adoption.get_absolute_url() in page
    assert reverse("council_paper", args=["vesteralen", asked["Bø"].adoption_id]) in page


def test_internal_costs_are_told_and_read_by_the_others(
    bo_director: Client, asked: Parts, decides: Decides, secretariat: Client
) -> None:
    part = decides(asked["Bø"], 600_000)
    cost = {"version": part.version, "internal_cost": "80 000", "internal_spent": "-1"}
    assert errors(bo_director.post(f"{BO}interne-kostnader/", cost)) == {"internal_spent"}
    bo_director.post(f"{BO}interne-kostnader/", {**cost, "internal_spent": "20 000"})
    assert again(part).internal_cost == 80_000
    assert "80\u00a0000" in secretariat.get(PROJECT).content.decode()
    assert secretariat.get(f"{BO}interne-kostnader/").status_code == 403


# --- roll-out and people ---------------------------------------------------------------------------------


@pytest.fixture
def joined(asked: Parts, decides: Decides) -> Participation:
    return decides(asked["Bø"], 600_000)


def test_steps_are_laid_out_for_all_and_moved_by_each(
    secretariat: Client, bo_director: Client, joined: Participation, director: User
) -> None:
    wrong = {"title_1": "Opplæring", "planned_1": "", "title_2": "Opplæring", "planned_2": "mars 2031"}
    assert errors(secretariat.post(f"{PROJECT}innforing/trinn/", wrong)) == {"planned_1", "title_2"}
    plan = {"title_1": "Opplæring", "planned_1": "mars 2031", "title_2": "I drift", "planned_2": "01.06.2031"}
    assert secretariat.post(f"{PROJECT}innforing/trinn/", plan).status_code == 302
    step = RolloutStep.objects.get(title="Opplæring")
    address = f"{PROJECT}innforing/{step.pk}/"
    assert client_of(director).get(address).status_code == 403
    form = bo_director.get(address).context_data["form"]
    assert form["planned"].value() == "mars 2031"
    tomorrow = TODAY() + timedelta(days=1)
    moved = {"version": 1, "title": "Opplæring", "planned": "april 2031", "reached_on": f"{tomorrow:%d.%m.%Y}"}
    assert errors(bo_director.post(address, moved)) == {"reached_on"}
    bo_director.post(address, {**moved, "reached_on": ""})
    step.refresh_from_db()
    assert step.planned == "april 2031"
    bo_director.post(f"{PROJECT}innforing/{step.pk}/fjern/")
    assert RolloutStep.objects.count() == 1


def test_the_plan_is_a_workbook_too(secretariat: Client, project: Project, joined: Participation) -> None:
    rollout.lay_out(project=project, steps=[PlannedStep("I drift", date(2031, 6, 1))], by=secretariat_of(secretariat))
    book = load_workbook(io.BytesIO(secretariat.get(f"{PROJECT}innforing/?format=xlsx").content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [("Bø", "I drift")]
    assert rows[0][2].date() == date(2031, 6, 1)


def secretariat_of(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_a_person_is_put_in_changed_and_taken_out(
    bo_director: Client, joined: Participation, bo: Organisation, secretariat: Client
) -> None:
    kari = person("Kari Nilsen", organisation=bo)
    new = {"person": "", "name": "", "email": "", "title": "", "percent": "120", "since": "01.01.2031", "until": ""}
    assert errors(bo_director.post(f"{BO}person/", new)) == {"percent", "person"}
    bo_director.post(f"{BO}person/", {**new, "person": kari.pk, "percent": "60"})
    made = Contribution.objects.get()
    assert errors(bo_director.post(f"{BO}person/", {**new, "person": kari.pk, "percent": "60"})) == {"percent", "since"}
    assert secretariat.get(f"{BO}person/").status_code == 403
    assert "Kari Nilsen" in secretariat.get(PROJECT).content.decode()
    address = f"{PROJECT}ressurspersoner/{made.pk}/"
    bo_director.post(address, {"version": 1, "percent": "40", "since": "01.01.2031", "until": "31.12.2031", "role": ""})
    made.refresh_from_db()
    assert (made.percent, made.until) == (40, date(2031, 12, 31))
    bo_director.post(f"{address}ta-ut/")
    assert Contribution.objects.count() == 0


def test_the_list_of_people_by_project_and_municipality_and_as_workbook(
    secretariat: Client, joined: Participation, bo: Organisation, directors: dict[str, User]
) -> None:
    kari = person("Kari Nilsen", organisation=bo)
    contributions.contribute(participation=joined, person=kari, percent=60, since=TODAY(), by=directors["Bø"])
    address = "/vesteralen/portefolje/ressurspersoner/"
    assert "Kari Nilsen" in secretariat.get(f"{address}?prosjekt=felles-skjema&kommune=1867").content.decode()
    assert "Kari Nilsen" not in secretariat.get(f"{address}?kommune=1866").content.decode()
    book = load_workbook(io.BytesIO(secretariat.get(f"{address}?format=xlsx").content))
    row = next(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert row[4] == 60
    assert row[5].date() == TODAY()


def test_the_projects_page_of_many_municipalities_asks_no_more_questions(
    secretariat: Client, project: Project, asked: Parts, decides: Decides, directors: dict[str, User],
    django_assert_max_num_queries: Callable[..., Any], secretary: User, bo: Organisation,
) -> None:  # fmt: skip
    def questions() -> int:
        with django_assert_max_num_queries(150) as counted:
            secretariat.get(PROJECT)
        return len(counted)

    part = decides(asked["Bø"], 100_000)
    kari = person("Kari Nilsen", organisation=bo)
    contributions.contribute(participation=part, person=kari, percent=10, since=TODAY(), by=directors["Bø"])
    rollout.lay_out(project=project, steps=[PlannedStep("I drift", TODAY())], by=secretary)
    questions()
    few = questions()
    for name in ("Hadsel", "Sortland", "Andøy"):
        joined = decides(asked[name], 100_000)
        who = person(f"Person {name}", organisation=joined.organisation)
        contributions.contribute(participation=joined, person=who, percent=10, since=TODAY(), by=directors[name])
    rollout.lay_out(project=project, steps=[PlannedStep("I drift", TODAY())], by=secretary)
    assert questions() == few
