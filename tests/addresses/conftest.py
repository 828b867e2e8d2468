"""The world is loaded once for all tests beside this file, and gone after the last of them."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from digivesteralen import urls
from tests.addresses.built import build
from tests.addresses.world import World

A_DAY = 24 * 60 * 60


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The demo with what it lacks, in one transaction."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            built = build()
            gc.freeze()  # the whole demo stays: it need not be looked through for rubbish at each page
            yield built
            gc.unfreeze()
            transaction.set_rollback(True)
        cache.clear()


@pytest.fixture
def undone(world: World) -> Iterator[None]:
    """What a test changes in the world is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def clients(world: World) -> Iterator[dict[str, Client]]:
    """Signed in once for all tests, and just now for as long as they take: what asks for a fresh sign-in is asked."""
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=A_DAY, SESSION_IDLE_AGE=A_DAY):
        yield world.clients()


@pytest.fixture
def quick() -> Iterator[None]:
    """Refusals without their pages: those are looked at once, not two thousand times."""
    log = logging.getLogger("django.request")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "disabled", True)
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", _plain(status), raising=False)
        yield


def _plain(status: int) -> Any:
    return lambda request, exception: HttpResponse(status=status)
