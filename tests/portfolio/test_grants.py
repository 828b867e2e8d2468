"""A grant from the wish to apply until it is reported; never laid out or spent beyond what was awarded."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions import grants
from portfolio.models import Allocation, Grant, GrantSpending, Project
from tests.portfolio.money import here, plain, totals, workbook

TODAY = timezone.localdate
STEPS = ["sok", "innvilg", "avslag", "utbetalt", "rapporter", "sok-igjen"]


def money(amount: int) -> Decimal:
    return Decimal(amount)


def test_from_the_wish_to_the_report(wish: Grant, sortland: Organisation, secretary: User) -> None:
    day = TODAY()
    grants.apply(grant=wish, version=1, applied_on=day, sought=money(900), applicants=[sortland], by=secretary)
    grants.award(grant=wish, version=2, answered_on=day, awarded=money(800), receiver=sortland, by=secretary)
    grants.pay_out(grant=wish, version=3, paid_on=day, by=secretary)
    done = grants.report(grant=wish, version=4, reported_on=day, by=secretary)
    assert (done.state, done.sought, done.awarded) == ("reported", 900, 800)
    assert (done.applied_on, done.answered_on, done.paid_on, done.reported_on) == (day, day, day, day)
    assert list(done.applicants.all()) == [sortland]


def test_what_was_refused_can_be_applied_for_again(wish: Grant, sortland: Organisation, secretary: User) -> None:
    grants.apply(grant=wish, version=None, applied_on=TODAY(), sought=money(9), applicants=[sortland], by=secretary)
    grants.refuse(grant=wish, version=None, answered_on=TODAY(), note="For mange søkere", by=secretary)
    again = grants.apply_again(grant=wish, version=None, apply_by=date(2027, 2, 1), by=secretary)
    assert (again.state, again.applied_on, again.answered_on) == ("to_apply", None, None)
    assert (again.sought, again.note) == (9, "For mange søkere")


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        (grants.refuse, {"answered_on": date(2026, 1, 1)}),
        (grants.pay_out, {"paid_on": date(2026, 1, 1)}),
        (grants.report, {"reported_on": date(2026, 1, 1)}),
        (grants.apply_again, {}),
    ],
)
def test_no_step_is_jumped_over(wish: Grant, secretary: User, verb: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(NotAllowedNow) as told:
        verb(grant=wish, version=None, by=secretary, **fields)
    assert "DigiFin" in str(told.value.sentence)
    assert Grant.objects.get().state == "to_apply"


def test_a_day_to_come_is_not_registered(wish: Grant, sortland: Organisation, secretary: User) -> None:
    tomorrow = TODAY() + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        grants.apply(grant=wish, version=None, applied_on=tomorrow, sought=money(1), applicants=[], by=secretary)


def test_the_money_goes_to_a_municipality(wish: Grant, giver: Organisation, secretary: User) -> None:
    grants.apply(grant=wish, version=None, applied_on=TODAY(), sought=money(1), applicants=[], by=secretary)
    with pytest.raises(NotAllowedNow):
        grants.award(grant=wish, version=None, answered_on=TODAY(), awarded=money(1), receiver=giver, by=secretary)
    with pytest.raises(IntegrityError, match="municipality"), transaction.atomic():
        Grant.objects.filter(pk=wish.pk).update(receiver=giver)


def test_two_who_move_the_same_grant(grant: Grant, secretary: User) -> None:
    grants.pay_out(grant=grant, version=1, paid_on=TODAY(), by=secretary)
    with pytest.raises(Stale):
        grants.report(grant=grant, version=1, reported_on=TODAY(), by=secretary)


# --- laid out and spent -------------------------------------------------------------------------------


def test_what_is_laid_out_and_what_is_spent_are_counted_apart(grant: Grant, project: Project, secretary: User) -> None:
    grants.allocate(grant=grant, project=project, year=2026, amount=money(1_500_000), by=secretary)
    grants.spend(grant=grant, amount=money(800_000), spent_on=TODAY(), text="Lisenser", by=secretary)
    found = totals(grant)
    assert (found.allocated, found.free) == (1_500_000, 500_000)
    assert (found.spent, found.remaining) == (800_000, 1_200_000)


def test_nothing_is_known_of_a_grant_that_is_not_awarded(wish: Grant) -> None:
    found = totals(wish)
    assert (found.spent, found.remaining, found.free) == (0, None, None)


def test_the_last_ore_can_be_used_and_not_one_more(grant: Grant, secretary: User) -> None:
    grants.spend(grant=grant, amount=money(2_000_000), spent_on=TODAY(), text="Alt", by=secretary)
    with pytest.raises(NotAllowedNow) as told:
        grants.spend(grant=grant, amount=Decimal("0.01"), spent_on=TODAY(), text="Litt til", by=secretary)
    assert "0" in str(told.value.sentence)


def test_more_than_is_left_is_refused_with_what_is_left(grant: Grant, secretary: User) -> None:
    grants.allocate(grant=grant, year=2026, amount=money(1_400_000), by=secretary)
    with pytest.raises(NotAllowedNow) as told:
        grants.allocate(grant=grant, year=2027, amount=money(700_000), by=secretary)
    assert "600" in str(told.value.sentence)


def test_changing_a_row_counts_the_rest_and_not_the_row_itself(grant: Grant, secretary: User) -> None:
    first = grants.allocate(grant=grant, year=2026, amount=money(1_400_000), by=secretary)
    grants.allocate(grant=grant, year=2027, amount=money(500_000), by=secretary)
    grants.change_allocation(allocation=first, version=1, amount=money(1_500_000), by=secretary)
    with pytest.raises(NotAllowedNow):
        grants.change_allocation(allocation=first, version=2, amount=money(1_500_001), by=secretary)
    grants.remove_allocation(allocation=first, version=2, by=secretary)
    assert totals(grant).free == 1_500_000


def test_the_award_is_not_lowered_below_what_is_used(grant: Grant, secretary: User) -> None:
    grants.spend(grant=grant, amount=money(800_000), spent_on=TODAY(), text="Lisenser", by=secretary)
    with pytest.raises(NotAllowedNow):
        grants.change_grant(grant=grant, version=None, applicants=[], awarded=money(700_000), by=secretary)
    with pytest.raises(IntegrityError, match="used"), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(awarded=money(700_000))


@pytest.mark.parametrize("kind", [Allocation, GrantSpending])
def test_the_database_keeps_within_the_award(grant: Grant, kind: Any) -> None:
    fields = {"year": 2026} if kind is Allocation else {"text": "Forbi alle verb"}
    with pytest.raises(IntegrityError, match="not large enough"), transaction.atomic():
        kind.objects.create(grant=grant, amount=money(2_000_001), **fields)


def test_a_grant_is_laid_out_once_to_the_same_in_a_year(grant: Grant, project: Project, secretary: User) -> None:
    grants.allocate(grant=grant, project=project, year=2026, amount=money(1), by=secretary)
    grants.allocate(grant=grant, project=None, year=2026, amount=money(1), by=secretary)
    with pytest.raises(NotAllowedNow):
        grants.allocate(grant=grant, project=project, year=2026, amount=money(1), by=secretary)


def test_a_project_of_others_gets_nothing(grant: Grant, secretary: User) -> None:
    elsewhere = Collaboration.objects.create(slug="annet", name="Annet")
    theirs = Project.objects.create(collaboration=elsewhere, number=1, slug="p", title="P")
    with pytest.raises(NotAllowedNow):
        grants.allocate(grant=grant, project=theirs, year=2026, amount=money(1), by=secretary)


# --- the pages ----------------------------------------------------------------------------------------


def test_a_source_is_registered_in_few_fields(
    go: Any, secretary: User, digi: Collaboration, giver: Organisation, receiver: Organisation
) -> None:
    page = go(secretary).get(here("new_grant"))
    assert page.context_data["form"].initial["receiver"] == receiver
    data = {"title": "DigiFin", "giver": giver.pk, "state": "to_apply", "kind": "digifin", "sought": "300 000"}
    answer = go(secretary).post(here("new_grant"), data)
    made = Grant.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.state, made.sought, made.awarded) == ("to_apply", 300_000, None)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"state": "granted"}, {"awarded", "receiver"}),
        ({"state": "to_apply", "awarded": "100"}, {"awarded"}),
        ({"state": "applied", "apply_by": "i fjor"}, {"apply_by"}),
    ],
)
def test_what_does_not_fit_the_state_is_told(
    go: Any, secretary: User, digi: Collaboration, giver: Organisation, data: dict[str, str], wrong: set[str]
) -> None:
    page = go(secretary).post(here("new_grant"), {"title": "X", "giver": giver.pk, "kind": "state", **data})
    assert set(page.context_data["form"].errors) == wrong
    assert not Grant.objects.exists()


def test_only_the_steps_that_can_follow_are_shown(go: Any, secretary: User, wish: Grant, grant: Grant) -> None:
    shown = [name for name, _button in go(secretary).get(wish.get_absolute_url()).context_data["steps"]]
    assert shown == ["sok"]
    shown = [name for name, _button in go(secretary).get(grant.get_absolute_url()).context_data["steps"]]
    assert shown == ["utbetalt"]
    for step in set(STEPS) - {"utbetalt"}:
        assert go(secretary).get(here(f"grant_{step}", grant.pk)).status_code == 409


def test_everybody_reads_and_only_the_secretariat_moves(go: Any, director: User, outsider: User, grant: Grant) -> None:
    assert "2 000 000" in plain(go(director).get(grant.get_absolute_url()))
    assert go(director).get(here("grant_utbetalt", grant.pk)).status_code == 403
    assert go(director).get(here("new_allocation", grant.pk)).status_code == 403
    assert go(outsider).get(grant.get_absolute_url()).status_code == 404


def test_the_steps_on_their_pages(
    go: Any, secretary: User, wish: Grant, sortland: Organisation, receiver: Organisation
) -> None:
    today = f"{TODAY():%d.%m.%Y}"
    steps: list[tuple[str, dict[str, Any]]] = [
        ("sok", {"applied_on": today, "sought": "500 000", "applicants": [sortland.pk]}),
        ("innvilg", {"answered_on": today, "awarded": "400 000", "receiver": receiver.pk, "report_by": ""}),
        ("utbetalt", {"paid_on": today}),
        ("rapporter", {"reported_on": today}),
    ]
    for version, (step, data) in enumerate(steps, 1):
        assert go(secretary).get(here(f"grant_{step}", wish.pk)).status_code == 200
        assert go(secretary).post(here(f"grant_{step}", wish.pk), {**data, "version": version}).status_code == 302
    assert Grant.objects.get().state == "reported"


def test_a_step_in_the_future_is_told_at_its_field(go: Any, secretary: User, wish: Grant, sortland: Any) -> None:
    tomorrow = f"{TODAY() + timedelta(days=1):%d.%m.%Y}"
    data = {"applied_on": tomorrow, "sought": "1", "applicants": [sortland.pk], "version": 1}
    page = go(secretary).post(here("grant_sok", wish.pk), data)
    assert list(page.context_data["form"].errors) == ["applied_on"]


def test_laying_out_and_spending_on_the_pages(go: Any, secretary: User, grant: Grant, project: Project) -> None:
    browser = go(secretary)
    lay = here("new_allocation", grant.pk)
    too_much = browser.post(lay, {"project": project.pk, "year": 2026, "amount": "2 000 001"})
    assert "2 000 000" in str(too_much.context_data["form"].errors["amount"]).replace("\N{NO-BREAK SPACE}", " ")
    assert browser.post(lay, {"project": project.pk, "year": 2026, "amount": "1 500 000"}).status_code == 302
    again = browser.post(lay, {"project": project.pk, "year": 2026, "amount": "1"})
    assert list(again.context_data["form"].errors) == ["year"]
    row = Allocation.objects.get()
    change = here("allocation", grant.pk, row.pk)
    assert browser.post(change, {"year": 2026, "amount": "2 000 000", "version": 1}).status_code == 302
    assert Allocation.objects.get().project is None
    spend = here("new_spending", grant.pk)
    assert browser.post(spend, {"text": "Lisenser", "spent_on": "01.02.2026", "amount": "800 000"}).status_code == 302
    told = plain(browser.get(grant.get_absolute_url()))
    assert "1 200 000 kr" in told and "Lisenser" in told


def test_a_row_is_removed_after_a_question(go: Any, secretary: User, grant: Grant) -> None:
    row = grants.spend(grant=grant, amount=money(8), spent_on=TODAY(), text="Feilført", by=secretary)
    address = here("remove_spending", grant.pk, row.pk)
    assert go(secretary).get(address).status_code == 200
    assert go(secretary).post(address, {"version": 7}).status_code == 409
    assert go(secretary).post(address, {"version": 1}).status_code == 302
    assert not GrantSpending.objects.exists()


def test_a_row_of_another_grant_is_not_there(go: Any, secretary: User, grant: Grant, wish: Grant) -> None:
    row = grants.spend(grant=grant, amount=money(8), spent_on=TODAY(), text="Annet", by=secretary)
    assert go(secretary).get(here("spending", wish.pk, row.pk)).status_code == 404


def test_the_deadline_is_marked_when_it_is_near_or_past(go: Any, director: User, wish: Grant) -> None:
    for days, word in ((-1, "danger"), (20, "warning")):
        Grant.objects.filter(pk=wish.pk).update(apply_by=TODAY() + timedelta(days=days))
        page = go(director).get(wish.get_absolute_url()).content.decode()
        assert f'class="ds-alert" data-color="{word}"' in page
    Grant.objects.filter(pk=wish.pk).update(apply_by=TODAY() + timedelta(days=31))
    assert "ds-alert" not in go(director).get(wish.get_absolute_url()).content.decode()


def test_sources_are_narrowed_by_state_and_sorted(go: Any, director: User, wish: Grant, grant: Grant) -> None:
    page = go(director).get(here("financing"), {"state": "granted"})
    assert [row.record for row in page.context_data["table"].rows] == [grant]
    page = go(director).get(here("financing"), {"sort": "-awarded"})
    assert [row.record for row in page.context_data["table"].rows][-1] in (wish, grant)


def test_the_workbook_has_numbers_and_days(go: Any, director: User, wish: Grant, grant: Grant, secretary: User) -> None:
    grants.spend(grant=grant, amount=Decimal("800000.50"), spent_on=TODAY(), text="Lisenser", by=secretary)
    Grant.objects.filter(pk=wish.pk).update(apply_by=date(2027, 2, 1), title='=HYPERLINK("http://x")')
    sheet = workbook(go(director).get(here("financing"), {"format": "xlsx"})).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[0].value: dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)}
    first, second = rows['=HYPERLINK("http://x")'], rows["Skjønnsmidler"]
    assert first[heads[0]].data_type == "s"
    assert next(cell for cell in first.values() if cell.is_date).value.date() == date(2027, 2, 1)
    assert 800_000.5 in [cell.value for cell in second.values()]
    assert 1_199_999.5 in [cell.value for cell in second.values()]
    assert None in [cell.value for cell in first.values()]


def test_more_sources_take_no_more_queries(
    go: Any, secretary: User, grant: Grant, digi: Collaboration, giver: Any, django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    browser = go(secretary)
    browser.get(here("financing"))
    with django_assert_max_num_queries(40) as first:
        browser.get(here("financing"))
    for number in range(8):
        grants.register_grant(collaboration=digi, title=f"Kilde {number}", giver=giver, by=secretary)
    with django_assert_num_queries(len(first)):
        browser.get(here("financing"))


def test_the_giver_is_told_by_the_name_it_had_when_it_was_applied_to(
    go: Any, secretary: User, digi: Collaboration, giver: Organisation
) -> None:
    giver.names.create(name="Fylkesmannen i Nordland", until=date(2020, 12, 31))
    grant = grants.register_grant(
        collaboration=digi, title="Skjønnsmidler", giver=giver, state="granted", awarded=money(1), applied_year=2020,
        by=secretary,
    )  # fmt: skip
    page = go(secretary).get(grant.get_absolute_url()).content.decode()
    assert "Fylkesmannen i Nordland" in page and "Statsforvalteren i Nordland" in page
    grant.applied_on = date(2021, 1, 1)
    assert grant.giver_then == "Statsforvalteren i Nordland"
