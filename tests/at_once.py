"""Several verbs at the same moment, each on a connection of its own."""

import threading
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
        try:
            start.wait(timeout=10)
            answers.append(verb())
        except refusals as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(verbs)
    return answers
