"""The chain as it is told outside the database: a line in a file, and a line in the log, for each link.

Whoever could rewrite the whole database could make a new chain that holds; what was told outside still says otherwise.
The file should be taken to another machine (docs/drift.md); ``verify --file`` reads a copy from there.

Three kinds of line tell of no link. One says by a number that a person's contact data was erased: after a restore the
database does not know it any more. One is written where the file was gone, and one where an operator has said that the
database was brought back to an earlier day: links told before it may be made anew, from the last one that agrees.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from digivesteralen.audit.models import Act, Link

logger = logging.getLogger(__name__)

# The act of erasing a person's contact data.
ERASED = "contact_data_erased"


@dataclass
class Telling:
    """What the file says: the digest of each link, and what is to be known of the file itself."""

    digests: dict[int, str] = field(default_factory=dict)
    restored: list[str] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    erased: list[tuple[datetime, int]] = field(default_factory=list)
    is_new: bool = False

    @property
    def newest(self) -> int:
        return max(self.digests, default=0)

    @property
    def knows_nothing(self) -> bool:
        """Of the chain; that somebody was erased may be told before the file is begun."""
        return not (self.digests or self.restored or self.unreadable or self.is_new)

    def add(self, line: dict[str, Any]) -> None:
        if "restored_to" in line:
            self._go_back(int(line["restored_to"]), str(line["at"]))
        elif "erased" in line:
            self.erased.append((datetime.fromisoformat(line["at"]), int(line["erased"])))
        elif "begun_anew" in line:
            self.is_new = True
        else:
            self.digests[int(line["number"])] = str(line["digest"])

    def erased_since(self, moment: datetime) -> set[int]:
        """The numbers of those whose contact data was erased then or later."""
        return {number for at, number in self.erased if at >= moment}

    def _go_back(self, number: int, at: str) -> None:
        again = [one for one in self.digests if one > number]
        self.restored.append(f"{at}: brought back to link {number}; {len(again)} links told before it do not count.")
        for one in again:
            del self.digests[one]
        self.is_new = False


def tell() -> None:
    """Add the links that the file lacks at its end: one, or more where the disk was full the night before."""
    _mend_the_end()
    told = read()
    if told.knows_nothing and Link.objects.filter(number__gt=1).exists():
        logger.warning("chain: %s is gone, and is written anew; compare it with the copy", settings.CHAIN_FILE)
        _write({"begun_anew": True, "at": timezone.now().isoformat()})
    for link in Link.objects.filter(number__gt=told.newest).order_by("number"):
        rows = sum(part["rows"] for part in link.parts)
        _write({"number": link.number, "at": link.made_at.isoformat(), "rows": rows, "digest": link.digest})
        logger.info("chain: link %s over %s rows, %s", link.number, rows, link.digest)


def erased(number: int, *, at: datetime | None = None) -> None:
    """Told where a restore does not reach, now or for a moment when the file could not be written."""
    _mend_the_end()
    _write({"erased": number, "at": (at or timezone.now()).isoformat()})


def untold_erasures() -> list[tuple[int, datetime]]:
    """Whose erasure has no line here, since the disk was full or the line was cut, and when it was; oldest first."""
    latest: dict[int, datetime] = {}
    for at, number in read().erased:
        latest[number] = max(at, latest.get(number, at))
    acts = Act.objects.filter(verb=ERASED).values_list("object_id").annotate(at=Max("at")).order_by("at")
    return [(int(key), at) for key, at in acts if int(key) not in latest or latest[int(key)] < at]


def restored() -> int:
    """An operator says that the database was brought back; the chain goes on from the last link that agrees."""
    _mend_the_end()
    told = read().digests
    links = Link.objects.values_list("number", "digest")
    number = max((number for number, digest in links if told.get(number) == digest), default=0)
    logger.warning("chain: the database was brought back, the chain goes on from link %s", number)
    _write({"restored_to": number, "at": timezone.now().isoformat()})
    tell()
    return number


def read(path: Path | None = None) -> Telling:
    """The lines of the file; none where it is not there. A line that cannot be read hides none of the others."""
    path = path or settings.CHAIN_FILE
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    told = Telling()
    for position, line in enumerate(lines, start=1):
        try:
            told.add(json.loads(line))
        except (ValueError, TypeError, KeyError):
            told.unreadable.append(position)
    return told


def _mend_the_end() -> None:
    """Half a line, from a disk that was full, is taken away: its link is told again."""
    path: Path = settings.CHAIN_FILE
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        logger.warning("chain: the last line of %s is half, and is written again", path)
        os.truncate(path, whole)


def _write(told: dict[str, Any]) -> None:
    path: Path = settings.CHAIN_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")
        file.flush()
        os.fsync(file.fileno())
