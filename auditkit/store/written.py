"""The log of files that auditkit wrote and that carry no mark, such as tables: their paths and hashes."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from auditkit.store.runs import runs_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 10_000_000
"""Of the log that are read, from its end: some 60,000 files."""
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
"""A link in place of the log may lead to a file of the user's."""


def remember(path: Path, content: bytes) -> None:
    """Add a file to the log; without a place for one, the next run asks for --overwrite."""
    entry = {"path": _name(path), "sha256": hashlib.sha256(content).hexdigest()}
    with suppress(OSError):
        _log().parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(_log(), _APPEND, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(entry).encode() + b"\n")


def known(path: Path) -> frozenset[str]:
    """Return the hashes of what was written at a path."""
    name = _name(path)
    return frozenset(entry["sha256"] for entry in _entries() if entry["path"] == name)


def _entries() -> Iterator[dict[str, str]]:
    """Yield the entries that can be read."""
    try:
        with _log().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - MAX_BYTES))
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        with suppress(ValueError, RecursionError):
            entry = json.loads(line)
            if isinstance(entry, dict) and {"path", "sha256"} <= set(entry):
                yield entry


def _name(path: Path) -> str:
    """Return a path from the log's folder, so that both may move together."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath(_log().parent))


def _log() -> Path:
    return runs_folder().parent / "written.jsonl"
