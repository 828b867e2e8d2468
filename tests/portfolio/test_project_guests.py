"""One project shared with somebody from outside: that page, its open documents, until midnight, and nothing else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.documents.models import Job
from digivesteralen.documents.running import perform
from digivesteralen.documents.uploads import Upload
from governance.models import Collaboration, Person
from portfolio.actions import project_documents, projects
from portfolio.actions.project_guests import share_project, stop_sharing
from portfolio.models import Project, ProjectGuest, ProjectUserPermission
from tests.refusals import the_database_refuses

OSLO = ZoneInfo("Europe/Oslo")
FILE = Upload(b"%PDF-1.7 a plan", "plan.pdf", "application/pdf")
SHARED: dict[str, Any] = {
    "name": "Gjest Leverandør",
    "email": "gjest@leverandor.example",
    "purpose": "Skal gi et tilbud.",
}


@pytest.fixture
def shared(project: Project, secretary: User) -> ProjectGuest:
    day = timezone.localdate()
    return share_project(project=project, **SHARED, until=day + timedelta(days=7), by=secretary)


@pytest.fixture
def guest(shared: ProjectGuest) -> Client:
    return signed_in(shared.person.user)


@pytest.fixture
def documents(project: Project, secretary: User) -> dict[str, Any]:
    said: dict[str, Any] = {
        "project": project,
        "kind": "other",
        "upload": FILE,
        "dated_on": date(2026, 1, 1),
        "by": secretary,
    }
    return {
        "open": project_documents.add_document(title="Åpen plan", **said),
        "exempt": project_documents.add_document(
            title="Hemmelig pris", access="exempt", legal_ground="offentleglova § 23", **said
        ),
    }


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock on the wall in Oslo."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(project: Project) -> str:
    return reverse("shared_project", args=[project.collaboration.slug, project.slug])


def test_the_guest_reads_the_page_of_the_project_and_its_open_documents(
    guest: Client, project: Project, documents: dict[str, Any]
) -> None:
    shown = guest.get(page(project))
    file = guest.get(reverse("shared_document", args=["vesteralen", project.slug, documents["open"].pk]))

    assert shown.status_code == 200
    assert "Åpen plan" in shown.content.decode()
    assert b"".join(file.streaming_content) == FILE.content  # type: ignore[attr-defined]


def test_the_guest_finds_the_project_at_the_start(guest: Client, project: Project) -> None:
    assert page(project) in guest.get("/").content.decode()


def test_no_money_and_no_exempt_document_stands_on_the_shared_page(
    guest: Client, project: Project, documents: dict[str, Any]
) -> None:
    shown = guest.get(page(project)).content.decode()
    secret = reverse("shared_document", args=["vesteralen", project.slug, documents["exempt"].pk])

    assert "Hemmelig pris" not in shown
    assert "600" not in shown.partition("<main")[2]
    assert guest.get(secret).status_code == 404
    for kind in ("open", "exempt"):  # nor by the general address of the file
        assert guest.get(reverse("document", args=[documents[kind].file_id])).status_code == 404


def test_the_guest_reads_nothing_else_of_the_collaboration(
    guest: Client, project: Project, documents: dict[str, Any], secretary: User, digi: Collaboration
) -> None:
    other = projects.register_project(collaboration=digi, title="Et annet prosjekt", by=secretary)
    closed = [
        page(other), project.get_absolute_url(), digi.get_absolute_url(), "/vesteralen/portefolje/",
        "/vesteralen/moter/", "/vesteralen/avtaler/", "/vesteralen/personer/", "/kommune/1870/",
        f"{project.get_absolute_url()}dokumenter/", f"{project.get_absolute_url()}gjester/",
        reverse("project_document", args=["vesteralen", project.slug, documents["open"].pk]),
    ]  # fmt: skip

    assert {address: guest.get(address).status_code for address in closed} == dict.fromkeys(closed, 404)
    assert guest.post(f"{project.get_absolute_url()}planlegg/", {"version": 1}).status_code == 404
    assert Project.objects.visible_to(User.objects.get(email=SHARED["email"])).count() == 0


def test_search_tells_a_guest_nothing(guest: Client, project: Project) -> None:
    assert project.title not in guest.get("/sok/", {"q": project.title}).content.decode().partition("<main")[2].replace(
        f'value="{project.title}"', ""
    )


def test_strangers_and_the_guests_of_other_projects_do_not_find_it(
    shared: ProjectGuest, project: Project, outsider: User
) -> None:
    assert signed_in(outsider).get(page(project)).status_code == 404
    assert Client().get(page(project)).status_code == 302


def test_the_access_ends_at_midnight_in_the_middle_of_a_session(
    project: Project, secretary: User, at: Callable[[datetime], None]
) -> None:
    """Also on the night that summer time ends, which has an hour more."""
    at(datetime(2026, 10, 20, 12, tzinfo=OSLO))
    shared = share_project(project=project, **SHARED, until=date(2026, 10, 25), by=secretary)
    at(datetime(2026, 10, 25, 23, 59, 59, tzinfo=OSLO))
    guest = signed_in(shared.person.user)
    before = guest.get(page(project)).status_code
    at(datetime(2026, 10, 26, tzinfo=OSLO))

    assert (before, guest.get(page(project)).status_code) == (200, 404)


def test_the_access_begins_with_its_first_day(
    project: Project, secretary: User, at: Callable[[datetime], None]
) -> None:
    at(datetime(2026, 10, 20, 23, 59, tzinfo=OSLO))
    shared = share_project(project=project, **SHARED, since=date(2026, 10, 21), until=date(2026, 10, 25), by=secretary)
    guest = signed_in(shared.person.user)
    before = guest.get(page(project)).status_code
    at(datetime(2026, 10, 21, tzinfo=OSLO))

    assert (before, guest.get(page(project)).status_code) == (404, 200)


def test_the_secretariat_ends_it_at_once(
    guest: Client, shared: ProjectGuest, project: Project, secretary: User
) -> None:
    office = signed_in(secretary)
    way = reverse("stop_sharing", args=["vesteralen", project.slug, shared.pk])
    office.get(way)
    office.post(way, {"version": shared.version})

    assert guest.get(page(project)).status_code == 404
    listed = office.get(f"{project.get_absolute_url()}gjester/").content.decode()
    assert "Gjest Leverandør" in listed.partition("<details")[2]


def test_the_secretariat_shares_from_the_page(project: Project, secretary: User) -> None:
    office = signed_in(secretary)
    last = timezone.localdate() + timedelta(days=3)
    answer = office.post(
        f"{project.get_absolute_url()}gjester/ny/",
        {**SHARED, "since": timezone.localdate().isoformat(), "until": last.isoformat()},
    )

    assert answer.status_code == 302
    assert ProjectGuest.objects.get().until == last


def test_a_day_gone_by_is_told_at_the_field(project: Project, secretary: User) -> None:
    day = timezone.localdate().isoformat()
    answer = signed_in(secretary).post(
        f"{project.get_absolute_url()}gjester/ny/", {**SHARED, "since": day, "until": "2020-01-01"}
    )

    assert answer.context_data["form"].errors["until"]
    assert not ProjectGuest.objects.exists()


def test_the_guest_hears_of_it_once_with_the_way_in(shared: ProjectGuest) -> None:
    jobs = {job.kind: job for job in Job.objects.all()}
    perform(jobs["portfolio.project_shared"].pk, beating=False)

    assert set(jobs) == {"governance.invitation", "portfolio.project_shared"}
    [letter] = mail.outbox
    assert letter.to == [SHARED["email"]]
    assert page(shared.project) in letter.body


def test_no_letter_goes_out_about_what_was_ended_before(shared: ProjectGuest, secretary: User) -> None:
    stop_sharing(guest=shared, by=secretary)
    perform(Job.objects.get(kind="portfolio.project_shared").pk, beating=False)

    assert mail.outbox == []


def test_only_the_secretariat_shares_and_ends(
    project: Project, shared: ProjectGuest, director: User, project_leader: User, sysadmin: User
) -> None:
    day = timezone.localdate()
    for user in (director, project_leader, sysadmin):
        with pytest.raises(PermissionDenied):
            share_project(project=project, name="A", email="a@b.example", purpose="x", until=day, by=user)
        with pytest.raises(PermissionDenied):
            stop_sharing(guest=shared, by=user)


def test_nobody_shares_with_oneself_or_with_those_inside(
    project: Project, secretary: User, director: User, shared: ProjectGuest
) -> None:
    day = timezone.localdate()
    for email in (secretary.email, director.email, SHARED["email"]):
        with pytest.raises(NotAllowedNow):
            share_project(project=project, name="A", email=email, purpose="x", until=day, by=secretary)
    assert ProjectGuest.objects.count() == 1


def test_shared_again_after_it_was_ended(
    shared: ProjectGuest, guest: Client, project: Project, secretary: User
) -> None:
    stop_sharing(guest=shared, by=secretary)
    share_project(project=project, **SHARED, until=timezone.localdate(), by=secretary)

    assert guest.get(page(project)).status_code == 200
    with pytest.raises(NotAllowedNow):
        stop_sharing(guest=shared, by=secretary)


def test_a_closed_user_reads_nothing(shared: ProjectGuest, project: Project) -> None:
    User.objects.filter(email=SHARED["email"]).update(is_active=False)
    user = User.objects.get(email=SHARED["email"])

    assert not Project.objects.shared_with(user).exists()


def test_the_right_can_not_stand_without_its_sharing(shared: ProjectGuest, outsider: User) -> None:
    held = ProjectUserPermission.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectUserPermission.objects.create(
            user=outsider, permission=held.permission, content_object=held.content_object,
            since=held.since, until=held.until,
        )  # fmt: skip
    with the_database_refuses(), transaction.atomic():
        ProjectGuest.objects.filter(pk=shared.pk).update(until=date(2099, 1, 1))
    with the_database_refuses(), transaction.atomic():
        ProjectGuest.objects.filter(pk=shared.pk)._raw_delete("default")


def test_the_guest_is_a_person_the_secretariat_knows(shared: ProjectGuest, digi: Collaboration) -> None:
    assert Person.objects.of(digi).filter(email=SHARED["email"]).exists()


def test_the_list_takes_as_many_queries_for_many_guests(
    project: Project, shared: ProjectGuest, secretary: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        share_project(
            project=project, name=f"Gjest {number}", email=f"g{number}@x.example", purpose="x",
            until=timezone.localdate(), by=secretary,
        )  # fmt: skip
    office = signed_in(secretary)
    office.get(f"{project.get_absolute_url()}gjester/")
    with django_assert_max_num_queries(25):
        office.get(f"{project.get_absolute_url()}gjester/")


def test_who_sees_the_project_names_the_guest_with_the_last_day(
    shared: ProjectGuest, project: Project, director: User, secretary: User
) -> None:
    for page_of in (project.get_absolute_url(), f"{project.get_absolute_url()}dokumenter/"):
        panel = (
            signed_in(director).get(page_of).content.decode().partition('id="hvem-ser"')[2].partition("</details>")[0]
        )
        assert "Gjest Leverandør" in panel
        assert "Sekretær Vesterålen" in panel
        assert "/gjester/" not in panel
    assert "/gjester/" in signed_in(secretary).get(project.get_absolute_url()).content.decode()
