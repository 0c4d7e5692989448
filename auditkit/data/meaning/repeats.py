"""Rows that repeat exactly: a sign that rows belong together, where nobody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

SHARE = 0.01
"""Share of the rows from which repeats are worth a word."""
CHANCE = 10
"""How many times more repeats there must be than columns that have nothing to do with each other would give."""


def note_of_repeats(subject: Subject) -> str:
    """Return a note if many rows equal an earlier one, beyond chance, and no cluster is named; else ""."""
    import numpy as np

    n = len(subject)
    if subject.cluster is not None:
        return ""
    rows, place, least = _beyond_chance(subject.table)
    repeats = len(rows) - len(np.unique(place))
    if repeats < least:
        return ""
    return (
        f"{repeats:,} of {n:,} rows repeat another one exactly: if rows belong together, such as those of one person, "
        "name what is equal for them with --cluster, or intervals are too narrow."
    )


def note_of_shared_rows(subject: Subject) -> str:
    """Return a note if many rows of one part of the split equal a row of another part, beyond chance; else ""."""
    import numpy as np

    if subject.split is None:
        return ""
    table = subject.table.drop(columns=subject.split)
    rows, place, least = _beyond_chance(table)
    part = _codes(subject.column(subject.split))[rows]
    kinds = len(np.unique(part))
    pairs = np.unique(
        place * max(kinds, 1) + np.unique(part, return_inverse=True)[1]
    )  # each part that a row is in
    parts_of = np.bincount(pairs // max(kinds, 1), minlength=int(place.max(initial=-1)) + 1)
    shared = int((parts_of[place] > 1).sum())
    if shared < least:
        return ""
    return (
        f"{shared:,} of {len(table):,} rows are in several parts of the split '{subject.split}': what a model learnt "
        "from one part, it is then tested on in the other, and looks better than it is."
    )


def _beyond_chance(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], float]:
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
    import numpy as np

    n = len(table)
    agree = 1.0
    for name in table.columns:
        sizes = np.bincount(_codes(table[name]))
        agree *= float((sizes * (sizes - 1.0)).sum() / (n * (n - 1.0))) if n > 1 else 0.0
        if agree == 0.0:  # a column of distinct values: it takes no other to say so
            return 0.0
    return n * (n - 1) / 2 * agree


def repeated(table: pd.DataFrame) -> int:
    """Return how many rows equal an earlier one."""
    import numpy as np

    rows, place = doubles(table)
    return len(rows) - len(np.unique(place))


def doubles(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows int64 [m] that have an equal one, and a number that equal ones share.

    Columns are read only as long as some row still has a double.
    """
    import numpy as np

    n = len(table)
    rows, place = np.arange(n), np.zeros(n, dtype=np.int64)
    for name in table.columns:
        codes = _codes(table[name])
        keys = place * (int(codes.max(initial=0)) + 1) + codes[rows]
        _, place, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        double = sizes[place] > 1
        rows, place = rows[double], place[double]
        if not len(rows):
            break
    return rows, place


def _codes(values: pd.Series[Any]) -> NDArray[np.int64]:
    """Return a code from 0 for each value int64 [n]; what cannot be told apart, such as lists, is all alike."""
    import numpy as np
    import pandas as pd

    try:
        codes, _ = pd.factorize(values, use_na_sentinel=False)
    except TypeError:
        return np.zeros(len(values), dtype=np.int64)
    return codes.astype(np.int64)
