"""The lease of a job while it is worked on: renewed by a thread with a connection of its own."""

import logging
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from django.db import Error, connection
from django.db.models.functions import Now

from digivesteralen.documents.models import Job

logger = logging.getLogger(__name__)

HELD_FOR = timedelta(seconds=30)
RENEWED_EVERY = 5.0
TOLD_EVERY = 1.0


class Lost(Exception):
    """The job was cancelled, or another attempt took it over: nothing of this attempt may be stored."""


class Reporter:
    """Tells progress and keeps the lease; in a worker by a thread, since the work may hold a transaction open."""

    def __init__(self, job: Job, *, beating: bool) -> None:
        self.job = job
        self.lost = False
        self._progress: tuple[int, str] = (0, "")
        self._written: tuple[int, str] = (0, "")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job {job.pk}", daemon=True) if beating else None

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def __call__(self, progress: int, phase: Any = "") -> None:
        self._progress = (max(0, min(100, int(progress))), str(phase)[:200])
        if self._thread is None:
            self._write()
        if self.lost:
            raise Lost(self.job.pk)

    def _beat(self) -> None:
        renewed = time.monotonic()
        try:
            while not self._ended.wait(TOLD_EVERY) and not self.lost:
                due = time.monotonic() - renewed >= RENEWED_EVERY
                if (due or self._progress != self._written) and self._try_to_write():
                    renewed = time.monotonic()
                self.lost = self.lost or time.monotonic() - renewed > HELD_FOR.total_seconds()
        finally:
            connection.close()

    def _try_to_write(self) -> bool:
        try:
            self._write(lease_until=Now() + HELD_FOR)
        except Error as error:
            logger.warning("job %s: the lease was not renewed: %s", self.job.pk, error)
            connection.close()
            return False
        return True

    def _write(self, **lease: Any) -> None:
        told = self._progress
        held = Job.objects.held(self.job.attempt).filter(pk=self.job.pk)
        self.lost = held.update(progress=told[0], phase=told[1], **lease) == 0
        self._written = told
