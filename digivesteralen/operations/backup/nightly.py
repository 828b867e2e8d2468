"""The night's backup: one folder for each day, made beside the others, and the oldest taken away."""

import shutil
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from digivesteralen.audit.log import record
from digivesteralen.operations.backup import figures, making
from digivesteralen.operations.backup.manifest import Manifest
from digivesteralen.operations.backup.programs import NotDone

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
    """The backup of today, once; then those older than so many days go, a day at the least. Of one with damaged files
    nothing is taken away, since an older one may hold them whole."""
    today = timezone.localdate()
    made = parent / today.isoformat()
    if made.exists():
        manifest = Manifest.read(made)
    else:
        for left_behind in _of_days(parent, ending=UNFINISHED):
            shutil.rmtree(left_behind)
        begun = parent / f"{today}{UNFINISHED}"
        manifest, _told = written_down(begun)
        begun.rename(made)
    if manifest.damaged:
        raise NotDone(f"Files of the portal are damaged, and older backups are kept: {', '.join(manifest.damaged)}.")
    for old, day in _of_days(parent).items():
        if day < today - timedelta(days=max(days, 1)):
            shutil.rmtree(old)


def _of_days(parent: Path, *, ending: str = "") -> dict[Path, date]:
    """Our own folders there, each with its day; what others keep beside them is none of ours."""
    found = {}
    for path in parent.iterdir() if parent.exists() else []:
        if path.is_dir() and not path.is_symlink() and path.name.endswith(ending):
            with suppress(ValueError):
                day = date.fromisoformat(path.name.removesuffix(ending))
                if path.name == f"{day}{ending}":
                    found[path] = day
    return found
