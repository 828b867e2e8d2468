"""The worker with the kinds of the tests and a clock that runs faster: `celery --app tests.faults.worker`."""

from datetime import timedelta

import django

from digivesteralen.celery import app

django.setup()

from digivesteralen.documents import heartbeat, running  # noqa: E402
from tests.documents import kinds  # noqa: E402

kinds.register()
for module in (heartbeat, running):
    setattr(module, "HELD_FOR", timedelta(seconds=3))  # noqa: B010 -- it is a constant elsewhere
app.conf.worker_soft_shutdown_timeout = 1
heartbeat.RENEWED_EVERY = 0.5
heartbeat.TOLD_EVERY = 0.2

__all__ = ["app"]
