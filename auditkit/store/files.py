"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from auditkit.data.paths import is_folder, kind_of, why_unreadable
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WORDS = {"folder": "directory"}
_HELD = ("/dev", "/dev/fd")
"""Folders in which a link leads to whatever a process holds open at that moment, /proc beside them."""


def check_writable(path: Path, *, make: bool = False) -> None:
    """Raise UsageError unless a file could be written at this path; with `make`, its folder may be made first."""
    if problem := _why_unwritable(path):
        message = f"cannot write {path}: {problem}"
        raise UsageError(message)
    parent = path.parent
    while make and kind_of(parent) == "nothing" and not parent.is_symlink() and parent != parent.parent:
        parent = parent.parent
    if not is_folder(parent):
        message = f"cannot write {path}: there is no folder {parent}"
        raise UsageError(message)
    if not os.access(parent, os.W_OK):
        message = f"cannot write {path}: folder {parent} is not writable"
        raise UsageError(message)


def _why_unwritable(path: Path) -> str:
    """Return what stands at a path and is no file to write; empty for a file or nothing."""
    if "\0" in str(path):
        return "no file has a zero byte in its name"
    match kind_of(path):
        case "nothing":
            return "it is a link to nothing" if path.is_symlink() else ""
        case "hidden":
            return why_unreadable(path).partition(": ")[2]
        case _ if any(_is_open_file(place) for place in _hops(path)):
            return "it is what a process holds open, not a file; -o - writes to standard output"
        case "file":
            return ""
        case kind:
            return f"it is a {_WORDS.get(kind, kind)}"


def _hops(path: Path) -> Iterator[Path]:
    """Yield a path, and where it is a link the path that it names, and so on to the first that is none."""
    for _ in range(40):  # as many as the system follows
        yield path
        if not path.is_symlink():
            return
        path = path.parent / path.readlink()


def _is_open_file(path: Path) -> bool:
    """Whether a path is a link such as /dev/stdout, which leads to standard error while steps run."""
    folder = os.path.realpath(path.parent)
    return path.is_symlink() and (folder in _HELD or folder.startswith("/proc/"))


def write_whole(path: Path, *parts: bytes | memoryview) -> None:
    """Write a file of parts in one step: an interrupt leaves the old one or none. A new one has the user's umask."""
    check_writable(path)
    handle, name = _new_file(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        if kind_of(path) == "file":
            shutil.copymode(path, name)
        name.replace(path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _new_file(folder: Path) -> tuple[int, Path]:
    """Return a new file in a folder, open, with the mode that any program's file would have."""
    while True:
        name = folder / f".auditkit-{secrets.token_hex(8)}"
        with suppress(FileExistsError):
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), name


def umask() -> int:
    """Return the bits that the user's new files lack; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
