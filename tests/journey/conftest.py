"""The whole portal, once for the journey: demo data, pages, a worker of its own, and a window per person."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from digivesteralen.demo.loading import load
from digivesteralen.servers import addresses
from digivesteralen.servers.processes import Child
from tests.conftest import emptied, environment_of_other_processes
from tests.journey.actors import Actor

CELERY = ["-m", "celery", "-A", "digivesteralen", "worker", "-Q", "documents,imports,mail,celery", "-c", "1"]
# Whoever has come in acts through the whole journey, however slow the machine is.
A_DAY = 24 * 60 * 60
QUIET = ["--without-gossip", "--without-mingle", "--loglevel", "warning"]


@dataclass
class House:
    """Where the journey takes place, and what it leaves for its later steps."""

    browser: Browser
    address: str
    environment: dict[str, str]
    actors: dict[str, Actor] = field(default_factory=dict)
    story: dict[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody of the demo, by the word in front of the e-mail address: «kari.blafjellmo@sortland»."""
        if name not in self.actors:
            self.actors[name] = Actor(self.browser, self.address, f"{name}.example")
        return self.actors[name]


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: Any, chromium: Browser) -> Iterator[House]:
    environment = environment_of_other_processes()
    with django_db_blocker.unblock():
        cache.clear()
        load("all")
        try:
            with _worker(environment), _pages() as address, override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=A_DAY):
                house = House(chromium, address, environment)
                yield house
                for actor in house.actors.values():
                    actor.close()
        finally:
            emptied()
            cache.clear()


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[None]:
    """A process of its own, as in production; it hears of the work through the broker alone."""
    log = addresses.var_dir() / "log" / "journey-worker.log"
    command = [sys.executable, *CELERY, *QUIET]
    child = Child("worker", command, log=log, env={**environment, "C_FORCE_ROOT": "1"}, cwd=addresses.BASE_DIR)
    try:
        yield
        assert child.running(), f"The worker fell:\n{child.last_words()}"
    finally:
        child.stop(20)


@contextmanager
def _pages() -> Iterator[str]:
    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()
