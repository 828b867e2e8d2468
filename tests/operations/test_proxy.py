"""The proxy of production, with its own file of settings, in front of a server that tells what reaches it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests import Session

from tests.machines import ROOT, free_port

CADDY = Path(sys.executable).parent / "caddy"


@dataclass
class Behind:
    """What reached the server behind the proxy."""

    connections: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


def test_whoever_sends_slowly_reaches_the_portal_when_all_is_here(proxy: int, behind: Behind) -> None:
    line = _begins(proxy, length=20)
    for _drop in range(5):
        line.sendall(b"a")
        time.sleep(0.1)
    assert behind.connections == 0, "no thread of the portal waits for the rest"

    line.sendall(b"b" * 15)

    assert line.recv(1024).startswith(b"HTTP/1.1 200")
    assert [body for _headers, body in behind.requests] == [b"aaaaa" + b"b" * 15]
    line.close()


def test_whoever_stops_on_the_way_never_reaches_it(proxy: int, behind: Behind) -> None:
    line = _begins(proxy, length=20)
    line.sendall(b"half")
    line.close()
    time.sleep(0.5)

    assert (behind.connections, behind.requests) == (0, [])


def test_what_is_too_large_is_answered_by_the_portal_itself(proxy: int, behind: Behind) -> None:
    """Its sentence is read instead of a bare 413; the size stands in what it is told."""
    answer = _plain().post(f"http://127.0.0.1:{proxy}/", data=b"x" * 14_000_000, timeout=20)

    assert answer.status_code == 200
    headers, body = behind.requests[0]
    assert (headers["Content-Length"], len(body)) == ("14000000", 14_000_000)


def test_nobody_gives_oneself_another_address_or_https(proxy: int, behind: Behind) -> None:
    told = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https"}
    _plain().get(f"http://127.0.0.1:{proxy}/", headers=told, timeout=20)
    headers, _body = behind.requests[0]

    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("127.0.0.1", "http")


def _plain() -> Session:
    """Straight to it, whatever proxy the machine goes by."""
    session = Session()
    session.trust_env = False
    return session


def _begins(port: int, *, length: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n".encode())
    return line


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def proxy(behind: Behind, tmp_path: Path) -> Iterator[int]:
    """The port where the proxy answers."""
    port = free_port()
    with ThreadingHTTPServer(("127.0.0.1", 0), _telling(behind)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = {"PORTAL_HOST": f"http://127.0.0.1:{port}", "PORTAL_SERVER": f"127.0.0.1:{server.server_port}"}
        environment = {**os.environ, **told, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        settings = ROOT / "docs" / "deploy" / "Caddyfile"
        running = subprocess.Popen(
            [CADDY, "run", "--config", settings, "--adapter", "caddyfile"], env=environment, stderr=subprocess.PIPE
        )
        try:
            _wait_for(port, running)
            yield port
        finally:
            running.terminate()
            running.communicate(timeout=20)
            server.shutdown()


def _telling(behind: Behind) -> type[BaseHTTPRequestHandler]:
    class Telling(BaseHTTPRequestHandler):
        def setup(self) -> None:
            behind.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            behind.requests.append((dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            """The tests tell what went wrong."""

    return Telling


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        if running.poll() is not None:
            pytest.fail((running.stderr.read() if running.stderr else b"").decode())
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the proxy does not answer")
