"""The prefixes of a list: how far each is from its target, and what exchanges do to all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.swaps import Pool, exchanges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

EXCHANGES = 500
"""Exchanges of one descent."""


@dataclass(frozen=True, eq=False)
class Prefix:
    """The first `size` items of a list, whose mean row should be near the pool's target."""

    size: int
    pool: Pool

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of the first items of a list in order [k]."""
        return self.pool.mpr(chosen[: self.size])


@dataclass(frozen=True, eq=False)
class Prefixes:
    """All prefixes of lists of k, the shortest first and the whole list last, over the same items [n]."""

    each: tuple[Prefix, ...]

    @property
    def similarities(self) -> Floats:
        """The similarities [n] of the items."""
        return self.each[-1].pool.similarities

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many items each prefix has."""
        return tuple(prefix.size for prefix in self.each)

    def worst(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest MPR of all prefixes of a list in order [k]."""
        return max(prefix.mpr(chosen) for prefix in self.each)

    def among(self, items: NDArray[np.int64]) -> Prefixes:
        """Return the same over some of the items [c]."""
        return Prefixes(
            tuple(
                Prefix(
                    prefix.size,
                    Pool(
                        similarities=prefix.pool.similarities[items],
                        rows=prefix.pool.rows[items],
                        target=prefix.pool.target,
                        largest=prefix.pool.largest,
                    ),
                )
                for prefix in self.each
            )
        )

    def exchanged(self, chosen: NDArray[np.int64], *, limit: float, slope: float) -> NDArray[np.int64]:
        """Return a list near `chosen`, in order [k], all of whose prefixes keep the limit if exchanges lead to one.

        Then exchanges raise its similarity, and the more similar of two items goes first where the limit allows.
        """
        best, weight = chosen, max(slope, 1e-6)
        for _ in range(12):
            best = self._descended(best, limit=limit, weight=weight)
            if self.worst(best) <= limit + TOLERANCE:
                return self._promoted(self._descended(best, limit=limit, weight=None), limit=limit)
            weight *= 4
        return best

    def _descended(
        self, chosen: NDArray[np.int64], *, limit: float, weight: float | None
    ) -> NDArray[np.int64]:
        """Exchange while similarity - weight * excess over the limit grows; without a weight within the limit only."""
        chosen = chosen.copy()
        for _ in range(EXCHANGES):
            now = sum(max(prefix.mpr(chosen) - limit, 0.0) for prefix in self.each)
            if weight is not None and now <= TOLERANCE:
                break
            gains, excess = self._outcomes(chosen, limit)
            if weight is None:
                merit = np.where(excess <= TOLERANCE / 2, gains, -np.inf)
            else:
                merit = gains - weight * (excess - now)
            out, into = np.unravel_index(int(np.argmax(merit)), merit.shape)
            if not merit[out, into] > 1e-12 * max(1.0, weight or 1.0):
                break
            taken = np.flatnonzero(chosen == into)
            if len(taken):  # both are in the list: they change places
                chosen[taken[0]] = chosen[out]
            chosen[out] = into
        return chosen

    def _outcomes(self, chosen: NDArray[np.int64], limit: float) -> tuple[Floats, Floats]:
        """Return similarity gained, and the excess over the limit summed over prefixes, of every exchange [k, c].

        An item of the list changes places with another: nothing is gained, and prefixes that hold both are as before.
        """
        k, n = len(chosen), len(self.similarities)
        gains = self.similarities - self.similarities[chosen][:, None]
        gains[:, chosen] = 0.0
        excess = np.zeros((k, n))
        for prefix in self.each:
            size, now = prefix.size, max(prefix.mpr(chosen) - limit, 0.0)
            own = np.maximum(exchanges(prefix.pool, chosen[:size])[1] - limit, 0.0)
            own[:, chosen[:size]] = now
            excess[:size] += own
            excess[size:] += now
            # An item behind the prefix that changes places with one of its own: the same exchange, seen from behind.
            excess[size:, chosen[:size]] += own[:, chosen[size:]].T - now
        return gains, excess

    def _promoted(self, chosen: NDArray[np.int64], *, limit: float) -> NDArray[np.int64]:
        """Let items change places while the more similar one comes to an earlier prefix, within the limit."""
        chosen = chosen.copy()
        block = np.searchsorted(self.sizes, np.arange(len(chosen)), side="right")
        for _ in range(EXCHANGES):
            _, excess = self._outcomes(chosen, limit)
            values = self.similarities[chosen]
            raised = np.where(block[:, None] < block[None, :], values[None, :] - values[:, None], -np.inf)
            raised[excess[:, chosen] > TOLERANCE / 2] = -np.inf
            first, second = np.unravel_index(int(np.argmax(raised)), raised.shape)
            if not raised[first, second] > 1e-12:
                break
            chosen[[first, second]] = chosen[[second, first]]
        return self.ordered(chosen)

    def ordered(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the list [k] with the most similar first between one prefix and the next."""
        block = np.searchsorted(self.sizes, np.arange(len(chosen)), side="right")
        return chosen[np.lexsort((chosen, -self.similarities[chosen], block))]
