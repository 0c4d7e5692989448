"""Rows that repeat exactly: a sign that rows belong together, where nobody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Subject

SHARE = 0.01
"""Share of the rows from which repeats are worth a word."""
CHANCE = 10
"""How many times more repeats there must be than columns that have nothing to do with each other would give."""


def note_of_repeats(subject: Subject) -> str:
    """Return a note if many rows equal an earlier one, beyond chance, and no cluster is named; else ""."""
    n = len(subject)
    if subject.cluster is not None:
        return ""
    chance = expected_repeats(subject.table)
    repeats = repeated(subject.table) if CHANCE * chance <= n else 0
    if repeats < max(SHARE * n, CHANCE * chance, 1):
        return ""
    return (
        f"{repeats:,} of {n:,} rows repeat another one exactly: if rows belong together, such as those of one person, "
        "name what is equal for them with --cluster, or intervals are too narrow."
    )


def expected_repeats(table: pd.DataFrame) -> float:
    """Return how many pairs of rows would be equal if columns had nothing to do with each other.

    That is n (n - 1) / 2 times the chance, column by column, that two rows agree.
    """
    n = len(table)
    agree = 1.0
    for name in table.columns:
        sizes = np.bincount(_codes(table[name]))
        agree *= float((sizes * (sizes - 1.0)).sum() / (n * (n - 1.0))) if n > 1 else 0.0
        if agree == 0.0:  # a column of distinct values: it takes no other to say so
            return 0.0
    return n * (n - 1) / 2 * agree


def repeated(table: pd.DataFrame) -> int:
    """Return how many rows equal an earlier one; columns are read only as long as some row still has a double."""
    n = len(table)
    rows, place = np.arange(n), np.zeros(n, dtype=np.int64)
    for name in table.columns:
        codes = _codes(table[name])
        keys = place * (int(codes.max(initial=0)) + 1) + codes[rows]
        _, place, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        double = sizes[place] > 1
        rows, place = rows[double], place[double]
        if not len(rows):
            return 0
    return len(rows) - len(np.unique(place))


def _codes(values: pd.Series[Any]) -> NDArray[np.int64]:
    """Return a code from 0 for each value int64 [n]; what cannot be told apart, such as lists, is all alike."""
    import pandas as pd

    try:
        codes, _ = pd.factorize(values, use_na_sentinel=False)
    except TypeError:
        return np.zeros(len(values), dtype=np.int64)
    return codes.astype(np.int64)
