"""Looks at the machine before anything is installed: Python, venv, and the system libraries that PDFs are made with.

Run by `make install` with the machine's own Python, and therefore without anything but the standard library.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from typing import Any

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "fontconfig",
}
NAMES_ELSEWHERE = "Pango, HarfBuzz with its subset library, and Fontconfig"


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file is the one that an older Python meets
        print(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}: try “make PYTHON=python3.12 …”.")
        return 1
    packages = missing_packages()
    if not packages:
        return 0
    if shutil.which("apt-get") is None:
        print(f"Install {NAMES_ELSEWHERE} with the package manager of this machine, then run make again.")
        return 1
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        print(f"Some system packages are missing. Run:  sudo {' '.join(command)}")
        return 1
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    quiet: dict[str, Any] = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "--quiet"], check=True, **quiet)
    subprocess.run(command, check=True, **quiet)
    return 0


def missing_packages() -> list[str]:
    """Debian's names of what is missing; on other systems than Linux the libraries are looked for first when used."""
    packages = []
    if importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if sys.platform == "linux":
        packages += [package for library, package in LIBRARIES.items() if not _loads(library)]
    return packages


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
