"""Similarity of items to queries: from vectors, from a file of similarities, or from a FAISS index.

Each source yields, per query, the items that may enter its list (indices ascending) and their similarities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from auditkit import DataError
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

ROWS = 65_536
QUERIES = 64
SAMPLED = 256
"""Vectors whose length is looked at."""
NUMBERS = 50_000_000
"""Similarities held at a time: with millions of items fewer queries share one reading of the vectors."""
Kept = "Sequence[NDArray[np.int64]]"


class Scorer(Protocol):
    """A source of similarities."""

    def each(
        self, limit: int, kept: Sequence[NDArray[np.int64]]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield, per query, `limit` items (0: all) and those of `kept` [indices per query], and similarities."""
        ...

    def vectors(self, items: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Return unit vectors [c, d] of items, or None where there are only similarities."""
        ...


@dataclass(frozen=True, eq=False)
class Vectors:
    """Cosine similarity: items [n, d] of any float type, perhaps mapped from a file; unit queries [q, d]."""

    items: NDArray[Any]
    queries: NDArray[np.float32]

    def each(
        self, limit: int, kept: Sequence[NDArray[np.int64]]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield the most similar items of each query; items are read once for up to 64 queries."""
        step = max(1, min(QUERIES, NUMBERS // max(len(self.items), 1)))
        for start in range(0, len(self.queries), step):
            block = self._similarities(self.queries[start : start + step])
            for place, row in enumerate(block, start):
                yield _limited(row.astype(np.float64), limit, kept[place])

    def _similarities(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        found = np.empty((len(queries), len(self.items)), dtype=np.float32)
        rows = max(1, min(ROWS, NUMBERS // self.items.shape[1]))
        for start in range(0, len(self.items), rows):
            found[:, start : start + rows] = queries @ unit(self.items[start : start + rows], first=start).T
        return found

    def vectors(self, items: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return unit vectors [c, d] of items."""
        return unit(self.items[items])


@dataclass(frozen=True, eq=False)
class Similarities:
    """Similarities [q, n] that somebody computed, and perhaps unit vectors [n, d] of the items."""

    matrix: NDArray[Any]
    items: NDArray[Any] | None = None

    def each(
        self, limit: int, kept: Sequence[NDArray[np.int64]]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield the most similar items of each query."""
        for row, keep in zip(self.matrix, kept, strict=True):
            values = np.asarray(row, dtype=np.float64)
            if not np.isfinite(values).all():
                message = f"{int((~np.isfinite(values)).sum()):,} similarities are missing or infinite"
                raise DataError(message)
            yield _limited(values, limit, keep)

    def vectors(self, items: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Return unit vectors [c, d] of items if there are embeddings besides."""
        return None if self.items is None else unit(self.items[items])


@dataclass(frozen=True, eq=False)
class Index:
    """A FAISS index by inner product whose row i is row i of the table; unit queries [q, d]."""

    index: Any
    queries: NDArray[np.float32]

    def each(
        self, limit: int, kept: Sequence[NDArray[np.int64]]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield what the index finds for each query, as approximately as it was built."""
        for query, keep in zip(self.queries, kept, strict=True):
            scores, found = self.index.search(query[None, :], limit or self.index.ntotal)
            inside = found[0] >= 0
            items, values = found[0][inside].astype(np.int64), scores[0][inside].astype(np.float64)
            lacking = np.setdiff1d(keep, items)
            if len(lacking):
                items = np.concatenate([items, lacking])
                values = np.concatenate([values, (self._raw(lacking) @ query).astype(np.float64)])
            order = np.argsort(items)
            yield items[order], values[order]

    def vectors(self, items: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return unit vectors [c, d] of items, as the index stores them."""
        return unit(self._raw(items))

    def sample(self) -> NDArray[np.float32] | None:
        """Return some vectors [c, d] as the index stores them, None from an index that cannot give them back."""
        try:
            return self._raw(np.unique(np.linspace(0, self.index.ntotal - 1, SAMPLED).astype(np.int64)))
        except DataError:
            return None

    def _raw(self, items: NDArray[np.int64]) -> NDArray[np.float32]:
        try:
            return np.stack([self.index.reconstruct(int(item)) for item in items]).astype(np.float32)
        except RuntimeError as error:
            message = "this FAISS index cannot give back its vectors; give --embeddings for what needs them"
            raise DataError(message) from error


@dataclass(frozen=True, eq=False)
class Unscored:
    """No similarities at all: `items` of which somebody else made `queries` lists."""

    items: int
    queries: int

    def each(
        self,
        limit: int,  # noqa: ARG002  nothing is foremost
        kept: Sequence[NDArray[np.int64]],  # noqa: ARG002  all are
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield all items of each query, with NaN for their similarities."""
        for _ in range(self.queries):
            yield np.arange(self.items), np.full(self.items, np.nan)

    def vectors(self, items: NDArray[np.int64]) -> None:
        """Return None: there are no vectors."""


def unit(rows: NDArray[Any], *, what: str = "embeddings", first: int = 0) -> NDArray[np.float32]:
    """Return the rows [n, d] at unit length as float32; DataError names the first row that has no direction."""
    found = np.asarray(rows, dtype=np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
    bad = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if len(bad):
        zero = lengths[bad[0]] == 0
        kind = (
            "a zero vector, which has no direction" if zero else "a vector with missing or infinite numbers"
        )
        whole = f"; so have {len(bad):,} of {len(found):,} rows" if len(bad) > 1 else ""
        message = f"{what}: row {first + bad[0]} has {kind}{whole}"
        raise DataError(message)
    unit_rows: NDArray[np.float32] = found / lengths[:, None]
    return unit_rows


def lengths_off(rows: NDArray[Any], *, by: float) -> tuple[float, float] | None:
    """Return the least and the largest length among rows [n, d] where one is further than `by` from 1, else None."""
    lengths = np.linalg.norm(np.asarray(rows, dtype=np.float64), axis=1)
    if not len(lengths) or np.abs(lengths - 1.0).max() <= by:
        return None
    return float(lengths.min()), float(lengths.max())


def _limited(values: Floats, limit: int, keep: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    n = len(values)
    if not limit or limit >= n:
        return np.arange(n), values
    chosen = np.union1d(top(values, limit), keep)
    return chosen, values[chosen]
