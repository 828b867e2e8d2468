"""T13: a document that never ends, or wants all memory there is, ends as a sentence; the worker goes on as it was."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import settings

from digivesteralen.documents import jobs, tasks
from digivesteralen.documents.models import Job
from tests.documents import kinds
from tests.faults.workers import child_of, is_done, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("jobs")]

PLAIN = '<html lang="nb"><title>Brev</title><p>Bo</p>'
ENDLESS = {
    "flex": '<div style="display:flex">' * 15 + "a" + "</div>" * 15,
    "colspan": '<table><tr><td colspan="1000000">a</td></tr></table>',
}


def test_what_hangs_or_swells_is_stopped_and_the_same_process_makes_the_next(
    worker: Callable[..., Any], digi: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit travels with the message.
    monkeypatch.setattr(tasks.perform, "apply_async", partial(tasks.perform.apply_async, soft_time_limit=4))
    process = worker()
    first = until(ask(digi, html=PLAIN), is_done)
    assert first.state == Job.State.DONE, first.error
    child = child_of(process)

    for html in ENDLESS.values():
        hung = until(ask(digi, html=PLAIN + html), is_done)
        assert (hung.state, hung.attempt) == (Job.State.FAILED, 1)
        assert re.search("tok for lang tid|took too long", hung.error)

    swollen = until(ask(digi, html=PLAIN, bytes=settings.JOB_MEMORY_MB * 1024 * 1024), is_done)
    assert (swollen.state, swollen.attempt) == (Job.State.FAILED, 1)
    assert re.search("for stort|too large", swollen.error)

    assert until(ask(digi, html=PLAIN + "<p>Neste</p>"), is_done).state == Job.State.DONE
    assert child_of(process) == child


def ask(subject: Any, **arguments: Any) -> Job:
    return jobs.ask(kinds.HEAVY, subject.pk, by=None, arguments=arguments)
