"""Every file that auditkit writes for somebody: checked before a run, and written here and nowhere else.

No output is an input of the run, two outputs are two files, and a file that is there is replaced only where its mark or
the log shows that auditkit wrote it and nobody changed it since, or by --overwrite.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.data.paths import kind_of
from auditkit.errors import UsageError
from auditkit.store import written
from auditkit.store.files import check_writable, write_whole
from auditkit.store.mark import can_carry, has_mark, is_untouched, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INSTEAD = "name another file, or replace it with --overwrite"
LARGEST, FIRST = 200_000_000, 100_000
"""Bytes that are read to look for a mark, and of a larger file to know its kind."""
_KINDS = {
    ".html": re.compile(rb"<!doctype html|<html", re.IGNORECASE),
    ".json": re.compile(rb'"schema_version"|"weights_sha256"|"check_name"'),
    ".sarif": re.compile(rb'"runs"'),
    ".xml": re.compile(rb"<testsuite"),
    ".yaml": re.compile(rb"^(steps|extends|groups|waivers)\s*:", re.MULTILINE),
    ".yml": re.compile(rb"^(steps|extends|groups|waivers)\s*:", re.MULTILINE),
    ".parquet": re.compile(rb"\APAR1"),
}
"""What a file of its own kind holds, by its ending: --overwrite replaces no other. Texts may hold anything."""


def check_outputs(
    outputs: Sequence[Path], *, inputs: Iterable[Path], overwrite: bool, made: Sequence[Path] = ()
) -> None:
    """Raise UsageError, before anything is written, unless each of these files can be and may be.

    `inputs` are the files that the run reads, and folders in which only what auditkit wrote is replaced; `made` are
    outputs that steps write. Folders that are not there are made with them.
    """
    _refuse_twins((*outputs, *made))
    for path in (*outputs, *made):
        check_writable(path, make=True)
        if path.is_symlink():
            check_writable(_real(path))
    there = [path for path in (*outputs, *made) if kind_of(path) == "file"]
    if there:  # a table may name a million images
        read, folders = _identities(inputs)
        for path in there:
            if _identity(path) in read:
                message = f"cannot write {path}: this run reads it; name another file"
                raise UsageError(message)
            inside = any(folder in _real(path).parents for folder in folders)
            _need_leave(path, overwrite=overwrite and not inside)


def write_output(path: Path, content: str | bytes, *, overwrite: bool = False) -> None:
    """Write a file whole, with its mark or into the log. Raises UsageError for one that may not be replaced."""
    check_writable(path, make=True)
    if kind_of(path) == "file":
        _need_leave(path, overwrite=overwrite)
    place = _real(path)
    whole = marked(content, _ending(place)) if isinstance(content, str) else content
    told = whole.encode() if isinstance(whole, str) else whole
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, told)
    except OSError as error:
        message = f"cannot write {path}: {(error.strerror or str(error)).lower()}"
        raise UsageError(message) from error
    if not has_mark(told, _ending(place)):
        written.remember(place, told)


def _need_leave(path: Path, *, overwrite: bool) -> None:
    """Raise UsageError for a file that auditkit did not write or somebody changed since, without --overwrite.

    With it, for one that is of another kind than its ending says.
    """
    try:
        content, digest = _content(path)
    except OSError as error:
        message = f"cannot write {path}: what is there cannot be read; {INSTEAD}"
        raise UsageError(message) from error
    place = _real(path)
    if not content or is_untouched(content, _ending(place)):
        return  # nothing is lost with an empty file, such as a runner makes for its summary
    if overwrite:
        kind = _KINDS.get(_ending(place))
        if content and kind is not None and not kind.search(content):
            message = f"cannot write {path}: what is there is of another kind, and is not replaced; name another file"
            raise UsageError(message)
        return
    known = written.known(place)
    if digest in known:
        return
    changed = bool(known) or (can_carry(_ending(place)) and has_mark(content, _ending(place)))
    what = "it was changed since auditkit wrote it" if changed else "auditkit did not write what is there"
    message = f"cannot write {path}: {what}; {INSTEAD}"
    raise UsageError(message)


def _content(path: Path) -> tuple[bytes, str]:
    """Return what a file holds, or its first bytes where it is larger than any report, and the hash of all of it."""
    with path.open("rb") as file:
        content = file.read(LARGEST)
        if len(content) < LARGEST:
            return content, hashlib.sha256(content).hexdigest()
        file.seek(0)
        return content[:FIRST], hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_twins(outputs: Sequence[Path]) -> None:
    """Raise UsageError for two outputs that are one file."""
    seen: dict[object, Path] = {}
    for path in outputs:
        for key in (_real(path), _identity(path)):
            if key is not None and key in seen:
                first = seen[key]
                twice = f"{path} twice" if first == path else f"{first} and {path}: they are one file"
                message = f"cannot write {twice}; name a file for each"
                raise UsageError(message)
        seen |= {key: path for key in (_real(path), _identity(path)) if key is not None}


def _identities(inputs: Iterable[Path]) -> tuple[set[tuple[int, int]], list[Path]]:
    """Return the device and number of each file, whatever its name, and the folders."""
    paths = list(inputs)
    files = {found for path in paths if (found := _identity(path)) is not None}
    return files, [_real(path) for path in paths if kind_of(path) == "folder"]


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what links of both kinds to one file have in common; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _ending(path: Path) -> str:
    """Return the ending by which a file's mark is known; SARIF is SARIF also where its name ends in .json."""
    return ".sarif" if path.name.lower().endswith(".sarif.json") else path.suffix.lower()


def _real(path: Path) -> Path:
    """Return where links lead; a name that no file can have stays, and is refused as such."""
    return path if "\0" in str(path) else Path(os.path.realpath(path))
