"""What a run read, each with a hash: files by their bytes, and what a plugin's loader hands over by its values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from auditkit.values.offers import Loader


END = 65_536
"""Bytes at the end of a large file that stand for it."""


@dataclass(frozen=True)
class Input:
    """One thing that was read: the name of a file without its folder, or of a loader."""

    file: str
    sha256: str
    bytes: int


def of_file(path: Path) -> Input:
    """Return a file's name, hash and size."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return Input(path.name, found, path.stat().st_size)


def of_images(paths: Sequence[Path]) -> Input:
    """Return one hash over the images that a table names, in its order."""
    told, size = hashlib.sha256(), 0
    for path in paths:
        one = of_file(path)
        told.update(one.sha256.encode())
        size += one.bytes
    return Input(f"{len(paths):,} images", told.hexdigest(), size)


def of_many(paths: Sequence[Path]) -> Input:
    """Return one hash over files that are too large to be read twice: of their names, sizes and ends.

    A Parquet file ends with its footer, which tells of all that it holds.
    """
    told, size = hashlib.sha256(), 0
    for path in paths:
        here = path.stat().st_size
        size += here
        told.update(f"{path.name} {here}\n".encode("utf-8", "backslashreplace"))
        with path.open("rb") as file:
            file.seek(max(here - END, 0))
            told.update(file.read(END))
    files = "1 file" if len(paths) == 1 else f"{len(paths):,} files"
    return Input(f"{files}, by name, size and last bytes", told.hexdigest(), size)


def of_table(name: str, table: pd.DataFrame) -> Input:
    """Return a hash over a table: names, types and values of its columns, in order."""
    told, size = hashlib.sha256(), 0
    for column, values in zip(table.columns, (table.iloc[:, i] for i in range(table.shape[1])), strict=True):
        told.update(f"{column!r} {values.dtype} {len(values)}\n".encode("utf-8", "backslashreplace"))
        for part in _parts(values):
            told.update(part)
            size += len(part)
    return Input(name, told.hexdigest(), size)


def heard(loader: Loader, tell: Callable[[Input], Any]) -> Loader:
    """Return a loader that tells what each table it reads holds."""

    def read(where: str) -> pd.DataFrame:
        import pandas as pd

        table = loader.read(where)
        if isinstance(table, pd.DataFrame):  # what else a plugin returns is told where it is used
            tell(
                of_table(
                    f"{loader.scheme}: as loaded" if loader.scheme else f"{loader.name}, as loaded", table
                )
            )
        return table

    return replace(loader, read=read)


def _parts(values: pd.Series[Any]) -> list[bytes]:
    """Return a column's values as bytes that differ where the values do."""
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biufcmM":
        return [np.ascontiguousarray(values.to_numpy()).tobytes()]
    try:
        codes, distinct = pd.factorize(values)
    except TypeError:  # lists and records cannot be hashed by pandas
        return [_written(value) for value in values]
    return [codes.tobytes(), *map(_written, distinct.tolist())]


def _written(value: Any) -> bytes:
    """Return one value as bytes; an array whole, where its text leaves out the middle."""
    if hasattr(value, "tobytes") and hasattr(value, "dtype") and value.dtype.kind != "O":
        return f"{value.dtype} {value.shape}".encode() + bytes(value.tobytes())
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        return (
            b"[" + b",".join(map(_written, items)) + b"]"
            if isinstance(items, list | tuple)
            else _written(items)
        )
    return f"{type(value).__name__} {value!r};".encode("utf-8", "backslashreplace")
