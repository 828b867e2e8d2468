"""The embedded servers: what was acknowledged survives a kill, and what is started is stopped."""

import json
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
import json, os, signal, threading, time, psycopg, redis
from digivesteralen.servers.holding import servers
from digivesteralen.servers import addresses
place = addresses.database("owner")
def connect():
    return psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True)
told = [[] for _writer in range(4)]
def write(writer):
    connection, number = connect(), 0
    try:
        while True:
            connection.execute("INSERT INTO kept VALUES (%s, %s)", [writer, number])
            told[writer].append(number)
            number += 1
    except psycopg.Error:
        pass  # killed
with servers() as started:
    with connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (writer int, n int)")
        there = connection.execute("SELECT writer, count(*), max(n) + 1 FROM kept GROUP BY 1 ORDER BY 1").fetchall()
        broker = redis.Redis.from_url(addresses.redis_url(0))
        broker.rpush("queue", "job")
        print(json.dumps([there, broker.llen("queue")]), flush=True)
    if {kill}:
        writers = [threading.Thread(target=write, args=[writer], daemon=True) for writer in range(4)]
        for writer in writers:
            writer.start()
        time.sleep(1.2)
        for server in started:
            server.child.process.kill()
        for writer in writers:
            writer.join(5)
        print(json.dumps([len(one) for one in told]), flush=True)
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
    """F06, F10: four write all the while; what was acknowledged before the kill is there after it, each once."""
    begun, acknowledged = map(json.loads, python(machine, KEEP.format(kill=True)).stdout.splitlines())
    assert begun == [[], 1]
    assert gone_within(5, machine)

    done = python(machine, KEEP.format(kill=False))

    there, queued = json.loads(done.stdout)
    assert queued == 2, done.stderr
    for (_writer, written, numbered), told in zip(there, acknowledged, strict=True):
        assert 10 < told <= written <= told + 1, "the last may have been written and not acknowledged"
        assert numbered == written, "none is missing between"
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
        assert json.loads(done.stdout) == [[], 1], done.stderr
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
