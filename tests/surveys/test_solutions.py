"""National solutions: who has come how far, what is needed first, and who may say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from governance.models import Collaboration, Membership, Organisation
from surveys import solution_list, solutions
from surveys.actions import inventory
from surveys.actions.solutions import define_solutions, register_uptake
from surveys.models import Area, Integration, NationalSolution, Requirement, SharingRule, Uptake
from tests.people import LONG_AGO, director_of
from tests.surveys.inventory_people import *  # noqa: F403 -- fixtures

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def listed(digi: Collaboration, survey_admin: User) -> dict[str, NationalSolution]:
    define_solutions(collaboration=digi, by=survey_admin)
    return {one.slug: one for one in NationalSolution.objects.all()}


def test_the_list_comes_with_the_portal_and_twice_changes_nothing(digi: Collaboration, survey_admin: User) -> None:
    assert define_solutions(collaboration=digi, by=survey_admin) == 41
    requirements = Requirement.objects.count()

    assert define_solutions(collaboration=digi, by=survey_admin) == 0
    assert Requirement.objects.count() == requirements == len(solution_list.requirements())


def test_every_requirement_points_to_a_solution_of_the_list() -> None:
    slugs = {one.slug for one in solution_list.solutions()}
    facts = solution_list.requirements()

    assert {one.solution for one in facts} | {one.other for one in facts if one.other} <= slugs


def test_a_fund_or_a_standard_is_listed_but_not_counted(listed: dict[str, NationalSolution]) -> None:
    assert not listed["digifin"].counted
    assert not listed["noark-5"].counted
    assert listed["digihelse"].counted


def test_only_the_administrator_fetches_the_list(digi: Collaboration, hadsels_it_leader: User) -> None:
    with pytest.raises(PermissionDenied):
        define_solutions(collaboration=digi, by=hadsels_it_leader)


def test_the_it_leader_answers_for_the_own_municipality_and_no_other(
    listed: dict[str, NationalSolution], hadsel: Organisation, sortland: Organisation, hadsels_it_leader: User
) -> None:
    answer = {"solution": listed["digihelse"], "state": "in_use", "on": TODAY(), "by": hadsels_it_leader}

    register_uptake(municipality=hadsel, **answer)
    with pytest.raises(PermissionDenied):
        register_uptake(municipality=sortland, **answer)
    assert Uptake.objects.get().municipality == hadsel


def test_in_use_tomorrow_and_planned_yesterday_are_refused_with_the_cure(
    listed: dict[str, NationalSolution], hadsel: Organisation, hadsels_it_leader: User
) -> None:
    answer = {"solution": listed["digihelse"], "municipality": hadsel, "by": hadsels_it_leader}

    with pytest.raises(NotAllowedNow, match="planlagt"):
        register_uptake(state="in_use", on=TODAY() + timedelta(days=1), **answer)
    with pytest.raises(NotAllowedNow, match="passert"):
        register_uptake(state="planned", on=TODAY() - timedelta(days=1), **answer)


def test_a_wrong_day_is_told_at_the_field(
    client: Client, listed: dict[str, NationalSolution], hadsel: Organisation, hadsels_it_leader: User
) -> None:
    client.force_login(hadsels_it_leader)

    page = client.post(
        "/kommune/1866/nasjonale-losninger/digihelse/", {"version": "0", "state": "in_use", "on": "01.01.2035"}
    )

    assert "planlagt" in page.context_data["form"].errors["on"][0]
    assert not Uptake.objects.exists()


def test_who_saves_an_older_answer_is_stopped(
    listed: dict[str, NationalSolution], hadsel: Organisation, hadsels_it_leader: User
) -> None:
    answer = {"solution": listed["digihelse"], "municipality": hadsel, "by": hadsels_it_leader}
    register_uptake(state="planned", version=0, **answer)
    register_uptake(state="begun", version=1, **answer)

    with pytest.raises(Stale):
        register_uptake(state="none", version=1, **answer)


def test_a_municipality_answers_once_for_a_solution(
    listed: dict[str, NationalSolution], hadsel: Organisation, hadsels_it_leader: User
) -> None:
    register_uptake(solution=listed["digihelse"], municipality=hadsel, state="none", by=hadsels_it_leader)

    with pytest.raises(IntegrityError), transaction.atomic():
        Uptake.objects.create(solution=listed["digihelse"], municipality=hadsel, state="planned")


def test_the_share_leaves_out_whom_it_does_not_concern_and_tells_who_has_not_answered(
    digi: Collaboration, six: list[Organisation], listed: dict[str, NationalSolution]
) -> None:
    solution = listed["digihelse"]
    for place, state in zip(six, ["in_use", "in_use", "none", "no"], strict=False):
        Uptake.objects.create(solution=solution, municipality=place, state=state)

    one = solutions.of(digi).get(slug="digihelse")
    share = solutions.share_of(one, len(six))

    assert (share.in_use, share.concerned, share.unanswered) == (2, 5, 2)
    assert share.part == pytest.approx(0.4)


def test_what_is_needed_first_is_read_from_what_the_portal_knows(
    digi: Collaboration,
    hadsel: Organisation,
    listed: dict[str, NationalSolution],
    hadsels: Any,
    hadsels_it_leader: User,
    areas: dict[str, Area],
) -> None:
    """Membership from the other collaboration, the version from the own system, the third from the own answer."""
    digifin = Collaboration.objects.create(slug="digifin", name="DigiFin", external=True)
    Requirement.objects.filter(kind="member").update(member_of=digifin)
    solution = listed["digihelse"]

    def lacking() -> list[str]:
        found = solutions.standings(solution, [hadsel], TODAY())[0].lacking
        return [one.kind for one in found]

    assert lacking() == ["member", "release", "solution"]

    Membership.objects.create(collaboration=digifin, organisation=hadsel, since=LONG_AGO)
    use = inventory.add_system(
        inventory=hadsels, area=areas["EPJ pleie og omsorg"], product="Gerica", end_unknown=True, by=hadsels_it_leader
    )
    Integration.objects.create(use=use, solution=solution, state="ready")
    register_uptake(solution=listed["helsenorge"], municipality=hadsel, state="in_use", by=hadsels_it_leader)
    assert lacking() == []


def test_requirements_of_another_solution_are_not_ticked(
    listed: dict[str, NationalSolution], hadsel: Organisation, hadsels_it_leader: User
) -> None:
    foreign = Requirement.objects.exclude(solution=listed["esignering"]).earliest("pk")
    own = listed["esignering"].requirements.get()

    answer = register_uptake(
        solution=listed["esignering"], municipality=hadsel, state="begun", fulfilled=[own, foreign],
        by=hadsels_it_leader,
    )  # fmt: skip

    assert list(answer.fulfilled.all()) == [own]


def test_a_requirement_points_only_to_what_its_kind_is(listed: dict[str, NationalSolution]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.create(
            solution=listed["digihelse"], kind="agreed", text="Avtale", other=listed["helsenorge"]
        )


def test_the_pages_show_the_matrix_the_solution_and_the_own_answers(
    client: Client,
    digi: Collaboration,
    hadsel: Organisation,
    listed: dict[str, NationalSolution],
    hadsels_it_leader: User,
) -> None:
    client.force_login(hadsels_it_leader)
    posted = {"version": "0", "state": "in_use", "on": "01.02.2024", "note": "Alle soner"}

    saved = client.post("/kommune/1866/nasjonale-losninger/digihelse/", posted)
    matrix = client.get("/vesteralen/kartlegging/nasjonale-losninger/?tilstand=in_use")
    one = client.get("/vesteralen/kartlegging/nasjonale-losninger/digihelse/")

    assert saved.status_code == 302
    assert [row.solution.slug for row in matrix.context_data["rows"]] == ["digihelse"]
    assert "Alle soner" in one.content.decode()
    assert client.get("/kommune/1866/nasjonale-losninger/?tilstand=in_use").context_data["table"].count == 1
    assert client.post("/kommune/1870/nasjonale-losninger/digihelse/", posted).status_code == 403
    for path in (
        "/vesteralen/kartlegging/nasjonale-losninger/?format=xlsx",
        "/vesteralen/kartlegging/nasjonale-losninger/digihelse/?format=xlsx",
        "/kommune/1866/nasjonale-losninger/?format=xlsx",
    ):
        assert client.get(path)["Content-Type"].endswith("spreadsheetml.sheet")


def test_who_only_reads_the_answers_gets_no_way_to_a_form_that_is_refused(
    client: Client, hadsel: Organisation, listed: dict[str, NationalSolution], hadsels_it_leader: User
) -> None:
    form = "/kommune/1866/nasjonale-losninger/digihelse/"

    def read(who: User) -> tuple[bool, int]:
        client.force_login(who)
        page = client.get("/kommune/1866/nasjonale-losninger/").content.decode()
        assert "DigiHelse" in page
        return f'href="{form}"' in page, client.get(form).status_code

    assert read(hadsels_it_leader) == (True, 200)
    assert read(director_of(hadsel)) == (False, 403)


def test_others_see_connected_systems_only_where_the_rule_says_so(
    client: Client,
    digi: Collaboration,
    listed: dict[str, NationalSolution],
    hadsels: Any,
    hadsels_it_leader: User,
    areas: dict[str, Area],
) -> None:
    use = inventory.add_system(
        inventory=hadsels, area=areas["Sak/arkiv"], product="Elements", end_unknown=True, by=hadsels_it_leader
    )
    Integration.objects.create(use=use, solution=listed["eformidling"], state="on")
    client.force_login(hadsels_it_leader)
    page = "/vesteralen/kartlegging/nasjonale-losninger/eformidling/"

    assert "Elements" in client.get(page).content.decode()
    SharingRule.objects.create(collaboration=digi, integrations=False)
    assert "Elements" not in client.get(page).content.decode()


def test_the_matrix_asks_as_much_for_twelve_as_for_six(
    client: Client,
    digi: Collaboration,
    listed: dict[str, NationalSolution],
    hadsels_it_leader: User,
    django_assert_max_num_queries: Any,
) -> None:
    client.force_login(hadsels_it_leader)
    page = "/vesteralen/kartlegging/nasjonale-losninger/"
    client.get(page)
    with django_assert_max_num_queries(40) as six:
        client.get(page)
    for number in range(6):
        place = Organisation.objects.create(kind="municipality", number=f"900{number}", name=f"Kommune {number}")
        Membership.objects.create(collaboration=digi, organisation=place, since=LONG_AGO)
        Uptake.objects.create(solution=listed["digihelse"], municipality=place, state="none")

    with django_assert_max_num_queries(len(six.captured_queries)):
        client.get(page)
