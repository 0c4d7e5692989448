"""Who should be represented: a table, the items themselves, or shares that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, nearest
from auditkit_mpr.reference.population import Population, population

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.reference.intersections import Attribute
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
    value_means: tuple[Floats, ...] = ()
    """For each attribute with groups, the mean row [labels, l] of the items of each value, NaN where there are none."""

    @property
    def unseen(self) -> Floats:
        """Return the mean row [u, l] of the items of every value that items have and no row has."""
        rows = [
            means[np.setdiff1d(np.flatnonzero(~np.isnan(means).any(axis=1)), codes)]
            for means, codes in zip(self.value_means, self.codes, strict=False)
        ]
        return np.concatenate(rows) if rows else np.zeros((0, self.population.rows.shape[1]))

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
        value_means=()
        if table.exact
        else tuple(_value_means(group, statistics.items) for group in statistics.groups),
    )


def _value_means(group: Attribute, items: NDArray[Any]) -> Floats:
    """Return the mean row [labels, l] of the items [n, l] of each value of an attribute."""
    means = np.full((len(group.labels), items.shape[1]), np.nan)
    for code in range(len(group.labels)):
        inside = group.items == code
        if inside.any():
            means[code] = items[inside].mean(axis=0)
    return means


def nearest_rows(
    whole: Reference, table: ReferenceTable, query: NDArray[np.float32], *, count: int
) -> Reference:
    """Return the `count` rows of the reference most similar to a unit query [d]."""
    from auditkit_mpr.relaxed.top import top

    if table.vectors is None or count >= len(table.vectors):
        return whole
    rows = np.sort(top(np.asarray(table.vectors, dtype=np.float64) @ query, count))
    weights = None if table.weights is None else table.weights[rows]
    return Reference(
        population=population(whole.population.rows[rows], weights),
        codes=tuple(codes[rows] for codes in whole.codes),
        exact=whole.exact,
        items=None if whole.items is None else whole.items[rows],
        value_means=whole.value_means,
    )
