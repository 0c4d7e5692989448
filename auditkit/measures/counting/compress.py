"""Keys made dense: the distinct ones in order, and each key's rank among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compress(keys: NDArray[np.int64], *, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct keys [d] in order, and the rank of each key [n] among them; keys lie in 0..size-1."""
    if size > 4 * len(keys) + 1024:  # a table of all keys would outgrow the rows: sort instead
        observed, dense = np.unique(keys, return_inverse=True)
        return observed, dense
    present = np.zeros(size, dtype=bool)
    present[keys] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[keys]
