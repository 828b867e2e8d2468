"""Guardian's pitfalls, tried (security.md T26–T29c, §7 rules 7 and 8): a right is held by a role, and ends with it."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import Group, Permission
from django.core.management import get_commands, load_command_class
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from guardian.shortcuts import assign_perm

from digivesteralen.accounts import middleware as access
from digivesteralen.accounts.access import allowed, asked_once, holds, read_once
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.documents.models import Document, Job
from governance import checks, permissions
from governance.actions import calendars, meetings
from governance.models import (
    Appointment,
    Body,
    BodyGroupPermission,
    Collaboration,
    CollaborationGroupPermission,
    Organisation,
    Role,
    RoleGroup,
)
from governance.role_groups import role_groups
from tests.governance.meeting_helpers import called, held
from tests.test_structure import APPS

pytestmark = pytest.mark.django_db

SEE, MANAGE = "governance.view_collaboration", "governance.manage_collaboration"


def yesterday() -> Any:
    return timezone.localdate() - timedelta(days=1)


# --- T26–T29: what guardian would allow ------------------------------------------------------------------


def test_what_takes_the_place_of_something_deleted_inherits_no_right(digi: Collaboration, it_leader: User) -> None:
    """The rows of a right go with their container, so the next one with its number begins with none."""
    place: Any = {"collaboration": digi, "kind": "working", "level": 2}
    body = Body.objects.create(name="Utvalget", slug="utvalget", **place)
    it_leader.groups.add(*role_groups({(Role.AUDITOR, body): permissions.GRANTS[Role.AUDITOR][Body]}).values())
    assert holds(it_leader, "governance.view_papers", body)
    number = body.pk
    RoleGroup.objects.filter(body=body).delete()
    body.delete()

    again = Body.objects.create(pk=number, name="Et annet", slug="et-annet", **place)
    assert not BodyGroupPermission.objects.filter(content_object=again).exists()
    assert not holds(User.objects.get(pk=it_leader.pk), "governance.view_papers", again)


def test_a_closed_user_holds_nothing_anywhere(
    client: Client, director: User, digi: Collaboration, steering: Body, secretary: User
) -> None:
    """Pages, lists, the own calendar and what was asked for: nothing answers any more (T27)."""
    token = calendars.make_link(by=director)
    meeting = called(steering, secretary)
    job = meetings.ask_for_summons(meeting, by=director, reason="mer")
    Job.objects.filter(pk=job.pk).update(asked_by=director)
    client.force_login(director)
    User.objects.filter(pk=director.pk).update(is_active=False)
    closed = User.objects.get(pk=director.pk)

    assert client.get("/vesteralen/").status_code == 302
    assert not allowed(Collaboration.objects.all(), closed, SEE).exists() and not holds(closed, SEE, digi)
    assert Client().get(f"/kalender/{token}.ics").status_code == 404
    assert jobs.run(job.pk).state == Job.State.FAILED
    assert not Document.objects.filter(created_by=director).exists()


@pytest.mark.parametrize("given_to", ["group", "user"])
def test_a_right_on_a_whole_model_opens_nothing_and_stops_the_start(
    client: Client, it_leader: User, outsider: User, digi: Collaboration, given_to: str
) -> None:
    permission = Permission.objects.get(codename="manage_collaboration")
    if given_to == "group":
        outsider.groups.first().permissions.add(permission)
    else:
        outsider.user_permissions.add(permission)
    fresh = User.objects.get(pk=outsider.pk)

    assert [place.slug for place in allowed(Collaboration.objects.all(), fresh, MANAGE)] == ["annet-sted"]
    client.force_login(fresh)
    assert client.get("/vesteralen/medlemmer/").status_code == 404
    assert "governance.E004" in {one.id for one in checks.rights_stand_on_containers(None, databases=["default"])}


def test_a_group_that_is_no_role_s_and_holds_a_right_stops_the_start(digi: Collaboration) -> None:
    assign_perm("governance.view_collaboration", Group.objects.create(name="slipped in"), digi)

    assert [one.id for one in checks.rights_stand_on_containers(None, databases=["default"])] == ["governance.E008"]


def test_rights_have_tables_beside_the_containers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.rights_have_tables_for_containers_only(None) == []
    monkeypatch.setattr(checks, "CONTAINERS", {"governance.collaboration", "governance.organisation"})

    assert {one.id for one in checks.rights_have_tables_for_containers_only(None)} == {"governance.E006"}


def test_nobody_is_there_for_those_who_are_not_signed_in(digi: Collaboration) -> None:
    """Guardian would make a user of that name, who can hold rights (T29)."""
    assert not User.objects.filter(email__icontains="anonymous").exists()
    User.objects.create_user("AnonymousUser", None, name="")

    assert "governance.E005" in {one.id for one in checks.rights_stand_on_containers(None, databases=["default"])}


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(
    client: Client, secretary: User, digi: Collaboration
) -> None:
    """Nothing keeps an earlier answer: not the session, not the user, not a cache (T29b)."""
    client.force_login(secretary)
    assert client.get("/vesteralen/rediger/").status_code == 200
    kept = secretary
    assert holds(kept, MANAGE, digi)
    CollaborationGroupPermission.objects.filter(permission__codename="manage_collaboration").delete()

    assert client.get("/vesteralen/rediger/").status_code == 403
    assert not holds(kept, MANAGE, digi)


def test_a_page_reads_the_rights_once_and_hears_of_a_change(
    director: User, secretary: User, outsider: User, digi: Collaboration, django_assert_num_queries: Any
) -> None:
    """The same answers as asked one by one, for each right; what ends meanwhile is gone at once (T29b)."""
    named = [(kind, f"governance.{one}") for kind in (Collaboration, Body, Organisation) for one in _rights(kind)]
    for user in (director, secretary, outsider):
        asked = {(kind, right): set(allowed(kind.objects.all(), user, right)) for kind, right in named}
        with asked_once():
            assert {(kind, right): set(allowed(kind.objects.all(), user, right)) for kind, right in named} == asked
    with asked_once():
        with django_assert_num_queries(1):
            assert holds(secretary, SEE, digi) and holds(secretary, MANAGE, digi)
            assert not holds(secretary, "governance.manage_surveys", digi)
        Appointment.objects.filter(person__user=secretary).update(until=yesterday())
        permissions.sync(secretary)
        assert not holds(secretary, SEE, digi) and not allowed(Collaboration.objects.all(), secretary, MANAGE)


def _rights(kind: Any) -> set[str]:
    return set().union(*(places.get(kind, frozenset()) for places in permissions.GRANTS.values()))


def test_only_a_page_that_changes_nothing_reads_the_rights_once(rf: RequestFactory) -> None:
    asked = access.RightsMiddleware(lambda request: HttpResponse(str(read_once())))

    assert asked(rf.get("/")).content == asked(rf.head("/")).content == b"True"
    assert asked(rf.post("/")).content == asked(rf.put("/")).content == b"False" and not read_once()


def test_a_job_asks_again_for_the_rights_of_the_one_who_asked(steering: Body, secretary: User, director: User) -> None:
    """At midnight the appointment ended, and no request has come since: the job itself looks (T29c, rule 6)."""
    meeting = held(steering, secretary)
    job = meetings.ask_for_minutes(meeting, by=secretary, edition=7)
    Appointment.objects.filter(person__user=secretary).update(until=yesterday())

    ended = jobs.run(job.pk)

    assert (ended.state, ended.document) == (Job.State.FAILED, None)
    assert ended.error


def test_a_document_one_once_asked_for_is_closed_when_the_right_is(
    client: Client, steering: Body, secretary: User, director: User
) -> None:
    meeting = called(steering, secretary)
    made = jobs.run(Job.objects.get(kind="governance.summons", subject=str(meeting.pk)).pk).document
    assert made is not None
    client.force_login(secretary)
    shown = client.get(f"/dokument/{made.pk}/")
    assert shown.status_code == 200 and shown.getvalue().startswith(b"%PDF")  # type: ignore[attr-defined]

    Appointment.objects.filter(person__user=secretary).update(until=yesterday())
    permissions.sync(secretary)

    assert client.get(f"/dokument/{made.pk}/").status_code == 404


def test_a_calendar_of_somebody_whose_seats_have_ended_is_empty(
    client: Client, steering: Body, secretary: User, director: User
) -> None:
    called(steering, secretary, in_days=9)
    token = calendars.make_link(by=director)
    feed = f"/kalender/{token}.ics"
    assert "BEGIN:VEVENT" in client.get(feed).content.decode()

    Appointment.objects.filter(person__user=director).update(until=yesterday())
    permissions.store.clear()

    answer = client.get(feed)
    assert "BEGIN:VEVENT" not in answer.content.decode() and "Styringsgruppen" not in answer.content.decode()


# --- rule 7: tasks and commands -------------------------------------------------------------------------


def test_one_task_takes_an_id_and_it_asks_for_rights() -> None:
    """A message to a worker names at most a job, whose row says who asked and whose work asks again."""
    current_app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    taking = {name for name, task in ours.items() if inspect.signature(task.run).parameters}

    assert taking == {"documents.perform"}


# A command is given by who runs the installation, at its command line: it names what it is about by address, number
# or file, and writes in the history that the portal itself did it. Each that names something of a collaboration:
NAMES_WHAT_IT_IS_ABOUT = {"import_inventory", "import_survey", "minutes", "report"}
NAMES_FILES_ONLY = {
    "access_table", "backup", "bench", "demo", "erase_again", "import_municipalities", "migrate", "prepare",
    "read_bounces", "restore", "roles", "seal", "verify",
}  # fmt: skip


def test_no_command_takes_an_id() -> None:
    """Nor does one act as a person: a new command says here what it names."""
    ours = {name: app for name, app in get_commands().items() if str(app).startswith(APPS)}
    assert set(ours) - NAMES_FILES_ONLY == NAMES_WHAT_IT_IS_ABOUT
    for name, app in ours.items():
        parser = load_command_class(app, name).create_parser("manage.py", name)
        named = {action.dest for action in parser._actions}
        assert not named & {"id", "pk", "user", "by", "as_user"}, name


def test_no_role_holds_a_right_in_a_place_that_its_line_does_not_name(
    digi: Collaboration, directors: dict[str, User], secretary: User, survey_admin: User, sortland: Organisation
) -> None:
    """Every row of a right that stands in the database is a line of GRANTS, and every line has its rows."""
    for table, kind in ((CollaborationGroupPermission, Collaboration), (BodyGroupPermission, Body)):
        for row in table.objects.select_related("permission", "group__role"):
            granted = permissions.GRANTS[row.group.role.role].get(kind, frozenset())
            assert row.permission.codename in granted
