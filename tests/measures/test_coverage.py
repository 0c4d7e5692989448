"""Simulations: does what is called 95 % hold in 95 of 100 repeats? Every seed is fixed."""

import numpy as np
import pytest

from auditkit.measures import (
    difference,
    equalized_odds_difference,
    measure,
    moments,
    newcombe,
    ratio,
    welch,
    wilson,
)
from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.closed_forms.means import mean_interval
from auditkit.measures.counting.counts import Confusions

pytestmark = pytest.mark.slow
REPEATS = 400
MANY = 20_000


def covered(low, high, truth):
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize("n", [50, 120, 1000])
def test_wilson_covers_a_rate(n):
    rng = np.random.default_rng(n)
    rates = rng.uniform(0.1, 0.9, MANY)
    assert 0.94 < covered(*wilson(rng.binomial(n, rates), n), rates) < 0.96


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
def test_wilson_covers_each_rate_closely_enough(rate):
    n = 200
    found = covered(*wilson(np.random.default_rng(0).binomial(n, rate, MANY), n), rate)
    assert 0.93 < found < 0.97


@pytest.mark.parametrize(("n1", "n2"), [(50, 50), (50, 1000), (300, 5000)])
@pytest.mark.parametrize(("rate1", "rate2"), [(0.1, 0.1), (0.2, 0.5), (0.9, 0.6)])
def test_newcombe_covers_a_difference_of_rates(n1, n2, rate1, rate2):
    rng = np.random.default_rng(n1)
    x1, x2 = rng.binomial(n1, rate1, MANY), rng.binomial(n2, rate2, MANY)
    assert 0.93 < covered(*newcombe(x1, n1, x2, n2), rate1 - rate2) < 0.97


@pytest.mark.parametrize(("n1", "n2"), [(50, 60), (50, 1500)])
def test_welch_covers_a_difference_of_means(n1, n2):
    rng = np.random.default_rng(0)
    first, second = rng.gamma(4, 1, (REPEATS, n1)), rng.gamma(4, 2, (REPEATS, n2))
    low, high, _ = welch(first.mean(1), first.var(1, ddof=1), n1, second.mean(1), second.var(1, ddof=1), n2)
    assert 0.93 < covered(low, high, -4.0) < 0.97


def test_a_mean_of_weighted_rows_is_covered_at_their_effective_number():
    rng = np.random.default_rng(0)
    codes, hits = np.zeros(200, dtype=np.int64), []
    for _ in range(10 * REPEATS):
        found = moments(codes, rng.normal(3, 2, 200), n_groups=1, weights=rng.gamma(2, size=200))
        low, high, _ = mean_interval(found.mean, found.error, found.degrees)
        hits.append(bool(low[0] <= 3 <= high[0]))
    assert 0.93 < np.mean(hits) < 0.97


@pytest.mark.parametrize("name", ["f1", "balanced_accuracy"])
def test_closed_forms_of_other_metrics_cover(name):
    shares = np.array([0.35, 0.15, 0.1, 0.4])
    drawn = np.random.default_rng(0).multinomial(120, shares, MANY).reshape(-1, 2, 2)
    found = measure(Confusions(counts=drawn, table=drawn.astype(float), squares=drawn.astype(float)), name)
    truth = {"f1": 0.8 / 1.05, "balanced_accuracy": (0.8 + 0.7) / 2}[name]
    assert 0.93 < covered(found.low, found.high, truth) < 0.97


SIZES = {
    "two alike": [200, 200],
    "one tiny": [5000, 30],
    "eight tiny": [30] * 8,
    "twelve": [500] * 12,
    "uneven": [40, 60, 100, 400, 1000, 3000, 50, 80, 20_000],
    "twenty tiny beside a giant": [30] * 20 + [10_000],
}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_equal_groups_are_rarely_called_unequal(sizes, rate):
    rng, n = np.random.default_rng(0), np.array(sizes)
    repeats = [rates_from_counts(rng.binomial(n, rate), n) for _ in range(REPEATS)]
    assert np.mean([difference(rates).interval.low > 0 for rates in repeats]) <= 0.05
    found = [ratio(rates) for rates in repeats]
    assert np.mean([one is not None and one.interval.high < 1 for one in found]) <= 0.05


@pytest.mark.parametrize("agg", ["worst_case", "mean"])
def test_equal_odds_are_rarely_called_unequal(agg):
    rng, positives, negatives = (
        np.random.default_rng(0),
        np.array([60, 90, 800, 300]),
        np.array([200, 90, 3000, 70]),
    )
    called = []
    for _ in range(REPEATS):
        tpr = rates_from_counts(rng.binomial(positives, 0.7), positives)
        fpr = rates_from_counts(rng.binomial(negatives, 0.2), negatives)
        called.append(equalized_odds_difference(tpr, fpr, agg=agg).interval.low > 0)
    assert np.mean(called) <= 0.05


@pytest.mark.parametrize(
    ("sizes", "rates"),
    [
        ([200, 200], [0.3, 0.5]),
        ([300, 50, 2000], [0.1, 0.2, 0.3]),
        ([60] * 4, [0.1, 0.1, 0.1, 0.4]),
        ([40] * 8, [0.3] * 7 + [0.6]),
        ([1000, 100], [0.02, 0.06]),
    ],
)
def test_a_true_disparity_is_covered(sizes, rates):
    rng, n, rates = np.random.default_rng(0), np.array(sizes), np.array(rates)
    gap, share, gap_hits, share_hits = rates.max() - rates.min(), rates.min() / rates.max(), [], []
    for _ in range(REPEATS):
        found = rates_from_counts(rng.binomial(n, rates), n)
        for summary, truth, hits in ((difference, gap, gap_hits), (ratio, share, share_hits)):
            one = summary(found)
            hits.append(one is not None and one.interval.low <= truth <= one.interval.high)
    error = 2 * np.sqrt(0.05 * 0.95 / REPEATS)
    assert np.mean(gap_hits) >= 0.95 - error
    assert np.mean(share_hits) >= 0.95 - error


def test_a_naive_bootstrap_of_the_largest_gap_would_always_call_equal_groups_unequal():
    rng, n, called = np.random.default_rng(0), np.full(8, 100), []
    for _ in range(50):
        x = rng.binomial(n, 0.3)
        again = rng.binomial(n, x / n, (400, 8)) / n
        called.append(np.quantile(np.ptp(again, axis=1), 0.025) > 0)
    assert np.mean(called) == 1.0
