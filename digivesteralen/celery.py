"""The Celery application. A message carries the id of a Job row and nothing else: the row is the truth."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digivesteralen.settings")

app = Celery("digivesteralen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def load_weasyprint(**kwargs: Any) -> None:
    """Its import takes three seconds: once per worker, before the children are made, and not in the first job."""
    import weasyprint  # noqa: F401, PLC0415 -- slow import
