"""Settings are read from the environment only, and nonsense stops the start."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

# Those that are long enough to be taken out of what is logged, whatever a library or another server says of them.
SECRETS: set[str] = set()
LONG_ENOUGH = 8


class Nonsense(Exception):
    """A variable in the environment holds something that the settings cannot use."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value == "":
        return default
    raise Nonsense(f"{name}={value!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise Nonsense(f"{name}={value!r}: write a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """A secret stands in NAME, or in the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE")
    return known(Path(path).read_text().strip() if path else os.environ.get(name, ""))


def known(value: str) -> str:
    """The same secret, which no log tells from now on."""
    if len(value) >= LONG_ENOUGH:
        SECRETS.add(value)
    return value


def kept_secret(path: Path) -> str:
    """A random secret that this machine makes at its first start and keeps; only its owner may read the file."""
    try:
        if not path.exists():
            _keep_secret(path)
        return known(path.read_text())
    except OSError as error:
        raise Nonsense(
            f"{path} cannot be kept or read ({error.strerror}): set SECRET_KEY, or another VAR_DIR."
        ) from None


def _keep_secret(path: Path) -> None:
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        # As the servers make this folder: root's database runs as another user, who passes through.
        path.parent.chmod(0o711 if os.geteuid() == 0 else 0o700)
    handle, made = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was faster, and its secret is whole
            os.link(made, path)
    finally:
        os.unlink(made)
