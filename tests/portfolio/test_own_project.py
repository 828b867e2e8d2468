"""A project's leader writes in that project and no other, until the last day ends (security.md §7, rule 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.models import User
from digivesteralen.documents.uploads import Upload
from governance.models import Collaboration
from portfolio.actions import log, mandates, milestones, preconditions, project_documents, project_roles, projects
from portfolio.models import Project, ProjectDocument, ProjectRole

PDF = Upload(b"%PDF-1.7 a report", "rapport.pdf", "application/pdf")
PAGES = ("write_mandate", "add_document", "new_deliverable", "new_milestone", "new_log_entry", "lay_out_rollout")


def here(name: str, project: Project, *rest: Any) -> str:
    return reverse(name, args=[project.collaboration.slug, project.slug, *rest])


def writing(project: Project, by: User) -> list[Callable[[], Any]]:
    """All that a project leader writes in a project."""
    today = timezone.localdate()
    return [
        lambda: mandates.write_mandate(project=project, points=["Velge løsning"], by=by),
        lambda: project_documents.add_document(
            project=project, kind="report", title="Rapport", upload=PDF, dated_on=today, by=by
        ),
        lambda: preconditions.add_deliverable(project=project, title="Løsningen", by=by),
        lambda: milestones.add_milestone(project=project, title="Pilot", planned_on=today, by=by),
        lambda: log.write_entry(project=project, kind="comment", happened_on=today, text="Leverandøren kom.", by=by),
    ]


@pytest.fixture
def others(digi: Collaboration, secretary: User) -> Project:
    return projects.register_project(collaboration=digi, title="Et annet prosjekt", by=secretary)


def test_a_leader_writes_all_of_it_in_the_own_project(led: Project, project_leader: User) -> None:
    for write in writing(led, project_leader):
        write()
    assert led.mandates.get().texts == ["Velge løsning"]
    assert [led.documents.count(), led.deliverables.count(), led.milestones.count(), led.log.count()] == [1, 1, 1, 1]


def test_a_leader_writes_nothing_in_the_project_of_another(others: Project, project_leader: User) -> None:
    for write in writing(others, project_leader):
        with pytest.raises(PermissionDenied):
            write()


def test_what_a_leader_wrote_is_changed_by_the_leader(led: Project, project_leader: User) -> None:
    handed = preconditions.add_deliverable(project=led, title="Løsningen", by=project_leader)
    preconditions.change_deliverable(deliverable=handed, version=1, title="Hele løsningen", by=project_leader)
    assert led.deliverables.get().title == "Hele løsningen"


def test_the_right_lasts_to_the_end_of_the_last_day_and_no_longer(
    project: Project, project_leader: User, secretary: User
) -> None:
    today = timezone.localdate()
    last = today + timedelta(days=9)
    given = {"kind": ProjectRole.Kind.LEADER, "person": project_leader.person, "until": last}
    project_roles.give_role(project=project, by=secretary, **given)
    summer = timezone.localtime().replace(hour=23, minute=59) + timedelta(days=9)
    with time_machine.travel(summer):
        preconditions.add_deliverable(project=project, title="Siste dag", by=project_leader)
    with time_machine.travel(summer + timedelta(minutes=2)):
        for write in writing(project, project_leader):
            with pytest.raises(PermissionDenied):
                write()


def test_that_a_body_has_adopted_the_mandate_is_the_secretariat_s_to_register(
    led: Project, project_leader: User
) -> None:
    draft = mandates.write_mandate(project=led, points=["Velge løsning"], by=project_leader)
    with pytest.raises(PermissionDenied):
        mandates.adopt_mandate(mandate=draft, adopted_on=timezone.localdate(), adopted_by="Gruppa", by=project_leader)


def test_nobody_puts_in_an_exempt_document_that_the_same_person_may_not_read(
    client: Client, led: Project, project_leader: User, secretary: User
) -> None:
    told: dict[str, Any] = {"kind": "report", "title": "Rapport", "dated_on": timezone.localdate()}
    secret = {"access": ProjectDocument.Access.EXEMPT, "legal_ground": "offl. § 13"}
    with pytest.raises(PermissionDenied):
        project_documents.add_document(project=led, upload=PDF, by=project_leader, **told, **secret)
    for user, offered in ((project_leader, False), (secretary, True)):
        client.force_login(user)
        assert (b'name="legal_ground"' in client.get(here("add_document", led)).content) is offered


def test_the_pages_are_open_to_the_leader_and_shut_at_others_projects(
    client: Client, led: Project, others: Project, project_leader: User, director: User
) -> None:
    client.force_login(project_leader)
    assert [client.get(here(name, led)).status_code for name in PAGES] == [200] * len(PAGES)
    assert [client.get(here(name, others)).status_code for name in PAGES] == [403] * len(PAGES)
    for name, way in (("mandate", "write_mandate"), ("deliverables", "new_deliverable")):
        assert here(way, led) in client.get(here(name, led)).content.decode()
        assert here(way, others) not in client.get(here(name, others)).content.decode()
    client.force_login(director)
    assert [client.get(here(name, led)).status_code for name in PAGES] == [403] * len(PAGES)


def test_a_project_of_a_collaboration_one_is_not_in_is_not_there(client: Client, led: Project, outsider: User) -> None:
    client.force_login(outsider)
    assert [client.get(here(name, led)).status_code for name in PAGES] == [404] * len(PAGES)


def test_a_document_by_the_leader_comes_in_through_the_form(client: Client, led: Project, project_leader: User) -> None:
    client.force_login(project_leader)
    file = SimpleUploadedFile("rapport.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", content_type="application/pdf")
    sent = {"kind": "report", "title": "Rapport", "dated_on": "01.09.2026", "file": file}
    answer = client.post(here("add_document", led), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert led.documents.get().access == ProjectDocument.Access.OPEN
