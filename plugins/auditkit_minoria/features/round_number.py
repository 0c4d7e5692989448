"""Numbers that a reader can remember."""

from __future__ import annotations

import numpy as np


def round_number(low: float, high: float) -> float:
    """Return the number with the fewest digits in the middle half of [low, high]."""
    middle, margin = low / 2 + high / 2, (high - low) / 4
    first = -int(np.floor(np.log10(high - low + abs(middle)))) - 1
    for digits in range(first, first + 18):
        candidate = round(middle, digits)
        if low + margin <= candidate <= high - margin:
            return candidate
    return middle
