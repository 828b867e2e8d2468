"""What one person asks for does not take the portal from the others (T48)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from digivesteralen.accounts import limits
from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs, running, tasks
from digivesteralen.documents.models import Job
from digivesteralen.servers.cache import ForgivingCache
from governance.actions import calendars
from tests.documents import kinds

EXPORT = "/vesteralen/saker/?format=xlsx"


@pytest.fixture
def strict(settings: Any) -> Iterator[None]:
    """At the middle of a minute, so that no test sees two."""
    settings.MOST_PER_MINUTE = {"pages": 5, "costly": 2}
    cache.clear()
    with time_machine.travel("2026-11-22 12:00:30Z", tick=False):
        yield
    cache.clear()


def statuses(client: Client, address: str, times: int) -> list[int]:
    return [client.get(address).status_code for _ in range(times)]


def test_one_person_is_braked_and_the_others_go_on(
    client: Client, secretary: User, director: User, strict: None
) -> None:
    client.force_login(secretary)
    assert statuses(client, EXPORT, 4) == [200, 200, 429, 429]
    other = Client()
    other.force_login(director)
    assert other.get(EXPORT).status_code == 200


def test_the_refusal_says_what_to_do(client: Client, secretary: User, strict: None) -> None:
    client.force_login(secretary)
    statuses(client, EXPORT, 2)
    refused = client.get(EXPORT)

    assert refused.headers["Retry-After"] == "30"
    assert 'data-outcome="refused"' in refused.content.decode()


def test_pages_are_read_on_while_exports_are_braked(client: Client, secretary: User, strict: None) -> None:
    client.force_login(secretary)
    assert statuses(client, EXPORT, 3)[-1] == 429
    assert statuses(client, "/konto/profil/", 3) == [200, 200, 429]


def test_search_is_counted_as_costly(client: Client, secretary: User, strict: None) -> None:
    client.force_login(secretary)
    assert statuses(client, "/vesteralen/saker/?q=arkiv", 3) == [200, 200, 429]


def test_the_next_minute_is_a_new_one(settings: Any) -> None:
    settings.MOST_PER_MINUTE = {"pages": 1}
    with time_machine.travel("2026-11-22 12:00:59Z", tick=False) as clock:
        assert [limits.over({"pages": "7"}) for _ in range(2)] == [0, 1]
        clock.shift(1)
        assert limits.over({"pages": "7"}) == 0


def test_all_processes_count_together(strict: None) -> None:
    """The counts stand in Valkey, where another process finds them; all of them are asked for at once."""
    asked: list[Any] = []
    limits.over({"pages": "7", "costly": "7", "unlimited": "7"})
    with pytest.MonkeyPatch.context() as watching:
        whole = ForgivingCache._try
        watching.setattr(ForgivingCache, "_try", lambda self, *what: asked.append(what) or whole(self, *what))
        limits.over({"pages": "7", "costly": "7"})

    assert len(asked) == 1
    assert [cache.get(f"limit:{what}:7:{int(1795348830 // 60)}") for what in ("pages", "costly")] == [2, 2]


def test_without_the_cache_nobody_is_refused(strict: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForgivingCache, "_away_until", float("inf"))
    assert [limits.over({"pages": "7"}) for _ in range(9)] == [0] * 9


# --- those who are not signed in ------------------------------------------------------------------------


def test_one_address_is_braked_and_the_others_go_on(strict: None, digi: Any, settings: Any) -> None:
    """Public pages and the pages for signing in together, and what costs more for itself; a header made up is no
    address, and behind a proxy each has its own. Who watches the installation is not counted."""
    settings.MOST_PER_MINUTE = {"public": 3, "public-costly": 1}
    here = {"REMOTE_ADDR": "10.0.0.1"}
    pages = ["/konto/login/", "/personvern/", "/tilgjengelighet/", "/konto/login/"]
    answers = [Client().get(page, **here, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}") for n, page in enumerate(pages)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "30"
    with translation.override("nb"):
        told = gettext("You have asked for very much in a short while. Wait a minute, and go on.")
    assert told in answers[3].text
    assert Client().get("/healthz", **here).status_code == 200
    assert [Client().get("/konto/login/?q=1", REMOTE_ADDR="10.0.0.2").status_code for _ in range(2)] == [200, 429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert Client().get("/personvern/", **here, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 200


def test_a_calendar_is_braked_by_its_own_key(strict: None, secretary: User, settings: Any) -> None:
    settings.MOST_PER_MINUTE = {"feed": 2}
    token = calendars.make_link(by=secretary)
    answers = [Client().get(f"/kalender/{token}.ics", REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(3)]
    assert answers == [200, 200, 429]
    assert Client().get("/kalender/another.ics").status_code == 404


# --- jobs -----------------------------------------------------------------------------------------------


def test_fifty_reports_by_one_person_become_a_short_queue(client: Client, secretary: User, digi: Any) -> None:
    """T48: one is made, some wait, and the page of the rest is refused with a sentence."""
    stopped = [
        Job.objects.create(
            kind=kinds.LETTER,
            subject=str(digi.pk),
            arguments={"text": str(number)},
            asked_by=secretary,
            state=Job.State.CANCELLED,
            finished_at="2026-01-01T00:00Z",
        )
        for number in range(50)
    ]
    client.force_login(secretary)
    answers = [client.post(f"/jobb/{job.pk}/igjen/").status_code for job in stopped]
    started = [running.claim(job.pk, in_turn=True) for job in stopped]

    room = jobs.MOST_WAITING_FOR_ONE
    assert answers == [302] * room + [429] * (50 - room)
    assert [job is not None for job in started] == [True] + [False] * 49
    assert Job.objects.filter(state=Job.State.ASKED).count() == room - 1


def test_what_others_ask_for_starts_beside(secretary: User, director: User, digi: Any) -> None:
    assert running.claim(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk, in_turn=True)
    assert running.claim(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk, in_turn=True) is None
    assert running.claim(jobs.ask(kinds.LETTER, digi.pk, by=director).pk, in_turn=True)
    assert running.claim(jobs.ask(kinds.LETTER, digi.pk, by=None).pk, in_turn=True)


def test_the_next_of_the_same_person_is_woken_by_the_first(
    secretary: User, digi: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (jobs.ask(kinds.LETTER, digi.pk, by=secretary) for _ in range(3))
    woken: list[Any] = []
    monkeypatch.setattr(tasks, "send", lambda job_id, queue: woken.append(job_id))

    tasks.perform(str(first.pk))
    assert woken == [second.pk]
    running.claim(second.pk)
    tasks.perform(str(third.pk))
    assert woken == [second.pk], "who did not get a turn wakes nobody, else the queue would run in a ring"
    assert Job.objects.get(pk=third.pk).attempt == 0


def test_a_worker_that_died_keeps_nobody_waiting(secretary: User, digi: Any) -> None:
    first, second = (jobs.ask(kinds.LETTER, digi.pk, by=secretary) for _ in range(2))
    running.claim(first.pk, in_turn=True)
    Job.objects.filter(pk=first.pk).update(lease_until="2021-01-01T00:00Z")

    assert running.claim(second.pk, in_turn=True)


def test_a_refused_order_is_a_page_and_not_a_fault(client: Client, secretary: User, digi: Any) -> None:
    Job.objects.bulk_create(
        Job(kind=kinds.LETTER, subject=str(digi.pk), asked_by=secretary) for _ in range(jobs.MOST_WAITING_FOR_ONE)
    )
    client.force_login(secretary)
    failed = Job.objects.create(
        kind=kinds.LETTER, subject=str(digi.pk), asked_by=secretary, state="cancelled", finished_at="2026-01-01T00:00Z"
    )
    refused = client.post(f"/jobb/{failed.pk}/igjen/")
    assert refused.status_code == 429
    assert "Du har allerede mange jobber" in refused.content.decode()
