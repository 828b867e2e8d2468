"""Work that is killed on its way: when it asks the database its question of a given number, or as it commits."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction

# That a kind was gone through is told each time, not only when something was erased.
TOLD_EACH_TIME = {"audit_retentionruleevent"}

Wrapper = Callable[..., Any]


def rows() -> dict[str, int]:
    """How many rows each table has, the history among them."""
    tables = sorted(set(connection.introspection.table_names()) - TOLD_EACH_TIME)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables))  # noqa: S608
        return dict(cursor.fetchall())


def counting(then: Callable[[int], None] = lambda number: None) -> tuple[list[str], Wrapper]:
    asked: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        then(len(asked))
        return execute(sql, params, many, context)

    return asked, count


def undisturbed(task: Callable[[], Any]) -> tuple[dict[str, int], int]:
    """What is there after it, and how many questions it asks; all of it is undone."""
    asked, count = counting()
    with transaction.atomic():
        with connection.execute_wrapper(count):
            task()
        after = rows()
        transaction.set_rollback(True)
    return after, len(asked)


def killed(task: Callable[[], Any], at: int | None) -> bool:
    """The work in a process of its own, which dies when it asks its question of this number; without one, when all is
    asked and it commits."""

    def die(number: int | None = None) -> None:
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            if at is None:
                connection._commit = die
            with connection.execute_wrapper(counting(die)[1]):
                task()
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
