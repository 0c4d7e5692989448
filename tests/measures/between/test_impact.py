"""Impact ratios and pooled rates: known values, bounds that hold at once, agreement with statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from auditkit.measures import Arm, bound_at, impact_of, impact_of_highest, mantel_haenszel, p_value
from auditkit.measures.between.rates import Rates, rates_from_counts

REPEATS, FEW = 2000, 300
AT_MOST = 0.035


def test_ratios_are_to_the_highest_rate_and_to_the_chosen_one():
    rates = rates_from_counts([10, 45, 60], [100, 150, 300])
    highest, chosen = impact_of_highest(rates), impact_of(rates, 2)
    np.testing.assert_allclose(highest.value, [0.1 / 0.3, 1.0, 0.2 / 0.3])
    np.testing.assert_allclose(chosen.value, [0.5, 1.5, 1.0])
    assert (highest.over, chosen.over) == (1, 2)
    assert chosen.intervals[2] is None
    for value, interval in zip(highest.value, highest.intervals, strict=True):
        assert 0.0 <= interval.low <= value <= interval.high <= 1.0
    assert chosen.intervals[1].high > 1.5 > chosen.intervals[1].low > 1.0


def test_nothing_is_said_of_rates_of_0_or_of_one_group():
    assert impact_of_highest(rates_from_counts([0, 0], [50, 60])) is None
    assert impact_of_highest(Rates(np.array([0.3, np.nan]), np.array([0.1, np.nan]))) is None
    assert impact_of(rates_from_counts([5, 0], [50, 60]), 1) is None
    unsure = impact_of(rates_from_counts([20, 1], [50, 60]), 1)
    assert unsure.intervals[0] is None  # a reference that may be 0 bounds nothing


def test_a_group_without_a_case_is_not_certain():
    interval = impact_of_highest(rates_from_counts([0, 30], [40, 60])).intervals[0]
    assert (interval.low, interval.high > 0.05) == (0.0, True)


def test_bounds_of_ratios_decide_as_their_p_values_do():
    rates = rates_from_counts([10, 45, 60], [100, 150, 300])
    chosen = impact_of(rates, 2)
    for i in (0, 1):
        value, interval = float(chosen.value[i]), chosen.intervals[i]
        assert (interval.low, interval.high) == pytest.approx(
            [bound_at(value, interval, 0.025, side) for side in ("above", "below")]
        )
        for side in ("above", "below"):
            for threshold in (0.0, 0.4, 0.8, 1.0, 1.3, 2.5):
                p = p_value(value, interval, threshold, side)
                for level in (1e-5, 0.025, 0.3):
                    bound = bound_at(value, interval, level, side)
                    assert (p < level) == (bound > threshold if side == "above" else bound < threshold)


def impact_misses(repeats, sizes, truth, rng):
    ratio = truth / truth.max()
    low, high = np.zeros(len(sizes)), np.zeros(len(sizes))
    for _ in range(repeats):
        found = impact_of_highest(rates_from_counts(rng.binomial(sizes, truth), sizes))
        if found is not None:
            low += [ratio[i] < one.low - 1e-12 for i, one in enumerate(found.intervals)]
            high += [ratio[i] > one.high + 1e-12 for i, one in enumerate(found.intervals)]
    return max(low.max(), high.max()) / repeats


SETTINGS = {
    "two alike": ([100, 300], [0.5, 0.5]),
    "two": ([100, 300], [0.4, 0.5]),
    "two rare": ([200, 300], [0.03, 0.05]),
    "four alike": ([30, 60, 300, 1000], [0.2] * 4),
    "four": ([30, 60, 300, 1000], [0.1, 0.3, 0.25, 0.5]),
}


@pytest.mark.parametrize("name", ["two", "four alike"])
def test_impact_ratios_are_covered_smoke(name):
    sizes, truth = map(np.array, SETTINGS[name])
    assert impact_misses(FEW, sizes, truth, np.random.default_rng(0)) < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
def test_impact_ratios_are_covered(name):
    sizes, truth = map(np.array, SETTINGS[name])
    assert impact_misses(REPEATS, sizes, truth, np.random.default_rng(1)) <= AT_MOST


def test_pooled_ratio_and_errors_equal_statsmodels_and_their_formulas():
    rng = np.random.default_rng(0)
    n1, n0 = np.array([100, 200, 50]), np.array([150, 80, 60])
    x1, x0 = rng.binomial(n1, 0.3), rng.binomial(n0, 0.2)
    found = mantel_haenszel(Arm.of(x1, n1), Arm.of(x0, n0))
    tables = [np.array([[a, b - a], [c, d - c]]) for a, b, c, d in zip(x1, n1, x0, n0, strict=True)]
    assert found.ratio == pytest.approx(StratifiedTable(tables).riskratio_pooled, abs=1e-12)
    top = bottom = spread = 0.0
    for a, b, c, d in zip(x1, n1, x0, n0, strict=True):
        top, bottom = top + a * d / (b + d), bottom + c * b / (b + d)
        spread += ((a + c) * b * d - a * c * (b + d)) / (b + d) ** 2
    assert found.log_ratio_error == pytest.approx(np.sqrt(spread / (top * bottom)), abs=1e-12)
    weight = n1 * n0 / (n1 + n0)
    assert found.difference == pytest.approx(weight @ (x1 / n1 - x0 / n0) / weight.sum(), abs=1e-12)
    interval = found.difference_interval()
    reach = 1.96 * found.difference_error
    assert (interval.low, interval.high) == pytest.approx(
        (found.difference - reach, found.difference + reach), abs=0.01
    )


def test_weights_of_one_half_leave_rates_and_halve_nothing_but_the_weight():
    cases, rows = np.array([10.0, 20.0]), np.array([40.0, 50.0])
    plain = mantel_haenszel(Arm.of(cases, rows), Arm.of(cases[::-1], rows))
    light = mantel_haenszel(
        Arm(weight=rows / 2, cases=cases / 2, worth=rows),
        Arm(weight=rows / 2, cases=cases[::-1] / 2, worth=rows),
    )
    assert (light.group, light.group_rows, light.log_ratio_error) == pytest.approx(
        (plain.group, plain.group_rows, plain.log_ratio_error)
    )


def test_strata_that_only_one_group_has_say_nothing():
    one, two = Arm.of([5, 9], [10, 0]), Arm.of([5, 3], [0, 10])
    assert mantel_haenszel(one, two) is None
    found = mantel_haenszel(Arm.of([5, 9], [10, 30]), Arm.of([0, 3], [0, 10]))
    assert (found.strata, found.difference) == (1, pytest.approx(0.0))


def pooled_misses(repeats, sizes, chances, rng):
    (n1, n0), (p1, p0) = (np.array(part) for part in sizes), (np.array(part) for part in chances)
    weight = n1 * n0 / (n1 + n0)
    difference, quotient = weight @ (p1 - p0) / weight.sum(), (weight @ p1) / (weight @ p0)
    missed = np.zeros(4)
    for _ in range(repeats):
        found = mantel_haenszel(Arm.of(rng.binomial(n1, p1), n1), Arm.of(rng.binomial(n0, p0), n0))
        one, two = found.difference_interval(), found.ratio_interval()
        missed[:2] += difference < one.low, difference > one.high
        if two is not None:
            missed[2:] += quotient < two.low, quotient > two.high
    return missed.max() / repeats


POOLED = {
    "three": (([100, 200, 50], [150, 80, 60]), ([0.2, 0.3, 0.5], [0.25, 0.3, 0.4])),
    "rare": (([200, 300, 100], [250, 180, 160]), ([0.02, 0.01, 0.05],) * 2),
    "many small": (([2] * 40, [3] * 40), (np.linspace(0.1, 0.6, 40),) * 2),
    "a small group": (([30, 40], [500, 400]), ([0.03, 0.05],) * 2),
    "matched": (([1] * 100, [2] * 100), ([0.3] * 100,) * 2),
}


@pytest.mark.parametrize("name", ["three", "a small group"])
def test_pooled_gaps_are_covered_smoke(name):
    assert pooled_misses(FEW, *POOLED[name], np.random.default_rng(0)) < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("name", POOLED)
def test_pooled_gaps_are_covered(name):
    assert pooled_misses(REPEATS, *POOLED[name], np.random.default_rng(1)) <= AT_MOST
