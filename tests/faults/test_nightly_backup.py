"""The backup that the portal makes itself each night, for as many days as the settings say."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from digivesteralen.documents import files
from digivesteralen.operations import regular
from digivesteralen.operations.backup import nightly
from digivesteralen.operations.backup.manifest import FILES, Manifest
from digivesteralen.operations.models import RegularWork
from digivesteralen.operations.tasks import backup
from digivesteralen.servers import addresses
from governance.models import Collaboration
from tests.documents import kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nights(settings: Any, tmp_path: Path) -> Path:
    settings.BACKUP_DIR, settings.BACKUP_KEEP_DAYS = str(tmp_path / "nights"), 2
    settings.CELERY_BEAT_SCHEDULE = {**settings.CELERY_BEAT_SCHEDULE, "backup": {"task": "backup", "schedule": 60}}
    return tmp_path / "nights"


@pytest.fixture
def paper(digi: Collaboration, secretary: Any) -> Iterator[Any]:
    about = {"kind": kinds.RAW, "subject": digi.pk, "title": "Vedlegg", "file_name": "a.txt", "mime": "text/plain"}
    kept = files.keep(b"Hel", by=secretary, **about)
    yield kept
    default_storage.delete(kept.stored_name)


def night(days: int) -> str:
    """The worker does what beat asked for, so many days from now; the name of the folder of that day."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        backup.apply()
        return timezone.localdate().isoformat()


def test_each_night_has_its_folder_and_the_oldest_goes(nights: Path, paper: Any) -> None:
    names = [night(days) for days in range(4)]

    assert sorted(path.name for path in nights.iterdir()) == names[1:]
    assert (nights / names[-1] / FILES / paper.stored_name).read_bytes() == b"Hel"
    assert [Manifest.read(nights / name).damaged for name in names[1:]] == [{}, {}, {}]
    assert RegularWork.objects.get(name=regular.BACKUP).fault == ""


def test_a_night_that_is_made_twice_is_made_once(nights: Path, paper: Any) -> None:
    first = Manifest.read(nights / night(0))
    again = Manifest.read(nights / night(0))

    assert again.made_at == first.made_at and again.dump == first.dump


def test_one_that_was_cut_off_is_no_backup_and_goes_with_the_next(nights: Path, paper: Any) -> None:
    cut = nights / f"{timezone.localdate()}{nightly.UNFINISHED}"
    cut.mkdir(parents=True)
    (cut / "database.dump").write_bytes(b"half of it")

    made = night(0)

    assert [path.name for path in nights.iterdir()] == [made]
    assert Manifest.read(nights / made).dump["size"] > len(b"half of it")


def test_what_others_keep_there_stays(nights: Path, paper: Any) -> None:
    others = {"notater", "2020-01-01-arkivet", "arkiv-unfinished", "2026-13-45", "20200101"}
    for name in others:
        (nights / name).mkdir(parents=True)

    made = night(0)

    assert {path.name for path in nights.iterdir()} == {*others, made}


def test_with_a_damaged_file_no_older_backup_goes_and_the_page_of_operations_says_so(nights: Path, paper: Any) -> None:
    whole = night(0)
    Path(default_storage.path(paper.stored_name)).write_bytes(b"Noe annet")
    damaged = night(9)

    assert night(9) == damaged
    assert {path.name for path in nights.iterdir()} == {whole, damaged}
    assert (nights / whole / FILES / paper.stored_name).read_bytes() == b"Hel"
    assert RegularWork.objects.get(name=regular.BACKUP).fault != ""


def test_beat_starts_it_only_where_a_folder_is_named() -> None:
    """``BACKUP_DIR`` is all that an installation sets."""
    asks = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.CELERY_BEAT_SCHEDULE.get('backup', {}).get('task'))"
    )
    told = []
    for folder in ("", "/backups"):
        machine = {**os.environ, "BACKUP_DIR": folder, "DJANGO_SETTINGS_MODULE": "digivesteralen.settings"}
        done = subprocess.run(
            [sys.executable, "-c", asks],
            env=machine,
            cwd=addresses.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(done.stdout.strip())
    assert told == ["None", "backup"]
