"""The Celery application. A message carries the id of a Job row and nothing else: the row is the truth."""

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digivesteralen.settings")

app = Celery("digivesteralen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_portal(**kwargs: Any) -> None:
    """Django has set the log up already; Celery has no format of its own."""


@worker_init.connect
def load_weasyprint(**kwargs: Any) -> None:
    """Its import takes three seconds: once per worker, before the children are made, and not in the first job."""
    import weasyprint  # noqa: F401, PLC0415 -- slow import


@worker_process_init.connect
def bound_memory(**kwargs: Any) -> None:
    """A job that wants more gets a MemoryError, or dies alone; the machine and the other jobs go on (T13)."""
    most = settings.JOB_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
