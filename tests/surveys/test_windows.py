"""Six municipalities look for a day on which they can buy together; each shows no more than it has agreed to (8.1).

Today is Sunday 22 November 2026 in every test. The area is Sak/arkiv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Organisation
from portfolio.actions.window_ideas import idea_of, start_idea
from portfolio.forms.participation import InviteForm
from portfolio.models import Idea, Project
from surveys.actions import inventory, procurement
from surveys.exits import Missing, Way
from surveys.models import Area, OwnPurchase, ProcurementHabits, SharingRule, SystemUse
from surveys.window_words import sentence, way_of
from surveys.windows import Kind, Window, windows
from tests.surveys.inventory_people import opened

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def on_a_sunday() -> Iterator[None]:
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def archive(areas: dict[str, Area]) -> Area:
    return areas["Sak/arkiv"]


@pytest.fixture
def has(six: list[Organisation], archive: Area) -> Any:
    """Say what a municipality has under contract in the area."""
    places = {place.name: place for place in six}

    def say(name: str, system: str = "Elements", area: Area | None = None, **said: Any) -> SystemUse:
        own = inventory.inventory_of(places[name])
        end, unknown = said.pop("contract_end", None), said.pop("end_unknown", False)
        use = inventory.add_system(
            inventory=own, area=area or archive, product=system, contract_end=end, end_unknown=unknown,
            end_running=said.pop("end_running", False), by=None,
        )  # fmt: skip
        SystemUse.objects.filter(pk=use.pk).update(**said)
        return SystemUse.objects.get(pk=use.pk)

    return say


@pytest.fixture
def five_of_six(has: Any) -> None:
    """Five end 30 June 2028; Øksnes is bound to the end of 2030."""
    for name in ("Andøy", "Bø", "Hadsel", "Lødingen", "Sortland"):
        has(name, contract_end=date(2028, 6, 30))
    has("Øksnes", contract_end=date(2030, 12, 31))


def ways(window: Window) -> dict[str, Way]:
    return {part.municipality.name: part.way for part in window.parts}


# --- by hand ----------------------------------------------------------------------------------------------


def test_five_of_six_can_join_from_the_day_after_and_it_takes_fifteen_months(
    digi: Collaboration, five_of_six: None
) -> None:
    # The last old day is 30 June 2028, so together from 1 July; fifteen months back from that is 1 April 2027.
    [found] = windows(digi)

    assert (found.kind, found.on, len(found.able), found.in_all) == (Kind.MOST, date(2028, 6, 30), 5, 6)
    assert (found.starts_on, found.procure_by) == (date(2028, 7, 1), date(2027, 4, 1))
    assert re.fullmatch(r"\w+ \w+ \w+ .* 1\. juli 2028\. .* 1\. april 2027\.", sentence(found))
    assert ways(found)["Øksnes"] == Way.BOUND


def test_all_can_when_nobody_is_bound(digi: Collaboration, has: Any) -> None:
    has("Sortland", contract_end=date(2028, 12, 31), binding_until=date(2027, 12, 31), notice_months=3)
    has("Hadsel", end_running=True, notice_months=6, notice_to="quarter")
    # Hadsel: 22 May 2027, so 30 June 2027 and on. Sortland: 31 December 2027 to 31 December 2028. Fifteen months from
    # today is 22 February 2028; the end of that month, a leap year's, is inside both.
    [found] = windows(digi)

    assert (found.kind, found.on) == (Kind.ALL, date(2028, 2, 29))
    assert (found.first, found.last) == (date(2027, 12, 31), date(2028, 12, 31))
    told = {part.municipality.name: part.notice_by for part in found.parts}
    # Sortland: three months before 29 February, from month end to month end. Hadsel: out at the end of 2027, and
    # half a year before that is 30 June 2027.
    assert told == {"Sortland": date(2027, 11, 30), "Hadsel": date(2027, 6, 30)}
    assert found.next_deadline == date(2027, 6, 30)


def test_an_option_brings_one_more(digi: Collaboration, has: Any) -> None:
    has("Sortland", contract_end=date(2029, 12, 31))
    has("Hadsel", contract_end=date(2028, 12, 31), options=1, option_months=12)
    [found] = windows(digi)

    assert (found.kind, found.on) == (Kind.OPTION, date(2029, 12, 31))
    hadsel = next(part for part in found.parts if part.municipality.name == "Hadsel")
    assert (hadsel.way, hadsel.option_by) == (Way.OPTION, date(2028, 12, 31))


def test_it_is_too_late_where_the_day_for_notice_has_passed(digi: Collaboration, has: Any) -> None:
    # Both renew themselves on 31 December 2026 with three months' notice, and for different times, so that they meet
    # again only in 2032 (24 and 36 months: 31 December 2032).
    has("Sortland", contract_end=date(2026, 12, 31), renews_months=24, notice_months=3)
    has("Hadsel", contract_end=date(2026, 12, 31), renews_months=36, notice_months=3)
    later, missed = windows(digi)

    assert (later.kind, later.on) == (Kind.ALL, date(2032, 12, 31))
    assert (missed.kind, missed.on, missed.able) == (Kind.LATE, date(2026, 12, 31), frozenset())
    assert set(ways(missed).values()) == {Way.LATE}
    assert {part.notice_by for part in missed.notice_passed} == {date(2026, 9, 30)}
    assert [place.name for place, _contract in missed.renewing] == ["Hadsel", "Sortland"]


def test_whose_end_nobody_knows_is_a_group_of_its_own(digi: Collaboration, has: Any, areas: dict[str, Area]) -> None:
    has("Sortland", contract_end=date(2028, 6, 30))
    has("Hadsel", contract_end=date(2028, 6, 30))
    has("Bø", end_unknown=True)
    has("Andøy", contract_end=date(2026, 1, 31))
    has("Sortland", area=areas["Lønn/HR"], contract_end=date(2028, 6, 30))
    has("Hadsel", area=areas["Lønn/HR"], end_unknown=True)
    archive, pay = windows(digi)

    assert (archive.kind, archive.in_all) == (Kind.SOME, 4)
    assert [place.name for place in archive.missing] == ["Andøy", "Bø"]
    assert {part.municipality.name: part.missing for part in archive.parts if part.missing} == {
        "Andøy": Missing.PASSED, "Bø": Missing.UNKNOWN,
    }  # fmt: skip
    assert (pay.kind, pay.on, [place.name for place in pay.missing]) == (Kind.NONE, None, ["Hadsel"])


def test_whose_notice_nobody_knows_joins_those_of_whom_too_little_is_known(digi: Collaboration, has: Any) -> None:
    has("Sortland", contract_end=date(2028, 6, 30))
    has("Hadsel", contract_end=date(2028, 6, 30))
    has("Bø", end_running=True)
    has("Andøy", contract_end=date(2027, 3, 31), renews_months=12)
    [found] = windows(digi)

    assert {place.name for place in found.joining} == {"Hadsel", "Sortland"}
    unknown = [part for part in found.parts if part.missing == Missing.NOTICE]
    assert [(part.municipality.name, part.earliest, part.notice_by) for part in unknown] == [
        ("Andøy", None, None), ("Bø", None, None),
    ]  # fmt: skip
    assert [place.name for place, _contract in found.renewing] == ["Andøy"]


def test_two_systems_in_one_area_must_both_be_left(digi: Collaboration, has: Any) -> None:
    has("Sortland", contract_end=date(2028, 6, 30), options=2, option_months=12)
    has("Sortland", "ACOS WebSak", contract_end=date(2029, 6, 30))
    has("Hadsel", contract_end=date(2028, 6, 30))
    has("Bø", contract_end=date(2029, 6, 30))
    [found] = windows(digi)

    # Hadsel and Sortland do not meet on 30 June 2028, because Sortland's other contract binds it.
    assert (found.on, {place.name for place in found.joining}) == (date(2029, 6, 30), {"Bø", "Sortland"})
    assert ways(found)["Sortland"] == Way.OPTION


def test_what_is_out_of_use_or_uploaded_without_confirmation_is_no_contract(digi: Collaboration, has: Any) -> None:
    has("Sortland", contract_end=date(2028, 6, 30))
    has("Hadsel", contract_end=date(2028, 6, 30), gone_on=TODAY)

    assert windows(digi) == []


def test_a_day_without_end_is_no_day_to_meet(digi: Collaboration, has: Any) -> None:
    # 31 December 9999 is what some systems write for «no end».
    for name in ("Sortland", "Hadsel"):
        has(name, contract_end=date.max, options=2, option_months=12, renews_months=12, notice_months=3)

    assert windows(digi) == []


def test_the_time_for_a_procurement_is_the_collaborations_own(
    digi: Collaboration, five_of_six: None, secretary: User, it_leader: User
) -> None:
    procurement.change_lead_time(collaboration=digi, version=1, lead_months=24, by=secretary)
    [found] = windows(digi)

    assert (found.procure_by, found.is_short_of_time) == (date(2026, 7, 1), True)
    with pytest.raises(Stale):
        procurement.change_lead_time(collaboration=digi, version=1, lead_months=12, by=secretary)
    with pytest.raises(PermissionDenied):
        procurement.change_lead_time(collaboration=digi, version=2, lead_months=12, by=it_leader)
    assert ProcurementHabits.objects.of(digi).lead_months == 24


# --- what the others may see ----------------------------------------------------------------------------------


def test_a_cost_is_told_only_where_the_agreement_and_the_municipality_share_it(
    digi: Collaboration, has: Any, client: Client, secretary: User
) -> None:
    has("Sortland", contract_end=date(2028, 6, 30), annual_cost=Decimal(123_457), shares_cost=True)
    has("Hadsel", contract_end=date(2028, 6, 30), annual_cost=Decimal(765_433), remark="Hemmelig merknad")
    [found] = windows(digi)
    assert found.shared_costs == []

    SharingRule.objects.create(collaboration=digi, costs=True)
    [found] = windows(digi)
    assert found.shared_costs == [Decimal(123_457)]
    client.force_login(secretary)
    for name, rest in (("procurement", []), ("procurement_window", [found.area.pk])):
        for form in ("", "?format=xlsx"):
            answer = client.get(reverse(name, args=["vesteralen", *rest]) + form)
            said = str(opened(answer.content)) if form else answer.content.decode()
            assert "Hemmelig" not in said
            assert not re.search(r"765\s?433|888\s?890", said)  # neither alone nor in a sum


# --- the pages ------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_goes_to_excel_with_days(
    digi: Collaboration, five_of_six: None, client: Client, secretary: User, areas: dict[str, Area]
) -> None:
    client.force_login(secretary)
    url = reverse("procurement", args=["vesteralen"])
    group = areas["Barnehage/kulturskole"].service_area_id

    assert "1. juli 2028" in client.get(url).content.decode()
    for query, count in (
        ("?klasse=flertall", 1), ("?klasse=alle", 0), ("?kommune=1868", 1), ("?ar=2028", 1), (f"?tjeneste={group}", 0),
    ):  # fmt: skip
        assert len(client.get(url + query).context_data["table"].rows) == count, query
    header, row = opened(client.get(f"{url}?format=xlsx").content)
    assert row[0] == "Sak/arkiv"
    assert row[2] == 5
    assert row[3].date() == date(2028, 7, 1)
    assert len(header) == len(row)


def test_the_page_of_a_window_tells_every_municipality_and_warns(
    digi: Collaboration, five_of_six: None, client: Client, director: User, sortland: Organisation, archive: Area
) -> None:
    procurement.plan_own_purchase(
        municipality=sortland, area=archive, title="Nytt arkiv", signs_on=date(2027, 3, 1), by=director
    )
    client.force_login(director)
    page = client.get(reverse("procurement_window", args=["vesteralen", archive.pk])).content.decode()

    assert "Nytt arkiv" in page
    assert page.count("Elements") == 6
    assert 'role="img"' in page
    assert client.get(reverse("procurement_window", args=["vesteralen", 999_999])).status_code == 404
    assert client.get(reverse("procurement_window", args=["vesteralen", archive.pk]) + "?dag=tull").status_code == 200


def test_no_more_is_asked_of_the_database_when_there_are_more_contracts(
    digi: Collaboration, has: Any, areas: dict[str, Area], client: Client, secretary: User,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    def say(name: str) -> None:
        for area in areas.values():
            has(name, area=area, contract_end=date(2028, 6, 30))

    say("Sortland")
    say("Hadsel")
    with django_assert_num_queries(5):
        assert len(windows(digi)) == 6
    for name in ("Bø", "Andøy", "Øksnes"):
        say(name)
    with django_assert_num_queries(5):
        found = windows(digi)
        assert [len(one.parts) for one in found] == [5] * 6


# --- own purchases --------------------------------------------------------------------------------------------


def test_a_purchase_warns_until_it_is_signed_or_given_up(
    digi: Collaboration, five_of_six: None, director: User, sortland: Organisation, archive: Area
) -> None:
    bought = procurement.plan_own_purchase(
        municipality=sortland, area=archive, title="Nytt arkiv", signs_on=date(2027, 3, 1), by=director
    )
    assert [one.title for one in windows(digi)[0].signing_alone] == ["Nytt arkiv"]

    bought = procurement.change_own_purchase(
        purchase=bought, version=1, area=archive, title="Nytt arkiv", signs_on=date(2029, 3, 1), by=director
    )
    assert windows(digi)[0].signing_alone == []  # after the window has closed
    procurement.end_own_purchase(purchase=bought, version=2, by=director)
    assert windows(digi)[0].purchases == []
    with pytest.raises(NotAllowedNow):
        procurement.end_own_purchase(purchase=bought, version=3, by=director)


def test_only_the_own_people_register_a_purchase(
    digi: Collaboration, secretary: User, it_leader: User, sortland: Organisation, archive: Area, client: Client
) -> None:
    with pytest.raises(PermissionDenied):
        procurement.plan_own_purchase(
            municipality=sortland, area=archive, title="Nytt", signs_on=date(2027, 1, 1), by=secretary
        )
    client.force_login(it_leader)
    new = reverse("own_purchase_new", args=["1870"])
    wrong = client.post(new, {"area": archive.pk, "title": "Nytt", "signs_on": "01.01.2020"})
    assert wrong.status_code == 200
    assert "signs_on" in wrong.context_data["form"].errors
    client.post(new, {"area": archive.pk, "title": "=Nytt", "signs_on": "01.03.2027"})
    bought = OwnPurchase.objects.get()
    listed = reverse("own_purchases", args=["1870"])
    _header, row = opened(client.get(f"{listed}?format=xlsx").content)
    assert row[0] == "=Nytt"
    assert row[2].date() == date(2027, 3, 1)
    client.post(reverse("own_purchase_end", args=["1870", bought.pk]), {"version": "1"})
    assert OwnPurchase.objects.get().ended_on == TODAY
    client.force_login(secretary)
    assert client.get(listed).status_code == 403


# --- an idea of a window --------------------------------------------------------------------------------------


def test_the_secretariat_makes_an_idea_once_and_nobody_is_invited_by_it(
    digi: Collaboration, five_of_six: None, secretary: User, client: Client, archive: Area
) -> None:
    client.force_login(secretary)
    page = reverse("procurement_window", args=["vesteralen", archive.pk])
    start = reverse("window_idea", args=["vesteralen", archive.pk])
    assert start in client.get(page).content.decode()

    made = client.post(start, {"dag": "2028-06-30"})
    idea = Idea.objects.get()
    assert made.headers["Location"] == idea.get_absolute_url()
    assert (idea.state, idea.source, list(idea.areas.all())) == ("new", "window", [archive])
    assert (idea.starts_on, idea.ends_on) == (date(2027, 4, 1), date(2028, 7, 1))
    assert "2028" in idea.background
    assert "Øksnes" in idea.plan
    assert not Project.objects.exists()
    again = client.get(page).content.decode()
    assert idea.get_absolute_url() in again
    assert start not in again
    assert client.post(start, {"dag": "2028-06-30"}).status_code == 409
    assert client.post(start, {"dag": "2031-01-01"}).status_code == 409
    assert Idea.objects.count() == 1


def test_those_who_can_join_are_ticked_when_the_project_of_the_idea_invites(
    digi: Collaboration, five_of_six: None, secretary: User, client: Client, archive: Area
) -> None:
    [window] = windows(digi)
    idea = start_idea(collaboration=digi, window=window, by=secretary)
    client.force_login(secretary)
    form = client.get(reverse("take_up_idea", args=["vesteralen", idea.pk])).context_data["form"]
    assert (form["starts"].value(), form["kind"].value()) == ("01.04.2027", "procurement")
    told = {name: form[name].value() for name in ("title", "goal", "kind", "starts", "ends", "note", "key")}
    client.post(reverse("take_up_idea", args=["vesteralen", idea.pk]), {**told, "areas": archive.pk, "version": "1"})

    project = Project.objects.get()
    assert project.idea == Idea.objects.get(state="taken")
    assert (project.starts_on, project.ends_on, project.kind) == (date(2027, 4, 1), date(2028, 7, 1), "procurement")
    assert not project.participations.exists()
    proposed = InviteForm(project=project).fields["organisations"].initial
    assert {place.name for place in proposed} == {"Andøy", "Bø", "Hadsel", "Lødingen", "Sortland"}


def test_nobody_else_makes_an_idea(
    digi: Collaboration, five_of_six: None, director: User, it_leader: User, client: Client, archive: Area
) -> None:
    [found] = windows(digi)
    for user in (director, it_leader):
        with pytest.raises(PermissionDenied):
            start_idea(collaboration=digi, window=found, by=user)
        client.force_login(user)
        page = client.get(reverse("procurement_window", args=["vesteralen", archive.pk])).content.decode()
        assert reverse("window_idea", args=["vesteralen", archive.pk]) not in page
    assert idea_of(digi, found) is None


def test_a_window_that_is_missed_is_no_idea(digi: Collaboration, has: Any, secretary: User) -> None:
    has("Sortland", contract_end=date(2026, 12, 31), renews_months=100, notice_months=3)
    has("Hadsel", contract_end=date(2026, 12, 31), renews_months=119, notice_months=3)
    [missed] = windows(digi)

    assert missed.kind == Kind.LATE
    with pytest.raises(NotAllowedNow):
        start_idea(collaboration=digi, window=missed, by=secretary)
    assert all(way_of(part) for part in missed.parts)


def test_the_timeline_has_the_window_and_reckons_it_anew_when_a_contract_is_changed(
    client: Client, director: User, five_of_six: None, archive: Area
) -> None:
    def on_the_timeline() -> list[Any]:
        client.force_login(director)
        return list(client.get(reverse("timeline", args=["vesteralen"])).context_data["beside"].rows)

    assert on_the_timeline() == [("Sak/arkiv", "start senest 01.04.2027, i bruk fra 01.07.2028")]
    for use in SystemUse.objects.filter(contract_end=date(2028, 6, 30)):
        inventory.change_system(
            use=use, version=None, area=archive, product="Elements", contract_end=date(2029, 6, 30), by=None
        )
    assert on_the_timeline() == [("Sak/arkiv", "start senest 01.04.2028, i bruk fra 01.07.2029")]
