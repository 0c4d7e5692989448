"""Some rows that a person can name, an attribute that cuts all rows into such groups, and cells that stand for rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Group:
    """Some rows that a person can name: `rule` in words, `expression` to find them again in new rows.

    `mask` is bool [n]. `expression` is for `pandas.DataFrame.eval` on the loaded table. `seen` marks the rows [n]
    that a search saw before it chose the group, if one did: it was chosen for faring badly there, so what an
    audit says about it must come from the other rows.
    """

    name: str
    rule: str
    expression: str
    mask: NDArray[np.bool_]
    seen: NDArray[np.bool_] | None = None
    columns: tuple[str, ...] = ()
    """The columns that the expression reads."""

    @property
    def n(self) -> int:
        """Rows in the group."""
        return int(self.mask.sum())

    @property
    def share(self) -> float:
        """Share of all rows, in [0, 1]."""
        return self.n / len(self.mask) if len(self.mask) else 0.0

    def take(self, rows: NDArray[np.int64]) -> Group:
        """Return the group over some of the rows, int [m] places, in their order."""
        return replace(self, mask=self.mask[rows], seen=None if self.seen is None else self.seen[rows])


@dataclass(frozen=True, eq=False)
class Attribute:
    """A sensitive attribute: labels of its groups and each row's code, int64 [n], -1 where missing.

    `crossed` is of several attributes together: its labels name each of them. `expressions` says, per label, how to
    select the rows again.
    """

    name: str
    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    note: str = ""
    crossed: bool = False
    expressions: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups as findings name them, such as sex=Female."""
        return self.labels if self.crossed else tuple(f"{self.name}={label}" for label in self.labels)

    def take(self, rows: NDArray[np.int64]) -> Attribute:
        """Return the attribute over some of the rows, int [m] places, in their order."""
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True, eq=False)
class Grouping:
    """A named attribute that cuts the rows into groups.

    `codes` is int [n], an index into `labels`, or -1 where the attribute is missing.
    `expressions` says, per label, how to select the rows again; `columns` are those that the expressions read.
    `reference` is the label of the group that the others are compared with, if one was named.
    """

    name: str
    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    expressions: tuple[str, ...]
    columns: tuple[str, ...] = ()
    reference: str | None = None

    def take(self, rows: NDArray[np.int64]) -> Grouping:
        """Return the attribute over some of the rows, int [m] places, in their order."""
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """Sums over the rows of each of c cells: of 1, `rows` int64 [c], of w and of w², float64 [c] each.

    Without weights w is 1, and `weights` and `squares` are one array.
    """

    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    squares: NDArray[np.float64]
    scores: ScoreSums | None = None
    """What the scores of each cell's rows sum up to, where there are scores."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, cells: NDArray[np.bool_] | NDArray[np.int64]) -> Cells:
        """Return the sums of some of the cells."""
        weights = self.weights[cells]
        squares = weights if self.squares is self.weights else self.squares[cells]
        scores = None if self.scores is None else self.scores[cells]
        return Cells(rows=self.rows[cells], weights=weights, squares=squares, scores=scores)


@dataclass(frozen=True, eq=False, kw_only=True)
class ScoreSums:
    """Scores s of the rows of c units, which are cells of rows or single ones, float64 [c] each but for the first.

    `hundredth` int64 [c]: k for k / 100 <= s < (k + 1) / 100, those outside 0 to 1 in the first or the last one.
    `first` is the sum of w s, `squares_first` that of w² s, `squares_second` that of w² s²; `least`, `most` the ends.
    """

    hundredth: NDArray[np.int64]
    first: NDArray[np.float64]
    squares_first: NDArray[np.float64]
    squares_second: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    def __getitem__(self, cells: NDArray[np.bool_] | NDArray[np.int64]) -> ScoreSums:
        """Return the sums of some of the units."""
        return ScoreSums(**{name: part[cells] for name, part in vars(self).items()})
