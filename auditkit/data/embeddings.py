"""A vector for each row of a table, from an .npy file beside it or from a column of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SUFFIX = ".npy"


def read_embeddings(name: str, table: pd.DataFrame, *, folder: Path) -> NDArray[np.floating[Any]]:
    """Return the vectors [n, d], mapped from the file and not loaded, in the file's own precision.

    Raises DataError unless they are numbers, one vector of one length for each row. Values are not checked: a step
    that needs finite ones says which row has others.
    """
    if not name.endswith(SUFFIX):
        return _from_column(name, table)
    vectors = read_array(folder / name, what="embeddings")
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
        message = f"embeddings {name} are {vectors.ndim}-D of type {vectors.dtype}; give [rows, dimensions] of numbers"
        raise DataError(message)
    if len(vectors) != len(table):
        message = f"embeddings {name} have {len(vectors)} rows, and the table has {len(table)}"
        raise DataError(message)
    return vectors


def read_array(path: Path, *, what: str) -> NDArray[Any]:
    """Return the array of an .npy file, mapped; DataError if there is none."""
    import numpy as np

    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
    except OSError as error:
        there = [item.name for item in path.parent.glob(f"*{SUFFIX}")] if path.parent.is_dir() else []
        reason = (error.strerror or "not an .npy file").lower()
        message = f"{what} {path} cannot be read: {reason}{nearest(path.name, there) if there else ''}"
        raise DataError(message) from error
    except (ValueError, EOFError) as error:
        message = f"{what} {path} cannot be read: not a whole .npy file of numbers"
        raise DataError(message) from error


def _from_column(name: str, table: pd.DataFrame) -> NDArray[np.floating[Any]]:
    import numpy as np

    if name not in table.columns:
        message = f"embeddings '{name}' is neither an .npy file nor a column{nearest(name, table.columns)}"
        raise DataError(message)
    try:
        vectors = np.stack([np.asarray(value, dtype=np.float32) for value in table[name]])
    except (ValueError, TypeError) as error:
        message = f"embeddings column '{name}' needs a list of numbers in every row, all of one length"
        raise DataError(message) from error
    if vectors.ndim != 2:
        message = f"embeddings column '{name}' holds {vectors.ndim - 1}-D values; it needs lists of numbers"
        raise DataError(message)
    return vectors
