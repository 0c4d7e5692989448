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
from auditkit.store.runs import runs_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

INSTEAD = "name another file, or replace it with --overwrite"
LARGEST, LOOKED_AT = 200_000_000, 1_000_000
"""Bytes that are read to look for a mark, and for a kind: no recipe is longer."""
NOTHING: Mapping[Path, str] = {}
RECIPE, GROUPS, REPORT, MODEL, OTHER = "a recipe", "groups", "a report", "a model", "of another kind"
_YAML = {RECIPE: rb"^(steps|extends)\s*:", "waivers": rb"^waivers\s*:", GROUPS: rb"^groups\s*:"}
_HOLDS: Mapping[str, Mapping[str, bytes]] = {
    ".html": {REPORT: rb"(?i)<!doctype html|<html"},
    ".json": {
        REPORT: rb'"schema_version"\s*:',
        MODEL: rb'"weights_sha256"\s*:|"format"\s*:\s*\d',
        "a list of annotations": rb'"check_name"\s*:|\A\s*\[\s*\]\s*\Z',
    },
    ".sarif": {REPORT: rb'"runs"'},
    ".xml": {REPORT: rb"<testsuite"},
    ".yaml": _YAML,
    ".yml": _YAML,
    ".parquet": {"a table": rb"\APAR1"},
    ".zip": {"an archive": rb"\APK"},
}
"""What a file of each kind holds, by its ending; the first that fits is its kind. Texts may hold anything."""


def check_outputs(
    outputs: Sequence[Path],
    *,
    inputs: Iterable[Path],
    overwrite: bool,
    made: Sequence[Path] = (),
    kinds: Mapping[Path, str] = NOTHING,
) -> None:
    """Raise UsageError, before anything is written, unless each of these files can be and may be.

    `inputs` are the files that the run reads, and folders in which only what auditkit wrote is replaced; `made` are
    outputs that steps write; `kinds` are those of outputs whose ending leaves them open. Folders that are not there are
    made with them.
    """
    _refuse_twins((*outputs, *made))
    for path in (*outputs, *made):
        check_writable(path, make=True)
        if path.is_symlink():
            _check_link(path)
    there = [path for path in (*outputs, *made) if kind_of(path) == "file"]
    if there:  # a table may name a million images
        read, folders = _identities(inputs)
        for path in there:
            if _identity(path) in read:
                message = f"cannot write {path}: this run reads it; name another file"
                raise UsageError(message)
            inside = any(folder in _real(path).parents for folder in folders)
            kind = kinds.get(path, MODEL if path in made else _report(path))
            _need_leave(path, overwrite=overwrite and not inside, kind=kind)


def write_output(path: Path, content: str | bytes, *, overwrite: bool = False) -> None:
    """Write a file whole, with its mark or into the log. Raises UsageError for one that may not be replaced."""
    check_writable(path, make=True)
    if path.is_symlink():
        _check_link(path)
    place = _real(path)
    told = content.encode() if isinstance(content, str) else content
    parts = marked(told, _ending(place)) if isinstance(content, str) else (told,)
    if kind_of(path) == "file":
        _need_leave(path, overwrite=overwrite, kind=_kind_of(told, _ending(place)))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, *parts)
    except OSError as error:
        message = f"cannot write {path}: {(error.strerror or str(error)).lower()}"
        raise UsageError(message) from error
    if len(parts) == 1 and not has_mark(told, _ending(place)):
        written.remember(place, told)


def _need_leave(path: Path, *, overwrite: bool, kind: str | None) -> None:
    """Raise UsageError for a file that auditkit did not write or somebody changed since, without --overwrite.

    In any case for one of another kind than what is to be written, and for one that belongs to a kept run.
    """
    try:
        content, digest = _content(path)
    except OSError as error:
        message = f"cannot write {path}: what is there cannot be read; {INSTEAD}"
        raise UsageError(message) from error
    place = _real(path)
    ending = _ending(place)
    if not content:
        return  # nothing is lost with an empty file, such as a runner makes for its summary
    there = _kind_of(content, ending)
    unlike = kind is not None and there not in {kind, OTHER}
    if there is not None and (unlike or (overwrite and there == OTHER)):
        message = f"cannot write {path}: what is there is {there}, and is not replaced; name another file"
        raise UsageError(message)
    if _real(runs_folder()) in place.parents:
        message = f"cannot write {path}: it belongs to the runs that are kept; name another file"
        raise UsageError(message)
    known = frozenset() if overwrite or is_untouched(content, ending) else written.known(place)
    if overwrite or is_untouched(content, ending) or digest in known:
        return
    changed = bool(known) or (can_carry(ending) and has_mark(content, ending))
    what = "it was changed since auditkit wrote it" if changed else "auditkit did not write what is there"
    message = f"cannot write {path}: {what}; {INSTEAD}"
    raise UsageError(message)


def _check_link(path: Path) -> None:
    """Raise UsageError for a link to what cannot be written, or to a file whose ending is another: it would be lost."""
    place = _real(path)
    check_writable(place)
    if _ending(place) != _ending(path):
        message = f"cannot write {path}: it is a link to {place.name}; name a file that ends as the link does"
        raise UsageError(message)


def _kind_of(content: bytes, ending: str) -> str | None:
    """Return what a file's content is; OTHER for none of what ends so, None where the ending does not say."""
    if ending not in _HOLDS:
        return None
    found = (
        kind for kind, held in _HOLDS[ending].items() if re.search(held, content[:LOOKED_AT], re.MULTILINE)
    )
    return next(found, OTHER)


def _content(path: Path) -> tuple[bytes, str]:
    """Return what a file holds, or its first bytes where it is larger than any report, and the hash of all of it."""
    with path.open("rb") as file:
        content = file.read(LARGEST)
        if len(content) < LARGEST:
            return content, hashlib.sha256(content).hexdigest()
        file.seek(0)
        return content[:LOOKED_AT], hashlib.file_digest(file, "sha256").hexdigest()


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


def _report(path: Path) -> str | None:
    """Return what a report of this name is, where files of its ending may be something else."""
    if _ending(path) != ".json":
        return None
    return "a list of annotations" if path.name.lower().endswith(".gitlab.json") else REPORT


def _real(path: Path) -> Path:
    """Return where links lead; a name that no file can have stays, and is refused as such."""
    return path if "\0" in str(path) else Path(os.path.realpath(path))
