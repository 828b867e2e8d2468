"""What Celery tells about the tasks that beat starts. Connected in ``apps``."""

import uuid
from contextlib import ExitStack
from typing import Any

from digivesteralen import tracing
from digivesteralen.operations import regular

_open: dict[str, ExitStack] = {}


def before(task_id: str, task: Any, **_more: Any) -> None:
    """The task's own number is the number in the log."""
    stack = _open[task_id] = ExitStack()
    stack.enter_context(tracing.doing(task.name, number=_number(task_id)))
    if task.name in regular.planned():
        regular.began(task.name)


def after(task_id: str, task: Any, state: str = "", **_more: Any) -> None:
    try:
        if task.name in regular.planned():
            regular.ended(task.name, fault="" if state == "SUCCESS" else str(_number(task_id))[:8])
    finally:
        _open.pop(task_id, ExitStack()).close()


def _number(task_id: str) -> uuid.UUID:
    return uuid.UUID(task_id)
