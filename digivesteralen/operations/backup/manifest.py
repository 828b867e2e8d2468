"""The list of what a backup holds. It is written last: a folder without it is a backup that was cut off."""

import hashlib
import json
import os
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from digivesteralen.operations.backup.figures import Figures
from digivesteralen.operations.backup.programs import NotDone
from digivesteralen.servers.addresses import BASE_DIR

NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files"
FORMAT = 1


@dataclass
class Manifest:
    """What was copied, with the proof of each part."""

    server: str
    migrations: list[str]
    figures: Figures
    dump: dict[str, Any]
    files: dict[str, dict[str, Any]]
    # Files that did not stand as the portal had stored them when the backup was made: name and what was wrong.
    damaged: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
    portal: str = field(default_factory=lambda: portal_version())
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def write(self, folder: Path) -> None:
        beside = folder / f".{NAME}"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(folder / NAME)

    @classmethod
    def read(cls, folder: Path) -> Self:
        try:
            held = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NotDone(f"{folder} holds no {NAME}: it is no backup, or one that was cut off.") from None
        except ValueError as error:
            raise NotDone(f"{folder / NAME} cannot be read: {error}. Use another backup.") from None
        if not isinstance(held, dict) or held.get("format") != FORMAT:
            raise NotDone(f"{folder / NAME} is of another form than this portal reads: use the portal that wrote it.")
        try:
            return cls(**held)
        except TypeError as error:
            raise NotDone(f"{folder / NAME} is not whole: {error}. Use another backup.") from None


def portal_version() -> str:
    with (BASE_DIR / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return version


def proof(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file on disk."""
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
