#!/usr/bin/env python
"""The command line. A command that needs the database starts the embedded servers, or joins a running `make run`."""

import contextlib
import os
import sys

from django.core.management import execute_from_command_line

from digivesteralen.environment import Nonsense
from digivesteralen.servers.holding import servers
from digivesteralen.servers.place import CannotStart

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "roles",
}


def needs_database(arguments: list[str]) -> bool:
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_DATABASE or any(word.startswith("--database") for word in arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digivesteralen.settings")
    try:
        with servers() if needs_database(sys.argv[1:]) else contextlib.nullcontext():
            execute_from_command_line(sys.argv)
    except (CannotStart, Nonsense) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
