"""T30: guesses are counted over all processes that answer: two of gunicorn, of which one at a time is awake."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
import requests

from digivesteralen.accounts.models import User
from digivesteralen.servers import addresses
from digivesteralen.servers.processes import Child
from tests.machines import free_port
from tests.people import PASSWORD

SERVER = "import pytest; from gunicorn.app.wsgiapp import run; run()"


@contextmanager
def two_processes(environment: dict[str, str], log: Path) -> Iterator[tuple[str, list[int]]]:
    """The address of the portal, and the two that answer there."""
    here = f"127.0.0.1:{free_port()}"
    many = ["--workers", "2", "--threads", "8"]
    command = [sys.executable, "-c", SERVER, *many, "--bind", here, "digivesteralen.wsgi"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.signin.braked_settings"}
    child = Child("web", command, log=log, env={**environment, **settings}, cwd=addresses.BASE_DIR)
    try:
        told = Path(f"/proc/{child.process.pid}/task/{child.process.pid}/children")
        end = time.monotonic() + 60
        while log.read_text().count("Booting worker") < 2:
            assert child.running() and time.monotonic() < end, child.last_words()
            time.sleep(0.1)
        yield f"http://{here}", [int(pid) for pid in told.read_text().split()]
    finally:
        child.stop(10)


@contextmanager
def alone(awake: int, both: list[int]) -> Iterator[None]:
    asleep = [pid for pid in both if pid != awake]
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in asleep:
            os.kill(pid, signal.SIGCONT)


def browser(address: str) -> Callable[[str, str], bool]:
    """Tells whether an attempt led in."""

    def attempt(login: str, password: str) -> bool:
        with requests.Session() as lines:
            lines.get(f"{address}/konto/login/", timeout=30)
            form = {"login": login, "password": password, "csrfmiddlewaretoken": lines.cookies["csrftoken"]}
            lines.post(f"{address}/konto/login/", form, timeout=30, allow_redirects=False)
            return "sessionid" in lines.cookies

    return attempt


@pytest.mark.django_db(transaction=True)
def test_guesses_at_two_processes_close_both(
    it_leader: User, process_environment: dict[str, str], tmp_path: Path
) -> None:
    with two_processes(process_environment, tmp_path / "web.log") as (address, both):
        attempt = browser(address)
        for awake in both:
            with alone(awake, both):
                assert attempt(it_leader.email, PASSWORD), "the right password leads in before anybody guesses"
        for awake, guesses in zip(both, (5, 6), strict=True):
            with alone(awake, both):
                assert not any(attempt(f"person-{number}@test.example", "wrong") for number in range(guesses))
        for awake in both:
            with alone(awake, both):
                assert not attempt(it_leader.email, PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_thirty_guesses_at_the_same_moment_are_braked(
    it_leader: User, process_environment: dict[str, str], tmp_path: Path
) -> None:
    """They do not slip past the count beside each other: five for one address, also on a machine so busy that some
    count comes late."""
    with two_processes(process_environment, tmp_path / "web.log") as (address, _both):
        at_once = Barrier(30)

        def guess(number: int) -> str:
            with requests.Session() as lines:
                lines.get(f"{address}/konto/login/", timeout=60)
                form = {
                    "login": it_leader.email,
                    "password": f"{number}",
                    "csrfmiddlewaretoken": lines.cookies["csrftoken"],
                }
                at_once.wait(60)
                return lines.post(f"{address}/konto/login/", form, timeout=60).text

        with ThreadPoolExecutor(30) as people:
            pages = list(people.map(guess, range(30)))
        tried = [page for page in pages if "For mange" not in page]
        assert 0 < len(tried) <= 5
        assert not browser(address)(it_leader.email, PASSWORD)
