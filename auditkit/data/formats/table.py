"""Files as tables: one reader per extension, and one clear sentence for each way a file can be broken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from auditkit.data.formats.arrow import plain_frame, read_arrow, read_parquet
from auditkit.data.formats.cells import notes_of
from auditkit.data.formats.delimited import read_csv
from auditkit.data.formats.extensions import EXTENSIONS
from auditkit.data.formats.json_lines import read_json_lines
from auditkit.data.formats.npz import read_npz
from auditkit.data.memory import room_in_force
from auditkit.data.paths import is_folder, kind_of, names_in, why_unreadable
from auditkit.errors import DataError, first_line, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from auditkit.data.memory import Room

MAX_COLUMNS = 100_000
"""More take minutes to look at, one by one, before anything is computed."""


def read_table(path: Path, *, room: Room | None = None, na: Sequence[str] = ()) -> pd.DataFrame:
    """Return the file's table with text column names and a 0..n-1 index, at least one row and one column.

    The extension decides: .csv (UTF-8, also .csv.gz), .parquet, .feather or .arrow, .jsonl or .ndjson, .npz.
    The words in `na` are missing where a CSV file says them, also in a column of numbers.
    Raises DataError that names the file, what is wrong with it, and what to do: also, before it is read, where it
    says of itself that it needs more memory than `room`, by default what the run that is going on allows, or what
    is free.
    """
    import pyarrow as pa

    room = room or room_in_force()
    reader = _reader(path)
    notes: tuple[str, ...] = ()
    try:
        table = read_csv(path, room, na=na) if reader is read_csv else reader(path, room)
        notes = notes_of(table) if reader is read_csv else ()
        names = table.column_names if isinstance(table, pa.Table) else list(table.columns)
        _check_names(path, names)
        frame = plain_frame(table, path, room) if isinstance(table, pa.Table) else table
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or first_line(error)}"
        raise DataError(message) from error
    except MemoryError as error:  # Arrow's own among them
        message = f"{path} does not fit into memory"
        raise DataError(message) from error
    except (pa.ArrowException, UnicodeDecodeError, OverflowError) as error:
        message = f"{path} cannot be read: {first_line(error)}; was it cut short or renamed?"
        raise DataError(message) from error
    if not len(frame.columns):
        message = f"{path} has no columns"
        raise DataError(message)
    if not len(frame):
        message = f"{path} has a header but no rows"
        raise DataError(message)
    _check_dates(path, frame)
    frame.attrs["notes"] = notes
    return frame


def readable(name: str) -> bool:
    """Return whether a file of this name has an extension that read_table knows."""
    return name.lower().endswith(tuple(_READERS))


def _reader(path: Path) -> Callable[[Path, Room], Any]:
    """Return the reader for an existing, readable file."""
    if kind_of(path) == "nothing" and not path.is_symlink():
        raise DataError(_missing(path))
    if problem := why_unreadable(path):
        message = f"{path} {problem}"
        raise DataError(message)
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
    if not is_folder(path.parent):
        return f"{path} does not exist, nor does its folder"
    return f"{path} does not exist{nearest(path.name, names_in(path.parent))}"


def _check_dates(path: Path, frame: pd.DataFrame) -> None:
    """Raise DataError for a date that nobody can write: files count years up to 290,000, Python up to 9999."""
    for name in frame.select_dtypes(["datetime", "datetimetz"]):
        years = frame[name].dt.year
        strange = years[(years < 1) | (years > 9999)]
        if len(strange):
            message = (
                f"{path}, row {strange.index[0]}: column '{name}' has a date in the year {int(strange.iloc[0])}; "
                "years from 1 to 9999 can be read"
            )
            raise DataError(message)


def _check_names(path: Path, names: list[str]) -> None:
    """Raise DataError if two columns share a name, since a role could mean either, or if there are too many."""
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        shown = ", ".join(map(repr, twice[:5])) + (", ..." if len(twice) > 5 else "")
        message = f"{path} has more than one column named {shown}; rename all but one"
        raise DataError(message)
    if len(names) > MAX_COLUMNS:
        message = f"{path} has {len(names):,} columns; at most {MAX_COLUMNS:,} are read"
        raise DataError(message)


_READERS: dict[str, Callable[[Path, Room], Any]] = {
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
