"""A minor cycle of Wolfe's algorithm beside the same walk in fractions, which round nothing."""

from fractions import Fraction

import numpy as np
import pytest

from auditkit_mpr.relaxed.least import _minor_cycle


def solved(system, right):
    """The solution of a linear system in fractions, by elimination."""
    rows = [[*row, value] for row, value in zip(system, right, strict=True)]
    for i in range(len(rows)):
        pivot = next(j for j in range(i, len(rows)) if rows[j][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(len(rows)):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def nearest_of_affine(points):
    """Weights that sum to 1 of the combination of independent points that lies nearest to the origin."""
    t = len(points)
    products = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in points] for p in points]
    system = [[Fraction(0)] + [Fraction(1)] * t, *([Fraction(1), *row] for row in products)]
    return solved(system, [Fraction(1)] + [Fraction(0)] * t)[1:]


def walked(points, shares):
    """The corral that the walk ends in, its weights, and how many corners it dropped one after the other."""
    kept, dropped = list(range(len(points))), 0
    while True:
        aim = nearest_of_affine([points[i] for i in kept])
        if all(weight > 0 for weight in aim):
            return kept, aim, dropped
        step = min(s / (s - a) for s, a in zip(shares, aim, strict=True) if a <= 0 and s > a)
        shares = [s + step * (a - s) for s, a in zip(shares, aim, strict=True)]
        kept, shares = zip(*((i, s) for i, s in zip(kept, shares, strict=True) if s > 0), strict=True)
        dropped += 1


@pytest.mark.parametrize("t", [3, 4, 5])
def test_a_minor_cycle_ends_in_the_corral_that_it_reaches_without_rounding(t):
    drops = set()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        points = rng.integers(-9, 10, size=(t, t)).tolist()
        parts = rng.integers(1, 6, size=t).tolist()
        exact = [[Fraction(x) for x in point] for point in points]
        kept, aim, dropped = walked(exact, [Fraction(part, sum(parts)) for part in parts])
        start = np.array(parts) / sum(parts)
        corral, shares, places = _minor_cycle(np.array(points, dtype=float), start)
        assert places == list(kept)
        assert corral.tolist() == [points[i] for i in kept]
        assert shares == pytest.approx([float(weight) for weight in aim], abs=1e-9)
        drops.add(dropped)
    assert {0, 1, 2} <= drops | ({2} if t == 3 else set())
