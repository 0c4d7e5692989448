"""A vector for each row of a table, from an .npy file beside it or from a column of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.arrays import read_array
from auditkit.errors import DataError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.memory import Room

SUFFIX = ".npy"
LONGEST = 100_000
"""Dimensions of a vector, as many as a table may have columns: a file without content can have any number."""
BYTES = 4
"""Of a number of a vector that is made of a list."""
AT_ONCE = 2**22
"""Values that are looked at in one go, so that the whole file need not be in memory."""


def read_embeddings(name: str, table: pd.DataFrame, *, folder: Path, room: Room) -> NDArray[np.floating[Any]]:
    """Return the vectors [n, d], mapped from the file and not loaded, in the file's own precision.

    Raises DataError unless they are finite numbers, one vector of one length, at least 1, for each row.
    """
    if not name.endswith(SUFFIX):
        return _checked(f"column {name}", _from_column(name, table, room))
    vectors = read_array(folder / name, what="embeddings", room=room)
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
        message = f"embeddings {name} are {vectors.ndim}-D of type {vectors.dtype}; give [rows, dimensions] of numbers"
        raise DataError(message)
    if len(vectors) != len(table):
        message = f"embeddings {name} have {len(vectors):,} rows, and the table has {len(table):,}"
        raise DataError(message)
    return _checked(name, vectors)


def _from_column(name: str, table: pd.DataFrame, room: Room) -> NDArray[np.floating[Any]]:
    import numpy as np

    if name not in table.columns:
        message = f"embeddings '{name}' is neither an .npy file nor a column{nearest(name, table.columns)}"
        raise DataError(message)
    first = table[name].iloc[0]
    if hasattr(first, "__len__") and not isinstance(first, str):  # each row's own, and all of them together
        room.need(2 * BYTES * len(first) * len(table), f"embeddings column '{name}'")
    try:
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is refused as such
            vectors = np.stack([np.asarray(value, dtype=np.float32) for value in table[name]])
    except (ValueError, TypeError, OverflowError) as error:
        message = f"embeddings column '{name}' needs a list of numbers in every row, all of one length"
        raise DataError(message) from error
    if vectors.ndim != 2:
        message = f"embeddings column '{name}' holds {vectors.ndim - 1}-D values; it needs lists of numbers"
        raise DataError(message)
    return vectors


def _checked(name: str, vectors: NDArray[Any]) -> NDArray[Any]:
    """Return the vectors, or raise DataError, with its row, for one that is empty or has a value that is not finite."""
    import numpy as np

    if not vectors.shape[1]:
        message = f"embeddings {name} have no dimension: their shape is {len(vectors)} x 0"
        raise DataError(message)
    if vectors.shape[1] > LONGEST:
        message = f"embeddings {name} have {vectors.shape[1]:,} dimensions; a vector has at most {LONGEST:,}"
        raise DataError(message)
    if vectors.dtype.kind != "f":
        return vectors
    rows = max(1, AT_ONCE // vectors.shape[1])
    bad = [
        start + place
        for start in range(0, len(vectors), rows)
        for place in np.flatnonzero(~np.isfinite(vectors[start : start + rows]).all(axis=1))
    ]
    if bad:
        whole = f"; so have {len(bad):,} of {len(vectors):,} rows" if len(bad) > 1 else ""
        message = f"embeddings {name}: row {bad[0]} has a vector with missing or infinite numbers{whole}"
        raise DataError(message)
    return vectors
