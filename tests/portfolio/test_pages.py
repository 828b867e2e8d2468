"""What each role sees and may do on the portfolio's pages, and that bad input gets an answer and loses nothing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.models import Body, Case, Collaboration, Organisation
from portfolio.actions import focus_areas, participation, projects
from portfolio.actions.versions import propose_portfolio_version
from portfolio.models import FocusArea, Participation, PortfolioVersion, Project, ProjectOpinion

Parts = dict[str, Participation]
SECRETARIAT_ONLY = ["change_strategy", "new_focus_area", "new_base_budget", "new_grant", "new_own_effort",
                    "propose_portfolio", "new_project"]  # fmt: skip
OF_PROJECT = ["change_project", "financing_plan", "new_milestone", "new_benefit", "invite_municipalities", "sharing"]
FOR_ALL = ["portfolio", "strategy", "financing", "portfolio_versions"]


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


@pytest.mark.parametrize("name", FOR_ALL)
@pytest.mark.parametrize("who", ["secretary", "director", "it_leader", "auditor", "observer", "project_leader"])
def test_everybody_in_the_collaboration_reads_the_portfolio(
    go: Any, request: pytest.FixtureRequest, invited: Parts, who: str, name: str
) -> None:
    assert go(request.getfixturevalue(who)).get(here(name)).status_code == 200


@pytest.mark.parametrize("name", [*FOR_ALL, *SECRETARIAT_ONLY])
def test_an_outsider_does_not_learn_that_it_exists(go: Any, digi: Collaboration, outsider: User, name: str) -> None:
    assert go(outsider).get(here(name)).status_code == 404


@pytest.mark.parametrize("name", SECRETARIAT_ONLY)
def test_only_the_secretariat_changes_the_portfolio(
    go: Any, secretary: User, director: User, project: Project, name: str
) -> None:
    assert go(secretary).get(here(name)).status_code == 200
    assert go(director).get(here(name)).status_code == 403


@pytest.mark.parametrize("name", OF_PROJECT)
def test_only_the_secretariat_changes_a_project(
    go: Any, secretary: User, director: User, outsider: User, project: Project, name: str
) -> None:
    assert go(secretary).get(here(name, project.slug)).status_code == 200
    assert go(director).get(here(name, project.slug)).status_code == 403
    assert go(outsider).get(here(name, project.slug)).status_code == 404


def test_registering_a_project_in_few_fields(go: Any, secretary: User, digi: Collaboration, area: FocusArea) -> None:
    page = go(secretary).post(
        here("new_project"),
        {
            "title": "Felles sak- og arkivsystem",
            "focus_area": area.pk,
            "starts": "høsten 2026",
            "ends": "2027",
            "shared_cost": "2 400 000,50",
            "grant_share": "600 000",
            "key": "population",
            "kind": "procurement",
        },
    )
    made = Project.objects.get()
    assert page.url == made.get_absolute_url()
    assert (made.starts_precision, made.ends_precision) == ("season", "year")
    assert (made.starts_on, made.ends_on) == (date(2026, 9, 1), date(2027, 12, 31))
    assert made.to_share == Decimal("1800000.50")
    assert made.counted_on == date(timezone.localdate().year, 1, 1)


@pytest.mark.parametrize(
    ("field", "wrong", "told"),
    [
        ("grant_share", {"shared_cost": "100", "grant_share": "101"}, "grant_share"),
        ("ends", {"starts": "2027", "ends": "juni 2026"}, "ends"),
        ("starts", {"starts": "til jul"}, "starts"),
        ("shared_cost", {"shared_cost": "mye"}, "shared_cost"),
        ("title", {"title": ""}, "title"),
        ("quick_measure", {"quick_measure": "on", "shared_cost": "1"}, "quick_measure"),
        ("counted_on", {"key": "population", "counted_on": "01.01.1850"}, "counted_on"),
        ("counted_on", {"key": "population", "counted_on": "01.01.2999"}, "counted_on"),
    ],
)
def test_what_was_mistyped_is_told_at_its_field_and_kept(
    go: Any, secretary: User, digi: Collaboration, field: str, wrong: dict[str, str], told: str
) -> None:
    data = {"title": "Felles arkiv", "key": "equal", "kind": "project", "goal": "En lang tekst", **wrong}
    page = go(secretary).post(here("new_project"), data)
    assert page.status_code == 200
    assert list(page.context_data["form"].errors) == [told]
    assert "En lang tekst" in page.content.decode()
    assert not Project.objects.exists()


def test_two_who_change_the_same_project_meet_a_409(go: Any, secretary: User, project: Project) -> None:
    data = {"title": "Først", "key": "equal", "kind": "project", "version": project.version}
    assert go(secretary).post(here("change_project", project.slug), data).status_code == 302
    assert go(secretary).post(here("change_project", project.slug), {**data, "title": "Sist"}).status_code == 409
    assert Project.objects.get().title == "Først"


def test_shares_that_do_not_add_up_are_told_with_the_difference(
    go: Any, secretary: User, project: Project, invited: Parts
) -> None:
    amounts = {f"amount_{part.pk}": "100 000" for part in invited.values()}
    amounts[f"amount_{invited['Bø'].pk}"] = "99 999,99"
    data = {"key": "manual", "version": Project.objects.get().version, **amounts}
    page = go(secretary).post(here("sharing", project.slug), data)
    assert page.status_code == 200
    assert "0,01" in page.content.decode()
    data[f"amount_{invited['Bø'].pk}"] = "100 000"
    assert go(secretary).post(here("sharing", project.slug), data).status_code == 302


def test_the_cost_is_not_shared_by_people_nobody_has_counted(
    go: Any, secretary: User, project: Project, invited: Parts
) -> None:
    data = {"key": "population", "version": Project.objects.get().version, "counted_on": "01.01.1850"}
    page = go(secretary).post(here("sharing", project.slug), data)
    assert list(page.context_data["form"].errors) == ["counted_on"]
    assert go(secretary).post(here("sharing", project.slug), {**data, "counted_on": "01.01.2026"}).status_code == 302


def test_the_project_page_shows_both_sums_exactly(
    go: Any, director: User, project: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Bø"], 600_000)
    page = go(director).get(project.get_absolute_url()).content.decode().replace("\xa0", " ")
    assert page.count("600 000 kr") >= 3
    assert page.count("100 000 kr") >= 6


def test_what_if_one_does_not_join(go: Any, director: User, project: Project, invited: Parts) -> None:
    page = go(director).get(project.get_absolute_url() + "?uten=1867").content.decode().replace("\xa0", " ")
    assert page.count("120 000 kr") == 5


def test_a_plan_that_is_not_decided_stops_the_start_with_a_sentence(
    go: Any, secretary: User, project: Project, invited: Parts, decides: Any
) -> None:
    decides(invited["Bø"], 600_000)
    page = go(secretary).post(here("project_start", project.slug), {"version": ""})
    assert page.status_code == 409
    project.refresh_from_db()
    assert project.state == Project.State.PLANNING


def test_states_change_by_post_alone(go: Any, secretary: User, director: User, project: Project) -> None:
    assert go(secretary).get(here("project_stans", project.slug)).status_code == 405
    assert go(director).post(here("project_stans", project.slug)).status_code == 403
    project.refresh_from_db()
    assert go(secretary).post(here("project_stans", project.slug), {"version": project.version}).status_code == 302


@pytest.mark.parametrize("sent", [{}, {"version": ""}, {"version": "tull"}, {"version": "²"}, {"version": "9" * 30}])
def test_a_button_with_a_version_that_is_none_changes_nothing(
    go: Any, secretary: User, project: Project, sent: dict[str, str]
) -> None:
    page = go(secretary).post(here("project_stans", project.slug), sent)

    assert page.status_code == 409
    assert Project.objects.get(pk=project.pk).state == project.state


def test_laying_the_plan_asks_first_and_leads_to_the_case(
    go: Any, secretary: User, project: Project, steering: Body
) -> None:
    assert go(secretary).get(here("financing_plan", project.slug)).status_code == 200
    assert not Case.objects.exists()
    sent = {"version": Project.objects.get(pk=project.pk).version}
    assert go(secretary).post(here("financing_plan", project.slug), sent).url == Case.objects.get().get_absolute_url()


def test_a_municipality_signals_on_its_own_page_only(
    go: Any, director: User, secretary: User, project: Project, invited: Parts
) -> None:
    own = here("participation_interest", project.slug, "1870")
    part = Participation.objects.get(organisation__number="1870")
    data = {"interest": "interested", "version": part.version}
    assert go(secretary).post(own, data).status_code == 403
    assert go(director).post(here("participation_interest", project.slug, "1867"), data).status_code == 403
    assert go(director).post(own, data).status_code == 302
    part.refresh_from_db()
    assert part.interest == "interested"


def test_the_portfolio_shows_an_area_without_measures(
    go: Any, director: User, digi: Collaboration, secretary: User
) -> None:
    focus_areas.register_focus_area(
        collaboration=digi, short_name="Anskaffelser", name="Felles anskaffelser", by=secretary
    )
    assert "Felles anskaffelser" in go(director).get(here("portfolio")).content.decode()


def test_filters_narrow_the_list(go: Any, director: User, project: Project, digi: Any, secretary: User) -> None:
    projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    found = go(director).get(here("portfolio"), {"state": "planning"}).context_data["found"]
    assert [row.project for row in found] == [project]
    found = go(director).get(here("portfolio"), {"q": "ARKIV"}).context_data["found"]
    assert [row.project.title for row in found] == ["Felles arkiv"]


def test_the_directors_form_says_what_it_is_and_registers_no_decision(
    go: Any,
    director: User,
    secretary: User,
    project: Project,
    invited: Parts,
    digi: Any,
    held: Any,
    sortland: Organisation,
) -> None:
    version = propose_portfolio_version(collaboration=digi, projects=[project], by=secretary)
    held.called(version.case)
    item = version.items.get()
    address = here("portfolio_view", version.number)
    assert go(director).post(address, {"version": 0}).status_code == 200  # nothing said is no view
    assert go(secretary).get(address).status_code == 403
    assert go(director).get(address).status_code == 200
    data = {
        f"stance_{item.pk}": "study",
        f"text_{item.pk}": "",
        "stance_whole": "supports",
        "text_whole": "",
    }
    page = go(director).post(address, data)
    assert page.status_code == 200
    assert list(page.context_data["form"].errors) == [f"text_{item.pk}"]
    assert version.case.opinions.get().stance == "supports"  # what was complete is kept
    data["edition_whole"] = "1"
    data[f"text_{item.pk}"] = "Utred drift først."
    assert go(director).post(address, data).status_code == 302
    assert ProjectOpinion.objects.get().organisation == sortland
    assert Participation.objects.taking_part().count() == 0
    assert go(director).get(version.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["portfolio", "strategy", "portfolio_versions"])
def test_more_projects_take_no_more_queries(
    go: Any, director: User, secretary: User, digi: Any, area: FocusArea, six: Any, name: str,
    django_assert_max_num_queries: Any, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    def fill(count: int) -> None:
        for number in range(count):
            made = projects.register_project(
                collaboration=digi, title=f"P{number}", focus_area=area, key="population", counted_on=date(2026, 1, 1),
                shared_cost=Decimal(600), by=secretary,
            )  # fmt: skip
            participation.invite(project=made, organisations=six, by=secretary)
            focus_areas.register_measure(focus_area=area, text=f"T{number}", project=made, by=secretary)

    browser = go(director)
    fill(1)
    browser.get(here(name))
    with django_assert_max_num_queries(60) as first:
        browser.get(here(name))
    fill(4)
    with django_assert_num_queries(len(first)):
        browser.get(here(name))


def test_a_version_is_laid_in_the_order_of_the_places(
    go: Any, secretary: User, project: Project, digi: Any, steering: Body
) -> None:
    other = projects.register_project(collaboration=digi, title="Felles arkiv", by=secretary)
    places = {f"place_{project.pk}": "2", f"place_{other.pk}": "1"}
    go(secretary).post(here("propose_portfolio"), {"way": "meeting", **places})
    assert [item.project for item in PortfolioVersion.objects.get().items.all()] == [other, project]
