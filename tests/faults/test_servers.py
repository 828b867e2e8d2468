"""The embedded servers: what was acknowledged survives a kill, and what is started is stopped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digivesteralen.servers import addresses
from tests.machines import ROOT, gone_within, machine, machine_in, python

__all__ = ["machine"]

pytestmark = pytest.mark.xdist_group("servers")

KEEP = """
import os, signal, psycopg, redis
from digivesteralen.servers.holding import servers
from digivesteralen.servers import addresses
with servers() as started:
    place = addresses.database("owner")
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        broker = redis.Redis.from_url(addresses.redis_url(0))
        broker.rpush("queue", "job")
        print(connection.execute("SELECT count(*) FROM kept").fetchone()[0], broker.llen("queue"), flush=True)
    if {kill}:
        import time; time.sleep(1.2)
        for server in started:
            server.child.process.kill()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_jobs_are_kept_on_disk_and_never_pushed_out(machine: dict[str, str]) -> None:
    done = python(
        machine,
        "import redis\n"
        "from digivesteralen.servers.holding import servers\n"
        "from digivesteralen.servers import addresses\n"
        "with servers():\n"
        "    client = redis.Redis.from_url(addresses.redis_url(0))\n"
        "    names = 'appendonly', 'maxmemory-policy', 'port'\n"
        "    print(*(client.config_get(name)[name] for name in names))\n",
    )
    assert done.stdout.split() == ["yes", "noeviction", "0"], done.stderr
    assert gone_within(1, machine)


def test_nothing_is_lost_when_everything_is_killed(machine: dict[str, str]) -> None:
    """F06, F10: what was acknowledged before the kill is there after it."""
    assert python(machine, KEEP.format(kill=True)).stdout.split() == ["1", "1"]
    assert gone_within(5, machine)

    done = python(machine, KEEP.format(kill=False))

    assert done.stdout.split() == ["2", "2"], done.stderr
    assert gone_within(1, machine)


def test_a_killed_command_leaves_no_server_behind(machine: dict[str, str]) -> None:
    code = (
        "from digivesteralen.servers.holding import servers\nimport time\n"
        "with servers():\n print('up', flush=True)\n time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], env=machine, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"up\n"
        process.kill()

    assert gone_within(5, machine)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a database of another user")
def test_root_in_a_closed_folder_keeps_the_data_where_the_database_may_go(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    machine = machine_in(tmp_path / "closed")
    outside = Path()
    try:
        done = python(machine, KEEP.format(kill=False))
        outside = Path(machine["VAR_DIR"], "postgres").readlink()
        assert done.stdout.split() == ["1", "1"], done.stderr
        assert addresses.reachable(outside.parent)
        assert outside.stat().st_mode & 0o077 == 0
    finally:
        if outside.name == "postgres":
            shutil.rmtree(outside.parent)
    assert gone_within(1, machine)


def test_two_commands_take_turns(machine: dict[str, str]) -> None:
    code = (
        "from digivesteralen.servers.holding import servers\nimport time\n"
        "with servers():\n print(time.time(), flush=True)\n time.sleep(1)\n print(time.time(), flush=True)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=machine, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60) for process in both]
    (first_in, first_out), (second_in, second_out) = sorted(tuple(map(float, out.split())) for out, _ in told)

    assert first_in < first_out <= second_in < second_out
    assert sum(b"waiting" in err for _, err in told) == 1
