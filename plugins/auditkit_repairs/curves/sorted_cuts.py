"""The best cut of each group without chance: windows of rates slid over the sorted cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_repairs.curves.points import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_repairs.curves.points import Aim, Curve, Keep

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

STEPS = 400
"""Windows of two rates begin at so many steps of each, for three groups or more."""
ROUNDING = 1e-12


def best_cuts(curves: tuple[Curve, ...], *, aim: Aim, gap: float, keep: Keep) -> tuple[int, ...]:
    """Return the place of each group's cut: rates within `gap` of each other, and the highest sum of values.

    One rate: exact, by every window [s, s + gap] that begins at a cut. Two rates of two groups: exact, by all cuts of
    the first. Two rates of more groups: exact among windows that begin at steps of 1 / 400. Of equals the first is
    taken: the one that selects least.
    """
    worth = values(curves, keep)
    rates = [curve.rates(aim) for curve in curves]
    if len(rates[0]) == 1:
        starts: tuple[Floats, ...] = (np.unique(np.concatenate([rate for (rate,) in rates])),)
    elif len(curves) == 2:
        return _pair(rates, worth, gap)
    else:
        steps = np.linspace(0.0, 1.0, STEPS + 1)
        starts = tuple(part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    total = np.zeros(len(starts[0]))
    for rate, value in zip(rates, worth, strict=True):
        low, high = _window(rate, starts, gap)
        total += range_max(value, low, high)
    start = int(total.argmax())
    chosen = []
    for rate, value in zip(rates, worth, strict=True):
        low, high = _window(rate, tuple(part[[start]] for part in starts), gap)
        chosen.append(int(low[0] + value[low[0] : high[0]].argmax()))
    return tuple(chosen)


def _pair(rates: Sequence[tuple[Floats, ...]], worth: Sequence[Floats], gap: float) -> tuple[int, ...]:
    """Return the best cuts of two groups in two rates: for every cut of the first, the best of the second near it."""
    low, high = _window(rates[1], tuple(rate - gap for rate in rates[0]), 2 * gap)
    total = worth[0] + range_max(worth[1], low, high)
    first = int(total.argmax())
    second = int(low[first] + worth[1][low[first] : high[first]].argmax())
    return first, second


def _window(rate: tuple[Floats, ...], starts: tuple[Floats, ...], gap: float) -> tuple[Places, Places]:
    """Return where the cuts begin and end, intp [w] each, whose every rate lies in [start, start + gap]."""
    low = np.maximum.reduce(
        [np.searchsorted(one, start - ROUNDING, side="left") for one, start in zip(rate, starts, strict=True)]
    )
    high = np.minimum.reduce(
        [
            np.searchsorted(one, start + gap + ROUNDING, side="right")
            for one, start in zip(rate, starts, strict=True)
        ]
    )
    return low, high


def range_max(value: Floats, low: Places, high: Places) -> Floats:
    """Return the largest value[low : high] of every range, float64 [w]; -inf of an empty one.

    By a sparse table, of which one level is held at a time: level k holds the largest of every 2^k neighbours.
    """
    length = high - low
    found = np.full(len(low), -np.inf)
    level, width = value, 1
    while True:
        of_level = np.flatnonzero((length >= width) & (length < 2 * width))
        if len(of_level):
            found[of_level] = np.maximum(level[low[of_level]], level[high[of_level] - width])
        if 2 * width > len(value):
            return found
        level = np.maximum(level[:-width], level[width:])
        width *= 2
