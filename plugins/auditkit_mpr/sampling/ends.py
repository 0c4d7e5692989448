"""The ends of an interval at several levels, from draws of what sampling alone does.

A largest gap (a length, a maximum) is biased upward: where nothing is wrong, sampling alone gives a positive value.
So a low end inverts a test: a true size t is refuted at a level if the value found is among the largest of that share
of draws in which t is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import tabulated_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Interval
    from auditkit_mpr.arrays import Floats

LEVELS = (0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001)
"""One-sided levels at which ends are kept, as far as the draws can tell them apart."""
TIE = 1e-9
"""Sizes this close, relatively, are one: counts of few rows tie often, and a tie is no evidence."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Ends:
    """Low and high ends of one value at one-sided `levels`, falling; the interval's own lie in [0, most].

    A low end below 0 says how far the level is from refuting that there is no gap, so that p is read between levels.
    """

    value: float
    levels: tuple[float, ...]
    lows: Floats
    highs: Floats
    most: float

    def interval(self, confidence: float) -> Interval:
        """Return the interval, from which a gate can read its bound at any level."""
        lows = np.minimum.accumulate(np.minimum(self.lows, self.value))
        highs = np.maximum.accumulate(np.clip(self.highs, self.value, max(self.most, self.value)))
        return tabulated_interval(
            self.value,
            self.levels,
            (lows.tolist(), highs.tolist()),
            confidence=confidence,
            within=(0.0, max(self.most, self.value)),
        )


def levels_of(draws: int) -> tuple[float, ...]:
    """Return the levels that so many draws tell apart."""
    return tuple(level for level in LEVELS if int(level * (draws + 1)) >= 1)


def tails(statistics: Floats, levels: Sequence[float]) -> Floats:
    """Return the size [levels] that a drawn statistic [draws] exceeds by chance in less than each level.

    With p = (1 + draws at least as large) / (1 + draws), p is below the level exactly above this size.
    """
    ordered = np.sort(statistics)[::-1]
    found: Floats = (ordered + TIE * np.abs(ordered))[
        [int(level * (len(ordered) + 1)) - 1 for level in levels]
    ]
    return found


def least_lengths(gap: Floats, errors: Floats, levels: Sequence[float]) -> Floats:
    """Return the smallest true length [levels] of a gap [r] with errors [draws, r] that is not refuted.

    Along the direction found, |t u + e| reaches the length found from a size t on that each draw has. Where not even
    t = 0 is refuted it is what the length lacks for that, below 0.
    """
    value, lengths = float(np.linalg.norm(gap)), np.linalg.norm(errors, axis=1)
    if value <= 0.0:
        return -tails(lengths, levels)
    lacking = value - tails(lengths, levels)
    along = errors @ gap / value
    room = np.maximum(along * along + value * value - lengths * lengths, 0.0)
    reached = np.where(lengths >= value * (1.0 - TIE), 0.0, np.sqrt(room) - along)
    return np.where(lacking > 0.0, np.maximum(-tails(-reached, levels), 0.0), np.minimum(lacking, 0.0))


def least_largest(gaps: Floats, errors: Floats, widths: Floats, levels: Sequence[float]) -> Floats:
    """Return what the largest of |gaps| [g] is at least, all groups at once, with errors [draws, g] and widths [g].

    No |gap| is off by more than c widths, c the size that the largest of |errors| / widths exceeds by chance. Below 0
    where no group shows a gap.
    """
    largest = (np.abs(errors) / widths).max(axis=1, initial=0.0)
    return np.array([(np.abs(gaps) - c * widths).max(initial=-np.inf) for c in tails(largest, levels)])
