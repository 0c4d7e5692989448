"""Bounds and p-values of many findings are those of each alone; of weighted rows, no further than of plain ones."""

import numpy as np
import pytest
from scipy.stats import t as student

from auditkit.measures import (
    bound_at,
    bounds_at,
    count,
    disparities,
    gaps_to_best_of,
    measure,
    measure_gap,
    p_value,
    p_values,
)
from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.exact.proportion import proportion_bound


def confusions(seed=0, n=400, *, weighted):
    rng = np.random.default_rng(seed)
    codes, truth, predicted = rng.integers(0, 3, n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    weight = rng.lognormal(size=n) if weighted else None
    return count(codes, truth, predicted, n_groups=3, n_classes=2, weights=weight)


def several():
    """Values and intervals by six methods, of three groups each."""
    found = []
    for weighted in (False, True):
        counts = confusions(weighted=weighted)
        for made in (
            measure(counts, "tpr"),
            measure(counts, "f1"),
            measure_gap(counts, counts.rest(), name="tpr"),
        ):
            found += [(float(made.value[g]), made.interval(g)) for g in range(3)]
    return found


@pytest.mark.parametrize("level", [0.025, 0.001, 0.4])
def test_many_at_once_are_each_alone(level):
    values, intervals = zip(*several(), strict=True)
    assert len({interval.method for interval in intervals}) >= 5
    sides = ["above", "below"] * (len(values) // 2)
    thresholds = [value + 0.1 * (-1) ** i for i, value in enumerate(values)]
    bounds = bounds_at(values, intervals, [level] * len(values), sides)
    p = p_values(values, intervals, thresholds, sides)
    for i, side in enumerate(sides):
        assert bounds[i] == pytest.approx(bound_at(values[i], intervals[i], level, side), abs=1e-9)
        assert p[i] == pytest.approx(
            p_value(values[i], intervals[i], thresholds[i], side), rel=1e-6, abs=1e-12
        )


@pytest.mark.parametrize("level", [0.025, 0.001])
def test_the_bound_of_a_weighted_rate_is_the_wider_of_wilsons_and_the_exact_one(level):
    counts = confusions(weighted=True)
    made = measure(counts, "tpr", confidence=1 - 2 * level)
    for g in range(3):
        interval = made.interval(g)
        x, n, degrees = interval.basis
        for side, sign, wider in (("above", -1, min), ("below", 1, max)):
            z = student.ppf(1 - level, degrees)
            centre, spread = x + z * z / 2, z * np.sqrt(x * (n - x) / n + z * z / 4)
            wilson = (centre + sign * spread) / (n + z * z)
            exact = float(proportion_bound(x, n, level=level, side=side))
            expected = wider(wilson, exact)
            assert bound_at(float(made.value[g]), interval, level, side) == pytest.approx(expected, abs=1e-9)
            assert (interval.low if side == "above" else interval.high) == pytest.approx(expected, abs=1e-9)
            at = bound_at(float(made.value[g]), interval, 0.1, side)
            assert p_value(float(made.value[g]), interval, at, side) == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("level", [0.025, 0.001, 0.4])
def test_largest_gaps_at_once_are_each_alone_to_the_bit(level):
    rng = np.random.default_rng(4)
    n = rng.integers(30, 400, (12, 6))
    rates = rates_from_counts(rng.binomial(n, rng.uniform(0.2, 0.6, (12, 6))), n)
    other = rates_from_counts(rng.binomial(n, 0.3), n)
    found = [one for agg in ("worst_case", "mean") for kind in ("difference", "ratio")
             for one in disparities([rates, other], kind, agg=agg)]  # fmt: skip
    told = [(one.value, one.interval) for one in found]
    for best in ("highest", "lowest"):
        told += [
            pair
            for one in gaps_to_best_of(rates, best)
            for pair in zip(one.value, one.intervals, strict=True)
        ]
    values, intervals = zip(*told, strict=True)
    assert len({len(interval.basis) for interval in intervals}) > 3
    for side in ("above", "below"):
        thresholds = rng.choice([-0.1, 0.0, 0.05, 0.9], len(values)).tolist()
        asked = values, intervals, thresholds, [side] * len(values)
        assert p_values(*asked).tolist() == [p_value(*one) for one in zip(*asked, strict=True)]
        asked = values, intervals, [level] * len(values), [side] * len(values)
        assert bounds_at(*asked).tolist() == [bound_at(*one) for one in zip(*asked, strict=True)]
