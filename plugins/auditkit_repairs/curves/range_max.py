"""Where the largest value of a range stands: a sparse table, built once and asked often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class RangeMax:
    """Values [m], and at level k the place of the largest of every 2^k neighbours, the first of equals, int32 each."""

    value: Floats
    levels: tuple[NDArray[np.int32], ...]

    @classmethod
    def of(cls, value: Floats) -> RangeMax:
        """Return the table of some values: m log2 m places of 4 bytes."""
        levels = [np.arange(len(value), dtype=np.int32)]
        width = 1
        while 2 * width <= len(value):
            levels.append(_better(value, levels[-1][:-width], levels[-1][width:]))
            width *= 2
        return cls(value, tuple(levels))

    def place(self, low: Places, high: Places) -> Places:
        """Return the first place of the largest value[low : high] of every range, intp [w]; -1 of an empty one."""
        length = high - low
        level = np.frexp(np.maximum(length, 1))[1] - 1
        found = np.full(len(low), -1, dtype=np.intp)
        for k in np.unique(level[length > 0]):
            rows = np.flatnonzero((level == k) & (length > 0))
            of_level = self.levels[k]
            found[rows] = _better(self.value, of_level[low[rows]], of_level[high[rows] - (1 << k)])
        return found


def _better(value: Floats, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return of each two places that of the larger value, the first where they are equal."""
    return np.where(value[first] >= value[second], first, second)
