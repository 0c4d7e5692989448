"""Which rows of two tables are the same: by a column that names each row once, or by their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.errors import DataError
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

LEAST_SHARED = 0.5
"""Of either table: with less in common, the common rows say little of both, and all rows are compared as strangers."""
MOST_TURNED = 0.1
"""Of the rows in common: where more have another target, the ids name other rows."""


def same_rows(new: Subject, old: Subject, *, key: str | None) -> tuple[NDArray[np.int64] | None, list[str]]:
    """Return where each row of `new` stands in `old`, int64 [n], -1 for nowhere, and what is to be said of it.

    None where the rows of the two are not known to be the same, or too few are. Raises DataError for a key that names
    a row twice or not at all, that has no value in common, or rows whose targets say that they are others.
    """
    if key is None:
        return _by_place(new, old)
    places = _places(_names(new, key), _names(old, key))
    shared, notes = int((places >= 0).sum()), []
    if not shared:
        raise DataError(_strangers(new, old, key))
    if shared < LEAST_SHARED * max(len(new), len(old)):
        notes.append(
            f"{shared:,} of {len(new):,} rows are among the {len(old):,} of {old.source} by '{key}', fewer than half: "
            "the two are compared as different rows, with wider intervals."
        )
        return None, notes
    if shared < len(new) or shared < len(old):
        notes.append(
            f"{shared:,} rows are in both tables by '{key}' and are compared; {len(new) - shared:,} only here and "
            f"{len(old) - shared:,} only in {old.source} are not."
        )
    turned = _turned(new, old, places)
    if turned > MOST_TURNED * shared:
        message = (
            f"{turned:,} of {shared:,} rows have another '{new.target}' in {old.source}: '{key}' does not name the "
            "same rows in both; name a column that does with --id, or none"
        )
        raise DataError(message)
    if turned:
        notes.append(
            f"{turned:,} rows have another '{new.target}' in {old.source}: both are held to the new one."
        )
    return places, notes


def _strangers(new: Subject, old: Subject, key: str) -> str:
    """Return what is said of ids that have none in common, with one of each."""
    mine, theirs = (repr(label_text(one.column(key).iloc[0])) for one in (new, old))
    return (
        f"no '{key}' of {new.source}, such as {mine}, is among those of {old.source}, such as {theirs}: write them "
        "alike, or leave out --id (data.id) to compare different rows"
    )


def _by_place(new: Subject, old: Subject) -> tuple[NDArray[np.int64] | None, list[str]]:
    """Return each row's own place, where the tables agree in all that they share but the predictions."""
    said = {new.pred, new.score, old.pred, old.score}
    common = [name for name in new.table.columns if name in old.table.columns and name not in said]
    if len(new) == len(old) and common and all(_equal(new.table[c], old.table[c]) for c in common):
        note = (
            f"Rows are compared by their places: {', '.join(common[:5])} agree in every row of {old.source}."
        )
        return np.arange(len(new), dtype=np.int64), [note]
    note = (
        f"The rows of {old.source} are not known to be these: the two are compared as different rows, with wider "
        "intervals. --id COLUMN names the rows that are the same."
    )
    return None, [note]


def _equal(new: pd.Series[Any], old: pd.Series[Any]) -> bool:
    same = (new.astype(object) == old.astype(object)) | (new.isna() & old.isna())
    return bool(same.to_numpy(dtype=bool).all())


def _names(subject: Subject, key: str) -> pd.Series[Any]:
    """Return the rows' names, or raise DataError unless each row has one of its own."""
    values = subject.column(key)
    if missing := int(values.isna().sum()):
        message = (
            f"id column '{key}' of {subject.source} lacks {missing:,} values; --missing drop leaves them out"
        )
        raise DataError(message)
    twice = values[values.duplicated()]
    if len(twice):
        message = (
            f"id column '{key}' of {subject.source} names {len(twice):,} rows that have been named before, such as "
            f"{label_text(twice.iloc[0])!r}: it must name each row once"
        )
        raise DataError(message)
    return values


def _places(new: pd.Series[Any], old: pd.Series[Any]) -> NDArray[np.int64]:
    """Return where each name stands among the old ones, -1 for nowhere; 7 and "7" are one name."""
    import pandas as pd

    numeric = [pd.api.types.is_numeric_dtype(names) for names in (new, old)]
    if numeric[0] != numeric[1]:
        new, old = (names.map(label_text) for names in (new, old))
    places: NDArray[np.int64] = pd.Index(old).get_indexer(pd.Index(new)).astype(np.int64)
    return places


def _turned(new: Subject, old: Subject, places: NDArray[np.int64]) -> int:
    """Return how many common rows have another target, where both tables have one."""
    if new.target is None or old.target is None:
        return 0
    here = places >= 0
    mine = new.column(new.target)[here].map(label_text, na_action="ignore").to_numpy(dtype=object)
    theirs = old.column(old.target).iloc[places[here]].map(label_text, na_action="ignore")
    known = theirs.notna().to_numpy() & new.column(new.target)[here].notna().to_numpy()
    return int((mine[known] != theirs.to_numpy(dtype=object)[known]).sum())
