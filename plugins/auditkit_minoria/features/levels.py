"""A table's columns as levels: categories as they are, numbers in bins, missing values a level of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from auditkit import MISSING
from auditkit_minoria.features.round_number import round_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Subject

    Floats: TypeAlias = NDArray[np.float64]
    Which: TypeAlias = NDArray[np.bool_] | NDArray[np.int64]
    """Rows: bool [n], or places int [m], which may repeat."""

MOST_LEVELS = 1000
"""A category of more levels names rows rather than describes them."""
BIN_ENDS = (0.01, 0.02, 0.05, *(i / 10 for i in range(1, 10)), 0.95, 0.98, 0.99)
"""Shares of the rows at which a number is cut: tenths, and finer where the rows are few."""
FEW_NUMBERS = 24
"""A number with at most so many distinct values has a bin for each."""
DAY = 86_400
"""Seconds: dates count in days since 1970-01-01."""

Kind: TypeAlias = Literal["category", "number", "date"]


@dataclass(frozen=True, eq=False, kw_only=True)
class LevelColumn:
    """One column: `codes` int32 [n] of its levels 0 .. count - 1.

    A category's `labels` are its levels. A number has `values` float64 [n], NaN where missing, and ascending `edges`
    [b - 1]: level i of its b bins is edges[i - 1] <= value < edges[i]; `whole` says that all its values are. The last
    level of either is MISSING where `gaps` says that there is one.
    """

    name: str
    kind: Kind
    codes: NDArray[np.int32]
    labels: tuple[Any, ...] = ()
    values: Floats | None = None
    edges: Floats | None = None
    whole: bool = False
    gaps: bool = False

    @property
    def bins(self) -> int:
        """Bins of a number, 0 for a category."""
        return 0 if self.edges is None else len(self.edges) + 1

    @property
    def count(self) -> int:
        """Levels, the missing one included."""
        return self.bins + int(self.gaps) if self.kind != "category" else len(self.labels)

    @property
    def numbers(self) -> Floats:
        """The values of a number or a date."""
        if self.values is None:
            message = f"column '{self.name}' is a category and has no values"
            raise TypeError(message)
        return self.values

    def end(self, cut: int) -> float:
        """Return where bin `cut` of a number begins, infinite for the first one and past the last."""
        if self.edges is None:
            message = f"column '{self.name}' is a category and has no bins"
            raise TypeError(message)
        if cut <= 0:
            return -np.inf
        return np.inf if cut > len(self.edges) else float(self.edges[cut - 1])

    def rows(self, which: Which) -> LevelColumn:
        """Return the column over some of the rows; its levels stay the same."""
        return replace(
            self, codes=self.codes[which], values=None if self.values is None else self.values[which]
        )


@dataclass(frozen=True, eq=False)
class Levels:
    """The columns, each with a level for each of the n rows, and the names of those that have none, with the reason."""

    columns: tuple[LevelColumn, ...]
    n: int
    dropped: tuple[tuple[str, str], ...] = ()

    def rows(self, which: Which) -> Levels:
        """Return the same columns over some of the rows."""
        n = len(np.arange(self.n)[which])
        return Levels(tuple(column.rows(which) for column in self.columns), n, self.dropped)


NO_LEVELS = Levels((), 0)


def levels_of(subject: Subject, names: Sequence[str]) -> Levels:
    """Return the columns' levels over all rows of the table. Bins look at the column alone, at no outcome."""
    found = [_level_column(name, subject.column(name)) for name in names]
    return Levels(
        tuple(one for one in found if isinstance(one, LevelColumn)),
        len(subject),
        tuple(one for one in found if isinstance(one, tuple)),
    )


def _level_column(name: str, column: pd.Series[Any]) -> LevelColumn | tuple[str, str]:
    """Return the column, or its name and why it has no levels."""
    import pandas as pd

    types = pd.api.types
    if types.is_datetime64_any_dtype(column):
        zone = getattr(column.dt, "tz", None)
        days = np.asarray((column - pd.Timestamp(0, tz=zone)) / pd.Timedelta(seconds=DAY), dtype=np.float64)
        return _number(name, days, kind="date")
    if types.is_complex_dtype(column) or types.is_timedelta64_dtype(column):
        return name, f"{column.dtype} is neither a number, a date nor a category"
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return _number(name, column.to_numpy(dtype=np.float64, na_value=np.nan), kind="number")
    return category_levels(name, column)


def category_levels(name: str, column: pd.Series[Any]) -> LevelColumn | tuple[str, str]:
    """Return a column whose levels are its values, or its name and why it has no levels."""
    import pandas as pd

    try:
        codes, distinct = pd.factorize(column)
    except TypeError:  # lists and records cannot be hashed
        return name, "holds lists or records, neither numbers nor categories"
    labels = distinct.tolist()
    if len(labels) > MOST_LEVELS:
        return name, f"{len(labels)} distinct texts: an identifier or free text, no category"
    order = sorted(range(len(labels)), key=lambda level: str(labels[level]))
    place = np.empty(len(labels) + 1, dtype=np.int32)
    place[order] = np.arange(len(labels), dtype=np.int32)
    place[-1] = len(labels)  # where a value is missing its code is -1
    gaps = bool((codes < 0).any())
    ordered = (*(labels[level] for level in order), *((MISSING,) if gaps else ()))
    if len(ordered) < 2:
        return name, "constant" if labels else "no value is there"
    return LevelColumn(name=name, kind="category", codes=place[codes], labels=ordered, gaps=gaps)


def _number(name: str, values: Floats, *, kind: Kind) -> LevelColumn | tuple[str, str]:
    missing = np.isnan(values)
    known = values[~missing]
    whole = bool((known == np.floor(known)).all())
    edges = bin_edges(known, whole=whole)
    gaps = bool(missing.any())
    if len(edges) + int(gaps) == 0:
        return name, "constant" if len(known) else "no value is there"
    codes = np.searchsorted(edges, values, side="right").astype(np.int32)
    codes[missing] = len(edges) + 1
    return LevelColumn(name=name, kind=kind, codes=codes, values=values, edges=edges, whole=whole, gaps=gaps)


def bin_edges(known: Floats, *, whole: bool) -> Floats:
    """Return ascending numbers [b - 1], each above one value and not above the next one.

    At most FEW_NUMBERS distinct values have a bin each; of more, bins end near the shares BIN_ENDS of the rows.
    """
    if len(known) == 0:
        return np.empty(0)
    ordered = np.sort(known)
    steps = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    if len(steps) >= FEW_NUMBERS:
        wanted = np.array(BIN_ENDS) * len(ordered)
        after = np.clip(np.searchsorted(steps, wanted), 1, len(steps) - 1)
        nearer = wanted - steps[after - 1] < steps[after] - wanted
        steps = np.unique(steps[np.where(nearer, after - 1, after)])
    return np.array([edge(float(ordered[i - 1]), float(ordered[i]), whole=whole) for i in steps.tolist()])


def edge(below: float, above: float, *, whole: bool) -> float:
    """Return a number in (below, above] that a reader can remember; of whole numbers, the upper one."""
    found = above if whole else round_number(below, above)
    return found if below < found <= above else above
