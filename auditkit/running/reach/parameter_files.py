"""Parameters that name files: those to read are found below the recipe's folder before a step sees them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from auditkit.data.paths import kind_of, names_in, why_unreadable
from auditkit.errors import DataError, nearest
from auditkit.spec.declared import InputFile, OutputFolder, parameters

T = TypeVar("T")
M = TypeVar("M")


def with_paths(params: T, *, folder: Path, step: str) -> T:
    """Return the parameters with a path that exists in place of each file's name, or raise DataError."""
    names = file_fields(params)
    return replace(params, **{name: _found(getattr(params, name), name, folder, step) for name in names})  # type: ignore[type-var]  # every Params is a dataclass


def files_of(params: Any) -> tuple[str, ...]:
    """Return the paths that `with_paths` filled in."""
    values = [getattr(params, name) for name in file_fields(params)]
    return tuple(path for value in values for path in ((value,) if isinstance(value, str) else value or ()))


def file_fields(params: Any) -> list[str]:
    """Return the names of the fields that name files to read."""
    return [name for name, _ in marked_fields(params, InputFile)]


def folders_of(params: Any) -> dict[str, tuple[Path, ...]]:
    """Return, for each field that names a folder to write into, the files that the step will write there.

    Relative names start at the working folder, as all outputs do.
    """
    named = [(name, getattr(params, name), note) for name, note in marked_fields(params, OutputFolder)]
    return {
        name: tuple(Path(folder) / file for file in note.files)
        for name, folder, note in named
        if folder is not None
    }


def marked_fields(params: Any, mark: type[M]) -> list[tuple[str, M]]:
    """Return the names of the fields that carry a mark of this type, each with its mark."""
    declared = {field.name.rstrip("_"): field.name for field in fields(params)}
    return [
        (declared[parameter.name], note)
        for parameter in parameters(type(params))
        for note in parameter.bounds
        if isinstance(note, mark)
    ]


def _found(value: Any, name: str, folder: Path, step: str) -> Any:
    """Return one name, or each of several, as a path."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_found(item, name, folder, step) for item in value)
    path = folder / value
    where = f"{step}: {name.rstrip('_')}"
    if kind_of(path) == "nothing":
        hint = nearest(path.name, names_in(path.parent))
        message = f"{where}: there is no file {path}{hint if 'did you' in hint else ''}"
        raise DataError(message)
    if problem := why_unreadable(path):
        message = f"{where}: {path} {problem}"
        raise DataError(message)
    return str(path)
