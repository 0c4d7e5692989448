"""Which items answer a query, as somebody judged them: precision, recall and nDCG of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A list of k against judgements; recall and nDCG are None where no item answers the query."""

    precision: float
    recall: float | None
    ndcg: float | None


@dataclass(frozen=True, eq=False)
class Relevance:
    """How relevant every item is, float64 [n] from 0 on, by the query's name; queries without judgements are absent."""

    grades: Mapping[str, Floats]

    def judge(self, query: str, items: NDArray[np.int64]) -> Judged | None:
        """Return how a list [k] of items of the table, first item first, answers a query; None without judgements.

        Precision counts items above 0, recall their share of all such items of the table. nDCG is the sum of
        relevance / log2(1 + rank), divided by that of the best list of k (Järvelin and Kekäläinen, TOIS 2002).
        """
        if query not in self.grades:
            return None
        grades = self.grades[query]
        k, own = len(items), grades[items]
        hits, there = int((own > 0).sum()), int((grades > 0).sum())
        discount = 1.0 / np.log2(1.0 + np.arange(1, k + 1))
        best = float(np.sort(grades)[::-1][:k] @ discount)
        return Judged(
            precision=hits / k,
            recall=hits / there if there else None,
            ndcg=float(own @ discount) / best if best > 0 else None,
        )


def relevance_of_column(values: pd.Series[Any], queries: Sequence[str]) -> Relevance:
    """Return judgements by a column of the items [n]: numbers serve every query, text is relevant to its own query.

    Raises DataError for missing or negative numbers, and where no text is the name of a query.
    """
    import pandas as pd

    if values.isna().all():
        message = f"relevance '{values.name}' has no values"
        raise DataError(message)
    if pd.api.types.is_numeric_dtype(values):
        grades = values.to_numpy(dtype=np.float64, na_value=np.nan)
        _need_grades(grades, f"relevance '{values.name}'")
        return Relevance(dict.fromkeys(queries, grades))
    texts = values.astype(str).str.strip().str.lower()
    named = {query: np.asarray(texts == query.strip().lower(), dtype=np.float64) for query in queries}
    if not any(grades.any() for grades in named.values()):
        message = f"relevance '{values.name}' holds text, and none of it is the name of a query, such as '{queries[0]}'"
        raise DataError(message)
    return Relevance(named)


def relevance_in(table: pd.DataFrame, path: str, *, ids: NDArray[Any], queries: Sequence[str]) -> Relevance:
    """Return the judgements of a table with columns query and id, and perhaps relevance (1 without it).

    Items that it does not name are not relevant. Raises DataError for an id that no item has, a pair that stands
    twice, relevance that is no number from 0 on, or a table without any of the queries.
    """
    import pandas as pd

    for column in ("query", "id"):
        if column not in table.columns:
            message = (
                f"relevance {path} has no column '{column}'; needed are query and id, and perhaps relevance"
            )
            raise DataError(message)
    places = pd.Index(ids.astype(str)).get_indexer(pd.Index(table["id"].astype(str)))
    if (places < 0).any():
        stranger = table["id"].iloc[int(np.flatnonzero(places < 0)[0])]
        message = f"relevance {path} names id '{stranger}', which no item has"
        raise DataError(message)
    asked = table["query"].astype(str)
    twice = pd.DataFrame({"query": asked, "place": places}).duplicated()
    if twice.any():
        row = int(twice.to_numpy().argmax())
        message = f"relevance {path} judges id '{table['id'].iloc[row]}' twice for query '{asked.iloc[row]}'"
        raise DataError(message)
    given: Any = table["relevance"] if "relevance" in table.columns else pd.Series(1.0, index=table.index)
    grades = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64)
    _need_grades(grades, f"relevance {path}")
    found: dict[str, Floats] = {}
    for query in queries:
        inside = (asked == query).to_numpy()
        if inside.any():
            found[query] = np.zeros(len(ids))
            found[query][places[inside]] = grades[inside]
    if not found:
        message = f"relevance {path} judges none of the queries {', '.join(queries[:4])}"
        raise DataError(message)
    return Relevance(found)


def _need_grades(grades: Floats, what: str) -> None:
    if not np.isfinite(grades).all() or (grades < 0).any():
        row = int((~np.isfinite(grades) | (grades < 0)).argmax())
        message = f"{what} must be numbers from 0 on, and row {row + 1} has none"
        raise DataError(message)
