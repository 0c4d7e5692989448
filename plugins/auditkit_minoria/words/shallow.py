"""A group in a few plain conditions: the conjunction that comes nearest to it, and how near that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import MISSING, label_text
from auditkit_minoria.words.numbers import round_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import EncodedColumn

MOST, CUTS, LEARNING_ROWS, GAIN = 3, 32, 50_000, 0.01
"""Conditions at most, thresholds tried per column, rows to learn from, and the F1 that a condition must add."""


@dataclass(frozen=True)
class Condition:
    """matrix[:, column] >= threshold, or < where `below`; `gap` holds the values on both sides of the threshold."""

    column: int
    gap: tuple[float, float]
    below: bool

    @property
    def threshold(self) -> float:
        """The middle of the gap."""
        return (self.gap[0] + self.gap[1]) / 2

    def holds(self, matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows [n, d] meet it."""
        values = matrix[:, self.column]
        return values < self.threshold if self.below else values >= self.threshold


@dataclass(frozen=True)
class Fidelity:
    """How near a rule comes to a group: shares in [0, 1]."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def shallow_rule(
    matrix: NDArray[np.float64], members: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Condition, ...]:
    """Return at most MOST conditions whose conjunction has a high F1 with the members [n] of the matrix [n, d].

    Greedy: each condition is the one that raises F1 most, over thresholds at quantiles of all and of members.
    """
    if len(matrix) > LEARNING_ROWS:
        kept = np.sort(rng.permutation(len(matrix))[:LEARNING_ROWS])
        matrix, members = matrix[kept], members[kept]
    if not 0 < members.sum() < len(members):
        return ()
    gaps = [_gaps(column, members) for column in matrix.T]
    cuts = [gap.mean(axis=1) for gap in gaps]
    codes = [np.searchsorted(c, column, side="right") for c, column in zip(cuts, matrix.T, strict=True)]
    chosen: list[Condition] = []
    inside, best = np.ones(len(matrix), dtype=np.bool_), 0.0
    while len(chosen) < MOST:
        found = [
            _best_cut(c[inside], members[inside], len(cut), total=int(members.sum()))
            for c, cut in zip(codes, cuts, strict=True)
        ]
        column = int(np.argmax([score for score, _, _ in found]))
        score, cut, below = found[column]
        if score < best + GAIN:
            break
        low, high = gaps[column][cut].tolist()
        chosen.append(Condition(column, (low, high), below))
        inside, best = inside & chosen[-1].holds(matrix), score
    return tuple(chosen)


def fidelity(
    conditions: Sequence[Condition], matrix: NDArray[np.float64], members: NDArray[np.bool_]
) -> Fidelity:
    """Return how near the conjunction comes to the members on rows [n, d]."""
    inside = np.ones(len(matrix), dtype=np.bool_)
    for condition in conditions:
        inside &= condition.holds(matrix)
    both = int((inside & members).sum())
    return Fidelity(both / max(int(inside.sum()), 1), both / max(int(members.sum()), 1))


def conditions_in_words(
    conditions: Sequence[Condition], columns: Sequence[EncodedColumn], *, table: pd.DataFrame
) -> str:
    """Return the conditions joined by "and", in the columns' own units."""
    return " and ".join(_said(condition, columns[condition.column], table) for condition in conditions)


def _said(condition: Condition, column: EncodedColumn, table: pd.DataFrame) -> str:
    import pandas as pd

    if column.level is not None:
        level = "missing" if column.level is MISSING else label_text(column.level)
        return f"{column.source} {'≠' if condition.below else '='} {level}"
    value = round_number(*(end * column.scale + column.centre for end in condition.gap))
    sign = "<" if condition.below else "≥"
    if column.source in table.columns and pd.api.types.is_datetime64_any_dtype(table[column.source]):
        return f"{column.source} {sign} {pd.Timestamp(value * 86_400, unit='s'):%Y-%m-%d}"
    return f"{column.source} {sign} {value:.6g}"


def _gaps(values: NDArray[np.float64], members: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return neighbouring distinct values [k, 2], ascending, near quantiles of all values and of the members'."""
    shares = (np.arange(CUTS // 2) + 0.5) / (CUTS // 2)
    wanted = np.concatenate([np.quantile(part, shares) for part in (values, values[members])])
    distinct = np.unique(values)
    if len(distinct) < 2:
        return np.empty((0, 2))
    places = np.unique(np.clip(np.searchsorted(distinct, wanted), 1, len(distinct) - 1))
    return np.stack([distinct[places - 1], distinct[places]], axis=1)


def _best_cut(
    codes: NDArray[np.int64], members: NDArray[np.bool_], cuts: int, *, total: int
) -> tuple[float, int, bool]:
    """Return the best F1 of a condition on one column, its cut and whether it is the side below.

    codes [m] count the cuts at or below each value; F1 = 2 hits / (rows + total).
    """
    if cuts == 0:
        return 0.0, 0, False
    rows = np.bincount(codes, minlength=cuts + 1)
    hits = np.bincount(codes[members], minlength=cuts + 1)
    below_rows, below_hits = np.cumsum(rows)[:-1], np.cumsum(hits)[:-1]
    scores = np.stack(
        [
            2 * (hits.sum() - below_hits) / (rows.sum() - below_rows + total),
            2 * below_hits / (below_rows + total),
        ]
    )
    side, cut = np.unravel_index(int(scores.argmax()), scores.shape)
    return float(scores[side, cut]), int(cut), bool(side)
