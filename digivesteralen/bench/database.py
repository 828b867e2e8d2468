"""A database, a cache and a folder for files that belong to the measuring alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test.utils import override_settings, setup_databases, teardown_databases

from digivesteralen.celery import app
from digivesteralen.servers.roles import acting_as


@contextmanager
def of_its_own() -> Iterator[None]:
    """Made by the owner, used as the application, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as files, override_settings(**_settings(files)), _no_worker():
        with acting_as("owner"):
            made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        try:
            yield
        finally:
            connections.close_all()
            with acting_as("owner"):
                teardown_databases(made, verbosity=0)


def _settings(files: str) -> dict[str, Any]:
    cache = {**settings.CACHES["default"], "KEY_PREFIX": f"bench-{os.getpid()}"}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    disk = {"BACKEND": "digivesteralen.documents.storage.WholeFileStorage"}  # never the bucket of the installation
    return {
        "MEDIA_ROOT": _folder(files, "files"),
        "STATIC_ROOT": _folder(files, "static"),
        "CACHES": {"default": cache},
        "ALLOWED_HOSTS": ["bench.example"],
        "SECURE_SSL_REDIRECT": False,
        # Nothing needs to be collected first.
        # Nothing needs to be collected first.
        "STORAGES": {"default": disk, "staticfiles": plain},
    }


def _folder(inside: str, name: str) -> str:
    path = Path(inside, name)
    path.mkdir()
    return str(path)


@contextmanager
def _no_worker() -> Iterator[None]:
    """What is asked for is woken in this process only; a running installation's worker hears nothing."""
    before = app.conf.broker_url
    app.conf.broker_url = "memory://localhost/"
    try:
        yield
    finally:
        app.conf.broker_url = before
