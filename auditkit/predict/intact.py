"""Whether rows that were lent to a model are still as they were, each in its place."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def sum_of(rows: Any) -> int | None:
    """Return a checksum of an array that can be written to; None for a sealed one and for what is no array."""
    import numpy as np

    if not isinstance(rows, np.ndarray) or not rows.flags.writeable:
        return None
    if rows.dtype.hasobject:
        return hash(tuple(map(repr, rows.ravel().tolist())))
    flat = np.ascontiguousarray(rows.T if rows.flags.f_contiguous else rows).reshape(-1)
    return zlib.crc32(flat.view(np.uint8).data)


def is_moved(lent: pd.DataFrame, rows: pd.DataFrame) -> bool:
    """Return whether a frame that was lent holds its rows in another order, whatever its index says.

    A model may scale its own copy, or add to it: a column moved where it has the same values, and not in their places.
    """
    if not lent.index.equals(rows.index):
        return True
    return any(
        lent[name].dtype == rows[name].dtype and _is_reordered(lent[name], rows[name])
        for name in rows.columns.intersection(lent.columns)
    )


def _is_reordered(now: pd.Series[Any], before: pd.Series[Any]) -> bool:
    import pandas as pd

    if now.equals(before):
        return False
    counts, of_before = (pd.Series(values.to_numpy()).value_counts(dropna=False) for values in (now, before))
    return len(counts) == len(of_before) and counts.reindex(of_before.index).equals(of_before)
