"""«Min kommune»: what one municipality takes part in, pays, works, is bound to and is asked (ui p. 13)."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from governance.actions import adoptions, agreements
from governance.models import Collaboration, Organisation, Population
from portfolio import municipality
from portfolio.actions import benefits, participation, projects
from portfolio.actions.shares import recalculate
from portfolio.models import Effort, FocusArea, Participation, Project, ProjectYear

Parts = dict[str, Participation]


@pytest.fixture
def of(client: Client) -> Callable[..., Any]:
    """A municipality's page as somebody sees it."""

    def look(user: User, number: str = "1870", **query: Any) -> Any:
        client.force_login(user)
        return client.get(reverse("portfolio_municipality", args=["vesteralen", number]), query)

    return look


def seen(page: Any) -> str:
    return page.content.decode().replace("\xa0", " ")


def in_years(project: Project, **costs: int) -> None:
    for year, cost in costs.items():
        ProjectYear.objects.create(project=project, year=int(year.removeprefix("y")), cost=Decimal(cost))
    recalculate([project])


@pytest.mark.parametrize("who", ["director", "secretary", "it_leader", "auditor", "observer", "member"])
def test_the_members_see_each_others(of: Any, request: pytest.FixtureRequest, invited: Parts, who: str) -> None:
    for number in ("1870", "1867"):
        assert of(request.getfixturevalue(who), number).status_code == 200


def test_it_is_not_there_for_outsiders_nor_for_those_who_are_no_members(
    of: Any, director: User, outsider: User
) -> None:
    assert of(outsider).status_code == 404
    assert of(director, "0301").status_code == 404
    assert of(director, "ingen").status_code == 404


def test_who_has_no_municipality_chooses_one(client: Client, secretary: User, director: User, invited: Parts) -> None:
    where = reverse("choose_municipality", args=["vesteralen"])
    client.force_login(secretary)
    assert client.get(where)["Location"].endswith("/portefolje/kommune/1871/")
    assert client.get(where, {"kommune": "1867"})["Location"].endswith("/1867/")
    assert client.get(where, {"kommune": "9999"})["Location"].endswith("/1871/")
    client.force_login(director)
    assert client.get(where)["Location"].endswith("/1870/")


def test_the_share_is_told_twice_with_what_the_decision_covers(
    of: Any, director: User, invited: Parts, decides: Any
) -> None:
    decides(invited["Sortland"], 250_000, hours=Decimal(80))
    decides(invited["Bø"], 300_000)
    page = of(director)
    totals = page.context_data["totals"]
    assert (totals["so_far"], totals["if_all"], totals["covered"]) == (300_000, 100_000, 250_000)
    assert (totals["excess"], totals["pledged"], totals["projects"]) == (50_000, 80, 1)
    assert "Felles skjema: andelen er 300 000 kr, og vedtaket dekker 250 000 kr" in seen(page)


def test_silence_is_no_yes_and_binds_to_nothing(of: Any, director: User, invited: Parts) -> None:
    page = of(director)
    assert page.context_data["totals"]["so_far"] == 0
    assert page.context_data["bound_count"] == 0
    assert "ikke avklart" in seen(page)


def test_the_cost_of_each_year_stands_beside_the_mean_per_inhabitant_and_in_kroner(
    of: Any, director: User, project: Project, invited: Parts, decides: Any, sortland: Organisation, digi: Collaboration
) -> None:
    in_years(project, y2026=200_000, y2027=400_000)
    decides(invited["Sortland"], 300_000)
    decides(invited["Bø"], 300_000)
    years = municipality.years(digi, sortland)
    assert [(row.year, row.so_far, row.of_all) for row in years.rows] == [
        (2026, 100_000, 200_000), (2027, 200_000, 400_000),
    ]  # fmt: skip
    first = years.rows[0]
    everybody = 4588 + 2576 + 8065 + 2003 + 10514 + 4416
    assert years.own(first, per_head=True) == Decimal("9.51")
    assert years.mean(first, per_head=True) == (Decimal(200_000) / everybody).quantize(Decimal("0.01"))
    assert years.mean(first, per_head=False) == Decimal("33333.33")
    assert "snittet" in of(director).context_data["year_chart"].title
    assert of(director, per="kommune").context_data["year_chart"].rows[0][1] == 100_000


def test_a_population_that_is_missing_is_said_and_not_guessed(
    of: Any, director: User, project: Project, invited: Parts, decides: Any, sortland: Organisation, digi: Collaboration
) -> None:
    in_years(project, y2026=600_000)
    decides(invited["Sortland"], 600_000)
    Population.objects.filter(organisation__name="Bø").update(on=timezone.localdate() + timedelta(days=400))
    years = municipality.years(digi, sortland)
    assert not years.counted
    page = of(director)
    assert page.context_data["year_views"] == []
    assert "folketallet" in seen(page)


def test_what_is_in_no_year_stands_last(
    digi: Collaboration, sortland: Organisation, project: Project, invited: Parts, decides: Any, secretary: User,
    six: list[Organisation],
) -> None:  # fmt: skip
    decides(invited["Sortland"], 600_000)
    laid_out = projects.register_project(collaboration=digi, title="Arkiv", shared_cost=Decimal(600), by=secretary)
    participation.invite(project=laid_out, organisations=six, by=secretary)
    in_years(laid_out, y2026=600)
    assert [row.year for row in municipality.years(digi, sortland).rows] == [2026, None]


def test_hours_delivered_are_told_per_year_and_an_estimate_says_so(
    of: Any, director: User, digi: Collaboration, sortland: Organisation, invited: Parts
) -> None:
    for month, hours, guessed in ((1, "100.0", False), (7, "50.5", True)):
        Effort.objects.create(
            collaboration=digi, organisation=sortland, span="half_year", starts_on=date(2025, month, 1),
            hours=Decimal(hours), rate=Decimal(700), estimated=guessed, registered_by=director,
        )  # fmt: skip
    page = of(director)
    [year] = page.context_data["efforts"]
    assert (year["worked"], year["worth"], year["guessed"]) == (Decimal("150.5"), Decimal(105_350), True)
    assert "anslått" in seen(page) or "stipulert" in seen(page)


def test_internal_cost_is_kept_apart_from_what_is_shared(of: Any, director: User, invited: Parts, decides: Any) -> None:
    decides(invited["Sortland"], 600_000)
    Participation.objects.filter(pk=invited["Sortland"].pk).update(
        internal_cost=Decimal(90_000), internal_spent=Decimal(20_000)
    )
    totals = of(director).context_data["totals"]
    assert (totals["internal"], totals["internal_spent"], totals["so_far"]) == (90_000, 20_000, 600_000)


def test_what_it_is_bound_to_says_by_which_decision_and_until_when(
    of: Any, director: User, secretary: User, project: Project, invited: Parts, decides: Any
) -> None:
    projects.change_project(project=project, version=None, ends_on=date(2028, 6, 30), by=secretary)
    decides(invited["Sortland"], 100_000, state="reserved", conditions="Forutsatt lokal drift.")
    text = seen(of(director))
    for told in ("kommunestyret", "sak 12/26", "Forbehold: Forutsatt lokal drift.", "30. juni 2028"):
        assert told in text, told


def test_benefits_are_its_own_and_those_in_common(
    of: Any, director: User, secretary: User, project: Project, invited: Parts, decides: Any, sortland: Organisation,
    bo: Organisation,
) -> None:  # fmt: skip
    for gain, owner in (("Vår", sortland), ("Deres", bo), ("Felles", None)):
        benefits.add_benefit(project=project, gain=gain, owner=owner, by=secretary)
    assert [benefit.gain for benefit in of(director).context_data["benefits"]] == ["Vår"]
    decides(invited["Sortland"], 100_000)
    assert [benefit.gain for benefit in of(director).context_data["benefits"]] == ["Vår", "Felles"]


def test_open_answers_come_with_the_nearest_deadline_first(
    of: Any, director: User, secretary: User, digi: Collaboration, sortland: Organisation, invited: Parts
) -> None:
    for matter, days in (("Sen sak", 60), ("Snar sak", 5)):
        adoptions.open_adoption(
            collaboration=digi, organisation=sortland, matter=matter,
            answer_by=timezone.localdate() + timedelta(days=days), by=secretary,
        )  # fmt: skip
    answers = of(director).context_data["answers"]
    assert [answer.matter for answer in answers][:2] == ["Snar sak", "Sen sak"]
    assert of(director).context_data["answers_count"] == 3


def test_agreements_come_with_the_own_decision_and_the_days_that_count(
    of: Any, director: User, secretary: User, digi: Collaboration, six: list[Organisation]
) -> None:
    made = agreements.create_agreement(
        collaboration=digi, title="Samarbeidsavtale", period_to=date(2029, 12, 31), notice_months=12, by=secretary
    )
    page = of(director)
    [one] = page.context_data["agreements"]
    assert (one["agreement"], one["adoption"]) == (made, None)
    assert "varer til 31. desember 2029" in seen(page)
    assert "si opp innen 31. desember 2028" in seen(page)


def test_more_projects_ask_no_more_of_the_database(
    of: Any, director: User, secretary: User, digi: Collaboration, area: FocusArea, six: list[Organisation],
    django_assert_num_queries: Any, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    def fill(count: int) -> None:
        for number in range(count):
            made = projects.register_project(
                collaboration=digi, title=f"P{number}", shared_cost=Decimal(600), by=secretary
            )
            participation.invite(project=made, organisations=six, by=secretary)
            benefits.add_benefit(project=made, gain="x", owner=six[4], by=secretary)

    fill(1)
    of(director)
    with django_assert_max_num_queries(60) as first:
        of(director)
    fill(4)
    with django_assert_num_queries(len(first)):
        of(director)


def test_the_workbook_has_all_of_it_with_numbers_and_days(
    of: Any, director: User, secretary: User, project: Project, invited: Parts, decides: Any
) -> None:
    benefits.add_benefit(project=project, gain="Færre skjema", by=secretary)
    decides(invited["Sortland"], 100_000, hours=Decimal(12))
    book = openpyxl.load_workbook(io.BytesIO(of(director, format="xlsx").content))
    header, row = book["Prosjekter"].iter_rows(values_only=True)
    told = dict(zip(header, row, strict=True))
    assert told["Med dem som har sagt ja (kr)"] == 600_000
    assert told["Timer vedtaket dekker"] == 12
    assert told["Vedtaksdato"].date() == timezone.localdate() if "Vedtaksdato" in told else True
    assert {"Per år", "Timer", "Gevinster", "Avtaler", "Åpne svar", "Om filen"} <= set(book.sheetnames)


def test_the_old_view_is_one_way_now(client: Client, director: User, invited: Parts) -> None:
    client.force_login(director)
    page = client.get(reverse("portfolio", args=["vesteralen"]))
    links = {url for _text, url, _current in page.context_data["views"]}
    assert reverse("portfolio_municipality", args=["vesteralen", "1870"]) in links
