"""The inner loops of facility location, one pass over a block of similarities each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_shasam.submodular.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 32767
"""Coarse similarities are whole numbers of 1 / STEPS, rounded up, so that their gains are upper bounds."""
CHUNK = 512
"""Values summed in the block's own type before the sum goes to float64."""


@compiled
def summed_gains(block: NDArray[Any], reached: NDArray[Any], cap: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum of max(min(s, cap) - reached, 0) over each row of similarities [m, v], float64 [m]."""
    m, v = block.shape
    gains = np.zeros(m)
    for i in range(m):
        for start in range(0, v, CHUNK):
            part = block[i, start : start + CHUNK]
            base, limit = reached[start : start + CHUNK], cap[start : start + CHUNK]
            total = np.float32(0)  # float64 where the block is
            for j in range(len(part)):
                total += max(min(part[j], limit[j]) - base[j], np.float32(0))
            gains[i] += total
    return gains


@compiled
def best_kept(
    kept: NDArray[Any],
    order: NDArray[np.intp],
    *,
    bounds: NDArray[np.float64],
    reached: NDArray[Any],
    cap: NDArray[Any],
) -> tuple[int, int]:
    """Return the item of the highest gain among `order`, lowest index first, and how many gains were summed.

    `order` lists items by falling bounds; those whose bound is reached are not summed. New gains replace bounds.
    """
    best, gain, evaluated = -1, -np.inf, 0
    for item in order:
        if bounds[item] < gain:
            break
        if bounds[item] == gain and item > best:
            continue
        bounds[item] = summed_gains(kept[item : item + 1], reached, cap)[0]
        evaluated += 1
        if bounds[item] > gain or (bounds[item] == gain and item < best):
            best, gain = item, bounds[item]
    return best, evaluated


@compiled
def round_up(block: NDArray[Any], items: NDArray[np.intp], *, coarse: NDArray[np.int16]) -> None:
    """Write similarities [m, v] in [0, 1] to rows `items` of coarse, in steps rounded up."""
    m, v = block.shape
    for i in range(m):
        row, exact = coarse[items[i]], block[i]
        for j in range(v):
            # By way of int32: a float has no direct way to int16 that runs side by side.
            row[j] = np.int16(min(np.int32(exact[j] * np.float32(STEPS)) + np.int32(1), np.int32(STEPS)))


@compiled
def coarse_gains(
    coarse: NDArray[np.int16], items: NDArray[np.intp], *, reached: NDArray[np.int16], cap: NDArray[np.int16]
) -> NDArray[np.int64]:
    """Return, in steps, the sum of max(min(s, cap) - reached, 0) over coarse rows, int64 [m]."""
    v = coarse.shape[1]
    gains = np.zeros(len(items), dtype=np.int64)
    for i in range(len(items)):
        row = coarse[items[i]]
        total = np.int64(0)
        for start in range(0, v, CHUNK):
            part = np.int32(0)
            steps, limit = row[start : start + CHUNK], cap[start : start + CHUNK]
            base = reached[start : start + CHUNK]
            for j in range(len(steps)):
                # All in int32: mixed widths would be added one at a time.
                part += max(min(np.int32(steps[j]), np.int32(limit[j])) - np.int32(base[j]), np.int32(0))
            total += np.int64(part)
        gains[i] = total
    return gains
