"""The marginal gains of facility location and of its three information measures: one formula with two bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from auditkit_shasam.submodular.similarity import Similarity

KEPT_BYTES = 256_000_000
"""Similarities that are kept, so that a gain is found again without a product: as they are if all fit, else in
steps of 2 bytes, which bound it."""


class Coverage:
    """sum over v of max(min(max_A S_va, cap_v) - start_v, 0), grown one item at a time; S in [0, 1].

    With `start` = 0 and no `cap` this is facility location; with start = max_P S_vp its gain given P; with
    cap = max_Q S_vq its mutual information with Q; with both, the conditional mutual information. Monotone
    submodular for every nonnegative kernel, so that stale gains bound fresh ones.
    """

    submodular = True

    def __init__(
        self, similarity: Similarity, *, given: ArrayLike = (), query: ArrayLike | None = None
    ) -> None:
        from auditkit_shasam.submodular import sums  # loads numba: not for who draws rows at random

        self._sums = sums
        self._similarity = similarity
        n, covered = similarity.n, similarity.covered
        self._reached = self._nearest(np.asarray(given, dtype=np.intp))
        limit = np.ones_like(self._reached) if query is None else self._nearest(np.asarray(query, np.intp))
        self._cap = limit
        kind = self._reached.dtype
        self._exact = n * covered * kind.itemsize <= KEPT_BYTES
        self._room = n if self._exact else KEPT_BYTES // max(2 * covered, 1)
        # Untouched pages of an empty array take no memory: only rows that are kept do.
        self._store = np.empty((n, covered), dtype=kind if self._exact else np.int16)
        self._kept = np.zeros(n, dtype=np.bool_)

    def __len__(self) -> int:
        return self._similarity.n

    def gains(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what each of the items would add, float64 [m], rounded as the similarities are."""
        gains = np.empty(len(items))
        for part, rows, place in self._blocks(items):
            gains[place] = self._sums.summed_gains(rows, self._reached, self._cap)
            self._keep(part, rows)
        return gains

    def bounds(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return upper bounds of the gains, float64 [m], at most 2 / 32767 per covered row above them."""
        bounds = np.full(len(items), np.inf)
        if self._exact:
            return bounds
        kept, steps = self._kept[items], self._sums.STEPS
        reached = np.floor(np.minimum(self._reached, 1) * steps).astype(np.int16)
        cap = np.minimum(np.floor(np.minimum(self._cap, 1) * steps) + 1, steps).astype(np.int16)
        bounds[kept] = self._sums.coarse_gains(self._store, items[kept], reached=reached, cap=cap) / steps
        return bounds

    def search(self, left: NDArray[np.bool_], bounds: NDArray[np.float64]) -> tuple[int, int] | None:
        """Return the best item that is left and how many gains were summed, or None if similarities do not all fit.

        `bounds` [n] are gains of earlier steps, inf where unknown; new gains replace them.
        """
        if not self._exact:
            return None
        items = np.flatnonzero(left)
        for part, rows, _ in self._blocks(items[~self._kept[items]]):
            self._store[part] = rows
            self._kept[part] = True
        order = items[np.argsort(-bounds[items], kind="stable")]
        item, evaluated = self._sums.best_kept(
            self._store, order, bounds=bounds, reached=self._reached, cap=self._cap
        )
        return int(item), int(evaluated)

    def add(self, item: int) -> float:
        """Take the item in and return what it added, summed in float64."""
        if self._exact and self._kept[item]:
            row = self._store[item]
        else:
            row = self._similarity.rows(np.array([item], dtype=np.intp))[0]
        reached = np.maximum(self._reached, np.minimum(row, self._cap))
        gained = (reached.astype(np.float64) - self._reached).sum()
        self._reached = reached
        return float(gained)

    def _blocks(self, items: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.intp], NDArray[Any], slice]]:
        """Yield the items a block at a time, their similarities, and their place among the items."""
        size = self._similarity.block
        for start in range(0, len(items), size):
            part = items[start : start + size]
            yield part, self._similarity.rows(part), slice(start, start + size)

    def _keep(self, items: NDArray[np.intp], rows: NDArray[Any]) -> None:
        """Keep the similarities of items not yet known in steps, as far as there is room."""
        if self._exact:
            return
        new = ~self._kept[items]
        new[np.cumsum(new) > self._room] = False
        if new.all():
            self._sums.round_up(rows, items, coarse=self._store)
        elif new.any():
            self._sums.round_up(rows[new], items[new], coarse=self._store)
        self._kept[items[new]] = True
        self._room -= int(new.sum())

    def _nearest(self, items: NDArray[np.intp]) -> NDArray[Any]:
        """Return each covered row's similarity to the nearest of the items, [v]; 0 if there are none."""
        if items.size == 0:
            kind = self._similarity.rows(np.zeros(0, dtype=np.intp)).dtype
            return np.zeros(self._similarity.covered, dtype=kind)
        nearest: NDArray[Any] = np.max([rows.max(axis=0) for _, rows, _ in self._blocks(items)], axis=0)
        return nearest
