"""Rows that repeat exactly, beyond chance: a sign that rows belong together, where nobody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SHARE = 0.01
"""Share of the rows from which repeats are worth a word."""
CHANCE = 10
"""How many times more repeats there must be than columns that have nothing to do with each other would give."""


def repeats_beyond_chance(table: pd.DataFrame) -> int:
    """Return how many rows equal an earlier one, 0 if they are too few, or too likely by chance, for a word."""
    import numpy as np

    rows, place, least = doubles_beyond_chance(table)
    repeats = len(rows) - len(np.unique(place))
    return repeats if repeats >= least else 0


def doubles_beyond_chance(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], float]:
    """Return the rows that have a double, which of them are equal, int64 [m], and how many are worth a word.

    Where chance alone makes as many as there are rows, none is looked for.
    """
    import numpy as np

    chance = CHANCE * expected_repeats(table)
    least = max(SHARE * len(table), chance, 1.0)
    if chance > len(table):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), least
    return *doubles(table), least


def expected_repeats(table: pd.DataFrame) -> float:
    """Return how many pairs of rows would be equal if columns had nothing to do with each other.

    That is n (n - 1) / 2 times the chance, column by column, that two rows agree.
    """
    n = len(table)
    agree = 1.0
    for name in table.columns:
        sizes = _sizes(table[name])
        agree *= float((sizes * (sizes - 1.0)).sum() / (n * (n - 1.0))) if n > 1 else 0.0
        if agree == 0.0:  # a column of distinct values: it takes no other to say so
            return 0.0
    return n * (n - 1) / 2 * agree


def _sizes(values: pd.Series[Any]) -> NDArray[np.int64]:
    """Return how many rows have each value; what cannot be told apart, such as lists, is all alike."""
    import numpy as np

    if values.dtype == object:  # which may hold lists
        return np.bincount(value_codes(values)).astype(np.int64)
    return values.value_counts(dropna=False, sort=False).to_numpy().astype(np.int64)


def doubles(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows int64 [m] that have an equal one, and a number that equal ones share.

    Columns are read only as long as some row still has a double.
    """
    import numpy as np

    n = len(table)
    rows, place = np.arange(n), np.zeros(n, dtype=np.int64)
    for name in table.columns:
        codes = value_codes(table[name])
        keys = place * (int(codes.max(initial=0)) + 1) + codes[rows]
        _, place, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        double = sizes[place] > 1
        rows, place = rows[double], place[double]
        if not len(rows):
            break
    return rows, place


def value_codes(values: pd.Series[Any]) -> NDArray[np.int64]:
    """Return a code from 0 for each value int64 [n]; what cannot be told apart, such as lists, is all alike."""
    import numpy as np
    import pandas as pd

    try:
        codes, _ = pd.factorize(values, use_na_sentinel=False)
    except TypeError:
        return np.zeros(len(values), dtype=np.int64)
    return codes.astype(np.int64)
