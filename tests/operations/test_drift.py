"""The page «Drift»: what those who run the installation see and do, and what it never tells them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from digivesteralen.audit.models import Act
from digivesteralen.documents import jobs, running
from digivesteralen.documents.models import Job
from digivesteralen.operations import actions, regular, standing, users
from digivesteralen.operations.models import RegularWork
from tests.at_once import at_once
from tests.browser import faults_of
from tests.documents import kinds


def failed(secretary: User, digi: Any, *, sentence: str = "Saken «Hemmelig sak» finnes ikke.", fault: str = "") -> Job:
    job = running.claim(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk)
    assert job is not None
    running.fail(job, sentence, fault=fault)
    return Job.objects.get(pk=job.pk)


def page(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get("/konto/drift/").content.decode()


def test_it_is_not_there_for_others(client: Client, secretary: User, director: User, auditor: User) -> None:
    for user in (secretary, director, auditor):
        client.force_login(user)
        assert client.get("/konto/drift/").status_code == 404
        assert "/konto/drift/" not in client.get("/konto/profil/").content.decode()


def test_the_administrator_sees_what_failed_and_not_what_it_was_about(
    client: Client, sysadmin: User, secretary: User, digi: Any
) -> None:
    """SYS: V meta, no business content (security.md §7)."""
    failed(secretary, digi)
    failed(secretary, digi, sentence="Noe gikk galt i portalen.", fault="12ab34cd")
    shown = page(client, sysadmin)

    assert "Hemmelig sak" not in shown and secretary.name not in shown
    assert "12ab34cd" in shown
    assert shown.count("/igjen/") == 2


def test_the_administrator_tries_again_in_the_askers_name(
    client: Client, sysadmin: User, secretary: User, digi: Any
) -> None:
    job = failed(secretary, digi)
    client.force_login(sysadmin)
    client.post(f"/konto/drift/jobb/{job.pk}/igjen/")
    job.refresh_from_db()

    assert (job.state, job.asked_by, job.fault) == ("asked", secretary, "")
    assert Act.objects.get(verb="job_tried_again").by == sysadmin
    assert jobs.run(job.pk).state == "done"


def test_who_lost_the_right_does_not_get_it_back_by_that(sysadmin: User, secretary: User, digi: Any) -> None:
    job = failed(secretary, digi)
    User.objects.filter(pk=secretary.pk).update(is_active=False)
    actions.try_again(job=job, by=sysadmin)

    assert jobs.run(job.pk).state == "failed"


def test_the_administrator_stops_what_hangs(client: Client, sysadmin: User, secretary: User, digi: Any) -> None:
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    client.force_login(sysadmin)
    client.post(f"/konto/drift/jobb/{job.pk}/stopp/")
    job.refresh_from_db()

    assert job.state == "cancelled"
    assert client.post(f"/konto/drift/jobb/{job.pk}/stopp/").status_code == 409


@pytest.mark.parametrize("verb", [actions.try_again, actions.stop])
def test_nobody_else_does_that_to_another_persons_job(verb: Any, director: User, secretary: User, digi: Any) -> None:
    job = jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    with pytest.raises(PermissionDenied):
        verb(job=job, by=director)


# --- queues ---------------------------------------------------------------------------------------------


def test_what_waits_is_counted_by_queue(secretary: User, digi: Any) -> None:
    jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    jobs.ask("tests.reading", digi.pk, by=secretary)
    taken = running.claim(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk)
    assert taken is not None
    left = running.claim(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk, held_for=timedelta(seconds=-1))
    assert left is not None
    found = {queue.name: queue for queue in standing.queues()}

    documents = found["documents"]
    assert (documents.waiting, documents.running, documents.left_behind) == (1, 1, 1)
    assert found["imports"].waiting == 1
    assert found["mail"].waiting == 0
    assert documents.age > timedelta()


def test_a_queue_that_is_away_is_said(client: Client, sysadmin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_how: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(standing.app.control, "ping", away)

    client.force_login(sysadmin)
    shown = client.get("/konto/drift/")

    assert (shown.status_code, shown.context_data["workers"]) == (200, None)


# --- regular work ---------------------------------------------------------------------------------------


def rhythm(name: str) -> standing.Rhythm:
    return next(one for one in standing.rhythms() if one.name == name)


@pytest.mark.parametrize(
    ("age", "late"),
    [
        (timedelta(), []),
        (timedelta(hours=1), ["documents.sweep"]),
        (timedelta(days=3), ["documents.sweep", "governance.tasks.reminders", regular.BACKUP]),
    ],
)
def test_what_has_never_run_is_late_when_its_turn_is_past(
    db: None, age: timedelta, late: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh installation has nothing that is late, and one that was just upgraded nothing new."""
    now = standing.installed() + age
    monkeypatch.setattr(timezone, "now", lambda: now)
    tried = ["documents.sweep", "governance.tasks.reminders", regular.BACKUP]

    assert [name for name in tried if rhythm(name).is_late] == late


def test_what_ran_is_as_it_should_be_until_it_stays_away(db: None) -> None:
    with regular.noted("documents.sweep"):
        pass
    assert not rhythm("documents.sweep").is_late

    RegularWork.objects.update(
        began_at=timezone.now() - timedelta(hours=1),
        ended_at=timezone.now() - timedelta(hours=1),
        done_at=timezone.now() - timedelta(hours=1),
    )
    assert rhythm("documents.sweep").is_late


def test_a_backup_that_broke_has_its_number(client: Client, sysadmin: User) -> None:
    with pytest.raises(OSError, match="full"), regular.noted(regular.BACKUP):
        raise OSError("the disk is full")
    work = RegularWork.objects.get()

    assert (work.went_well, work.done_at) == (False, None)
    assert work.fault in page(client, sysadmin)


def test_beat_tells_how_its_tasks_went(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from digivesteralen.documents import tasks  # noqa: PLC0415 -- registers with Celery

    tasks.sweep.apply()
    assert RegularWork.objects.get(name="documents.sweep").went_well

    def breaks() -> None:
        raise ValueError("on purpose")

    monkeypatch.setattr(tasks, "_send_again", breaks)
    result = tasks.sweep.apply()
    assert RegularWork.objects.get(name="documents.sweep").fault == str(result.id)[:8]


# --- the page in a browser --------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_pages_of_those_who_run_the_installation_read_well(
    browser: Any, live_server: Any, sysadmin: User, secretary: User, digi: Any
) -> None:
    """With something that failed, and an address longer than a phone is wide."""
    failed(secretary, digi, sentence="Noe gikk galt i portalen.", fault="12ab34cd")
    long = User.objects.create_user(f"{'kommunalsjef' * 4}@kommune.no", None, name="Lang Adresse")
    users.close(user=long, reason="Har sluttet i kommunen", by=sysadmin)
    paths = ["/", "/konto/drift/", "/konto/drift/brukere/", f"/konto/drift/brukere/{long.pk}/", "/konto/nodtilgang/"]
    assert faults_of(browser, live_server, [(sysadmin, path) for path in paths], unfolded=False) == []


def test_the_administrator_starts_at_what_the_installation_needs(client: Client, sysadmin: User) -> None:
    client.force_login(sysadmin)
    shown = client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]

    for view in ("drift", "users", "retention", "information_pages", "emergency", "new_collaboration"):
        assert f'href="{reverse(view)}"' in shown


def test_who_never_signed_in_does_not_come_before_the_newest(client: Client, sysadmin: User, it_leader: User) -> None:
    client.force_login(sysadmin)
    names = [
        row.record.name for row in client.get(reverse("users"), {"sort": "-last_login"}).context_data["table"].rows
    ]
    assert names[0] == sysadmin.name and it_leader.name in names[1:]


def test_the_list_of_users_is_taken_out_and_that_is_written_down(
    client: Client, sysadmin: User, it_leader: User
) -> None:
    """For the yearly look at who has access: as it is filtered, by who has just shown who it is."""
    client.force_login(sysadmin)
    answer = client.get(reverse("users"), {"q": it_leader.email, "format": "xlsx"})

    header, *rows = openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert [row[:2] for row in rows] == [(it_leader.name, it_leader.email)] and len(header) == 4
    assert Act.objects.get(verb="exported").by == sysadmin


def test_a_user_is_closed_opened_again_and_helped_with_a_reason(
    client: Client, sysadmin: User, secretary: User, director: User, mailoutbox: Any
) -> None:
    """Told to the person, written down, signed out at once; who gets in without a role is found; not for oneself."""
    User.objects.update(language="en")
    lost = User.objects.create_user("kari@kommune.no", None, name="Kari Uten Rolle")
    Authenticator.objects.create(user=lost, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(sysadmin)
    path, reason = reverse("operated_user", args=[lost.pk]), "The phone lies in the fjord"

    listed = client.get(reverse("users"), {"state": "uten"}).content.decode()
    assert lost.name in listed
    assert not any(one.email in listed for one in (secretary, director, sysadmin))
    for what in ("forget", "close", "open"):
        assert client.post(path, {"what": what, "reason": reason}).status_code == 302, what
        for job in Job.objects.filter(kind=users.KIND, state=Job.State.ASKED):
            jobs.run(job.pk)

    assert not Authenticator.objects.filter(user=lost).exists()
    assert [letter.to for letter in mailoutbox] == [[lost.email]] * 3
    assert "andre steget ved innlogging er fjernet" in mailoutbox[0].body and reason in mailoutbox[1].body
    assert set(Act.objects.about(lost).values_list("verb", "by")) == {
        (verb, sysadmin.pk) for verb in (users.CLOSED, users.OPENED, users.FORGOTTEN)
    }
    users.close(user=lost, reason=reason, by=sysadmin)
    assert not User.objects.get(pk=lost.pk).is_active
    with pytest.raises(NotAllowedNow):
        users.close(user=sysadmin, reason=reason, by=sysadmin)
    with pytest.raises(PermissionDenied):
        users.open_again(user=lost, reason=reason, by=director)


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_close_each_other_at_once_are_not_both_closed() -> None:
    two = [User.objects.create_user(f"{name}@drift.test", None, name=name, is_staff=True) for name in ("Ane", "Bo")]
    reason = "Har sluttet i driften."
    told = at_once(
        lambda: users.close(user=two[1], reason=reason, by=two[0]),
        lambda: users.close(user=two[0], reason=reason, by=two[1]),
    )
    assert sum(isinstance(one, PermissionDenied) for one in told) == 1
    assert User.objects.filter(pk__in=[one.pk for one in two], is_active=True).count() == 1
