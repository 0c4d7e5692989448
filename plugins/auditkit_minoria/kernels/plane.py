"""Machine code for the exact sweep: the median of n turning lines, by divide and conquer on the angle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.compiled import compiled
from auditkit_minoria.kernels.ranks import select

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

NARROWEST = 1e-14
"""Radians. Windows below this hold nothing that float64 can tell apart."""

FEW = 20
"""With this many candidates or fewer, looking at all of them is cheaper than ruling some out."""


@compiled
def sweep_bins(
    x: Floats,
    y: Floats,
    weight: Counts,
    low_rank: int,
    high_rank: int,
    edges: Floats,
    best: Floats,
    angle: Floats,
) -> int:
    """Raise, per bin of angles, the skew of largest size and its angle; return the number of regions visited.

    The points have mean 0 and the identity as covariance, so that skew = -3 median. A window of angles is cut
    at a bin's edge, or, within one bin, around the region in which the median stays with the same points.
    x, y and weight are reordered in place: a window's candidates are a front part of its parent's, and its
    sibling reorders only that front, so that one array serves the whole recursion.
    """
    n, bins = len(x), len(edges) - 1
    value, slope, scratch, copied = np.empty(n), np.empty(n), np.empty(n), np.empty(n, np.int64)
    # Windows halve at least, down to NARROWEST, once they are inside one bin.
    spans, plans = np.empty((bins + 128, 2)), np.empty((bins + 128, 5), np.int64)
    waiting = push(spans, plans, 0, edges[0], edges[bins], 0, bins, n, low_rank, high_rank)
    regions = 0
    while waiting:
        waiting -= 1
        start, stop = spans[waiting, 0], spans[waiting, 1]
        bin_, last, count = plans[waiting, 0], plans[waiting, 1], plans[waiting, 2]
        low, high = plans[waiting, 3], plans[waiting, 4]
        middle, half = (start + stop) / 2, (stop - start) / 2
        project(x, y, weight, count, middle, value, slope, scratch, copied)
        lower = select(scratch, copied, count, low)
        upper = select(scratch, copied, count, high) if high > low else lower
        if count > FEW:
            first, second = place(value, count, lower), place(value, count, upper)
            shift, turn = (lower + upper) / 2, (slope[first] + slope[second]) / 2
            count, below = keep_candidates(
                x, y, weight, value, slope, count, low, high, half, shift, turn, scratch, copied
            )
            low, high = low - below, high - below
        if last - bin_ > 1:
            cut = edge_near(edges, bin_, last, middle)
            waiting = push(spans, plans, waiting, start, edges[cut], bin_, cut, count, low, high)
            waiting = push(spans, plans, waiting, edges[cut], stop, cut, last, count, low, high)
            continue
        first, second = place(value, count, lower), place(value, count, upper)
        back, forth = unchanged(value, slope, weight, count, first, second)
        left, right = max(np.arctan(back), -half), min(np.arctan(forth), half)
        skew, turn = largest((lower + upper) / 2, (slope[first] + slope[second]) / 2, left, right)
        if abs(skew) > abs(best[bin_]):
            best[bin_], angle[bin_] = skew, middle + turn
        waiting = push(spans, plans, waiting, start, middle + left, bin_, last, count, low, high)
        waiting = push(spans, plans, waiting, middle + right, stop, bin_, last, count, low, high)
        regions += 1
    return regions


@compiled
def push(
    spans: Floats,
    plans: Counts,
    waiting: int,
    start: float,
    stop: float,
    bin_: int,
    last: int,
    count: int,
    low: int,
    high: int,
) -> int:
    """Put a window on the stack unless it is empty; return the new height."""
    if stop - start <= NARROWEST and last - bin_ == 1:
        return waiting
    spans[waiting, 0], spans[waiting, 1] = start, stop
    plans[waiting, 0], plans[waiting, 1], plans[waiting, 2] = bin_, last, count
    plans[waiting, 3], plans[waiting, 4] = low, high
    return waiting + 1


@compiled
def edge_near(edges: Floats, bin_: int, last: int, middle: float) -> int:
    """Return the first inner edge of bins [bin_, last) at or after the middle angle, or the last inner edge."""
    low, high = bin_ + 1, last - 1
    while low < high:
        between = (low + high) // 2
        if edges[between] < middle:
            low = between + 1
        else:
            high = between
    return low


@compiled
def project(
    x: Floats,
    y: Floats,
    weight: Counts,
    count: int,
    middle: float,
    value: Floats,
    slope: Floats,
    scratch: Floats,
    copied: Counts,
) -> None:
    """Fill each point's projection at the middle angle, its derivative there, and copies to select from."""
    cosine, sine = np.cos(middle), np.sin(middle)
    for i in range(count):
        value[i] = scratch[i] = x[i] * cosine + y[i] * sine
        slope[i] = y[i] * cosine - x[i] * sine
        copied[i] = weight[i]


@compiled
def place(value: Floats, count: int, wanted: float) -> int:
    """Return where a value stands. Of several that tie, any: the region found is then this single angle."""
    for i in range(count):
        if value[i] == wanted:
            return i
    return -1


@compiled
def keep_candidates(
    x: Floats,
    y: Floats,
    weight: Counts,
    value: Floats,
    slope: Floats,
    count: int,
    low: int,
    high: int,
    half: float,
    shift: float,
    turn: float,
    scratch: Floats,
    copied: Counts,
) -> tuple[int, int]:
    """Move the points that can be a median within `half` radians to the front; count them, and rows below.

    Relative to a moving reference (shift, turn), t radians from the middle, a point stands at
    v cos t + s sin t. Its extremes bound it, and the order statistics of all these bounds bound the median:
    a point that stays outside them is never the median.
    """
    cosine, sine = np.cos(half), np.sin(half)
    for i in range(count):
        v = value[i] - shift
        scratch[i] = min(v, v * cosine) - abs(slope[i] - turn) * sine
        copied[i] = weight[i]
    lowest = select(scratch, copied, count, low)
    for i in range(count):
        v = value[i] - shift
        scratch[i] = max(v, v * cosine) + abs(slope[i] - turn) * sine
        copied[i] = weight[i]
    highest = select(scratch, copied, count, high)
    kept, below = 0, 0
    for i in range(count):
        v, reach = value[i] - shift, abs(slope[i] - turn) * sine
        if max(v, v * cosine) + reach < lowest:
            below += weight[i]
        elif min(v, v * cosine) - reach <= highest:
            for array in (x, y, value, slope):
                array[i], array[kept] = array[kept], array[i]
            weight[i], weight[kept] = weight[kept], weight[i]
            kept += 1
    return kept, below


@compiled
def unchanged(
    value: Floats, slope: Floats, weight: Counts, count: int, first: int, second: int
) -> tuple[float, float]:
    """Return the tangents of the turns, back and forth, at which the median changes to other points.

    That is where another point meets one of the two median points. When these two pass each other they are
    still the two, unless one of them stands for more rows than the other.
    """
    back, forth = -np.inf, np.inf
    for median in (first, second):
        for i in range(count):
            if i in (first, second) and weight[first] == weight[second]:
                continue
            rise, apart = slope[i] - slope[median], value[i] - value[median]
            if rise == 0.0:
                continue  # the point itself, or one that moves beside it
            tangent = -apart / rise
            if tangent >= 0.0:
                forth = min(forth, tangent)
            if tangent <= 0.0:
                back = max(back, tangent)
        if first == second:
            break
    return back, forth


@compiled
def largest(median: float, rise: float, left: float, right: float) -> tuple[float, float]:
    """Return the skew of largest size while the median stands at median cos t + rise sin t, and its t.

    That is at one of the ends or, where it lies in between, at Theorem 3's closed form tan t = rise / median.
    """
    skew, turn = -3 * (median * np.cos(left) + rise * np.sin(left)), left
    other = -3 * (median * np.cos(right) + rise * np.sin(right))
    if abs(other) > abs(skew):
        skew, turn = other, right
    inner = np.arctan(rise / median) if median != 0.0 else left
    if left < inner < right:
        skew, turn = -3 * (median * np.cos(inner) + rise * np.sin(inner)), inner
    return skew, turn
