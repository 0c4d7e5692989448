"""Slow and obvious twins of the sweep."""

from __future__ import annotations

import itertools

import numpy as np


def plain_skew(values):
    """Pearson's median skewness as the textbook writes it."""
    spread = np.std(values)
    if spread <= 1e-10 * np.abs(values).max():
        return 0.0
    return float(3 * (np.mean(values) - np.median(values)) / spread)


def skew_at(points, angle):
    """The skew of the points projected on the direction at an angle."""
    return plain_skew(points @ np.array([np.cos(angle), np.sin(angle)]))


def meeting_angles(points):
    """Every angle in [0, pi) at which two different points project to the same value, O(n^2)."""
    pairs = itertools.combinations(np.unique(points, axis=0), 2)
    return sorted({float(np.arctan2(p[0] - q[0], q[1] - p[1])) % np.pi for p, q in pairs})


def largest_by_trying_all(points):
    """The largest |skew|: at every meeting of two points, and at the closed form of each median between."""
    angles = meeting_angles(points) or [0.0, np.pi / 2]
    ends = [*angles, angles[0] + np.pi]
    centred = points - points.mean(axis=0)
    spread = centred.T @ centred / len(points)
    tried = [abs(skew_at(points, angle)) for angle in angles]
    for start, stop in itertools.pairwise(ends):
        middle = (start + stop) / 2
        tried.append(abs(skew_at(points, middle)))
        order = np.argsort(centred @ [np.cos(middle), np.sin(middle)], kind="stable")
        median = centred[order[[(len(points) - 1) // 2, len(points) // 2]]].mean(axis=0)
        if np.linalg.matrix_rank(spread) == 2:
            inner = np.linalg.solve(spread, median)
            turn = (np.arctan2(inner[1], inner[0]) - start) % np.pi
            if turn <= stop - start:
                tried.append(abs(skew_at(points, start + turn)))
    return max(tried)


def walk(points):
    """The plain walk of the median level: (largest |skew|, its signed skew, its angle, median changes).

    From one median point to the next that it meets, O(n) per step in NumPy; skew in O(1) from the sums. For
    even n it follows the pair of middle points. Needs points in general position.
    """
    n = len(points)
    centred = points - points.mean(axis=0)
    spread = centred.T @ centred / n
    x, y = centred.T
    order = np.argsort(x, kind="stable")
    middle = list(dict.fromkeys([int(order[(n - 1) // 2]), int(order[n // 2])]))
    angle, changes, best = 0.0, 0, (0.0, 0.0, 0.0)
    while angle < np.pi:
        meetings = []
        for member in middle:
            turns = np.arctan2(x - x[member], y[member] - y) % np.pi
            turns[(turns <= angle + 1e-13)] = np.inf
            turns[middle] = np.inf
            other = int(turns.argmin())
            meetings.append((turns[other], member, other))
        end, leaves, enters = min(meetings)
        q = centred[middle].mean(axis=0)
        inner = np.arctan2(*np.linalg.solve(spread, q)[::-1]) % np.pi
        for candidate in (angle, min(end, np.pi), inner):
            if angle <= candidate <= end and candidate <= np.pi:
                f = np.array([np.cos(candidate), np.sin(candidate)])
                skew = -3 * (q @ f) / np.sqrt(f @ spread @ f)
                best = max(best, (abs(skew), float(skew), float(candidate)))
        if end < np.pi:
            changes += 1
            middle[middle.index(leaves)] = enters
        angle = end
    return (*best, changes)
