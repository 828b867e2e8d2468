"""Milestones: planned to the season, moved with what was planned before, checked with a body, reached (B8, N13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow, Stale
from digivesteralen.accounts.models import User
from digivesteralen.start.tasks import waiting_for
from governance.actions import bodies
from governance.models import Body, Collaboration, Role
from portfolio.actions import milestones
from portfolio.models import Milestone, MilestoneCheck, MilestoneMove, Precision, Project
from portfolio.models.moments import last_day
from tests.people import appoint, person

TODAY = timezone.localdate
AUTUMN = date(2021, 11, 30)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def reference(digi: Collaboration, secretary: User) -> Body:
    return bodies.create_body(
        collaboration=digi, name="IT-lederne", slug="it-lederne", kind="reference", level=2, by=secretary
    )


@pytest.fixture
def it_member(reference: Body, sortland: Any) -> User:
    who = person("Medlem IT-lederne", organisation=sortland)
    appoint(who, Role.MEMBER, reference)
    return who.user


@pytest.fixture
def planned(project: Project, secretary: User) -> Milestone:
    return milestones.add_milestone(
        project=project, title="Pilot i drift", planned_on=AUTUMN, planned_precision=Precision.SEASON, by=secretary
    )


@pytest.fixture
def to_check(project: Project, reference: Body, secretary: User) -> Milestone:
    return milestones.add_milestone(
        project=project, title="Løsningen er valgt", planned_on=TODAY(), check_with=reference, by=secretary
    )


def test_a_moved_milestone_keeps_what_was_planned_and_why(planned: Milestone, secretary: User) -> None:
    spring = {"planned_on": date(2022, 5, 31), "planned_precision": Precision.SEASON}
    with pytest.raises(NotAllowedNow):
        milestones.change_milestone(milestone=planned, version=1, by=secretary, **spring)
    milestones.change_milestone(milestone=planned, version=1, reason="Leverandøren er sen", by=secretary, **spring)
    (move,) = planned.moves.all()
    assert (move.moved_from, move.moved_to, move.reason) == ("høsten 2021", "våren 2022", "Leverandøren er sen")
    with pytest.raises(ProgrammingError), transaction.atomic():
        MilestoneMove.objects.update(reason="Noe annet")


def test_pressed_twice_there_is_one(project: Project, secretary: User) -> None:
    for _press in range(2):
        milestones.add_milestone(project=project, title="Anbud ute", planned_on=AUTUMN, by=secretary)
    assert project.milestones.count() == 1


def test_a_body_of_another_collaboration_checks_nothing(project: Project, secretary: User) -> None:
    elsewhere = Collaboration.objects.create(slug="nordland", name="DigiNordland")
    other = Body.objects.create(collaboration=elsewhere, name="Andre", slug="andre", kind="reference", level=2)
    with pytest.raises(NotAllowedNow):
        milestones.add_milestone(project=project, title="x", planned_on=AUTUMN, check_with=other, by=secretary)


def test_a_new_title_is_no_move_and_a_plan_is_not_taken_away(planned: Milestone, secretary: User) -> None:
    changed = milestones.change_milestone(milestone=planned, version=1, title="Pilot", by=secretary)
    assert not changed.moves.exists()
    with pytest.raises(NotAllowedNow):
        milestones.change_milestone(milestone=planned, version=2, planned_on=None, reason="Vet ikke", by=secretary)
    with pytest.raises(Stale):
        milestones.change_milestone(milestone=planned, version=1, title="Prøve", by=secretary)


@pytest.mark.parametrize(
    ("day", "precision", "ends"),
    [
        (date(2021, 9, 1), "season", date(2021, 11, 30)), (date(2022, 1, 1), "season", date(2022, 2, 28)),
        (date(2021, 6, 1), "month", date(2021, 6, 30)), (date(2021, 1, 1), "year", date(2021, 12, 31)),
        (date(2021, 6, 2), "day", date(2021, 6, 2)), (date(2021, 12, 31), "season", date(2021, 12, 31)),
    ],
)  # fmt: skip
def test_a_moment_is_over_when_its_last_day_is(day: date, precision: str, ends: date) -> None:
    assert last_day(day, precision) == ends


def test_what_is_past_its_season_is_late_until_the_project_has_ended(planned: Milestone) -> None:
    assert planned.is_late
    planned.project.state = Project.State.FINISHED
    assert not planned.is_late


def test_it_is_reached_on_the_check_alone(to_check: Milestone, secretary: User, it_member: User) -> None:
    with pytest.raises(NotAllowedNow, match="IT-lederne"):
        milestones.reach_milestone(milestone=to_check, on=TODAY(), by=secretary)
    told = {"milestone": to_check, "checked_on": TODAY(), "checked_by": "IT-lederne", "by": it_member}
    milestones.check_milestone(result="not_ok", remark="Drift er ikke avklart.", **told)
    with pytest.raises(NotAllowedNow):
        milestones.reach_milestone(milestone=to_check, on=TODAY(), by=secretary)
    milestones.check_milestone(result="remarks", remark="Se på opplæringen.", **told)
    with pytest.raises(NotAllowedNow):
        milestones.check_milestone(result="ok", **told)
    assert milestones.reach_milestone(milestone=to_check, on=TODAY(), by=secretary).reached_on == TODAY()


def test_nobody_gets_around_the_check(to_check: Milestone, secretary: User, reference: Body, project: Project) -> None:
    with pytest.raises(NotAllowedNow):
        milestones.change_milestone(milestone=to_check, version=1, reached_on=TODAY(), by=secretary)
    with pytest.raises(NotAllowedNow):
        milestones.add_milestone(
            project=project, title="Snarvei", reached_on=TODAY(), check_with=reference, by=secretary
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=to_check.pk).update(reached_on=TODAY())


def test_a_check_is_told_by_the_body_or_the_secretariat(
    to_check: Milestone, project_leader: User, director: User, auditor: User, secretary: User
) -> None:
    told = {"milestone": to_check, "result": "ok", "checked_on": TODAY(), "checked_by": "IT-lederne"}
    for other in (project_leader, director, auditor):
        with pytest.raises(PermissionDenied):
            milestones.check_milestone(by=other, **told)
    with pytest.raises(NotAllowedNow):
        milestones.check_milestone(by=secretary, **{**told, "checked_on": TODAY() + timedelta(days=1)})
    milestones.check_milestone(by=secretary, **told)
    with pytest.raises(ProgrammingError), transaction.atomic():
        MilestoneCheck.objects.update(result="not_ok", remark="Likevel ikke")


def test_what_is_reached_or_checked_stays(planned: Milestone, to_check: Milestone, secretary: User) -> None:
    milestones.check_milestone(
        milestone=to_check, result="not_ok", remark="Nei", checked_on=TODAY(), checked_by="IT-lederne", by=secretary
    )
    milestones.reach_milestone(milestone=planned, on=TODAY(), by=secretary)
    for one in (planned, to_check):
        with pytest.raises(NotAllowedNow):
            milestones.remove_milestone(milestone=one, by=secretary)


def test_the_plan_is_the_secretariats_and_the_own_leaders(
    led: Project, project_leader: User, director: User, secretary: User
) -> None:
    made = milestones.add_milestone(project=led, title="Oppstart", planned_on=TODAY(), by=project_leader)
    for press in (
        lambda: milestones.add_milestone(project=led, title="Slutt", planned_on=TODAY(), by=director),
        lambda: milestones.change_milestone(milestone=made, version=1, title="Slutt", by=director),
        lambda: milestones.reach_milestone(milestone=made, on=TODAY(), by=director),
        lambda: milestones.remove_milestone(milestone=made, by=director),
    ):
        with pytest.raises(PermissionDenied):
            press()
    milestones.remove_milestone(milestone=made, by=project_leader)
    assert not led.milestones.exists()


def test_the_bodys_people_find_it_among_their_tasks_and_register_it(
    client: Client, to_check: Milestone, it_member: User
) -> None:
    (task,) = [task for task in waiting_for(it_member) if "Løsningen er valgt" in task.title]
    signed_in(client, it_member)
    assert task.url in client.get(to_check.project.get_absolute_url()).content.decode()
    told = {"result": "remarks", "checked_on": TODAY().isoformat(), "checked_by": "IT-lederne"}
    refused = client.post(task.url, told)
    assert list(refused.context_data["form"].errors) == ["remark"]
    assert client.post(task.url, {**told, "remark": "Greit nok."}).status_code == 302
    assert not [task for task in waiting_for(it_member) if "Løsningen er valgt" in task.title]
    page = client.get(reverse("milestones", args=["vesteralen", to_check.project.slug])).content.decode()
    assert "Greit nok." in page


def test_the_secretary_moves_a_milestone_on_its_page(client: Client, planned: Milestone, secretary: User) -> None:
    signed_in(client, secretary)
    address = reverse("change_milestone", args=["vesteralen", planned.project.slug, planned.pk])
    as_it_stood = {"title": "Pilot i drift", "planned": "høsten 2021", "reached": "", "version": 1}
    assert client.post(address, as_it_stood).status_code == 302
    assert not planned.moves.exists()
    moved = {**as_it_stood, "planned": "våren 2022", "version": 2}
    assert list(client.post(address, moved).context_data["form"].errors) == ["reason"]
    assert client.post(address, {**moved, "reason": "Ferie"}).status_code == 302
    page = client.get(reverse("milestones", args=["vesteralen", planned.project.slug])).content.decode()
    assert "høsten 2021" in page and "våren 2022" in page and "Ferie" in page


@pytest.mark.parametrize("count", [2, 30])
def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    client: Client, project: Project, reference: Body, secretary: User, count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for number in range(count):
        made = milestones.add_milestone(
            project=project, title=f"M{number}", planned_on=AUTUMN, check_with=reference, by=secretary
        )
        milestones.change_milestone(milestone=made, version=1, planned_on=TODAY(), reason="Sen", by=secretary)
    signed_in(client, secretary)
    address = reverse("milestones", args=["vesteralen", project.slug])
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)
