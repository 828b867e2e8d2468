"""The port that the browser uses."""

import socket

from digivesteralen.servers.place import CannotStart


def check_free(port: str) -> None:
    """Say it in one sentence before anything is started."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT={port!r} is no port: write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            free = int(port) + 1
            raise CannotStart(f"Port {port} cannot be used ({error.strerror}): try “make run PORT={free}”.") from error
