"""Several verbs at the same moment, each on a connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection

from digivesteralen.accounts.access import NotAllowedNow

REFUSALS = (NotAllowedNow, ObjectDoesNotExist, PermissionDenied)


def at_once(*verbs: Callable[[], Any], refusals: tuple[type[Exception], ...] = REFUSALS) -> list[Any]:
    """Run all verbs in threads of their own that start together; refusals are answers too."""
    start, answers = threading.Barrier(len(verbs)), []

    def press(verb: Callable[[], Any]) -> None:
        start.wait(timeout=10)
        try:
            answers.append(ending(verb)())
        except refusals as refused:
            answers.append(refused)

    threads = [threading.Thread(target=press, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(verbs)
    return answers


def ending(verb: Callable[[], Any]) -> Callable[[], Any]:
    """The verb for a thread of its own, whose line to the database is closed when it is done."""

    def press() -> Any:
        try:
            return verb()
        finally:
            connection.close()

    return press


def until_somebody_waits(patience: float = 10) -> None:
    """Go on when another connection waits for a lock that this one holds."""
    end = time.monotonic() + patience
    waits = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < end, "nobody waits"
        time.sleep(0.02)
