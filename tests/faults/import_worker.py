"""The worker of the tests, in which the writing of an inventory takes its time: `celery --app …import_worker`."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.faults.worker import app  # first of all: it sets Django up

from digivesteralen.documents.registry import Report  # isort: skip
from surveys import import_kinds  # isort: skip
from surveys.actions import inventory_import  # isort: skip
from surveys.models import ImportJob, ImportRow  # isort: skip

SECONDS = 3.0


def slowly(job: ImportJob, rows: Sequence[ImportRow], by: Any, report: Report) -> None:
    """All is written and nothing is committed: the moment at which a kill would do most harm."""
    inventory_import.apply(job, rows, by, report)
    began = time.monotonic()
    while time.monotonic() - began < SECONDS:
        report(50, "halfway")
        time.sleep(0.1)


import_kinds._kinds["inventory"] = replace(import_kinds._kinds["inventory"], apply=slowly)

__all__ = ["app"]
