"""Files as tables: one reader per extension, and one clear sentence for each way a file can be broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.formats.arrow import plain_frame, read_arrow, read_parquet
from auditkit.data.formats.delimited import read_csv
from auditkit.data.formats.extensions import EXTENSIONS
from auditkit.data.formats.json_lines import read_json_lines
from auditkit.data.formats.npz import read_npz
from auditkit.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd


def read_table(path: Path) -> pd.DataFrame:
    """Return the file's table with text column names and a 0..n-1 index, at least one row and one column.

    The extension decides: .csv (UTF-8, also .csv.gz), .parquet, .feather or .arrow, .jsonl or .ndjson, .npz.
    Raises DataError that names the file, what is wrong with it, and what to do.
    """
    import pyarrow as pa

    reader = _reader(path)
    try:
        table = reader(path)
        _refuse_duplicates(path, table.column_names if isinstance(table, pa.Table) else list(table.columns))
        frame = plain_frame(table) if isinstance(table, pa.Table) else table
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or str(error).splitlines()[0]}"
        raise DataError(message) from error
    except (pa.ArrowException, UnicodeDecodeError) as error:
        message = f"{path} cannot be read: {str(error).splitlines()[0]}; was it cut short or renamed?"
        raise DataError(message) from error
    if not len(frame.columns):
        message = f"{path} has no columns"
        raise DataError(message)
    if not len(frame):
        message = f"{path} has a header but no rows"
        raise DataError(message)
    return frame


def readable(name: str) -> bool:
    """Return whether a file of this name has an extension that read_table knows."""
    return name.lower().endswith(tuple(_READERS))


def _reader(path: Path) -> Callable[[Path], Any]:
    """Return the reader for an existing, readable file."""
    if path.is_dir():
        message = f"{path} is a folder; name a file in it"
        raise DataError(message)
    if not path.exists():
        raise DataError(_missing(path))
    reader = next((_READERS[end] for end in _READERS if path.name.lower().endswith(end)), None)
    if reader is None:
        message = f"{path} has an extension that is not known; known: {', '.join(_READERS)}"
        raise DataError(message)
    if not path.stat().st_size:
        message = f"{path} is empty; it needs a header and rows"
        raise DataError(message)
    return reader


def _missing(path: Path) -> str:
    """Return the message for a file that is not there, with the nearest name in its folder."""
    if not path.parent.is_dir():
        return f"{path} does not exist, nor does its folder"
    return f"{path} does not exist{nearest(path.name, (file.name for file in path.parent.iterdir()))}"


def _refuse_duplicates(path: Path, names: list[str]) -> None:
    """Raise DataError if two columns share a name: a role could mean either."""
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        message = f"{path} has more than one column named {', '.join(map(repr, twice))}; rename all but one"
        raise DataError(message)


_READERS: dict[str, Callable[[Path], Any]] = {
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".parquet": read_parquet,
    ".feather": read_arrow,
    ".arrow": read_arrow,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".npz": read_npz,
}
if tuple(_READERS) != EXTENSIONS:
    message = "every ending of a readable file needs a reader, and every reader an ending"
    raise RuntimeError(message)
