"""The activity plan that may be missing, and what others run: who writes, who reads, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from openpyxl import load_workbook

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.actions import regions
from governance.models import Collaboration, Organisation
from portfolio.actions import activities, initiatives
from portfolio.models import Activity, Initiative, Precision, Standing


@pytest.fixture
def go(client: Client) -> Callable[[User], Client]:
    def as_(user: User) -> Client:
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def activity(digi: Collaboration, secretary: User) -> Activity:
    return activities.plan_activity(
        collaboration=digi, title="Innsiktsarbeid i kommunene", starts_on=date(2026, 9, 1),
        starts_precision=Precision.SEASON, responsible="sekretariatet", by=secretary,
    )  # fmt: skip


@pytest.fixture
def platform(digi: Collaboration, secretary: User) -> Initiative:
    return initiatives.register_initiative(
        collaboration=digi, name="Felles journal", run_by="Journal AS", text="Journal for flere kommuner.", by=secretary
    )


def in_words(inside: int, all_of_them: int) -> str:
    with translation.override("nb"):
        return gettext("%(inside)s of %(all)s") % {"inside": inside, "all": all_of_them}


def here(name: str, *rest: Any) -> str:
    return reverse(name, args=["vesteralen", *rest])


def test_a_plan_that_nobody_has_written_is_told_as_missing(go: Any, digi: Collaboration, director: User) -> None:
    page = go(director).get(here("activities")).content.decode()
    assert "Aktivitetsplanen mangler" in page
    assert here("new_activity") not in page


def test_the_secretariat_writes_a_season_and_everybody_reads_it(
    go: Any, digi: Collaboration, secretary: User, director: User
) -> None:
    posted = {"title": "Kurs i innkjøp", "starts": "høsten 2026", "ends": "2027", "responsible": "sekretariatet"}
    assert go(secretary).post(here("new_activity"), posted).status_code == 302
    assert "høsten 2026 – 2027" in go(director).get(here("activities")).content.decode()
    sheet = load_workbook(BytesIO(go(director).get(here("activities") + "?format=xlsx").content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["Kurs i innkjøp", "høsten 2026 – 2027"]


def test_an_end_before_the_start_is_named_in_the_form(go: Any, digi: Collaboration, secretary: User) -> None:
    posted = {"title": "Kurs", "starts": "2027", "ends": "2026"}
    page = go(secretary).post(here("new_activity"), posted)
    assert page.status_code == 200
    assert "Aktiviteten må slutte etter at den starter." in page.content.decode()


def test_the_database_refuses_an_end_before_the_start(activity: Activity) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(ends_on=date(2026, 8, 31))


def test_done_can_be_taken_back_and_is_never_a_day_to_come(go: Any, activity: Activity, secretary: User) -> None:
    assert go(secretary).post(here("activity_done", activity.pk)).status_code == 302
    activity.refresh_from_db()
    assert activity.done_on == timezone.localdate()
    go(secretary).post(here("activity_done", activity.pk))
    activity.refresh_from_db()
    assert activity.done_on is None
    with pytest.raises(NotAllowedNow):
        activities.mark_done(activity=activity, on=timezone.localdate() + timedelta(days=1), by=secretary)


def test_a_line_is_taken_out_after_a_question(go: Any, activity: Activity, secretary: User) -> None:
    address = here("remove_activity", activity.pk)
    assert "Ta ut" not in go(secretary).get(here("activities")).content.decode()
    assert go(secretary).get(address).status_code == 200
    assert Activity.objects.exists()
    assert go(secretary).post(address).status_code == 302
    assert not Activity.objects.exists()


def test_two_who_change_the_same_line_are_told(activity: Activity, secretary: User) -> None:
    activities.change_activity(activity=activity, version=activity.version, title="Ny tittel", by=secretary)
    with pytest.raises(Stale):
        activities.change_activity(activity=activity, version=activity.version, title="En annen", by=secretary)


@pytest.mark.parametrize("who", ["director", "it_leader", "observer"])
def test_only_the_secretariat_writes(
    go: Any, request: pytest.FixtureRequest, activity: Activity, platform: Initiative, who: str
) -> None:
    user = request.getfixturevalue(who)
    for name, rest in [("new_activity", ()), ("change_activity", (activity.pk,)), ("remove_activity", (activity.pk,)),
                       ("new_initiative", ()), ("initiative_standings", (platform.slug,))]:  # fmt: skip
        assert go(user).get(here(name, *rest)).status_code == 403
    with pytest.raises(PermissionDenied):
        activities.mark_done(activity=activity, on=None, by=user)
    with pytest.raises(PermissionDenied):
        initiatives.change_initiative(initiative=platform, version=None, name="x", run_by="y", text="", by=user)


@pytest.mark.parametrize("name", ["activities", "initiatives"])
def test_an_outsider_does_not_learn_of_either(go: Any, digi: Collaboration, outsider: User, name: str) -> None:
    assert go(outsider).get(here(name)).status_code == 404


def test_each_municipality_stands_as_is_told_and_no_other_is_there(
    go: Any, platform: Initiative, six: list[Organisation], secretary: User, director: User
) -> None:
    first, second = six[0], six[1]
    posted = {"version": platform.version, f"kind_{first.pk}": "member", f"since_{first.pk}": "01.03.2024",
              f"source_{first.pk}": "kommunens nettsted", f"kind_{second.pk}": "option"}  # fmt: skip
    assert go(secretary).post(here("initiative_standings", platform.slug), posted).status_code == 302
    told = {one.organisation.name: (one.kind, one.since) for one in platform.standings.all()}
    assert told == {first.name: ("member", date(2024, 3, 1)), second.name: ("option", None)}
    page = go(director).get(platform.get_absolute_url()).content.decode()
    assert "har opsjon" in page
    counted = go(director).get(here("initiatives")).context_data["table"].data.data.get()
    assert (counted.inside, counted.options, counted.considering) == (1, 1, 0)


def test_a_municipality_of_which_nothing_is_known_is_no_longer_told_of(
    platform: Initiative, six: list[Organisation], secretary: User
) -> None:
    told = initiatives.tell_standings(initiative=platform, standings={six[0].pk: {"kind": "member"}}, by=secretary)
    initiatives.tell_standings(initiative=told, standings={six[0].pk: {"kind": ""}}, by=secretary)
    assert not Standing.objects.exists()


def test_another_standing_from_a_day_keeps_the_one_before(
    platform: Initiative, six: list[Organisation], secretary: User
) -> None:
    first = six[0]

    def tell(**told: Any) -> None:
        initiatives.tell_standings(initiative=platform, standings={first.pk: told}, by=secretary)

    tell(kind="option")
    tell(kind="member", since=date(2022, 1, 1))
    tell(kind="member", since=date(2022, 1, 1), until=date(2024, 12, 31), source="brev")
    told = [(one.kind, one.since, one.until) for one in platform.standings.all()]
    assert told == [("option", None, date(2021, 12, 31)), ("member", date(2022, 1, 1), date(2024, 12, 31))]
    assert not platform.standings.active(date(2025, 1, 1)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.create(initiative=platform, organisation=first, kind="outside", since=date(2023, 1, 1))


def test_a_count_without_names_is_told_with_its_source(
    go: Any, platform: Initiative, secretary: User, director: User
) -> None:
    posted = {"version": platform.version, "name": "DigiFin", "run_by": "KS", "counted": "24", "counted_of": "47",
              "counted_source": "strategien"}  # fmt: skip
    change = here("change_initiative", platform.slug)
    assert go(secretary).post(change, {**posted, "counted_of": "20"}).status_code == 200
    assert go(secretary).post(change, posted).status_code == 302
    for path in (platform.get_absolute_url(), here("initiative_matrix")):
        assert in_words(24, 47) in go(director).get(path).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=platform.pk).update(counted=48)


def test_all_municipalities_stand_beside_each_other_with_neighbours_of_the_region(
    go: Any, platform: Initiative, six: list[Organisation], digi: Collaboration, secretary: User, director: User,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    neighbour = Organisation.objects.create(kind="municipality", number="5503", name="Harstad")
    region = regions.register_region(collaboration=digi, name="Nord", by=secretary)
    for place in (six[0], neighbour):
        regions.put_in_region(region=region, collaboration=digi, organisation=place, by=secretary)
    stands = {place.pk: {"kind": "member", "since": date(2018, 1, 1)} for place in (six[0], six[1], neighbour)}
    initiatives.tell_standings(initiative=platform, standings=stands, by=secretary)
    go(director).get(here("initiative_matrix"))
    with django_assert_max_num_queries(30):
        page = go(director).get(here("initiative_matrix")).content.decode()
    assert "Harstad" in page and in_words(2, 6) in page, "a neighbour is shown and not counted"
    narrowed = go(director).get(here("initiative_matrix") + f"?region={region.pk}").content.decode()
    assert "Harstad" in narrowed and ">Øksnes<" not in narrowed
    before = go(director).get(here("initiative_matrix") + "?dato=31.12.2017").content.decode()
    assert "er med</span>" not in before
    sheet = load_workbook(BytesIO(go(director).get(here("initiative_matrix") + "?format=xlsx").content)).active
    assert [cell.value for cell in sheet[sheet.max_row]][1:] == ["Er med", in_words(2, 6)]
    assert "Felles journal" in go(director).get(f"/kommune/{six[0].number}/").content.decode()


def test_a_stranger_is_not_told_of(platform: Initiative, secretary: User) -> None:
    stranger = Organisation.objects.create(kind="municipality", number="5001", name="Trondheim")
    with pytest.raises(NotAllowedNow):
        initiatives.tell_standings(initiative=platform, standings={stranger.pk: {"kind": "member"}}, by=secretary)
