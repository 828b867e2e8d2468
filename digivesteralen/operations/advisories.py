"""`make audit`: are the packages we lock known to be vulnerable?

The advisories are files in the OSV format (one, a folder or a zip of them) that somebody hands over, or an address to
fetch such a zip from. Without either there is nothing to compare with: that is said, and is no fault.
"""

import contextlib
import io
import json
import os
import re
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
LARGEST = 500 * 1024 * 1024
PATIENCE = 20


def locked(lock: Path) -> dict[str, Version]:
    """The packages of a lock file, by their canonical names."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def hits(packages: dict[str, Version], advisories: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One sentence for each locked package that an advisory names."""
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", []):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            version = packages.get(name) if package.get("ecosystem", "").lower() == "pypi" else None
            if version is not None and is_affected(version, affected):
                told = advisory.get("summary") or advisory.get("details", "")[:100]
                yield f"{name} {version}: {advisory.get('id', '?')} {told}".strip()


def is_affected(version: Version, affected: dict[str, Any]) -> bool:
    if any(_version(named) == version for named in affected.get("versions", [])):
        return True
    spans = [span for span in affected.get("ranges", []) if span.get("type") == "ECOSYSTEM"]
    return any(_within(version, span.get("events", [])) for span in spans)


def _within(version: Version, events: list[dict[str, str]]) -> bool:
    """OSV: the events in the order of their versions; after an introduction it is affected until it is fixed."""
    inside = False
    for kind, at in sorted(_events(events), key=lambda event: event[1]):
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _events(events: list[dict[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, written in event.items():
            at = Version("0.dev0") if written == "0" else _version(written)
            if at is not None:
                yield kind, at


def _version(written: str) -> Version | None:
    with contextlib.suppress(InvalidVersion):
        return Version(written)
    return None


def read(place: Path) -> Iterator[dict[str, Any]]:
    """Every advisory of a file, of a folder, or of a zip."""
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield from _parse(file.read_text())
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as packed:
            for name in packed.namelist():
                if name.endswith(".json"):
                    yield from _parse(packed.read(name).decode())
    else:
        yield from _parse(place.read_text())


def _parse(text: str) -> list[dict[str, Any]]:
    found = json.loads(text)
    if isinstance(found, dict):
        return list(found.get("vulns", [found]))
    return list(found)


def fetched(address: str, into: Path) -> Path | None:
    """The zip behind an address; None where there is no line."""
    if not address.startswith("https://"):
        raise ValueError(f"{address}: only https:// is fetched.")
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 -- https, as asked above
            content = io.BytesIO(answer.read(LARGEST))
    except (urllib.error.URLError, TimeoutError):
        return None
    into.write_bytes(content.getvalue())
    return into


def main(given: str) -> int:
    place: Path | None = Path(given) if given and "://" not in given else None
    if "://" in given:
        place = fetched(given, Path(os.environ.get("VAR_DIR", ROOT / "var")) / "advisories.zip")
    if place is None:
        print("No advisories to compare with: give a file or an https:// address, make audit ADVISORIES=…")
        return 0
    if not place.exists():
        print(f"{place} is not there.")
        return 1
    packages = {name: version for lock in LOCKS for name, version in locked(ROOT / lock).items()}
    found = sorted(set(hits(packages, read(place))))
    print("\n".join(found) if found else f"None of {len(packages)} packages is named by an advisory.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
