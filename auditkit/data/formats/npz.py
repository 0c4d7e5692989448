"""NPZ files: named arrays as columns."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.data.formats.npy import Header, read_header
from auditkit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.memory import Room

BYTES_PER_CELL = 8
BYTES_PER_TEXT = 64
"""An object of Python for each text, besides its letters."""
TIME_UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")
MOST_ARRAYS = 100_000
"""As many as a table may have columns."""


@dataclass(frozen=True)
class Stored:
    """An array of an archive that is not read yet."""

    name: str
    header: Header
    member: zipfile.ZipInfo

    def read(self, archive: zipfile.ZipFile) -> NDArray[Any]:
        """Return the array."""
        import numpy as np

        with archive.open(self.member) as stream:
            array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        return array


def read_npz(path: Path, room: Room) -> pd.DataFrame:
    """Return each 1-D array as a column and each 2-D array `x` as columns x_0, x_1, ..."""
    import pandas as pd

    with whole_npz(path) as archive:
        arrays = stored_arrays(archive)
        room.need(sum(_frame_bytes(array.header) for array in arrays), path)
        for array in arrays:
            _need_column_shape(path, array)
        _need_one_length(path, arrays)
        columns = [column for array in arrays for column in _columns(array.name, array.read(archive))]
        # Not through a dict of names: two arrays may make the same name, and the caller refuses that.
        frame = pd.DataFrame({place: values for place, (_, values) in enumerate(columns)})
    frame.columns = pd.Index([name for name, _ in columns], dtype=object)
    return frame


@contextmanager
def whole_npz(path: Path) -> Iterator[zipfile.ZipFile]:
    """Lend the archive; whatever is wrong with it, here or in the block, is a DataError."""
    import zlib

    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        reason = "it is not a whole NPZ file" if isinstance(error, zipfile.BadZipFile) else error
        message = f"{path} cannot be read: {reason}; write it with numpy.savez and no object arrays"
        raise DataError(message) from error


def stored_arrays(archive: zipfile.ZipFile) -> tuple[Stored, ...]:
    """Return what each array says of itself, without reading it; ValueError where that cannot be true."""
    members = archive.infolist()
    if len(members) > MOST_ARRAYS:
        message = f"it holds {len(members):,} arrays; at most {MOST_ARRAYS:,} are read"
        raise ValueError(message)
    found: dict[str, Stored] = {}
    for member in members:
        name = member.filename.removesuffix(".npy")
        if name in found:
            message = f"it holds two arrays named '{name}'"
            raise ValueError(message)
        with archive.open(member) as stream:
            try:
                found[name] = Stored(name, read_header(stream, size=member.file_size), member)
            except ValueError as error:
                message = f"array '{name}': {error}"
                raise ValueError(message) from error
    return tuple(found.values())


def _frame_bytes(header: Header) -> int:
    """Return the bytes that an array takes as columns, itself included."""
    of_cell = BYTES_PER_TEXT + 4 * header.dtype.itemsize if header.dtype.kind in "SU" else BYTES_PER_CELL
    return header.bytes + header.cells * of_cell


def _need_column_shape(path: Path, array: Stored) -> None:
    """Raise DataError unless an array can be one column or several."""
    import numpy as np

    name, header = array.name, array.header
    if header.dtype.kind not in "biufSUmM" or len(header.shape) not in {1, 2}:
        message = (
            f"{path}: array '{name}' is {len(header.shape)}-D of type {header.dtype}; a column needs a 1-D or 2-D "
            "array of numbers, dates or text"
        )
        raise DataError(message)
    if header.dtype.kind in "mM" and np.datetime_data(header.dtype)[0] not in TIME_UNITS:
        message = (
            f"{path}: array '{name}' is of type {header.dtype}; dates need a unit: {', '.join(TIME_UNITS)}"
        )
        raise DataError(message)
    if len(header.shape) == 2 and header.shape[1] > MOST_ARRAYS:
        message = (
            f"{path}: array '{name}' makes {header.shape[1]:,} columns; at most {MOST_ARRAYS:,} are read"
        )
        raise DataError(message)


def _need_one_length(path: Path, arrays: Sequence[Stored]) -> None:
    """Raise DataError unless every array has a value for every row."""
    lengths = {array.name: array.header.shape[0] for array in arrays}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {rows}" for name, rows in list(lengths.items())[:6])
        message = f"{path} has arrays of different lengths ({shown}); they must all have one value per row"
        raise DataError(message)


def _columns(name: str, array: NDArray[Any]) -> list[tuple[str, Any]]:
    """Return the columns that one array makes."""
    if array.dtype.kind == "S":
        array = array.astype(str)
    array = array.astype(array.dtype.newbyteorder("="))
    if array.ndim == 1:
        return [(name, array)]
    return [(f"{name}_{place}", array[:, place]) for place in range(array.shape[1])]
