"""Folders that only we may enter, and the other user that PostgreSQL needs when we are root."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from digivesteralen.servers.addresses import DATABASE


class CannotStart(Exception):
    """The servers cannot start; the text is one sentence that says what to do."""


def private_folder(folder: Path, *, owner: str | None = None) -> Path:
    """Make a folder that only its owner may enter. Somebody else's folder is refused: it may be a trap in /tmp."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir()
            parent.chmod(0o755)  # whatever our mask: another user may have to pass
    folder.mkdir(mode=0o700, exist_ok=True)
    expected = {os.getuid(), pwd.getpwnam(owner).pw_uid} if owner else {os.getuid()}
    for path in (folder, folder.parent):
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in expected:
            raise CannotStart(
                f"{path} belongs to the user {_name(found.st_uid)}: start as that user, or remove the folder."
            )
    if owner:
        shutil.chown(folder, owner, owner)
    folder.chmod(0o700)
    return folder


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def database_user() -> str | None:
    """PostgreSQL refuses to run as root; then a user of the machine without a password and without a shell runs it."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(DATABASE)
    except KeyError:
        useradd = shutil.which("useradd")
        if useradd is None:
            raise CannotStart(
                f"PostgreSQL does not run as root and useradd is missing: make a user “{DATABASE}”, or do not be root."
            ) from None
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", DATABASE]
        subprocess.run(command, check=True, capture_output=True)
    return DATABASE


def open_copy(source: Path, target: Path) -> None:
    """Copy a folder so that every user may read it, whatever the mask of the one who copies."""
    shutil.copytree(source, target, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
