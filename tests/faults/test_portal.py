"""`make run` as a whole, with each of its parts killed, and killed itself."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.machines import ROOT, free_port, gone_within, new_machine, processes_of, python

pytestmark = pytest.mark.xdist_group("portal")


@pytest.fixture(scope="module")
def prepared_machine() -> Iterator[dict[str, str]]:
    """The environment of a machine that keeps its data from one start to the next."""
    yield from new_machine()


@pytest.fixture
def portal(prepared_machine: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`make run` up to its welcome."""
    machine = prepared_machine
    machine["PORT"] = str(free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "digivesteralen.run"],
        env=machine,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C stops everything" in line:
            break
    else:
        process.communicate()
        pytest.fail(told)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        process.stdout.close()


def status(machine: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{machine['PORT']}/healthz", timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


JOIN = """
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
call_command("migrate", check_unapplied=True, verbosity=0)
client = Client()
client.force_login(get_user_model()._default_manager.create(email="kari@sortland.example"))
print("signed in:", client.cookies["sessionid"].value)
"""
WORK = """
import time
import django
django.setup()
from django.conf import settings
from digivesteralen.documents.models import Job
from digivesteralen.mail import account
job = account.ask(to=["kari@sortland.example"], subject="Et brev om Valkey", text="Det kom fram.")
end = time.monotonic() + 50
while not Job.objects.filter(pk=job.pk, state="done").exists() and time.monotonic() < end:
    time.sleep(0.2)
letters = [file.read_text() for file in settings.EMAIL_FILE_PATH.iterdir()]
print(Job.objects.get(pk=job.pk).state, sum("Subject: Et brev om Valkey" in letter for letter in letters))
"""
WORKER = "celery --app digivesteralen --quiet worker"
FLUSH = """
import redis
from digivesteralen.servers import addresses
redis.Redis.from_url(addresses.redis_url(0)).flushall()
"""


def start_page(machine: dict[str, str], session: str, *, seconds: float = 8) -> int:
    """What a signed-in person gets: the page, or a sentence; never a trace, never the sign-in."""
    request = urllib.request.Request(f"http://127.0.0.1:{machine['PORT']}/", headers={"Cookie": f"sessionid={session}"})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            page, code = response.read().decode(), int(response.status)
            assert response.url == request.full_url, response.url
    except urllib.error.HTTPError as error:
        with error:
            page, code = error.read().decode(), error.code
    assert "Traceback" not in page and "Error at /" not in page and "psycopg" not in page
    assert "<h1" in page
    return code


def comes_back(machine: dict[str, str], session: str, *, seconds: float = 60) -> list[int]:
    """What one was told until the page was there again."""
    told, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):  # the process that would have answered is the one that was killed
            told.append(start_page(machine, session))
            if told[-1] == 200:
                return told
        time.sleep(0.1)
    raise AssertionError(told)


def test_the_portal_runs_lets_commands_join_goes_on_when_its_parts_are_killed_and_stops_clean(
    portal: subprocess.Popen[str], prepared_machine: dict[str, str]
) -> None:
    """F06, F07, F09, F10, F11: somebody is signed in all the time, and stays so."""
    machine = prepared_machine
    assert status(machine) == 200
    joined = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", JOIN],
        env=machine,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (joined.returncode, "waiting" in joined.stderr) == (0, False), joined.stderr
    session = joined.stdout.split("signed in: ")[1].strip()
    assert start_page(machine, session) == 200
    second = subprocess.run(
        [sys.executable, "-m", "digivesteralen.run"],
        env=machine | {"PORT": str(free_port())},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1 and "running already" in second.stderr

    # Valkey that is silent, has forgotten everything, or is killed.
    worker = pids(machine, WORKER)[0]
    valkey = pids(machine, "valkey-server")[0]
    os.kill(valkey, signal.SIGSTOP)
    assert [start_page(machine, session), start_page(machine, session)] == [200, 200]
    os.kill(valkey, signal.SIGCONT)
    assert python(machine, FLUSH).returncode == 0
    assert start_page(machine, session) == 200
    os.kill(valkey, signal.SIGKILL)
    assert start_page(machine, session) == 200
    assert "valkey ended unexpectedly and is started again" in next_line(portal)
    worked = python(machine, WORK)
    assert worked.stdout.split() == ["done", "1"], worked.stderr
    assert pids(machine, WORKER)[0] == worker, "the same worker goes on when Valkey is back"

    for part, words in (("worker", WORKER), ("beat", "--quiet beat")):
        os.kill(pids(machine, words)[0], signal.SIGKILL)
        assert f"{part} ended unexpectedly and is started again" in next_line(portal)

    os.kill(pids(machine, "gunicorn")[-1], signal.SIGKILL)  # one of the web's workers
    assert comes_back(machine, session)[-1] == 200

    with socket.create_connection(("127.0.0.1", int(machine["PORT"]))) as cut:
        cut.sendall(b"POST /konto/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nlogin=kari")
    assert start_page(machine, session) == 200

    os.kill(pids(machine, "bin/postgres -D")[0], signal.SIGKILL)
    assert set(comes_back(machine, session)) <= {200, 503}
    assert "postgres ended unexpectedly and is started again" in next_line(portal)
    assert [start_page(machine, session) for _time in range(8)] == [200] * 8

    portal.send_signal(signal.SIGINT)

    assert portal.wait(60) == 0
    assert gone_within(1, machine)


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if line.strip())


def pids(machine: dict[str, str], words: str) -> list[int]:
    """Process numbers, the oldest first: a parent before its children."""
    return [number for number, command in processes_of(machine).items() if words in command]


def test_the_killed_portal_leaves_no_process(portal: subprocess.Popen[str], prepared_machine: dict[str, str]) -> None:
    portal.kill()

    assert portal.wait(10) == -signal.SIGKILL
    assert gone_within(15, prepared_machine)
