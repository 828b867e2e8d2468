"""The night's backup: one folder for each day, made beside the others, and the oldest taken away."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from digivesteralen.audit.log import record
from digivesteralen.operations.backup import figures, making
from digivesteralen.operations.backup.manifest import Manifest
from digivesteralen.operations.backup.programs import NotDone

OF_A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNFINISHED = "-unfinished"


def written_down(folder: Path) -> tuple[Manifest, dict[str, int]]:
    """A backup, and what it holds, which the history is told."""
    manifest = making.make(folder)
    told = {
        "tables": len(manifest.figures["rows"]),
        "rows": figures.count(manifest.figures),
        "files": len(manifest.files),
        "damaged": len(manifest.damaged),
        "bytes": manifest.dump["size"] + sum(held["size"] for held in manifest.files.values()),
    }
    record("backup_made", detail=told)
    return manifest, told


def keep(parent: Path, *, days: int) -> None:
    """The backup of today, once; then those older than so many days go. Of one with damaged files nothing is taken
    away, since an older one may hold them whole."""
    today = timezone.localdate()
    if (parent / today.isoformat()).exists():
        return
    for left_behind in parent.glob(f"*{UNFINISHED}"):
        shutil.rmtree(left_behind)
    begun = parent / f"{today}{UNFINISHED}"
    manifest, _told = written_down(begun)
    begun.rename(parent / today.isoformat())
    if manifest.damaged:
        raise NotDone(f"Files of the portal are damaged, and older backups are kept: {', '.join(manifest.damaged)}.")
    for old in parent.iterdir():
        if OF_A_DAY.fullmatch(old.name) and date.fromisoformat(old.name) < today - timedelta(days=days):
            shutil.rmtree(old)
