"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from auditkit.data.paths import is_folder, kind_of, why_unreadable
from auditkit.errors import UsageError

_WORDS = {"folder": "directory"}


def check_writable(path: Path) -> None:
    """Raise UsageError unless a file could be written at this path."""
    parent = path.parent
    if (kind := kind_of(path)) not in {"file", "nothing"}:
        reason = (
            why_unreadable(path).partition(": ")[2]
            if kind == "hidden"
            else f"it is a {_WORDS.get(kind, kind)}"
        )
        message = f"cannot write {path}: {reason}"
        raise UsageError(message)
    if not is_folder(parent):
        message = f"cannot write {path}: there is no folder {parent}"
        raise UsageError(message)
    if not os.access(parent, os.W_OK):
        message = f"cannot write {path}: folder {parent} is not writable"
        raise UsageError(message)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step, so that an interrupt leaves the old one or none."""
    check_writable(path)
    handle, name = tempfile.mkstemp(prefix=".auditkit-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(0o666 & ~umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def umask() -> int:
    """Return the bits that the user's new files lack; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
