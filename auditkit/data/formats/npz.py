"""NPZ files: named arrays as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def read_npz(path: Path) -> pd.DataFrame:
    """Return each 1-D array as a column and each 2-D array `x` as columns x_0, x_1, ..."""
    import zipfile
    import zlib

    import numpy as np
    import pandas as pd

    columns: list[tuple[str, Any]] = []
    try:
        if not zipfile.is_zipfile(path):
            message = f"{path} is not a whole NPZ file; write it with numpy.savez"
            raise DataError(message)
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                columns += _columns(path, name, arrays[name])
    except (ValueError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        message = f"{path} cannot be read: {error}; write it with numpy.savez and no object arrays"
        raise DataError(message) from error
    lengths = {name: len(values) for name, values in columns}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {rows}" for name, rows in list(lengths.items())[:6])
        message = f"{path} has arrays of different lengths ({shown}); they must all have one value per row"
        raise DataError(message)
    # Not through a dict: two arrays may make the same name, and the caller refuses that.
    frame = pd.DataFrame({place: values for place, (_, values) in enumerate(columns)})
    frame.columns = pd.Index([name for name, _ in columns], dtype=object)
    return frame


def _columns(path: Path, name: str, array: Any) -> list[tuple[str, Any]]:
    """Return the columns that one array makes."""
    if array.dtype.kind not in "biufSUmM" or array.ndim not in {1, 2}:
        message = (
            f"{path}: array '{name}' is {array.ndim}-D of type {array.dtype}; a column needs a 1-D or 2-D "
            "array of numbers, dates or text"
        )
        raise DataError(message)
    if array.dtype.kind == "S":
        array = array.astype(str)
    array = array.astype(array.dtype.newbyteorder("="))
    if array.ndim == 1:
        return [(name, array)]
    return [(f"{name}_{place}", array[:, place]) for place in range(array.shape[1])]
