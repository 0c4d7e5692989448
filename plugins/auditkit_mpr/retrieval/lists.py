"""Result lists as tables: brought by the user, or made by a repair and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


def lists_in(
    table: pd.DataFrame, path: str, *, ids: NDArray[Any], names: Sequence[str], k: int
) -> dict[str, NDArray[np.int64]]:
    """Return the lists of a table with columns query and id, for the named queries, first item first.

    A list is in the order of its column rank, or else of its rows, and its first k items are taken. Raises DataError
    for an id that no item has, an item twice in a list, or a list of fewer than k.
    """
    import pandas as pd

    _need_columns(table, path)
    if "rank" in table.columns:
        table = _by_rank(table, path)
    places = pd.Index(ids.astype(str)).get_indexer(pd.Index(table["id"].astype(str)))
    if (places < 0).any():
        stranger = table["id"].iloc[int(np.flatnonzero(places < 0)[0])]
        message = f"lists {path} name id '{stranger}', which no item has"
        raise DataError(message)
    found = {}
    for query, rows in table.assign(place=places).groupby(table["query"].astype(str), sort=False):
        if query not in names:
            continue
        items = rows["place"].to_numpy(dtype=np.int64)
        if len(np.unique(items)) != len(items):
            message = f"lists {path}: query '{query}' holds an item twice"
            raise DataError(message)
        if len(items) < k:
            message = f"lists {path}: query '{query}' has {len(items)} items, and k is {k}"
            raise DataError(message)
        found[str(query)] = items[:k]
    if not found:
        message = f"lists {path} hold none of the queries {', '.join(names[:4])}"
        raise DataError(message)
    return found


def queries_in(table: pd.DataFrame, path: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the queries that the lists are for, or the wanted ones among them; UsageError for an unknown name."""
    _need_columns(table, path)
    names = tuple(dict.fromkeys(table["query"].astype(str)))
    for name in wanted:
        if name not in names:
            message = f"lists {path} have no query '{name}'{nearest(name, names)}"
            raise UsageError(message)
    return tuple(dict.fromkeys(wanted)) or names


def _need_columns(table: pd.DataFrame, path: str) -> None:
    for column in ("query", "id"):
        if column not in table.columns:
            message = f"lists {path} have no column '{column}'; needed are query and id"
            raise DataError(message)


def _by_rank(table: pd.DataFrame, path: str) -> pd.DataFrame:
    """Return the rows of each list by rank; DataError for ranks that are no numbers or stand twice in a list."""
    import pandas as pd

    ranks = pd.to_numeric(table["rank"], errors="coerce")
    twice = pd.DataFrame({"query": table["query"].astype(str), "rank": ranks}).duplicated()
    if ranks.isna().any() or twice.any():
        bad = int((ranks.isna() | twice).to_numpy().argmax())
        message = (
            f"lists {path}: row {bad + 1} has rank '{table['rank'].iloc[bad]}'; every item of a list needs a number "
            "of its own"
        )
        raise DataError(message)
    return table.loc[ranks.sort_values(kind="stable").index]


def table_of(rows: Sequence[tuple[str, NDArray[Any], NDArray[np.float64]]]) -> pd.DataFrame:
    """Return columns query, rank (from 1), id and similarity of (query, ids, similarities), best first."""
    import pandas as pd

    return pd.concat(
        [
            pd.DataFrame(
                {"query": query, "rank": np.arange(1, len(ids) + 1), "id": ids, "similarity": values}
            )
            for query, ids, values in rows
        ],
        ignore_index=True,
    )
