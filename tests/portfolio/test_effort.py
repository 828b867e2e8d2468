"""Own effort: told by the municipality itself, for periods that have begun and projects it takes part in."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio import effort_sums, periods
from portfolio.actions import effort, grants, habits
from portfolio.effort_rules import Told
from portfolio.models import Effort, Grant, Habits, HourlyRate, Participation, Project
from portfolio.periods import Period
from tests.portfolio.money import here, plain, workbook

THIS_YEAR = timezone.localdate().year
LAST_YEAR = THIS_YEAR - 1
FIRST_HALF, SECOND_HALF = periods.half_years(LAST_YEAR)
JUNE = Period(date(LAST_YEAR, 6, 1), periods.MONTH)


@pytest.fixture
def tells(digi: Collaboration, sortland: Organisation, director: User) -> Callable[..., list[Effort]]:
    """Sortland tells hours, for the first half of last year unless something else is said."""

    def tell(hours: Any, period: Period = FIRST_HALF, by: User = director, **more: Any) -> list[Effort]:
        amount = None if hours is None else Decimal(hours)
        told = Told(**{"organisation": sortland, "period": period, "hours": amount, **more})
        return effort.tell_hours(collaboration=digi, told=[told], by=by)

    return tell


@pytest.fixture
def joined(invited: dict[str, Participation], decides: Any) -> Participation:
    """Sortland has said yes to 100 hours, today."""
    return decides(invited["Sortland"], 100_000, hours=Decimal(100))


# --- what is told -------------------------------------------------------------------------------------


def test_one_figure_for_a_half_year(tells: Any, sortland: Organisation) -> None:
    tells(120, estimated=True)
    told = Effort.objects.get()
    assert (told.organisation, told.project, told.span, told.hours) == (sortland, None, "half_year", 120)
    assert told.estimated and not told.on_behalf


def test_the_secretariat_tells_for_others_and_it_is_marked(tells: Any, secretary: User) -> None:
    tells(120, by=secretary)
    assert Effort.objects.get().on_behalf


def test_the_municipality_that_corrects_it_makes_it_its_own(tells: Any, secretary: User, director: User) -> None:
    tells(120, by=secretary)
    tells(130)
    told = Effort.objects.get()
    assert (told.hours, told.on_behalf, told.registered_by, told.version) == (130, False, director, 2)


def test_nobody_tells_for_a_neighbour(tells: Any, hadsel: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        tells(120, organisation=hadsel)
    assert not Effort.objects.exists()


def test_an_auditor_tells_nothing(tells: Any, auditor: User) -> None:
    with pytest.raises(PermissionDenied):
        tells(120, by=auditor)


def test_nought_is_a_figure_and_empty_is_none(tells: Any) -> None:
    tells(0)
    assert Effort.objects.get().hours == 0
    tells(None)
    assert not Effort.objects.exists()


def test_the_same_figure_once_more_changes_nothing(tells: Any) -> None:
    tells(120)
    tells(120)
    assert Effort.objects.get().version == 1


def test_two_who_tell_the_same_figure(tells: Any) -> None:
    tells(120, version=0)
    tells(125, version=1)
    with pytest.raises(Stale):
        tells(130, version=1)
    with pytest.raises(Stale):
        tells(130, version=0)
    tells(None)
    with pytest.raises(NotAllowedNow):
        tells(130, version=2)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("span", [periods.MONTH, periods.HALF_YEAR])
def test_a_period_that_has_not_begun(tells: Any, digi: Collaboration, sortland: Any, director: User, span: str) -> None:
    coming = Period(date(THIS_YEAR + 1, 1, 1), span)
    with pytest.raises(NotAllowedNow):
        tells(10, coming)
    with pytest.raises(IntegrityError, match="not begun"), transaction.atomic():
        Effort.objects.create(
            collaboration=digi, organisation=sortland, span=span, starts_on=coming.starts_on, hours=1,
            registered_by=director,
        )  # fmt: skip


def test_the_first_minute_of_a_month_is_by_the_clock_in_oslo(tells: Any) -> None:
    """Half past eleven in the evening of 31 July in London is August here."""
    august = Period(date(2026, 8, 1), periods.MONTH)
    with time_machine.travel("2026-07-31 21:30:00+00:00", tick=False), pytest.raises(NotAllowedNow):
        tells(1, august)
    with time_machine.travel("2026-07-31 22:30:00+00:00", tick=False):
        assert august.has_begun


def test_hours_below_nought(tells: Any) -> None:
    with pytest.raises(NotAllowedNow):
        tells(-1)


def test_a_project_the_municipality_has_not_said_yes_to(tells: Any, invited: Any, project: Project) -> None:
    with pytest.raises(NotAllowedNow) as told:
        tells(10, periods.this_month(), project=project)
    assert "Sortland" in str(told.value.sentence) and "Felles skjema" in str(told.value.sentence)


def test_a_project_before_the_municipality_decided(tells: Any, joined: Any, project: Project) -> None:
    tells(10, periods.this_month(), project=project)
    with pytest.raises(NotAllowedNow):
        tells(10, JUNE, project=project)


def test_a_project_the_municipality_joins_later(tells: Any, joined: Participation, project: Project) -> None:
    Participation.objects.filter(pk=joined.pk).update(joins_on=timezone.localdate() + timedelta(days=62))
    with pytest.raises(NotAllowedNow):
        tells(10, periods.this_month(), project=project)


def test_a_municipality_that_was_no_member_then(tells: Any) -> None:
    with pytest.raises(NotAllowedNow):
        tells(10, Period(date(2020, 1, 1), periods.HALF_YEAR))


def test_a_half_year_and_its_months_are_not_both_told(tells: Any) -> None:
    tells(120)
    with pytest.raises(NotAllowedNow):
        tells(10, JUNE)
    tells(10, Period(date(LAST_YEAR, 7, 1), periods.MONTH))
    with pytest.raises(NotAllowedNow):
        tells(100, SECOND_HALF)
    tells(None)
    tells(10, JUNE)


def test_the_database_refuses_the_same_hours_in_two_ways(
    tells: Any, digi: Collaboration, sortland: Organisation, director: User
) -> None:
    tells(120)
    with pytest.raises(IntegrityError, match="both told"), transaction.atomic():
        Effort.objects.create(
            collaboration=digi, organisation=sortland, span="month", starts_on=JUNE.starts_on, hours=1,
            registered_by=director,
        )  # fmt: skip


def test_in_one_go_too(digi: Collaboration, sortland: Organisation, director: User) -> None:
    both = [
        Told(organisation=sortland, period=FIRST_HALF, hours=Decimal(1)),
        Told(organisation=sortland, period=JUNE, hours=Decimal(1)),
    ]
    with pytest.raises(NotAllowedNow):
        effort.tell_hours(collaboration=digi, told=both, by=director)
    assert not Effort.objects.exists()


@pytest.mark.parametrize(("starts_on", "span"), [(date(2025, 3, 1), "half_year"), (date(2025, 3, 15), "month")])
def test_a_period_begins_where_periods_begin(
    digi: Collaboration, sortland: Organisation, director: User, starts_on: date, span: str
) -> None:
    with pytest.raises(IntegrityError, match="effort_begins_its_period"), transaction.atomic():
        Effort.objects.create(
            collaboration=digi, organisation=sortland, span=span, starts_on=starts_on, hours=1, registered_by=director
        )


# --- what an hour counts as ---------------------------------------------------------------------------


def test_the_rate_of_the_period_is_kept_with_the_hours(tells: Any, digi: Collaboration, secretary: User) -> None:
    effort.agree_rate(collaboration=digi, since=date(2021, 1, 1), amount=Decimal(500), by=secretary)
    effort.agree_rate(collaboration=digi, since=date(LAST_YEAR, 7, 1), amount=Decimal(600), by=secretary)
    tells(100)
    tells(100, SECOND_HALF)
    assert [told.rate for told in Effort.objects.order_by("starts_on")] == [500, 600]
    effort.change_rate(rate=HourlyRate.objects.get(amount=500), version=1, amount=Decimal(550), by=secretary)
    assert Effort.objects.order_by("starts_on")[0].rate == 500


def test_hours_without_a_rate_get_the_one_agreed_later(tells: Any, digi: Collaboration, secretary: User) -> None:
    tells(100)
    assert Effort.objects.get().value is None
    effort.agree_rate(collaboration=digi, since=date(2021, 1, 1), amount=Decimal("612.50"), by=secretary)
    assert Effort.objects.get().value == Decimal("61250.00")


def test_one_rate_from_a_day(digi: Collaboration, secretary: User) -> None:
    effort.agree_rate(collaboration=digi, since=date(2026, 1, 1), amount=Decimal(600), by=secretary)
    with pytest.raises(NotAllowedNow):
        effort.agree_rate(collaboration=digi, since=date(2026, 1, 1), amount=Decimal(700), by=secretary)


# --- pledged and delivered ----------------------------------------------------------------------------


def test_pledged_is_what_decisions_cover_and_delivered_what_is_told(
    tells: Any, joined: Participation, project: Project, digi: Collaboration, sortland: Organisation
) -> None:
    tells(30, periods.this_month(), project=project, estimated=True)
    tells(5, periods.this_month())
    mine = effort_sums.by_municipality(digi).get(pk=sortland.pk)
    assert (mine.pledged, mine.delivered, mine.left, mine.estimated) == (100, 35, 65, 30)
    found = effort_sums.by_project(digi).get()
    assert (found.pledged, found.delivered, found.left) == (100, 30, 70)
    assert effort_sums.without_project(digi) == 5


def test_silence_pledges_nothing(invited: Any, digi: Collaboration) -> None:
    assert {one.pledged for one in effort_sums.by_municipality(digi)} == {None}
    assert not effort_sums.by_project(digi).exists()


def test_every_municipality_is_listed_also_without_hours(tells: Any, digi: Collaboration, six: Any) -> None:
    tells(100)
    assert [one.name for one in effort_sums.by_municipality(digi)] == [one.name for one in digi.members()]


# --- profile Enkel, on its page -----------------------------------------------------------------------


def cell(name: str, hours: str, version: int = 0, estimated: bool = False) -> dict[str, Any]:
    told = {f"timer_{name}": hours, f"versjon_{name}": version}
    return told | ({f"anslag_{name}": "on"} if estimated else {})


def test_a_municipality_fills_in_its_own_row_alone(go: Any, director: User, sortland: Any, hadsel: Any) -> None:
    address = f"{here('effort')}?ar={LAST_YEAR}"
    page = go(director).get(address)
    assert [place.organisation for place in page.context_data["form"].places.values()] == [sortland] * 2
    sneaked = cell(f"{hadsel.number}_{LAST_YEAR}-h1", "99")
    data = cell(f"{sortland.number}_{LAST_YEAR}-h1", "120,5", estimated=True) | sneaked
    assert go(director).post(address, data).status_code == 302
    told = Effort.objects.get()
    assert (told.organisation, told.hours, told.estimated) == (sortland, Decimal("120.5"), True)
    assert "120,5" in plain(go(director).get(address))


def test_the_it_leader_and_the_contact_tell_too(go: Any, it_leader: User, contact: User, sortland: Any) -> None:
    for who, hours in ((it_leader, "100"), (contact, "110")):
        page = go(who).get(f"{here('effort')}?ar={LAST_YEAR}")
        place = next(iter(page.context_data["form"].places.values()))
        data = cell(place.name, hours, place.standing.version if place.standing else 0)
        assert go(who).post(f"{here('effort')}?ar={LAST_YEAR}", data).status_code == 302
    assert Effort.objects.get().hours == 110


def test_the_secretariat_fills_in_the_matrix(go: Any, secretary: User, six: list[Organisation]) -> None:
    address = f"{here('effort')}?ar={LAST_YEAR}"
    data: dict[str, Any] = {}
    for number, place in enumerate(six):
        data |= cell(f"{place.number}_{LAST_YEAR}-h1", str(number * 10)) | cell(f"{place.number}_{LAST_YEAR}-h2", "")
    assert go(secretary).post(address, data).status_code == 302
    assert sorted(Effort.objects.values_list("hours", flat=True)) == [0, 10, 20, 30, 40, 50]
    page = go(secretary).get(address)
    assert page.context_data["totals"]["worked"] == 150
    assert "registrert av sekretariatet" in plain(page) or "registered by the secretariat" in plain(page)


@pytest.mark.parametrize("wrong", ["mange", "-3", "1,25", "999999999999"])
def test_what_is_mistyped_is_told_at_its_field(go: Any, director: User, sortland: Any, wrong: str) -> None:
    name = f"{sortland.number}_{LAST_YEAR}-h1"
    page = go(director).post(f"{here('effort')}?ar={LAST_YEAR}", cell(name, wrong))
    assert list(page.context_data["form"].errors) == [f"timer_{name}"]
    assert wrong in page.content.decode()


def test_a_half_year_that_has_not_begun_has_no_field(go: Any, director: User) -> None:
    with time_machine.travel("2026-03-01 10:00:00+00:00", tick=False):
        page = go(director).get(f"{here('effort')}?ar=2026")
        assert [place.period.key for place in page.context_data["form"].places.values()] == ["2026-h1"]


def test_a_late_save_meets_a_409(go: Any, director: User, tells: Any, sortland: Organisation) -> None:
    tells(100)
    data = cell(f"{sortland.number}_{LAST_YEAR}-h1", "90", version=0)
    assert go(director).post(f"{here('effort')}?ar={LAST_YEAR}", data).status_code == 409


def test_those_who_tell_nothing_read_the_matrix(go: Any, auditor: User, tells: Any, outsider: User) -> None:
    tells(100)
    page = go(auditor).get(f"{here('effort')}?ar={LAST_YEAR}")
    assert page.context_data["form"].places == {} and "100" in plain(page)
    assert go(outsider).get(here("effort")).status_code == 404


def test_a_year_without_figures_leads_to_the_newest(go: Any, director: User, digi: Collaboration) -> None:
    newest = go(director).get(here("effort")).context_data["year"]
    assert [go(director).get(f"{here('effort')}?ar={year}").context_data["year"] for year in (1066, "x")] == [
        newest
    ] * 2


# --- month by month -----------------------------------------------------------------------------------


@pytest.fixture
def monthly(digi: Collaboration, secretary: User) -> Habits:
    return habits.change_habits(
        collaboration=digi, version=1, status="simple", effort="month", more_keys=False, by=secretary
    )


def test_the_grid_has_the_projects_the_municipality_takes_part_in(
    go: Any, director: User, monthly: Habits, joined: Any, project: Project, sortland: Any, digi: Any, secretary: User
) -> None:
    page = go(director).get(here("effort_months", sortland.number))
    assert [row["project"] for row in page.context_data["rows"]] == [project, None]
    key = periods.this_month().key
    data = cell(f"{sortland.number}_{key}_{project.pk}", "12") | cell(f"{sortland.number}_{key}", "3")
    assert go(director).post(f"{here('effort_months', sortland.number)}?maned={key}", data).status_code == 302
    assert {(told.project, told.hours) for told in Effort.objects.all()} == {(project, 12), (None, 3)}


def test_same_as_last_month_fills_in_and_saves_nothing(
    go: Any, director: User, monthly: Habits, tells: Any, sortland: Organisation
) -> None:
    tells(7, periods.this_month().before)
    page = go(director).get(f"{here('effort_months', sortland.number)}?som=forrige")
    field = next(field for field in page.context_data["form"] if field.name.startswith("timer_"))
    assert field.initial == 7
    assert Effort.objects.count() == 1


def test_a_month_to_come_is_not_there_yet(go: Any, director: User, monthly: Habits, sortland: Organisation) -> None:
    answer = go(director).get(f"{here('effort_months', sortland.number)}?maned={THIS_YEAR + 1}-01")
    assert answer.status_code == 409


def test_a_neighbour_reads_and_does_not_write(go: Any, director: User, monthly: Habits, hadsel: Organisation) -> None:
    page = go(director).get(here("effort_months", hadsel.number))
    assert page.context_data["may_tell"] is False
    data = cell(f"{hadsel.number}_{periods.this_month().key}", "12")
    assert go(director).post(here("effort_months", hadsel.number), data).status_code == 403
    assert not Effort.objects.exists()


def test_a_grant_that_asks_for_months_opens_the_grid_of_its_project(
    go: Any, director: User, secretary: User, grant: Grant, joined: Any, project: Project, sortland: Organisation
) -> None:
    before = go(director).get(here("effort_months", sortland.number))
    assert before.context_data["rows"] == []
    grants.allocate(grant=grant, project=project, year=THIS_YEAR, amount=Decimal(1), by=secretary)
    Grant.objects.filter(pk=grant.pk).update(monthly_hours=True)
    page = go(director).get(here("effort_months", sortland.number))
    assert [row["project"] for row in page.context_data["rows"]] == [project]
    assert "Felles skjema" in plain(go(director).get(here("effort")))


def test_a_row_told_as_a_half_year_says_so_instead_of_a_field(
    go: Any, director: User, monthly: Habits, tells: Any, sortland: Organisation
) -> None:
    tells(100, periods.this_month().half_year)
    page = go(director).get(here("effort_months", sortland.number))
    assert page.context_data["rows"][0]["otherwise"]
    assert page.context_data["form"].places == {}


# --- rates, comparing, workbooks ----------------------------------------------------------------------


def test_the_rate_is_agreed_on_its_page(go: Any, secretary: User, director: User, digi: Collaboration) -> None:
    data = {"since": "01.01.2026", "amount": "612,50"}
    assert go(director).get(here("hourly_rates")).status_code == 200
    assert go(director).post(here("hourly_rates"), data).status_code == 403
    assert go(secretary).post(here("hourly_rates"), data).status_code == 302
    page = go(secretary).post(here("hourly_rates"), data)
    assert list(page.context_data["form"].errors) == ["since"]
    rate = HourlyRate.objects.get()
    assert go(secretary).post(here("change_rate", rate.pk), {"amount": "620", "version": 1}).status_code == 302
    assert HourlyRate.objects.get().amount == 620


def test_pledged_and_delivered_on_the_page(
    go: Any, director: User, tells: Any, joined: Any, project: Project, sortland: Organisation
) -> None:
    tells(30, periods.this_month(), project=project)
    page = go(director).get(here("effort_overview"))
    assert "100" in plain(page) and "70" in plain(page)
    page = go(director).get(f"{here('effort_overview')}?vis=prosjekt&kommune={sortland.number}")
    assert [row.record for row in page.context_data["table"].rows] == [project]
    sheet = workbook(go(director).get(f"{here('effort_overview')}?vis=prosjekt&format=xlsx")).active
    assert [cell.value for cell in sheet[2]][:3] == ["Felles skjema", 100, 30]


def test_the_workbook_has_what_is_told_with_numbers(go: Any, director: User, tells: Any) -> None:
    tells(Decimal("120.5"), estimated=True)
    book = workbook(go(director).get(f"{here('effort')}?ar={LAST_YEAR}&format=xlsx"))
    assert [one.value for one in book.worksheets[0][2]][:4] == ["Sortland", None, str(FIRST_HALF), 120.5]
    assert len(book.worksheets) == 3


@pytest.mark.parametrize("name", ["effort", "effort_overview"])
def test_more_hours_take_no_more_queries(
    go: Any, secretary: User, digi: Collaboration, six: list[Organisation], project: Project, name: str,
    django_assert_num_queries: Any, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    browser, address = go(secretary), f"{here(name)}?ar={LAST_YEAR}"

    def tell(places: list[Organisation], period: Period) -> None:
        told = [Told(organisation=place, period=period, hours=Decimal(10)) for place in places]
        effort.tell_hours(collaboration=digi, told=told, by=secretary)

    tell(six[:1], FIRST_HALF)
    browser.get(address)
    with django_assert_max_num_queries(45) as first:
        browser.get(address)
    tell(six[1:], FIRST_HALF)
    tell(six, SECOND_HALF)
    with django_assert_num_queries(len(first)):
        browser.get(address)


# --- what people write --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("1. halvår 2026", "2026-h1"), ("2 halvår 2026", "2026-h2"), ("H2 2026", "2026-h2"), ("2026 h1", "2026-h1"),
        ("august 2026", "2026-08"), ("Aug. 2026", "2026-08"), ("mai 2026", "2026-05"), ("08.2026", "2026-08"),
        ("2026-08", "2026-08"), ("01.08.2026", "2026-08"), (date(2026, 8, 1), "2026-08"),
    ],
)  # fmt: skip
def test_a_period_as_people_write_it(said: Any, key: str) -> None:
    found = periods.read(said)
    assert found is not None and found.key == key


@pytest.mark.parametrize("said", ["2026", "13.2026", "sommeren 2026", "3. halvår 2026", "ma 2026", "august", "08.1850"])
def test_what_is_no_period(said: str) -> None:
    assert periods.read(said) is None
