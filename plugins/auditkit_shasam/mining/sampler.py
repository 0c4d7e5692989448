"""Mined batches for anybody's PyTorch loop: row numbers of anchors, positives and negatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_shasam.mining import Cells, Mining, Triple, ground_set, mine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray


class MinedBatchSampler:
    """Yields, per epoch, batches of row numbers: k anchors, then k positives, then k negatives.

    `features(rows)` returns the present encoder's features [m, d] of those rows; it is asked anew after every
    `refresh` batches, and never for random mining. Each pass over the sampler is an epoch with a fresh ground set,
    of about 6 k rows per batch (every row in two views). It can be a DataLoader's batch_sampler. `previous` is the
    ground set of the last epoch, which the next one leaves out.
    """

    def __init__(
        self,
        cells: Cells,
        features: Callable[[NDArray[np.intp]], NDArray[Any]],
        *,
        mining: Mining | None = None,
        share: float = 0.2,
        refresh: int = 4,
        seed: int | np.random.Generator = 0,
    ) -> None:
        self._cells, self._features = cells, features
        self._mining = mining or Mining()
        self._share, self._refresh = share, refresh
        self._rng = np.random.default_rng(seed)
        self.previous = np.zeros(0, dtype=np.intp)
        self._pairs = cells.pairs(self._mining.k)

    def __len__(self) -> int:
        """Return about how many batches an epoch has."""
        return max(1, round(self._share * len(self._cells) / (6 * self._mining.k)))

    def __iter__(self) -> Iterator[list[int]]:
        for triple in self.triples():
            yield triple.rows.tolist()

    def triples(self) -> Iterator[Triple]:
        """Yield the mined sets of one epoch, as numbers of all rows."""
        k, rng = self._mining.k, self._rng
        rows = ground_set(self._cells, self._share, least=k, previous=self.previous, rng=rng)
        self.previous = rows
        cells = self._cells.take(rows)
        features = np.zeros((len(rows), 1), dtype=np.float32)
        for step in range(len(self)):
            if step % self._refresh == 0 and not self._mining.random:
                features = self._features(rows)
            pair = self._pairs[int(rng.integers(len(self._pairs)))]
            found = mine(features, cells, self._mining, pair=pair, rng=rng)
            yield Triple(
                anchors=rows[found.anchors],
                positives=rows[found.positives],
                negatives=rows[found.negatives],
                hardness=found.hardness,
            )
