"""A worker that is killed at the stage its job names: `celery --app tests.faults.dying_worker`."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.faults.worker import app  # first of all: it sets Django up

from digivesteralen.documents import running  # isort: skip
from digivesteralen.documents.models import Job  # isort: skip


# Killed from outside, a library that gives up, one that ends the program: the first attempt, the second and the third.
WAYS = (lambda: os.kill(os.getpid(), signal.SIGKILL), os.abort, sys.exit)


def dies(job: Job | None, stage: str) -> None:
    """At the first attempt; a poisoned job at each, in another way."""
    if job and job.arguments.get("dies_at") == stage and (job.attempt == 1 or job.arguments.get("poisoned")):
        WAYS[job.attempt - 1]()


def _after(name: str, stage: str, job_of: Callable[..., Any]) -> None:
    act = getattr(running, name)

    def acts(*args: Any, **how: Any) -> Any:
        result = act(*args, **how)
        dies(job_of(result, *args), stage)
        return result

    setattr(running, name, acts)


# Before and after the work itself. tests/faults/test_stages.py names the same.
_after("claim", "claimed", lambda claimed, *args: claimed)
_after("_store_result", "committed", lambda document, job, *args: job)  # and the broker does not know

__all__ = ["app"]
