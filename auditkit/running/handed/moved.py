"""Tells a table whose rows were moved under other rows' numbers, as sorting and a new index do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def lost_index(before: pd.DataFrame, after: pd.DataFrame, rows: NDArray[np.int64]) -> bool:
    """Return whether the rows of `after` cannot be those rows of `before`, int64 [m], that its index says they are.

    A changed column whose values are all found elsewhere in the old one is suspect: it may have been moved, or given
    other values of the same kind on purpose. It was moved if no column that varies stayed in its place, or if the
    suspects agree: their values side by side tell most rows apart, and are found side by side in the old table.
    """
    if not len(rows):
        return False
    common = [name for name in after.columns if name in before.columns]
    kept, suspects = False, []
    for name in common:
        old, new = _hashes(before[[name]]), _hashes(after[[name]])
        if (old[rows] == new).all():
            kept = kept or bool((old != old[0]).any())
        elif _within(new, old):
            suspects.append(name)
    if not suspects:
        return False
    together, found = _hashes(before[suspects]), _hashes(after[suspects])
    telling = len(np.unique(found)) > len(found) / 2
    return not kept or (telling and len(suspects) > 1 and _within(found, together))


def _within(some: NDArray[np.uint64], many: NDArray[np.uint64]) -> bool:
    """Return whether each value is among the many at least as often."""
    values, place = np.unique(np.concatenate((some, many)), return_inverse=True)
    counts = [np.bincount(part, minlength=len(values)) for part in np.split(place, [len(some)])]
    return bool((counts[0] <= counts[1]).all())


def _hashes(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each row, equal for equal values, uint64 [n]; lists and mixed types are taken as text."""
    import pandas as pd

    held: Any = pd.util.hash_pandas_object(frame, index=False, categorize=False)
    return np.asarray(held.to_numpy(), dtype=np.uint64)
