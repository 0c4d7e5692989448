"""Similarities of candidate items to the rows they should cover, a block at a time: never the whole kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never

import numpy as np

from auditkit_shasam.submodular.kernel import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK_BYTES = 8_000_000
"""A block of similarities that stays near the processor: larger ones wait for memory."""


@dataclass(frozen=True, eq=False)
class Similarity:
    """Nonnegative similarities of n items to v covered rows.

    `rows(items)` returns a fresh array [m, v] that the caller may overwrite. `block` is how many items to ask
    for at once.
    """

    n: int
    covered: int
    rows: Callable[[NDArray[np.intp]], NDArray[Any]]
    block: int


def from_kernel(kernel: NDArray[Any]) -> Similarity:
    """Return the similarities held in a kernel [v, n] with no negative value (covered rows by items)."""
    by_item = np.ascontiguousarray(np.asarray(kernel).T)
    n, covered = by_item.shape
    return Similarity(n, covered, lambda items: by_item[items], _block(covered, by_item.itemsize))


def from_features(
    items: NDArray[Any], covered: NDArray[Any] | None = None, *, policy: Literal["clamp", "shift"] = "clamp"
) -> Similarity:
    """Return cosines of items [n, d] to covered rows [v, d] (default: the items), made when asked for.

    Blocks are float32 products of unit rows, float64 if the items are. Memory is O((n + v) d) and one block.
    """
    dtype = np.float64 if items.dtype == np.float64 else np.float32
    unit = unit_rows(items.astype(dtype, copy=False))
    target = unit if covered is None else unit_rows(covered.astype(dtype, copy=False))

    def rows(index: NDArray[np.intp]) -> NDArray[Any]:
        cosines: NDArray[Any] = unit[index] @ target.T
        match policy:
            case "clamp":
                np.maximum(cosines, 0, out=cosines)
            case "shift":
                cosines += 1
                cosines *= 0.5
            case _:
                assert_never(policy)
        return cosines

    return Similarity(len(unit), len(target), rows, _block(len(target), unit.itemsize))


def _block(covered: int, itemsize: int) -> int:
    return max(1, BLOCK_BYTES // max(covered * itemsize, 1))
