"""Who should be represented: a table, the items themselves, or shares that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, nearest
from auditkit_mpr.reference.population import Population, population

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.reference.statistics import Statistics


@dataclass(frozen=True, eq=False, kw_only=True)
class ReferenceTable:
    """The reference's rows as a table, the weight [m] of each, and unit vectors [m, d] if there are any.

    `exact` means that the shares are the target itself, so that sampling cannot have misled it; `items_themselves` that
    the rows are the items, in their order.
    """

    table: pd.DataFrame
    words: str
    weights: Floats | None = None
    vectors: NDArray[Any] | None = None
    exact: bool = False
    items_themselves: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Reference:
    """The reference as a population of the statistics' columns [m, l] and codes [m] for every set of groups."""

    population: Population
    codes: tuple[Codes, ...]
    exact: bool
    items: NDArray[np.int64] | None = None
    """Where the rows are items: which, int [m]."""
    of_items: bool = False
    """Whether the rows are all items, each once, so that every list is among them."""
    unseen: Floats | None = None
    """Mean rows [u, l] of those who have a value that no row of the reference has."""

    @property
    def size(self) -> float:
        """How many rows it counts for: the m of the formulas."""
        return self.population.size


def weights_from(table: pd.DataFrame, column: str | None) -> Floats | None:
    """Return the weights [m] of a reference's rows, or None; DataError unless they are usable."""
    import pandas as pd

    if column is None:
        return None
    if column not in table.columns:
        message = f"the reference has no column '{column}'{nearest(column, map(str, table.columns))}"
        raise DataError(message)
    if not pd.api.types.is_numeric_dtype(table[column]):
        message = f"reference weight '{column}' is not a number"
        raise DataError(message)
    weights = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.any()):
        message = f"reference weight '{column}' must be finite, not below zero, and not all zero"
        raise DataError(message)
    return weights


def reference_of(table: ReferenceTable, statistics: Statistics, *, items: int) -> Reference:
    """Return the whole reference. Shares that somebody typed count for as many rows as there are items."""
    return Reference(
        population=population(
            statistics.reference, table.weights, size=float(items) if table.exact else None
        ),
        codes=tuple(group.reference for group in statistics.groups),
        exact=table.exact,
        items=np.arange(items) if table.items_themselves else None,
        of_items=table.items_themselves,
        unseen=None
        if table.exact
        else unseen_rows(
            statistics.items,
            [group.items for group in statistics.groups],
            [group.reference for group in statistics.groups],
        ),
    )


def unseen_rows(rows: NDArray[Any], codes: Sequence[Codes], reference: Sequence[Codes]) -> Floats:
    """Return the mean row [u, l] of the rows [n, l] of every value, by codes [n], that no reference row has."""
    means = [
        rows[ours == code].mean(axis=0)
        for ours, theirs in zip(codes, reference, strict=True)
        for code in np.setdiff1d(ours[ours >= 0], theirs)
    ]
    return np.stack(means) if means else np.zeros((0, rows.shape[1]))


def nearest_rows(
    whole: Reference, table: ReferenceTable, query: NDArray[np.float32], *, count: int
) -> Reference:
    """Return the `count` rows of the reference most similar to a unit query [d]."""
    from auditkit_mpr.relaxed.top import top

    if table.vectors is None or count >= len(table.vectors):
        return whole
    rows = np.sort(top(np.asarray(table.vectors, dtype=np.float64) @ query, count))
    weights = None if table.weights is None else table.weights[rows]
    codes = tuple(codes[rows] for codes in whole.codes)
    lacking = unseen_rows(whole.population.rows, whole.codes, codes)
    return Reference(
        population=population(whole.population.rows[rows], weights),
        codes=codes,
        exact=whole.exact,
        items=None if whole.items is None else whole.items[rows],
        unseen=lacking if whole.unseen is None else np.concatenate([whole.unseen, lacking]),
    )
