"""F12, F13: a disk that is full, on a small disk of the test's own."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from digivesteralen.documents import files, jobs
from digivesteralen.documents.models import Document, Job
from digivesteralen.servers import addresses
from tests.documents import kinds
from tests.machines import gone_within, machine_in, python


@pytest.fixture
def small_disk() -> Iterator[Callable[[str], Path]]:
    """Mounted where one may mount, which in CI is everywhere; tests/documents/test_files.py tries a limit elsewhere."""
    # Not in pytest's closed folder, which the database's own user does not reach.
    place = Path(tempfile.mkdtemp(dir=addresses.var_dir()))

    def mount(size: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", place], capture_output=True, text=True
        )
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        return place

    yield mount
    subprocess.run(["umount", "--lazy", place], capture_output=True, check=False)
    place.rmdir()


@pytest.mark.django_db(transaction=True)
def test_a_document_on_a_full_disk_is_there_whole_or_not_at_all(
    small_disk: Callable[[str], Path], settings: Any, digi: Any, secretary: Any
) -> None:
    settings.MEDIA_ROOT = place = small_disk("1m")
    before = files.keep(b"x" * 300_000, kind=kinds.RAW, subject=digi.pk, title="Liten", file_name="a.txt",
                        mime="text/plain", by=secretary)  # fmt: skip

    job = jobs.run(jobs.ask(kinds.LETTER, digi.pk, by=secretary, arguments={"text": "y" * 900_000}).pk)

    assert job.state == Job.State.FAILED
    assert "disk" in job.error.casefold() and "Errno" not in job.error
    assert [path for path in place.rglob("*") if path.is_file()] == [place / before.stored_name]
    assert files.content(before) == b"x" * 300_000
    assert Document.objects.get() == before

    default_storage.delete(before.stored_name)
    again = jobs.run(jobs.ask_again(job=job, by=secretary).pk)
    assert again.document is not None and len(files.content(again.document)) == 900_000


FILL = """
import os, psycopg, time
from pathlib import Path
from digivesteralen.servers.holding import servers
from digivesteralen.servers import addresses

ballast = Path(os.environ["VAR_DIR"]).parent / "ballast"
with servers() as started:
    place = addresses.database("owner")
    def connect():
        return psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True)
    with connect() as connection:
        connection.execute("CREATE TABLE kept (n int, filling text)")
    room = os.statvfs(ballast.parent)
    ballast.write_bytes(b"0" * max(0, room.f_bavail * room.f_frsize - 24_000_000))
    told, errors = 0, ""
    while not errors:
        try:
            with connect() as connection:
                while True:
                    connection.execute("INSERT INTO kept SELECT %s, repeat(md5(random()::text), 300) FROM "
                                       "generate_series(1, 100)", [told])
                    told += 100
        except psycopg.Error as error:
            errors = type(error).__name__
    ballast.unlink()
    server = next(server for server in started if server.name == "postgres")
    for _time in range(200):
        try:
            if not server.child.running():
                server.start()
            with connect() as connection:
                there = connection.execute("SELECT count(*) FROM kept").fetchone()[0]
                connection.execute("INSERT INTO kept VALUES (0, '')")
            break
        except psycopg.Error:
            time.sleep(0.1)
    print(errors, told, there)
"""


@pytest.mark.xdist_group("servers")
def test_a_database_on_a_full_disk_keeps_what_it_acknowledged_and_goes_on(small_disk: Callable[[str], Path]) -> None:
    machine = machine_in(small_disk("320m"))
    done = python(machine, FILL)
    assert done.returncode == 0, done.stderr
    error, told, there = done.stdout.split()
    assert error in {"DiskFull", "OperationalError", "AdminShutdown"}
    assert int(told) > 0
    # The last of them may have been written and not acknowledged.
    assert int(there) - int(told) in {0, 100}
    assert gone_within(5, machine)
