"""Machine code for the two middle values of many standardised rows: counting brackets them, without branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.compiled import compiled
from auditkit_minoria.kernels.ranks import select

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Singles = NDArray[np.float32]
    Single = float | np.float32

ROUNDS, FEW, MARGIN, BLOCK = 12, 256, 64, 32


@compiled
def middle_values(rows: Singles, low: Singles, high: Singles) -> None:
    """Fill the lower and the upper median of each row, float32 [m, n], into low and high [m].

    The rows have mean 0 and standard deviation 1, so that their medians lie in [-1, 1]: from there, false
    position on the number of smaller values narrows a bracket. Rows of any other kind are only slower.
    """
    m, n = rows.shape
    first, second = (n - 1) // 2, n // 2
    kept, ones = np.empty(n + 1, np.float32), np.ones(n + 1, np.int64)
    for i in range(m):
        row = rows[i]
        below, count = 0, n + 1
        if n > 4 * FEW:
            bottom, top = bracket(row, first, second)
            below = smaller(row, bottom)
            count = keep_between(row, bottom, top, kept)
        if below > first or below + count <= second or count > n:
            below, count = 0, n
            for j in range(n):
                kept[j] = row[j]
        low[i] = select(kept, ones, count, first - below)
        high[i] = low[i] if second == first else select(kept, ones, count, second - below)


@compiled
def bracket(row: Singles, first: int, second: int) -> tuple[Single, Single]:
    """Return values between which both ranks lie, most often with few others; the search starts at [-1, 1]."""
    left, right = np.float32(-1.0), np.float32(1.0)
    under, over = smaller(row, left), smaller(row, right)
    for turn in range(ROUNDS):
        if over - under <= FEW or under > first or over <= second:
            break
        aim = first - MARGIN if turn % 2 == 0 else second + MARGIN
        share = min(max((aim - under) / (over - under), 0.01), 0.99)
        middle = np.float32(left + (right - left) * share)
        found = smaller(row, middle)
        if found <= first:
            left, under = middle, found
        elif found > second:
            right, over = middle, found
        else:
            break
    return left, right


@compiled
def smaller(row: Singles, limit: Single) -> int:
    """Return how many values are below the limit. A narrow counter lets the processor count many at once."""
    below = np.int32(0)
    for j in range(len(row)):
        below += np.int32(1) if row[j] < limit else np.int32(0)
    return int(below)


@compiled
def keep_between(row: Singles, bottom: Single, top: Single, kept: Singles) -> int:
    """Copy the values in [bottom, top] to the front of kept and return their number: most blocks hold none."""
    count, n = 0, len(row)
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        inside = np.int32(0)
        for j in range(start, stop):
            inside += np.int32(1) if (row[j] >= bottom) & (row[j] <= top) else np.int32(0)
        if inside == 0:
            continue
        for j in range(start, stop):
            kept[count] = row[j]
            count += 1 if (row[j] >= bottom) & (row[j] <= top) else 0
    return count
