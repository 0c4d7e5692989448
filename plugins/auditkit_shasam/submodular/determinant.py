"""The marginal gains of log-determinant and of its three information measures, by a growing Cholesky factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_shasam.submodular.kernel import unit_rows
from auditkit_shasam.submodular.log_determinant import RIDGE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Determinant:
    """log det(S_{A u P} + ridge I) - log det(S_P + ridge I) over unit rows [n, d], grown one item at a time.

    Submodular, not monotone: gains of a unit-diagonal kernel never exceed log(1 + ridge), so a budget is met
    exactly. One item costs O(n (d + |A|)) (Chen, Zhang and Zhou, Fast greedy MAP inference for DPP, 2018).
    """

    submodular = True

    def __init__(self, features: NDArray[Any], *, given: ArrayLike = (), ridge: float = RIDGE) -> None:
        self._unit = unit_rows(features)
        self._ridge = ridge
        self._factor: list[NDArray[np.float64]] = []
        # Exactly 1, not a rounded sum of squares: all first gains are equal, and the lowest index wins.
        self._rest = np.where(self._unit.any(axis=1), 1.0 + ridge, ridge)
        for item in np.asarray(given, dtype=np.intp):
            self.add(int(item))

    def __len__(self) -> int:
        return len(self._unit)

    def gains(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the log of each item's Schur complement, float64 [m]."""
        found: NDArray[np.float64] = np.log(self._rest[items])
        return found

    def bounds(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the gains themselves: they cost nothing."""
        return self.gains(items)

    def search(self, left: NDArray[np.bool_], bounds: NDArray[np.float64]) -> tuple[int, int] | None:  # noqa: ARG002
        """Return the best item that is left, by all gains: they cost nothing."""
        items = np.flatnonzero(left)
        return int(items[np.argmax(self.gains(items))]), len(items)

    def add(self, item: int) -> float:
        """Take the item in and return what it added."""
        gained = float(np.log(self._rest[item]))
        column = (self._unit @ self._unit[item]).astype(np.float64)
        column[item] += self._ridge
        for row in self._factor:
            column -= row[item] * row
        column /= np.sqrt(self._rest[item])
        self._factor.append(column)
        # A Schur complement of S + ridge I is at least the ridge; rounding alone takes it below.
        self._rest = np.maximum(self._rest - column**2, self._ridge)
        return gained


class DeterminantInformation:
    """I_f(A; Q | P) of log-determinant as H_f(A | P) - H_f(A | P u Q), grown one item at a time.

    Not submodular in A: gains may rise, stale ones bound nothing, and every step evaluates all candidates anew.
    """

    submodular = False

    def __init__(
        self, features: NDArray[Any], *, query: ArrayLike, given: ArrayLike = (), ridge: float = RIDGE
    ) -> None:
        first = np.asarray(given, dtype=np.intp)
        both = np.concatenate([first, np.asarray(query, dtype=np.intp)])
        self._alone = Determinant(features, given=first, ridge=ridge)
        self._beside = Determinant(features, given=both, ridge=ridge)

    def __len__(self) -> int:
        return len(self._alone)

    def gains(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what each of the items would add, float64 [m]."""
        return self._alone.gains(items) - self._beside.gains(items)

    def bounds(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the gains themselves: they cost nothing."""
        return self.gains(items)

    def search(self, left: NDArray[np.bool_], bounds: NDArray[np.float64]) -> tuple[int, int] | None:  # noqa: ARG002
        """Return the best item that is left, by all gains: they cost nothing."""
        items = np.flatnonzero(left)
        return int(items[np.argmax(self.gains(items))]), len(items)

    def add(self, item: int) -> float:
        """Take the item in and return what it added."""
        return self._alone.add(item) - self._beside.add(item)
