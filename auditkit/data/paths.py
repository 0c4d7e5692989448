"""What stands at a path: only a regular file, or a link to one, is read. A pipe would wait and a device never end."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

Kind = Literal["file", "folder", "nothing", "pipe", "device", "socket", "hidden"]

_KINDS: dict[int, Kind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFIFO: "pipe",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFSOCK: "socket",
}
_WORDS: dict[Kind, str] = {
    "folder": "is a folder; name a file in it",
    "nothing": "does not exist",
    "pipe": "is a pipe, not a file; save its data as a file first",
    "device": "is a device, not a file",
    "socket": "is a socket, not a file",
}


def kind_of(path: Path) -> Kind:
    """Return what a path leads to, links followed; hidden if the system will not say. Raises nothing."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a zero byte in the name
        return "nothing"
    except OSError:
        return "hidden"
    return _KINDS.get(stat.S_IFMT(mode), "device")


def is_file(path: Path) -> bool:
    """Return whether a path leads to a regular file. Unlike Path.is_file, a name that is too long is no error."""
    return kind_of(path) == "file"


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder."""
    return kind_of(path) == "folder"


def why_unreadable(path: Path) -> str:
    """Return why a path cannot be read as a file, as the end of a sentence that it begins; empty if it can."""
    match kind_of(path):
        case "file":
            return "" if os.access(path, os.R_OK) else "cannot be read: permission denied"
        case "nothing" if path.is_symlink():
            return "is a link to nothing"
        case "hidden":
            return f"cannot be read: {_reason(path)}"
        case kind:
            return _WORDS[kind]


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted; none for what is no folder, or one that may not be listed."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except (OSError, ValueError):
        return []


def files_below(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it, sorted; links to folders are not followed."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(place, name) for name in sorted(names)]
    return found


def _reason(path: Path) -> str:
    """Return the system's word for why it will not look at a path, such as `file name too long`."""
    try:
        path.stat()
    except OSError as error:
        return (error.strerror or "it cannot be looked at").lower()
    return "it cannot be looked at"
