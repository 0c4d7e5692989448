"""Machine code for the exact search in three dimensions: branch and bound over squares of a cube's faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.compiled import compiled
from auditkit_minoria.kernels.plane import place
from auditkit_minoria.kernels.ranks import select

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

FEW = 6
"""With this many points that can be a median, all of Theorem 3's closed forms are tried."""
NARROWEST, SAMPLES = 3e-4, 8
"""Radians, and subsets. Where many points meet in one direction or along an arc, as points of a lattice do, squares are
not cut below this: the closed forms of some subsets of FEW points are tried, which define such an arc or direction."""
CLOSE = 1e-9
"""Share of the best by which a square must be able to beat it."""
EDGE = 1e-9
"""How far outside its square a closed form may lie by rounding."""
DEEPEST = 256


@compiled
def search_tile(
    points: Floats,
    weight: Counts,
    low_rank: int,
    high_rank: int,
    square: Floats,
    best: Floats,
) -> int:
    """Raise best = [skew, direction] to the largest |skew| within a square; return the squares looked at.

    points [n, 3] have mean 0 and the identity as covariance, so that skew = -3 median. square is [face, u, v,
    half]: directions (1, u', v') with u' in u +- half and v' in v +- half, turned so that the 1 is on axis `face`.
    A square is cut in four until no direction in it can beat the best, or until few points can be the median in
    it: then the largest |skew| is at one of the closed forms (on a region, on an edge of it, on a corner).
    points and weight are reordered in place, as in the sweep of the plane.
    """
    n = len(points)
    value, scratch, copied = np.empty(n), np.empty(n), np.empty(n, np.int64)
    low_bound, high_bound = np.empty(n), np.empty(n)
    cells, plans = np.empty((DEEPEST, 4)), np.empty((DEEPEST, 3), np.int64)
    cells[0] = square
    plans[0, 0], plans[0, 1], plans[0, 2] = n, low_rank, high_rank
    waiting, looked_at = 1, 0
    g, middle, few = np.empty(3), np.empty(3), np.empty((FEW, 3))
    while waiting:
        waiting -= 1
        looked_at += 1
        cell = cells[waiting].copy()
        count, low, high = plans[waiting, 0], plans[waiting, 1], plans[waiting, 2]
        radius = centre_and_radius(cell, g)
        for i in range(count):
            value[i] = points[i, 0] * g[0] + points[i, 1] * g[1] + points[i, 2] * g[2]
            scratch[i], copied[i] = value[i], weight[i]
        lower = select(scratch, copied, count, low)
        upper = select(scratch, copied, count, high) if high > low else lower
        raise_best(best, -1.5 * (lower + upper), g)
        first, second = place(value, count, lower), place(value, count, upper)
        for k in range(3):
            middle[k] = (points[first, k] + points[second, k]) / 2
        bound, lowest, highest = bounds(
            points,
            weight,
            value,
            count,
            low,
            high,
            middle,
            (lower + upper) / 2,
            radius,
            low_bound,
            high_bound,
            scratch,
            copied,
        )
        if 3 * bound <= abs(best[0]) * (1 + CLOSE):
            continue
        count, below = keep(points, weight, count, low_bound, high_bound, lowest, highest)
        low, high = low - below, high - below
        if count <= FEW or radius < NARROWEST:
            for sample in range(1 if count <= FEW else SAMPLES):
                taken = min(count, FEW)
                for i in range(taken):
                    few[i] = points[(sample + i * count // taken) % count]
                closed_forms(few[:taken], points, weight, count, low, high, cell, best, scratch, copied)
            continue
        half = cell[3] / 2
        for quarter in range(4):
            cells[waiting, 0], cells[waiting, 3] = cell[0], half
            cells[waiting, 1] = cell[1] + (half if quarter % 2 else -half)
            cells[waiting, 2] = cell[2] + (half if quarter // 2 else -half)
            plans[waiting, 0], plans[waiting, 1], plans[waiting, 2] = count, low, high
            waiting += 1
    return looked_at


@compiled
def raise_best(best: Floats, skew: float, g: Floats) -> None:
    """Keep a skew and its direction if it is the largest so far."""
    if abs(skew) > abs(best[0]):
        best[0], best[1], best[2], best[3] = skew, g[0], g[1], g[2]


@compiled
def turn(face: int, u: float, v: float, g: Floats) -> None:
    """Fill g with (1, u, v), the 1 on axis `face`."""
    g[face], g[(face + 1) % 3], g[(face + 2) % 3] = 1.0, u, v


@compiled
def centre_and_radius(cell: Floats, g: Floats) -> float:
    """Fill g with the unit direction to the square's middle; return the angle to its farthest corner.

    Its edges are arcs of great circles, so that a corner is farthest. The angle comes from the chord: the arc
    cosine of nearly 1 would lose half the digits.
    """
    face, u, v, half = int(cell[0]), cell[1], cell[2], cell[3]
    turn(face, u, v, g)
    g /= np.sqrt(1 + u * u + v * v)
    widest = 0.0
    corner = np.empty(3)
    for quarter in range(4):
        cu, cv = u + (half if quarter % 2 else -half), v + (half if quarter // 2 else -half)
        turn(face, cu, cv, corner)
        corner /= np.sqrt(1 + cu * cu + cv * cv)
        apart = (corner[0] - g[0]) ** 2 + (corner[1] - g[1]) ** 2 + (corner[2] - g[2]) ** 2
        widest = max(widest, 2 * np.arcsin(min(1.0, np.sqrt(apart) / 2)))
    return widest


@compiled
def bounds(
    points: Floats,
    weight: Counts,
    value: Floats,
    count: int,
    low: int,
    high: int,
    middle: Floats,
    at: float,
    radius: float,
    low_bound: Floats,
    high_bound: Floats,
    scratch: Floats,
    copied: Counts,
) -> tuple[float, float, float]:
    """Fill each point's least and largest projection, relative to the middle point, within `radius` of g.

    A point at v along g and s across it projects to v cos t +- s sin t at most. Return a bound on |median| and
    those on its place relative to the middle point: the order statistics of all the points' bounds.
    """
    cosine, sine = np.cos(radius), np.sin(radius)
    for i in range(count):
        v, size = value[i] - at, 0.0
        for k in range(3):
            size += (points[i, k] - middle[k]) ** 2
        across = np.sqrt(max(size - v * v, 0.0)) * sine
        low_bound[i], high_bound[i] = min(v, v * cosine) - across, max(v, v * cosine) + across
    for i in range(count):
        scratch[i], copied[i] = low_bound[i], weight[i]
    lowest = select(scratch, copied, count, low)
    for i in range(count):
        scratch[i], copied[i] = high_bound[i], weight[i]
    highest = select(scratch, copied, count, high)
    size = middle[0] ** 2 + middle[1] ** 2 + middle[2] ** 2
    across = np.sqrt(max(size - at * at, 0.0)) * sine
    least = min(at, at * cosine) - across + lowest
    most = max(at, at * cosine) + across + highest
    return max(abs(least), abs(most)), lowest, highest


@compiled
def keep(
    points: Floats,
    weight: Counts,
    count: int,
    low_bound: Floats,
    high_bound: Floats,
    lowest: float,
    highest: float,
) -> tuple[int, int]:
    """Move the points that can be a median to the front; return their number, and the rows always below."""
    kept, below = 0, 0
    for i in range(count):
        if high_bound[i] < lowest:
            below += weight[i]
        elif low_bound[i] <= highest:
            for k in range(3):
                points[i, k], points[kept, k] = points[kept, k], points[i, k]
            weight[i], weight[kept] = weight[kept], weight[i]
            # The bounds of the point that moved back are not looked at again.
            kept += 1
    return kept, below


@compiled
def closed_forms(
    few: Floats,
    points: Floats,
    weight: Counts,
    count: int,
    low: int,
    high: int,
    cell: Floats,
    best: Floats,
    scratch: Floats,
    copied: Counts,
) -> None:
    """Raise the best by all directions in the square that can be largest while only few points [k, 3] are medians.

    With m the mean of the two median points: m itself (Theorem 3); m without its part along p - q, where a median
    passes from point p to q; and the directions at right angles to two such differences.
    """
    pairs = len(few) * (len(few) - 1) // 2
    differences, h = np.empty((pairs, 3)), np.empty(3)
    filled = 0
    for i in range(len(few)):
        for j in range(i):
            differences[filled] = few[i] - few[j]
            filled += 1
    for i in range(len(few)):
        for j in range(i + 1):
            if high == low and i != j:
                continue
            middle = (few[i] + few[j]) / 2
            attempt(points, weight, count, low, high, middle, cell, best, scratch, copied, h)
            for k in range(pairs):
                e = differences[k]
                along = (middle[0] * e[0] + middle[1] * e[1] + middle[2] * e[2]) / (
                    e[0] * e[0] + e[1] * e[1] + e[2] * e[2]
                )
                across = middle - along * e
                attempt(points, weight, count, low, high, across, cell, best, scratch, copied, h)
    for k in range(pairs):
        for other in range(k):
            a, b = differences[k], differences[other]
            cross = np.array(
                [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
            )
            attempt(points, weight, count, low, high, cross, cell, best, scratch, copied, h)


@compiled
def attempt(
    points: Floats,
    weight: Counts,
    count: int,
    low: int,
    high: int,
    direction: Floats,
    cell: Floats,
    best: Floats,
    scratch: Floats,
    copied: Counts,
    h: Floats,
) -> None:
    """Raise the best by one direction, given at any length, if it or its opposite lies in the square."""
    face = int(cell[0])
    ahead = direction[face]
    if ahead == 0.0:
        return
    u, v = direction[(face + 1) % 3] / ahead, direction[(face + 2) % 3] / ahead
    if abs(u - cell[1]) > cell[3] + EDGE or abs(v - cell[2]) > cell[3] + EDGE:
        return
    turn(face, u, v, h)
    h /= np.sqrt(1 + u * u + v * v)
    for i in range(count):
        scratch[i] = points[i, 0] * h[0] + points[i, 1] * h[1] + points[i, 2] * h[2]
        copied[i] = weight[i]
    lower = select(scratch, copied, count, low)
    upper = select(scratch, copied, count, high) if high > low else lower
    raise_best(best, -1.5 * (lower + upper), h)
