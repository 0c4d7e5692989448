"""Rows by target class and sensitive group: which anchors, positives and negatives a pair of them has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Negatives: TypeAlias = Literal["same_sensitive", "outside_cell"]
"""same_sensitive: not T_i, but S_j (the paper's text and appendix D.1). outside_cell: all but T_i and S_j, which
Algorithm 1 prints and which admits rows of the same class."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """Codes of each row's target class and sensitive group, int64 [n], -1 where unknown, and their names."""

    target: NDArray[np.int64]
    sensitive: NDArray[np.int64]
    target_names: tuple[str, ...]
    sensitive_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Rows of each class and group, int64 [classes, groups]."""
        shape = (len(self.target_names), len(self.sensitive_names))
        known = (self.target >= 0) & (self.sensitive >= 0)
        flat = self.target[known] * shape[1] + self.sensitive[known]
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)

    def take(self, rows: NDArray[np.intp]) -> Cells:
        """Return the cells of some rows."""
        return Cells(
            target=self.target[rows],
            sensitive=self.sensitive[rows],
            target_names=self.target_names,
            sensitive_names=self.sensitive_names,
        )

    def pools(
        self, i: int, j: int, *, negatives: Negatives = "same_sensitive"
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows that anchors, positives and negatives of class i and group j are mined from.

        Positives are of the class but of another group. Rows with an unknown code are in none.
        """
        known = (self.target >= 0) & (self.sensitive >= 0)
        same, group = self.target == i, self.sensitive == j
        match negatives:
            case "same_sensitive":
                others = ~same & group
            case "outside_cell":
                others = ~(same & group)
            case _:
                assert_never(negatives)
        anchors, positives = np.flatnonzero(same & group), np.flatnonzero(known & same & ~group)
        return anchors, positives, np.flatnonzero(known & others)

    def pairs(self, k: int) -> tuple[tuple[int, int], ...]:
        """Return every class and group with at least k anchors, positives and negatives.

        Raises DataError, with the largest k that would do, if there is none.
        """
        least = self._least()
        found = tuple((int(i), int(j)) for i, j in np.argwhere(least >= k))
        if found:
            return found
        i, j = np.unravel_index(int(least.argmax()), least.shape)
        most = int(least[i, j])
        where = f"{self.target_names[i]} and {self.sensitive_names[j]}"
        message = f"no target class and sensitive group have {k} anchors, positives and negatives each"
        if most:
            message += f"; the best, {where}, has {most}: use k = {most} or less"
        else:
            message += "; every group would have to hold two classes, and every class two groups"
        raise DataError(message)

    def left_out(self, k: int) -> tuple[tuple[int, int], ...]:
        """Return the pairs of class and group that have too few rows for k, though some row of theirs."""
        short = (self._least() < k) & (self.counts > 0)
        return tuple((int(i), int(j)) for i, j in np.argwhere(short))

    def need(self, pool: NDArray[np.intp], what: str, *, k: int, pair: tuple[int, int]) -> None:
        """Raise DataError if a pool of a pair has fewer than k rows."""
        if len(pool) >= k:
            return
        has = "is empty" if len(pool) == 0 else f"has {len(pool)} rows, fewer than k = {k}"
        target, sensitive = self.target_names[pair[0]], self.sensitive_names[pair[1]]
        message = f"the cell of {what} for target {target} and sensitive {sensitive} {has}"
        raise DataError(message)

    def _least(self) -> NDArray[np.int64]:
        """Return the rows of the smallest pool of each pair, int64 [classes, groups]."""
        counts = self.counts
        positives = counts.sum(axis=1, keepdims=True) - counts
        negatives = counts.sum(axis=0, keepdims=True) - counts
        least: NDArray[np.int64] = np.minimum(counts, np.minimum(positives, negatives))
        return least


def make_cells(
    target: ArrayLike,
    sensitive: ArrayLike,
    *,
    target_names: Sequence[str] = (),
    sensitive_names: Sequence[str] = (),
) -> Cells:
    """Return the cells of int codes [n] each; names default to the codes. Raises DataError if lengths differ."""
    codes = [np.asarray(values, dtype=np.int64) for values in (target, sensitive)]
    if codes[0].shape != codes[1].shape or codes[0].ndim != 1:
        shapes = f"{codes[0].shape} and {codes[1].shape}"
        message = f"target and sensitive codes must be two lists of one length, got {shapes}"
        raise DataError(message)
    names = [
        tuple(given) or tuple(str(code) for code in range(int(values.max(initial=-1)) + 1))
        for given, values in zip((target_names, sensitive_names), codes, strict=True)
    ]
    return Cells(target=codes[0], sensitive=codes[1], target_names=names[0], sensitive_names=names[1])
