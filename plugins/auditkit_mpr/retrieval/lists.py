"""Result lists as tables: brought by the user, or made by a repair and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


def lists_in(
    table: pd.DataFrame, path: str, *, ids: NDArray[Any], names: Sequence[str], k: int
) -> dict[str, NDArray[np.int64]]:
    """Return the lists of a table with columns query and id, for the named queries; their order does not matter.

    Raises DataError for an id that no item has, an item twice in a list, or a list of another length than k.
    """
    import pandas as pd

    for column in ("query", "id"):
        if column not in table.columns:
            message = f"lists {path} have no column '{column}'; needed are query and id"
            raise DataError(message)
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
        if len(items) != k:
            message = f"lists {path}: query '{query}' has {len(items)} items, and k is {k}"
            raise DataError(message)
        found[str(query)] = items
    if not found:
        message = f"lists {path} hold none of the queries {', '.join(names[:4])}"
        raise DataError(message)
    return found


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
