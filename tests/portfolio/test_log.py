"""The log of a project: written once, corrected by a new entry, and what was learned of it (D16, K2, P7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digivesteralen.accounts.access import NotAllowedNow
from digivesteralen.accounts.models import User
from portfolio.actions import log
from portfolio.models import LogEntry, Project

TODAY = timezone.localdate


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def entry(project: Project, secretary: User) -> LogEntry:
    return log.write_entry(
        project=project, kind="deviation", happened_on=TODAY(), text="Prosjektlederen trakk seg.",
        lesson="Ha en reserve klar.", by=secretary,
    )  # fmt: skip


def test_what_is_written_is_neither_changed_nor_removed(entry: LogEntry) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        LogEntry.objects.update(text="Alt gikk bra.")
    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.delete()


def test_a_correction_is_a_new_entry_that_names_the_first(entry: LogEntry, secretary: User) -> None:
    told = {"kind": "deviation", "happened_on": TODAY(), "lesson": "Ha to reserver klare."}
    later = log.correct_entry(entry=entry, text="Prosjektlederen tiltrådte aldri.", by=secretary, **told)
    assert (later.number, later.corrects) == (2, entry)
    assert [one.lesson for one in LogEntry.objects.lessons()] == ["Ha to reserver klare."]
    with pytest.raises(NotAllowedNow, match="2"):
        log.correct_entry(entry=entry, text="Noe tredje.", by=secretary, **told)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "change"},
        {"kind": "change", "concerns": "time", "before": "Høsten"},
        {"kind": "deviation", "concerns": "cost", "after": "1 000"},
        {"kind": "decision"},
        {"text": ""},
        {"happened_on": TODAY() + timedelta(days=1)},
    ],
)
def test_half_a_story_is_refused_with_a_sentence(project: Project, secretary: User, fields: dict[str, Any]) -> None:
    with pytest.raises(NotAllowedNow):
        log.write_entry(project=project, by=secretary, **{"happened_on": TODAY(), "text": "Endret.", **fields})
    assert not LogEntry.objects.exists()


def test_the_database_itself_wants_before_and_after(entry: LogEntry, project: Project, secretary: User) -> None:
    half = LogEntry(project=project, number=9, kind="change", concerns="scope", before="Alt", happened_on=TODAY(),
                    text="Endret.", written_by=secretary)  # fmt: skip
    with pytest.raises(IntegrityError, match="log_change_names_before_and_after"), transaction.atomic():
        half.save()


def test_pressed_twice_it_is_written_once(project: Project, secretary: User) -> None:
    for _press in range(2):
        log.write_entry(project=project, happened_on=TODAY(), text="Møte holdt.", by=secretary)
    assert project.log.count() == 1


def test_the_secretariat_and_the_own_leader_write(led: Project, project_leader: User, director: User) -> None:
    made = log.write_entry(project=led, happened_on=TODAY(), text="Sen levering.", by=project_leader)
    with pytest.raises(PermissionDenied):
        log.write_entry(project=led, happened_on=TODAY(), text="Uenig.", by=director)
    with pytest.raises(PermissionDenied):
        log.correct_entry(entry=made, happened_on=TODAY(), text="Uenig.", by=director)


def test_a_change_is_written_corrected_and_read_on_the_pages(
    client: Client, project: Project, secretary: User, director: User
) -> None:
    signed_in(client, secretary)
    address = reverse("new_log_entry", args=["vesteralen", project.slug])
    told = {"kind": "change", "happened_on": TODAY().isoformat(), "text": "Oppstarten ble utsatt.", "concerns": "time"}
    assert set(client.post(address, told).context_data["form"].errors) == {"before", "after"}
    told |= {"before": "Høsten 2020", "after": "Februar 2021", "lesson": "Start tidlig."}
    assert client.post(address, told).status_code == 302
    correct = reverse("correct_log_entry", args=["vesteralen", project.slug, 1])
    assert client.get(correct).context_data["form"]["before"].value() == "Høsten 2020"
    assert client.post(correct, {**told, "after": "Mars 2021"}).status_code == 302
    signed_in(client, director)
    page = client.get(reverse("log", args=["vesteralen", project.slug])).content.decode()
    assert "Februar 2021" in page and "Mars 2021" in page
    lessons = reverse("lessons", args=["vesteralen"])
    assert client.get(lessons).content.decode().count("Start tidlig.") == 1
    assert "Start tidlig." in client.get(f"{lessons}?q=tidlig&kind=change&project={project.pk}").content.decode()
    assert "Start tidlig." not in client.get(f"{lessons}?kind=decision").content.decode()
    assert client.get(f"{lessons}?format=xlsx")["Content-Type"].endswith("sheet")
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [2, 24])
def test_the_log_asks_the_database_as_often_for_many_as_for_few(
    client: Client, project: Project, director: User, secretary: User, count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for number in range(count):
        first = log.write_entry(project=project, happened_on=TODAY(), text=f"Nr. {number}", lesson="Lært", by=secretary)
        log.correct_entry(entry=first, happened_on=TODAY(), text="Rettet", lesson="Lært", by=secretary)
    signed_in(client, director)
    for address in (reverse("log", args=["vesteralen", project.slug]), reverse("lessons", args=["vesteralen"])):
        client.get(address)
        with django_assert_max_num_queries(22):
            client.get(address)


def test_an_empty_page_is_named_to_those_who_would_fill_it(
    client: Client, led: Project, project_leader: User, director: User
) -> None:
    address = led.get_absolute_url()
    told = signed_in(client, project_leader).get(address).context_data["empty_project_pages"]
    assert [url.split("/")[-2] for url, _label in told] == [
        "mandat",
        "dokumenter",
        "leveranser",
        "milepeler",
        "risiko",
        "logg",
    ]
    assert not signed_in(client, director).get(address).context_data["empty_project_pages"]
