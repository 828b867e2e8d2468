"""Figures and readiness: yes or no for everybody, the rest for those who run the installation."""

from collections import defaultdict
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from digivesteralen.accounts.models import User
from digivesteralen.documents import jobs
from digivesteralen.operations import regular, standing
from digivesteralen.servers.cache import ForgivingCache
from tests.documents import kinds

FIGURES = "/konto/drift/tall"
TOKEN = {"Authorization": "Bearer a-token-for-the-watch"}


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.WATCH_TOKEN = "a-token-for-the-watch"


def figures(client: Client) -> dict[str, dict[tuple[str, ...], float]]:
    text = client.get(FIGURES, headers=TOKEN).content.decode()
    shown: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            shown[sample.name][tuple(sample.labels.values())] = sample.value
    return shown


def test_figures_are_for_the_watch_and_the_administrator(client: Client, sysadmin: User, director: User) -> None:
    assert client.get(FIGURES).headers["Location"].startswith("/konto/login/")
    assert client.get(FIGURES, headers={"Authorization": "Bearer wrong"}).status_code == 302
    assert client.get(FIGURES, headers=TOKEN).status_code == 200
    client.force_login(director)
    assert client.get(FIGURES).status_code == 404
    client.force_login(sysadmin)
    assert client.get(FIGURES).status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer"])
def test_without_a_token_of_the_installation_none_opens(client: Client, db: None, settings: Any, given: str) -> None:
    settings.WATCH_TOKEN = ""
    assert client.get(FIGURES, headers={"Authorization": given}).status_code == 302


def test_figures_count_requests_and_questions(client: Client, secretary: User) -> None:
    client.force_login(secretary)
    before = figures(client).get("portal_requests_total", {}).get(("GET", "200", "collaboration"), 0)
    client.get("/vesteralen/")
    after = figures(client)

    assert after["portal_requests_total"]["GET", "200", "collaboration"] == before + 1
    assert after["portal_queries_total"][("collaboration",)] > 0


def test_figures_tell_of_jobs_imports_regular_work_and_disk(client: Client, secretary: User, digi: Any) -> None:
    jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    jobs.run(jobs.ask(kinds.LETTER, digi.pk, by=secretary).pk)
    with regular.noted(regular.BACKUP):
        pass
    shown = figures(client)

    assert shown["portal_jobs"]["documents", "waiting"] == 1
    assert shown["portal_oldest_job_seconds"][("documents",)] > 0
    assert shown["portal_jobs_ended"][("done",)] == 1
    assert shown["portal_regular_work_broken"][("backup",)] == 0
    assert shown["portal_mail"] == {("asked",): 0, ("sent",): 0, ("failed",): 0, ("bounced",): 0}
    assert shown["portal_bytes"][("free",)] > 0


def test_figures_name_nobody(client: Client, secretary: User, digi: Any) -> None:
    jobs.ask(kinds.LETTER, digi.pk, by=secretary)
    client.force_login(secretary)
    client.get("/vesteralen/saker/")
    text = client.get(FIGURES, headers=TOKEN).content.decode()

    assert secretary.email not in text and secretary.name not in text
    assert "vesteralen" not in text.replace("digivesteralen.", "")


def test_readiness_is_yes_or_no_for_everybody(client: Client, director: User) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").content) == (200, b"ok")
    client.force_login(director)
    assert client.get("/readyz").content == b"ok"


def test_the_watch_reads_what_is_wrong(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "workers", lambda: None)
    now = standing.installed()
    monkeypatch.setattr(timezone, "now", lambda: now)
    told = client.get("/readyz", headers=TOKEN)

    assert told.status_code == 200, "without the queue everybody can read and save"
    assert told.json()["queue"] == "away"
    assert told.json()["migrations_missing"] == 0
    assert told.json()["late"] == [], "nothing has had its turn"


def test_the_watch_reads_that_the_cache_is_away(
    client: Client, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz", headers=TOKEN).json()["cache"] == "ok"

    monkeypatch.setattr(ForgivingCache, "_away_until", 0.0)
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"},
    }

    assert client.get("/readyz", headers=TOKEN).json()["cache"] == "away"


def test_code_without_its_tables_is_not_ready(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_applied", False)
    monkeypatch.setattr(standing, "migrations_missing", lambda: 2)

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
