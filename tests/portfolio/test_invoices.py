"""The basis for invoices: what a municipality's own decision covers of its share, and not an øre more."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from governance.models import Adoption, Collaboration, Duty, Organisation
from portfolio import invoices
from portfolio.actions import invoices as actions
from portfolio.actions import projects
from portfolio.actions.cases import lay_financing_plan
from portfolio.actions.shares import recalculate
from portfolio.models import Participation, Project, ProjectYear, Share
from tests.people import LONG_AGO
from tests.portfolio.money import here, plain, workbook

YEAR = timezone.localdate().year
Parts = dict[str, Participation]


@pytest.fixture
def keeper(digi: Collaboration, hadsel: Organisation) -> Organisation:
    """Hadsel keeps the accounts."""
    Organisation.objects.filter(pk=hadsel.pk).update(organisation_number="958501420")
    Duty.objects.create(collaboration=digi, kind=Duty.Kind.ACCOUNTS, organisation=hadsel, since=LONG_AGO)
    return hadsel


@pytest.fixture
def starts(held: Any, secretary: User) -> Callable[[Project], Project]:
    """The steering group decides the financing plan, and the project starts."""

    def start(project: Project) -> Project:
        held(lay_financing_plan(project=project, by=secretary).case)
        return projects.start_execution(project=project, by=secretary)

    return start


@pytest.fixture
def running(project: Project, invited: Parts, decides: Any, starts: Any) -> Project:
    """600 000 in equal shares. Sortland covers 300 000 and Bø 120 000, so each carries 300 000. It is under way."""
    decides(invited["Sortland"], 300_000)
    decides(invited["Bø"], 120_000)
    return starts(project)


def owed(collaboration: Collaboration, year: int = YEAR) -> dict[str, Decimal]:
    return {line.organisation.name: line.owed for line in invoices.lines(collaboration, year)}


def laid_out(project: Project, *costs: int) -> None:
    """The cost over years from this one on."""
    for number, cost in enumerate(costs):
        ProjectYear.objects.create(project=project, year=YEAR + number, cost=Decimal(cost))
    recalculate([project])


def test_a_municipality_owes_what_its_decision_covers(running: Project, digi: Collaboration) -> None:
    lines = {line.organisation.name: line for line in invoices.lines(digi, YEAR)}
    assert set(lines) == {"Sortland", "Bø"}
    assert (lines["Sortland"].owed, lines["Sortland"].excess) == (300_000, 0)
    assert (lines["Bø"].share, lines["Bø"].owed, lines["Bø"].excess) == (300_000, 120_000, 180_000)


def test_silence_and_no_owe_nothing(running: Project, digi: Collaboration, invited: Parts, decides: Any) -> None:
    decides(invited["Hadsel"], state="not_adopted")
    assert "Hadsel" not in owed(digi) and "Andøy" not in owed(digi)


def test_a_yes_without_an_amount_covers_nothing(
    project: Project, invited: Parts, decides: Any, starts: Any, digi: Collaboration
) -> None:
    decides(invited["Sortland"], 600_000)
    decides(invited["Bø"], None)
    starts(project)
    assert owed(digi) == {"Sortland": 300_000}


def test_a_project_that_has_not_started_is_not_invoiced(
    project: Project, invited: Parts, decides: Any, digi: Collaboration
) -> None:
    decides(invited["Sortland"], 600_000)
    assert owed(digi) == {}


def test_the_cover_is_used_up_year_by_year(running: Project, digi: Collaboration) -> None:
    """Bø covers 120 000 of 300 000: 50 000 the first year, 70 000 of the second's 100 000, nothing of the third."""
    laid_out(running, 100_000, 200_000, 300_000)
    assert [owed(digi, YEAR + number).get("Bø") for number in range(3)] == [50_000, 70_000, None]
    assert [owed(digi, YEAR + number)["Sortland"] for number in range(3)] == [50_000, 100_000, 150_000]


@pytest.mark.parametrize("ore", ["0.01", "0.02", "0.05"])
def test_the_years_add_up_to_what_is_covered(running: Project, digi: Collaboration, ore: str) -> None:
    Project.objects.filter(pk=running.pk).update(shared_cost=Decimal(600_000) + Decimal(ore))
    ProjectYear.objects.create(project=running, year=YEAR, cost=Decimal(600_000))
    ProjectYear.objects.create(project=running, year=YEAR + 1, cost=Decimal(ore))
    recalculate([running])
    for share in Share.objects.filter(pays=True):
        lines = [line for year in (YEAR, YEAR + 1) for line in invoices.lines(digi, year, share.organisation)]
        assert sum(line.owed for line in lines) == min(share.so_far or 0, share.covered or 0)


def test_a_whole_share_falls_in_the_budget_year_of_the_decision(
    running: Project, digi: Collaboration, invited: Parts
) -> None:
    assert set(owed(digi)) == {"Sortland", "Bø"}
    Project.objects.filter(pk=running.pk).update(starts_on=date(YEAR - 1, 8, 1))
    Adoption.objects.filter(pk=invited["Bø"].adoption_id).update(budget_year=YEAR + 1)
    assert (owed(digi), set(owed(digi, YEAR - 1)), set(owed(digi, YEAR + 1))) == ({}, {"Sortland"}, {"Bø"})
    assert set(invoices.years(digi)) == {YEAR - 1, YEAR + 1}


def test_a_year_that_only_the_day_of_a_decision_tells_can_be_chosen(running: Project, digi: Collaboration) -> None:
    assert set(owed(digi)) == {"Sortland", "Bø"}
    assert invoices.years(digi) == [YEAR]


def test_the_sums_are_those_of_the_lines(running: Project, digi: Collaboration, six: list[Organisation]) -> None:
    laid_out(running, 100_000, 500_000)
    for year in (YEAR, YEAR + 1):
        names = {place.pk: place.name for place in six}
        assert {names[pk]: amount for pk, amount in invoices.sums(digi, year)} == owed(digi, year)


def test_the_base_budget_pays_for_its_own(running: Project, digi: Collaboration) -> None:
    Project.objects.filter(pk=running.pk).update(in_base_budget=True)
    recalculate([running])
    assert owed(digi) == {}


# --- taking it out ------------------------------------------------------------------------------------


def test_refused_while_nobody_keeps_the_accounts(go: Any, secretary: User, running: Project) -> None:
    answer = go(secretary).get(f"{here('invoices')}?ar={YEAR}&format=xlsx")
    assert answer.status_code == 409
    assert not Act.objects.filter(verb="invoice_basis_made").exists()


def test_the_secretariat_takes_out_all_and_it_is_written_down(
    go: Any, secretary: User, running: Project, keeper: Organisation
) -> None:
    book = workbook(go(secretary).get(f"{here('invoices')}?ar={YEAR}&format=xlsx"))
    lines, sums = book.worksheets
    head = [cell.value for cell in lines[1]]
    rows = [dict(zip(head, [cell.value for cell in row], strict=True)) for row in lines.iter_rows(min_row=2)]
    assert lines.freeze_panes == "A2" and lines.auto_filter.ref
    bo = next(list(row.values()) for row in rows if "Bø" in row.values())
    assert bo[:2] == ["Hadsel", "958501420"]
    assert bo[9:13] == [300_000, 120_000, 120_000, 180_000]
    assert bo[13] == "kommunestyret" and bo[14].date() == timezone.localdate() and bo[15] == "12/26"
    assert [row[2].value for row in sums.iter_rows(min_row=2)] == [120_000, 300_000, 420_000]
    act = Act.objects.get(verb="invoice_basis_made")
    assert act.by == secretary and act.detail == {"year": YEAR, "lines": 2, "municipality": ""}


def test_a_municipality_takes_out_its_own_and_no_other(
    go: Any, director: User, it_leader: User, running: Project, keeper: Organisation, sortland: Any, bo: Any
) -> None:
    for who in (director, it_leader):
        own = go(who).get(f"{here('invoices')}?ar={YEAR}&kommune={sortland.number}&format=xlsx")
        assert [row[2].value for row in workbook(own).worksheets[0].iter_rows(min_row=2)] == ["Sortland"]
        assert go(who).get(f"{here('invoices')}?ar={YEAR}&kommune={bo.number}&format=xlsx").status_code == 403
        assert go(who).get(f"{here('invoices')}?ar={YEAR}&format=xlsx").status_code == 403
        assert "120 000" not in plain(go(who).get(f"{here('invoices')}?ar={YEAR}"))


def test_an_auditor_reads_all_and_changes_nothing(
    go: Any, auditor: User, running: Project, keeper: Organisation
) -> None:
    page = go(auditor).get(f"{here('invoices')}?ar={YEAR}")
    assert page.context_data["whole"] == 420_000 and not page.context_data["manages"]
    lines = workbook(go(auditor).get(f"{here('invoices')}?ar={YEAR}&format=xlsx")).worksheets[0]
    assert [row[2].value for row in lines.iter_rows(min_row=2)] == ["Bø", "Sortland"]
    assert Act.objects.get(verb="invoice_basis_made").by == auditor


def test_others_take_out_nothing(go: Any, observer: User, outsider: User, running: Project, keeper: Any) -> None:
    assert go(observer).get(f"{here('invoices')}?ar={YEAR}&format=xlsx").status_code == 403
    assert go(observer).get(here("invoices")).context_data["rows"] == []
    assert go(outsider).get(here("invoices")).status_code == 404


def test_the_page_shows_the_sums(go: Any, secretary: User, running: Project, keeper: Organisation) -> None:
    page = go(secretary).get(f"{here('invoices')}?ar={YEAR}")
    assert page.context_data["whole"] == 420_000
    assert "Hadsel" in plain(page) and "958501420" in plain(page)
    assert go(secretary).get(f"{here('invoices')}?ar=99999999").status_code == 200


def test_a_name_that_begins_like_a_formula_stays_a_name(
    secretary: User, running: Project, keeper: Organisation, digi: Collaboration, go: Any
) -> None:
    Project.objects.filter(pk=running.pk).update(title="=1+1")
    lines = workbook(go(secretary).get(f"{here('invoices')}?ar={YEAR}&format=xlsx")).worksheets[0]
    assert lines["G2"].value == "=1+1" and lines["G2"].data_type == "s"


def test_more_projects_take_no_more_queries(
    digi: Collaboration, running: Project, keeper: Organisation, secretary: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert len(invoices.lines(digi, YEAR)) == 2
    actions.take_out(collaboration=digi, year=YEAR, by=secretary)
