"""The cost of a project: its lines and years add up, its key is chosen with open eyes, and what it lacks is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import costs, grants, participation, projects
from portfolio.actions.cases import lay_financing_plan
from portfolio.actions.shares import recalculate
from portfolio.explaining import explain
from portfolio.gap import gap_of
from portfolio.models import CostLine, Habits, Participation, Project, ProjectYear, Share, YearShare
from portfolio.shares import financing
from tests.people import LONG_AGO, SIX

Parts = dict[str, Participation]
NOTHING = Decimal(0)
PEOPLE = sum(people for _name, people in SIX.values())


def line(title: str, amount: Any, **more: Any) -> Any:
    return {"title": title, "kind": "other", "year": None, "amount": Decimal(amount), **more}


def year(number: int, cost: Any, grant: Any = 0) -> Any:
    return {"year": number, "cost": Decimal(cost), "grant_share": Decimal(grant)}


def write(project: Project, by: User, **what: Any) -> Project:
    fields = {"lines": [], "years": [], "shared_cost": Decimal(600_000), "grant_share": NOTHING, **what}
    return costs.write_costs(project=project, version=None, by=by, **fields)


def divided(project: Project) -> Any:
    return financing(Project.objects.get(pk=project.pk), list(project.participations.whole()))


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


def here(name: str, project: Project, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", project.slug, *rest])


# --- lines ----------------------------------------------------------------------------------------------


def test_the_sum_of_the_lines_is_the_shared_cost(project: Project, invited: Parts, secretary: User) -> None:
    write(project, secretary, lines=[line("Lisenser", "100000.01"), line("Opplæring", 50_000)])
    project.refresh_from_db()
    assert project.shared_cost == Decimal("150000.01")
    assert divided(project).if_all.total == Decimal("150000.01")
    assert Share.objects.filter(project=project, if_all=Decimal("25000.01")).count() == 1


def test_a_line_that_stays_keeps_its_row_and_one_that_goes_is_gone(project: Project, secretary: User) -> None:
    write(project, secretary, lines=[line("Lisenser", 100), line("Opplæring", 50), line("Reiser", 10)])
    kept = CostLine.objects.get(title="Lisenser").pk
    write(project, secretary, lines=[line("Lisenser", 100), line("Kurs", 70)])
    assert list(project.cost_lines.values_list("pk", "title"))[0] == (kept, "Lisenser")
    assert [one.title for one in project.cost_lines.all()] == ["Lisenser", "Kurs"]


def test_the_cost_of_a_project_with_lines_is_not_changed_by_itself(project: Project, secretary: User) -> None:
    write(project, secretary, lines=[line("Lisenser", 600_000)])
    with pytest.raises(NotAllowedNow) as refused:
        projects.change_project(project=project, version=None, shared_cost=Decimal(700_000), by=secretary)
    said = str(refused.value.sentence).replace("\xa0", " ")
    assert "600 000 kr" in said
    assert "700 000 kr" in said
    assert "100 000 kr" in said


def test_the_database_holds_lines_and_cost_together(project: Project, secretary: User) -> None:
    write(project, secretary, lines=[line("Lisenser", 600_000)])
    for wrong in (
        "UPDATE portfolio_project SET shared_cost = 1",
        "UPDATE portfolio_costline SET amount = 1",
        "UPDATE portfolio_costline SET amount = amount - 1",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- years ----------------------------------------------------------------------------------------------


def test_the_municipal_part_is_phased_in(project: Project, invited: Parts, secretary: User, decides: Any) -> None:
    years = [year(2026, 200_000, 200_000), year(2027, 200_000, 100_000), year(2028, 200_000)]
    write(project, secretary, years=years, grant_share=Decimal(300_000))
    decides(invited["Bø"], 300_000)
    shares = {one.year: one.so_far for one in YearShare.objects.filter(participation=invited["Bø"])}
    assert shares == {2026: 0, 2027: 100_000, 2028: 200_000}
    assert divided(project).so_far.total == Decimal(300_000)


@pytest.mark.parametrize(
    ("years", "grants_in_all", "told"),
    [
        ([year(2026, 500_000)], 0, ["500 000 kr", "600 000 kr", "100 000 kr"]),
        ([year(2026, 600_000, 50_000)], 0, ["50 000 kr", "0 kr"]),
        ([year(2026, "600000.01")], 0, ["0,01 kr"]),
    ],
)
def test_years_that_are_not_the_cost_are_refused_with_both_sums(
    project: Project, secretary: User, years: list[Any], grants_in_all: int, told: list[str]
) -> None:
    with pytest.raises(NotAllowedNow) as refused:
        write(project, secretary, years=years, grant_share=Decimal(grants_in_all))
    said = str(refused.value.sentence).replace("\xa0", " ")
    assert all(amount in said for amount in told)
    assert not ProjectYear.objects.exists()


def test_amounts_written_in_are_not_laid_out_over_years(project: Project, invited: Parts, secretary: User) -> None:
    amounts = {part.pk: Decimal(100_000) for part in invited.values()}
    costs.share_cost(project=project, version=None, key="manual", amounts=amounts, by=secretary)
    with pytest.raises(NotAllowedNow, match="år"):
        write(project, secretary, years=[year(2026, 600_000)])
    costs.share_cost(project=project, version=None, key="equal", by=secretary)
    write(project, secretary, years=[year(2026, 600_000)])
    with pytest.raises(NotAllowedNow, match="år"):
        costs.share_cost(project=project, version=None, key="manual", amounts=amounts, by=secretary)


def test_a_cost_that_its_written_amounts_do_not_fit_is_refused(
    project: Project, invited: Parts, secretary: User
) -> None:
    amounts = {part.pk: Decimal(100_000) for part in invited.values()}
    costs.share_cost(project=project, version=None, key="manual", amounts=amounts, by=secretary)
    for change in ({"shared_cost": Decimal(500_000)}, {"grant_share": Decimal(1)}):
        with pytest.raises(NotAllowedNow):
            projects.change_project(project=project, version=None, by=secretary, **change)
        with pytest.raises(NotAllowedNow):
            write(project, secretary, **change)


# --- keys -----------------------------------------------------------------------------------------------


def test_twenty_kroner_for_each_inhabitant(project: Project, invited: Parts, secretary: User) -> None:
    found = costs.share_cost(
        project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary
    )
    assert found.shared_cost == 20 * PEOPLE
    assert divided(project).if_all.total == 20 * PEOPLE
    assert Share.objects.get(participation=invited["Bø"]).if_all == 20 * SIX["1867"][1]


def test_at_a_rate_nobody_pays_more_because_others_do_not_join(
    project: Project, invited: Parts, secretary: User, decides: Any
) -> None:
    costs.share_cost(project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    decides(invited["Bø"], 20 * SIX["1867"][1])
    decides(invited["Øksnes"], state="not_adopted")
    found = divided(project)
    assert found.of(invited["Bø"].organisation).so_far == 20 * SIX["1867"][1]
    assert not found.reopened
    assert found.unfunded == 20 * (PEOPLE - SIX["1867"][1])


def test_at_a_rate_the_years_and_the_grants_come_on_top(project: Project, invited: Parts, secretary: User) -> None:
    costs.share_cost(project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    found = write(
        project, secretary, shared_cost=None, grant_share=Decimal(50_000), years=[year(2026, 0, 50_000), year(2027, 0)]
    )
    assert found.shared_cost == 2 * 20 * PEOPLE + 50_000
    assert [one.to_share for one in found.years.all()] == [20 * PEOPLE, 20 * PEOPLE]
    assert divided(project).if_all.total == 40 * PEOPLE


def test_at_a_rate_a_late_guest_makes_the_cost_larger_and_no_other_share(
    project: Project, six: list[Organisation], secretary: User
) -> None:
    participation.invite(project=project, organisations=six[:5], by=secretary)
    costs.share_cost(project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    before = dict(Share.objects.values_list("organisation", "if_all"))
    participation.invite(project=project, organisations=six[5:], by=secretary)
    after = dict(Share.objects.values_list("organisation", "if_all"))
    assert {pk: after[pk] for pk in before} == before
    project.refresh_from_db()
    assert project.shared_cost == 20 * PEOPLE


@pytest.mark.parametrize("change", [{"shared_cost": Decimal(1)}, {"grant_share": Decimal(1)}])
def test_at_a_rate_the_cost_is_nobodys_to_write(
    project: Project, invited: Parts, secretary: User, change: dict[str, Any]
) -> None:
    costs.share_cost(project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    with pytest.raises(NotAllowedNow):
        projects.change_project(project=project, version=None, by=secretary, **change)
    with pytest.raises(NotAllowedNow):
        write(project, secretary, lines=[line("Lisenser", 1)])
    projects.change_project(project=project, version=None, title="Et annet navn", by=secretary)


def test_a_quick_measure_takes_no_rate(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, quick_measure=True, shared_cost=NOTHING, by=secretary)
    with pytest.raises(NotAllowedNow):
        costs.share_cost(project=project, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    project.refresh_from_db()
    assert (project.key, project.shared_cost) == ("equal", 0)


def test_by_use_each_pays_for_what_it_uses(project: Project, invited: Parts, secretary: User) -> None:
    uses = {part.pk: Decimal(10) for part in invited.values()}
    uses[invited["Bø"].pk] = Decimal(50)
    costs.share_cost(project=project, version=None, key="use", use_unit="lisenser", uses=uses, by=secretary)
    assert Share.objects.get(participation=invited["Bø"]).if_all == Decimal(300_000)


def test_use_that_nobody_has_counted_is_not_taken_for_none(
    project: Project, six: list[Organisation], secretary: User
) -> None:
    parts = participation.invite(project=project, organisations=six[:5], by=secretary)
    uses = {part.pk: Decimal(10) for part in parts}
    missing = {**uses, parts[0].pk: None}
    with pytest.raises(NotAllowedNow, match=parts[0].organisation.name):
        costs.share_cost(project=project, version=None, key="use", use_unit="lisenser", uses=missing, by=secretary)
    costs.share_cost(project=project, version=None, key="use", use_unit="lisenser", uses=uses, by=secretary)
    participation.invite(project=project, organisations=six[5:], by=secretary)
    assert six[5].name in divided(project).problem
    assert "lisenser" in divided(project).problem


def test_a_fixed_amount_each_and_the_rest_by_population(project: Project, invited: Parts, secretary: User) -> None:
    costs.share_cost(
        project=project, version=None, key="fixed", fixed_amount=Decimal(50_000), counted_on=LONG_AGO, by=secretary
    )
    found = divided(project)
    assert found.if_all.total == Decimal(600_000)
    bo = found.of(invited["Bø"].organisation).if_all
    assert abs(bo - (50_000 + Decimal(300_000) * SIX["1867"][1] / PEOPLE)) < Decimal("0.01")


def test_fixed_amounts_beyond_the_cost_are_refused(project: Project, invited: Parts, secretary: User) -> None:
    with pytest.raises(NotAllowedNow, match="faste"):
        costs.share_cost(
            project=project, version=None, key="fixed", fixed_amount=Decimal(100_001), counted_on=LONG_AGO,
            by=secretary,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "figures", "said"),
    [
        ("equal", {}, "én av 6 like deler"),
        ("population", {"counted_on": LONG_AGO}, "2 576 av 32 162 innbyggere per 01.01.2021"),
        ("rate", {"counted_on": LONG_AGO, "rate": Decimal(20)}, "2 576 innbyggere per 01.01.2021 × 20 kr"),
    ],
)
def test_each_share_is_explained(
    project: Project, invited: Parts, secretary: User, key: str, figures: dict[str, Any], said: str
) -> None:
    costs.share_cost(project=project, version=None, key=key, by=secretary, **figures)
    told = {one.organisation.name: one.if_all.replace("\xa0", " ") for one in explain(divided(project))}
    assert said in told["Bø"]
    assert len(told) == 6


# --- the page of the costs ------------------------------------------------------------------------------


def sheet(project: Project, *lines: tuple[str, str], **more: str) -> dict[str, str]:
    data = {
        "version": str(Project.objects.get(pk=project.pk).version), "lines-INITIAL_FORMS": "0",
        "lines-TOTAL_FORMS": str(len(lines)), "years-INITIAL_FORMS": "0", "years-TOTAL_FORMS": "0",
        "shared_cost": "", "grant_share": "",
    }  # fmt: skip
    for place, (title, amount) in enumerate(lines):
        data |= {f"lines-{place}-title": title, f"lines-{place}-amount": amount, f"lines-{place}-kind": "other"}
    return {**data, **more}


def years(*rows: tuple[str, str, str]) -> dict[str, str]:
    data = {"years-TOTAL_FORMS": str(len(rows))}
    for place, (number, cost, grant) in enumerate(rows):
        data |= {f"years-{place}-year": number, f"years-{place}-cost": cost, f"years-{place}-grant_share": grant}
    return data


def test_the_secretary_writes_lines_as_norwegians_write_amounts(go: Any, secretary: User, project: Project) -> None:
    data = sheet(project, ("Lisenser", "1 200 000,50"), ("Opplæring", "50.000"), ("", ""), save="1")
    assert go(secretary).post(here("costs", project), data).status_code == 302
    project.refresh_from_db()
    assert project.shared_cost == Decimal("1250000.50")
    page = go(secretary).get(project.get_absolute_url()).content.decode()
    assert "Lisenser" in page


def test_a_line_without_its_amount_is_told_and_nothing_is_lost(go: Any, secretary: User, project: Project) -> None:
    data = sheet(project, ("Lisenser", ""), ("", "5"), ("Reiser", "tolv"), save="1")
    page = go(secretary).post(here("costs", project), data)
    assert page.status_code == 200
    assert page.content.decode().count("ds-validation-message") >= 3
    assert "tolv" in page.content.decode()
    assert not CostLine.objects.exists()


def test_more_lines_and_one_less_without_script_lose_nothing(go: Any, secretary: User, project: Project) -> None:
    data = sheet(project, ("Lisenser", "100"), ("Reiser", "tolv"), more="lines")
    page = go(secretary).post(here("costs", project), data).content.decode()
    assert "tolv" in page
    assert "ds-validation-message" not in page
    assert 'name="lines-9-title"' in page
    del data["more"]
    page = go(secretary).post(here("costs", project), {**data, "without": "lines-0"}).content.decode()
    assert "Lisenser" not in page
    assert "tolv" in page
    assert not CostLine.objects.exists()


def test_the_cost_is_spread_evenly_over_the_years_before_it_is_saved(
    go: Any, secretary: User, project: Project
) -> None:
    data = sheet(project, shared_cost="1000", grant_share="100,01", spread="1")
    data |= {"spread-first": "2026", "spread-last": "2028"}
    page = go(secretary).post(here("costs", project), data)
    rows = [form.initial for form in page.context_data["sheet"].years if form.initial]
    assert [row["cost"] for row in rows] == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    assert sum(row["grant_share"] for row in rows) == Decimal("100.01")
    assert not ProjectYear.objects.exists()


def test_years_that_are_there_already_are_spread_anew_also_where_they_were_wrong(
    go: Any, secretary: User, project: Project
) -> None:
    data = sheet(project, shared_cost="1000", spread="1") | years(("2026", "tolv", ""), ("2027", "1", ""))
    page = go(secretary).post(here("costs", project), data | {"spread-first": "2026", "spread-last": "2027"})
    rows = [form.initial for form in page.context_data["sheet"].years if form.initial]
    assert [row["cost"] for row in rows] == [Decimal(500), Decimal(500)]


def test_years_that_do_not_add_up_are_told_on_the_page(go: Any, secretary: User, project: Project) -> None:
    data = sheet(project, ("Lisenser", "600 000"), save="1") | years(("2026", "100 000", ""), ("2027", "400 000", ""))
    page = go(secretary).post(here("costs", project), data)
    said = page.content.decode().replace("\xa0", " ")
    assert page.status_code == 200
    assert "500 000 kr" in said
    assert "100 000 kr mangler" in said
    twice = sheet(project, save="1", shared_cost="2") | years(("2026", "1", ""), ("2026", "1", ""))
    assert go(secretary).post(here("costs", project), twice).status_code == 200
    assert not ProjectYear.objects.exists()


def test_two_who_write_the_costs_meet_a_409(go: Any, secretary: User, project: Project) -> None:
    data = sheet(project, ("Lisenser", "100"), save="1")
    assert go(secretary).post(here("costs", project), data).status_code == 302
    assert go(secretary).post(here("costs", project), data).status_code == 409


def test_where_there_are_lines_the_projects_own_form_points_to_them(go: Any, secretary: User, project: Project) -> None:
    write(project, secretary, lines=[line("Lisenser", 600_000)])
    page = go(secretary).get(here("change_project", project))
    assert page.context_data["form"].fields["shared_cost"].disabled
    assert here("costs", project) in page.content.decode()
    data = {"title": "Nytt navn", "key": "equal", "kind": "project", "shared_cost": "5", "version": "3"}
    data["version"] = str(Project.objects.get().version)
    assert go(secretary).post(here("change_project", project), data).status_code == 302
    project.refresh_from_db()
    assert (project.title, project.shared_cost) == ("Nytt navn", Decimal(600_000))


@pytest.mark.parametrize("name", ["costs", "sharing"])
def test_only_the_secretariat_changes_the_costs(
    go: Any, director: User, outsider: User, project: Project, name: str
) -> None:
    assert go(director).get(here(name, project)).status_code == 403
    assert go(outsider).get(here(name, project)).status_code == 404


# --- the page of the sharing ----------------------------------------------------------------------------


def test_the_sharing_is_shown_before_it_is_saved(go: Any, secretary: User, project: Project, invited: Parts) -> None:
    data = {"key": "population", "counted_on": "01.01.2021", "version": Project.objects.get().version, "preview": "1"}
    page = go(secretary).post(here("sharing", project), data)
    shown = page.context_data["divided"]
    assert shown.if_all.total == Decimal(600_000)
    assert shown.if_all.last_ore
    assert "2\xa0576 av 32\xa0162 innbyggere" in page.content.decode()
    project.refresh_from_db()
    assert project.key == "equal"
    data.pop("preview")
    assert go(secretary).post(here("sharing", project), data).status_code == 302
    project.refresh_from_db()
    assert project.key == "population"


def test_a_rate_is_shown_before_it_is_saved(go: Any, secretary: User, project: Project, invited: Parts) -> None:
    data = {"key": "rate", "rate": "20", "counted_on": "01.01.2021", "version": Project.objects.get().version}
    page = go(secretary).post(here("sharing", project), {**data, "preview": "1"})
    assert page.context_data["divided"].project.shared_cost == 20 * PEOPLE
    project.refresh_from_db()
    assert project.shared_cost == Decimal(600_000)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"key": "mixed", "counted_on": "01.01.2021"}, "equal_percent"),
        ({"key": "fixed", "counted_on": "01.01.2021"}, "fixed_amount"),
        ({"key": "rate", "counted_on": "01.01.2021"}, "rate"),
        ({"key": "use"}, "use_unit"),
        ({"key": "fixed", "fixed_amount": "200 000", "counted_on": "01.01.2021"}, "key"),
        ({"key": "mixed", "equal_percent": "120", "counted_on": "01.01.2021"}, "equal_percent"),
    ],
)
def test_a_key_asks_for_its_figures(
    go: Any, secretary: User, project: Project, invited: Parts, data: dict[str, str], field: str
) -> None:
    page = go(secretary).post(here("sharing", project), {**data, "version": str(Project.objects.get().version)})
    assert page.status_code == 200
    assert list(page.context_data["form"].errors) == [field]


def test_without_a_day_the_population_is_that_of_new_year(
    go: Any, secretary: User, project: Project, invited: Parts
) -> None:
    version = Project.objects.get().version
    assert go(secretary).post(here("sharing", project), {"key": "population", "version": version}).status_code == 302
    project.refresh_from_db()
    assert project.counted_on == date(timezone.localdate().year, 1, 1)


def test_a_municipality_without_a_count_is_named_with_the_day(
    go: Any, secretary: User, project: Project, invited: Parts, bo: Organisation
) -> None:
    data = {"key": "population", "counted_on": "01.01.2021", "version": Project.objects.get().version}
    bo.populations.update(on=date(2023, 1, 1))
    page = go(secretary).post(here("sharing", project), data)
    said = page.context_data["form"].errors["counted_on"][0]
    assert "Bø" in said
    assert "01.01.2021" in said
    assert "01.01.2023" in said
    bo.populations.all().delete()
    page = go(secretary).post(here("sharing", project), data)
    assert "Bø" in page.context_data["form"].errors["counted_on"][0]


def test_a_small_collaboration_finds_the_other_keys_folded(
    go: Any, secretary: User, project: Project, invited: Parts, digi: Collaboration
) -> None:
    assert "Andre nøkler" in go(secretary).get(here("sharing", project)).content.decode()
    Habits.objects.create(collaboration=digi, more_keys=True)
    assert "Andre nøkler" not in go(secretary).get(here("sharing", project)).content.decode()


# --- what is lacking ------------------------------------------------------------------------------------


def test_what_is_missing_is_told_as_grants_and_as_the_municipalities_part(
    go: Any, project: Project, invited: Parts, secretary: User, director: User, decides: Any, digi: Collaboration
) -> None:
    projects.change_project(project=project, version=None, grant_share=Decimal(200_000), by=secretary)
    giver = Organisation.objects.create(kind="state", name="Statsforvalteren i Nordland")
    grant = grants.register_grant(
        collaboration=digi, title="Skjønnsmidler", giver=giver, state="granted", awarded=Decimal(150_000), by=secretary
    )
    grants.allocate(grant=grant, year=2026, amount=Decimal(150_000), project=project, by=secretary)
    decides(invited["Bø"], 100_000)
    gap = gap_of(Project.objects.get(), divided(project))
    assert gap is not None
    assert (gap.missing, gap.not_secured, gap.not_covered) == (350_000, 50_000, 300_000)
    page = go(director).get(project.get_absolute_url()).content.decode().replace("\xa0", " ")
    assert "350 000 kr" in page
    assert "50 000 kr er tilskudd" in page


def test_what_the_base_budget_pays_lacks_nothing(project: Project, invited: Parts, secretary: User) -> None:
    projects.change_project(project=project, version=None, in_base_budget=True, by=secretary)
    assert gap_of(Project.objects.get(), divided(project)) is None


# --- a project under way --------------------------------------------------------------------------------


@pytest.fixture
def running(project: Project, invited: Parts, decides: Any, held: Any, secretary: User) -> Project:
    """Decided for 600 000 kroner, and begun."""
    decides(invited["Bø"], 600_000)
    held(lay_financing_plan(project=project, by=secretary).case)
    return projects.start_execution(project=project, by=secretary)


def test_a_project_under_way_does_not_grow_by_its_lines_or_its_rate(running: Project, secretary: User) -> None:
    with pytest.raises(NotAllowedNow, match="600"):
        write(running, secretary, lines=[line("Lisenser", 600_001)])
    with pytest.raises(NotAllowedNow, match="600"):
        costs.share_cost(project=running, version=None, key="rate", rate=Decimal(20), counted_on=LONG_AGO, by=secretary)
    assert not CostLine.objects.exists()


def test_a_project_under_way_may_come_back_up_to_its_plan(running: Project, secretary: User) -> None:
    write(running, secretary, shared_cost=Decimal(400_000))
    assert write(running, secretary, shared_cost=Decimal(600_000)).shared_cost == Decimal(600_000)


def test_a_grant_that_falls_away_is_a_larger_part_for_the_municipalities(
    project: Project, invited: Parts, decides: Any, held: Any, secretary: User
) -> None:
    projects.change_project(project=project, version=None, grant_share=Decimal(300_000), by=secretary)
    decides(invited["Bø"], 300_000)
    held(lay_financing_plan(project=project, by=secretary).case)
    projects.change_project(project=project, version=None, grant_share=Decimal(0), by=secretary)
    with pytest.raises(NotAllowedNow, match="300"):
        projects.start_execution(project=project, by=secretary)


# --- what must be settled anew --------------------------------------------------------------------------


def test_when_one_leaves_two_must_settle_anew_and_the_third_stands(
    go: Any, project: Project, invited: Parts, decides: Any, secretary: User, director: User, directors: dict[str, User]
) -> None:
    for name, amount in (("Bø", 150_000), ("Hadsel", 150_000), ("Sortland", 400_000), ("Øksnes", 150_000)):
        decides(invited[name], amount)
    assert "Bø" not in rows(go(secretary))
    today = timezone.localdate()
    participation.give_notice(
        participation=invited["Øksnes"], leaves_on=today, state="adopted", decided_by="kommunestyret",
        decided_on=today, case_number="40/26", by=directors["Øksnes"],
    )  # fmt: skip
    Participation.objects.filter(pk=invited["Øksnes"].pk).update(leaves_on=today.replace(year=today.year - 1))
    recalculate([project])
    told = rows(go(director))
    assert set(told) == {"Bø", "Hadsel"}
    assert told["Bø"][3:7] == [150_000, 200_000, 50_000, 120_000]
    assert "Øksnes" in told["Bø"][7]
    assert divided(project).of(invited["Sortland"].organisation).reopened is False
    page = go(director).get(reverse("reopened", args=["vesteralen"])).content.decode()
    assert page.count("Gått ut: Øksnes.") == 2


def test_what_changed_in_the_project_is_told_from_then_to_now(
    go: Any, project: Project, invited: Parts, decides: Any, secretary: User
) -> None:
    for name in ("Bø", "Hadsel"):
        decides(invited[name], 300_000)
    projects.change_project(project=project, version=None, shared_cost=Decimal(700_000), by=secretary)
    told = rows(go(secretary))
    assert "600\xa0000\xa0kr → 700\xa0000\xa0kr" in told["Bø"][7]
    assert "Beslutningen" not in told["Bø"][7]


def rows(client: Client) -> dict[str, list[Any]]:
    answer = client.get(reverse("reopened", args=["vesteralen"]), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return {str(row[0]): list(row) for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_many_to_be_settled_anew_take_no_more_questions(
    go: Any, project: Project, invited: Parts, decides: Any, secretary: User, django_assert_max_num_queries: Any
) -> None:
    address = reverse("reopened", args=["vesteralen"])
    decides(invited["Bø"], 1)
    client = go(secretary)
    client.get(address)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    for name in ("Hadsel", "Øksnes", "Andøy", "Sortland"):
        decides(invited[name], 1)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_the_shares_come_as_a_workbook_with_numbers(
    go: Any, project: Project, invited: Parts, decides: Any, secretary: User, director: User
) -> None:
    write(
        project,
        secretary,
        lines=[line("Lisenser", 600_000, year=2026)],
        years=[year(2026, 300_000), year(2027, 300_000)],
    )
    decides(invited["Bø"], 600_000)
    answer = go(director).get(here("shares_workbook", project))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Andeler", "Andeler per år", "År", "Kostnadslinjer", "Om filen"]
    shares = {row[1]: row for row in book["Andeler"].iter_rows(min_row=2, values_only=True)}
    assert shares["Bø"][6:9] == (100_000, 600_000, 600_000)
    assert sum(row[3] for row in book["Andeler per år"].iter_rows(min_row=2, values_only=True)) == 600_000
    assert book["Kostnadslinjer"]["D2"].value == 600_000
