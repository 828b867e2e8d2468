"""How gunicorn runs the portal: ``gunicorn --config python:digivesteralen.operations.web digivesteralen.wsgi``."""

import gc
import os
import shutil
import tempfile
from typing import Any

from prometheus_client import multiprocess

from digivesteralen import environment as env
from digivesteralen.operations import logs

# Each process counts in a file of its own here; memory is enough, so /tmp may be a tmpfs.
FOLDER = tempfile.mkdtemp(prefix="portal-figures-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER

control_socket_disable = True
workers, threads = env.number("WEB_WORKERS", 3), env.number("WEB_THREADS", 4)
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 -- gunicorn's own sign of life
as_json = env.flag("LOG_JSON", default=env.flag("PRODUCTION", default=False))
logconfig_dict: dict[str, Any] = logs.configuration(as_json=as_json, level=env.text("LOG_LEVEL", "INFO"))
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"level": "INFO", "propagate": True},
    # Django leaves it to the server to take the body off the answer to a HEAD; each would be a warning.
    "gunicorn.http.wsgi": {"level": "ERROR", "propagate": True},
}


def when_ready(server: Any) -> None:
    """What was loaded before the first request stays as long as the process: it is not searched for leftovers again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # a page makes some ten thousand objects, nearly all gone with it


def child_exit(server: Any, worker: Any) -> None:
    """The figures of a process that ended are counted on, those of its state are not."""
    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
