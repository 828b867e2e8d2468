"""F01, F17, rule 12: each kind of work of the product, killed three times on its way, has its effect once."""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.core import mail
from django.db import connections
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from digivesteralen.accounts.models import User
from digivesteralen.demo.loading import load
from digivesteralen.documents import files, heartbeat, pdf, registry, running
from digivesteralen.documents.models import Document, Job
from digivesteralen.mail import outgoing
from digivesteralen.mail.models import Letter
from digivesteralen.operations import users
from surveys.models import ImportJob
from tests.faults.samples import LEFT, SAMPLES, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("jobs")]


def _die(*args: Any, **how: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dies_after(module: Any, name: str) -> None:
    act = getattr(module, name)

    def acts(*args: Any, **how: Any) -> Any:
        act(*args, **how)
        _die()

    setattr(module, name, acts)


def in_the_middle(job: Job) -> None:
    """A letter is with the mail server and nobody has written it down; other work tells how far it has come."""
    if registry.kind(job.kind).queue == registry.MAIL:
        _dies_after(outgoing, "_hand_over")
    else:
        heartbeat.Reporter.__call__ = _die  # type: ignore[method-assign]
    _dies_after(running, "_made")  # what tells nothing and writes to nobody


def before_the_commit(job: Job) -> None:
    """The file stands, the rows are written."""
    _dies_after(running, "_end")


def before_the_acknowledgement(job: Job) -> None:
    """All is done, and the broker does not know."""
    _dies_after(running, "_store_result")


MESSAGE_ID = re.compile(r"^Message-ID: (\S+)", re.MULTILINE)
LONG_AGO = "2026-01-01T00:00Z"
STAGES = (in_the_middle, before_the_commit, before_the_acknowledgement)


def killed(job: Job, at: Callable[[Job], None]) -> bool:
    """The work in a process of its own, as the child of a worker does it, until it kills itself."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            at(job)
            running.perform(job.pk)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=LONG_AGO)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def effect(job: Job, before: int, box: Path) -> Any:
    """What is wrong with what came out of it; empty when it is there once."""
    job.refresh_from_db()
    if (job.state, job.attempt) != (Job.State.DONE, len(STAGES)):
        return (job.state, job.attempt, job.error, job.phase)
    if running.perform(job.pk):
        return "done once more"
    if registry.kind(job.kind).queue == registry.MAIL:
        return wrong_letters(job, box)
    made = Document.objects.filter(kind=job.kind, subject=job.subject).count() - before
    if job.kind in LEFT and not LEFT[job.kind](ImportJob.objects.get(pk=job.subject)):
        return "the import did not leave what it should"
    if job.document is None:
        return made and "a document that nobody made"
    return "" if made == 1 and files.intact(job.document) else f"{made} documents"


def wrong_letters(job: Job, box: Path) -> Any:
    """One to each receiver; the one that was with the server when the worker died goes again as the same message."""
    letters = Letter.objects.filter(job=job)
    sent = Counter(one for file in box.iterdir() for one in MESSAGE_ID.findall(file.read_text(errors="replace")))
    if not letters or letters.exclude(state=Letter.State.SENT).exists():
        return list(letters.values_list("to", "state")) or "nobody was written to"
    identities = set(letters.values_list("message_id", flat=True))
    return "" if set(sent) == identities and sent.total() == len(identities) + 1 else sent


def once_for_all() -> None:
    """What each child would load anew."""
    pdf.render("pdf/base.html", {}, title="Et brev")
    reverse("start")
    for language, _name in conf.LANGUAGES:
        with translation.override(language):
            gettext("Summons")


def test_each_kind_killed_on_its_way_has_its_effect_once(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    load("vesteralen")
    scene = Scene()
    once_for_all()
    wrong: dict[str, Any] = {}
    for name, sample in SAMPLES.items():
        job = sample(scene)
        settings.EMAIL_FILE_PATH = box = tmp_path / name
        box.mkdir()
        before = Document.objects.filter(kind=job.kind, subject=job.subject).count()
        lived = [at.__name__ for at in STAGES if not killed(job, at)]
        if told := (lived, effect(job, before, box)) if lived else effect(job, before, box):
            wrong[name] = told
    assert not wrong
    # What the killed ones had stored goes with the next clean-up, and nothing else.
    assert files.remove_orphans(older_than=timedelta(0)) > 0
    assert all(files.intact(document) for document in Document.objects.all())


@pytest.mark.django_db
def test_no_kind_of_letter_reaches_who_is_closed() -> None:
    """T27: whatever was asked for before, and whatever the portal sends by itself."""
    load("vesteralen")
    scene = Scene()
    work = [sample(scene) for kind, sample in SAMPLES.items() if registry.kind(kind).queue == registry.MAIL]
    User.objects.update(is_active=False)
    reached = set()
    for job in work:
        mail.outbox.clear()
        running.perform(job.pk)
        reached |= {job.kind} if mail.outbox else set()

    # One tells of the closing itself, the other goes to an address that no user has.
    assert reached == {users.KIND, "mail.account"}
    itself = Job.objects.filter(pk__in=[job.pk for job in work], asked_by=None)
    assert itself.count() > 10 and not itself.exclude(state=Job.State.DONE)


def test_each_kind_of_the_product_was_tried() -> None:
    made = {kind.name for kind in registry._kinds.values() if kind.work and not kind.name.startswith("tests.")}
    assert made == set(SAMPLES)
