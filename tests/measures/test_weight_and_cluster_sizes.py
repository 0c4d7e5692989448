"""Simulations: how often intervals miss on either side at a nominal 2.5 %, with weights and with clusters.

Every seed is fixed, and none was chosen. Repeats are groups, so that 4,000 cost as much as one. `pytest -s` prints the
table of docs/statistics.md.
"""

import sys

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr

from auditkit.measures import Confusions, measure, measure_gap
from auditkit.measures.counting.clusters import Clustered

REPEATS = 4000
LIMIT = 0.035 + 3.1 * np.sqrt(0.035 * 0.965 / REPEATS)
"""3.5 % a side, beyond what 4,000 repeats show of it by chance once in a thousand."""


def misses(measured, truth):
    """Return the shares of repeats whose interval lies above and below the truth."""
    assert np.isfinite(measured.value).all()
    return float((measured.low > truth).mean()), float((measured.high < truth).mean())


def tell(name, *shares):
    sys.stdout.write(f"{name:66s}{'  '.join(f'{100 * share:5.1f} %' for share in shares)}\n")


def constant(weight):
    return lambda rng, shape: np.full(shape, float(weight))


def gamma(shape, mean=1.0):
    return lambda rng, size: mean * rng.gamma(shape, size=size) / shape


def lognormal(mean=1.0):
    return lambda rng, size: mean * rng.lognormal(-0.5, size=size)


def weighted(rng, n, share, event, other):
    """Return confusions of REPEATS groups of n rows, of which `share` are events that weigh `event`."""
    events = rng.random((REPEATS, n)) < share
    weights = np.where(events, event(rng, (REPEATS, n)), other(rng, (REPEATS, n)))
    parts = []
    for power in (0, 1, 2):
        hit, miss = (np.where(side, weights**power, 0.0).sum(axis=1) for side in (events, ~events))
        nothing = np.zeros(REPEATS)
        parts.append(np.stack([miss, hit, nothing, nothing], axis=1).reshape(-1, 2, 2))
    return Confusions(counts=parts[0].astype(np.int64), table=parts[1], squares=parts[2])


def true_rate(share, event, other):
    rng = np.random.default_rng(1)
    mine, theirs = share * event(rng, 400_000).mean(), (1 - share) * other(rng, 400_000).mean()
    return mine / (mine + theirs)


WEIGHTS = {
    "equal weights": (constant(3), constant(3)),
    "the rare class weighs 5": (constant(5), constant(1)),
    "the rare class weighs 10": (constant(10), constant(1)),
    "the rare class weighs 5, gamma(2) each": (gamma(2, 5), gamma(2)),
    "gamma(2), whatever the outcome": (gamma(2), gamma(2)),
    "lognormal(1), whatever the outcome": (lognormal(), lognormal()),
    "events weigh a hundredth (case-control)": (constant(0.01), constant(0.99)),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "share"), [(1000, 0.02), (1000, 0.05), *((n, s) for n in (200, 1000) for s in (0.1, 0.3, 0.5))]
)
@pytest.mark.parametrize("kind", WEIGHTS)
def test_weighted_rates_are_missed_at_most_so_often(kind, share, n):
    event, other = WEIGHTS[kind]
    found = measure(weighted(np.random.default_rng(n), n, share, event, other), "selection_rate")
    shares = misses(found, true_rate(share, event, other))
    tell(f"{kind}, {n} rows, {share:.0%} events", *shares)
    assert max(shares) <= LIMIT
    if "case-control" in kind and n >= 1000 and share >= 0.3:
        assert min(shares) > 0.005  # Kish's n covers 100 %


@pytest.mark.parametrize("weight", [5, 10])
@pytest.mark.parametrize("events", [1, 2, 4, 8])
def test_a_heavy_class_of_which_a_group_has_hardly_a_row_weighs_what_it_does_in_others(weight, events):
    heavy, light = constant(weight), constant(1)
    found = measure(weighted(np.random.default_rng(5), 500, events / 500, heavy, light), "selection_rate")
    shares = misses(found, true_rate(events / 500, heavy, light))
    tell(f"some {events} events of 500 rows that weigh {weight}", *shares)
    assert max(shares) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("n", [100, 1000])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.99, 0.999])
@pytest.mark.parametrize("kind", ["equal weights", "gamma(2), whatever the outcome"])
def test_rare_rates_of_weighted_rows_are_missed_at_most_so_often(kind, rate, n):
    found = measure(weighted(np.random.default_rng(n), n, rate, *WEIGHTS[kind]), "selection_rate")
    shares = misses(found, rate)
    tell(f"{kind}, {n} rows, rate {rate}", *shares)
    assert max(shares) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("kind", WEIGHTS)
def test_gaps_of_weighted_rates_are_missed_at_most_so_often(kind):
    event, other = WEIGHTS[kind]
    rng = np.random.default_rng(7)
    first, second = weighted(rng, 300, 0.15, event, other), weighted(rng, 2000, 0.3, event, other)
    gap = true_rate(0.15, event, other) - true_rate(0.3, event, other)
    shares = misses(measure_gap(first, second, name="selection_rate"), gap)
    tell(f"gap: {kind}", *shares)
    assert max(shares) <= LIMIT


def clustered_rows(rng, m, size, rho, *rates, vary):
    """Return one Confusions for each rate, of REPEATS groups that share m clusters with correlation rho."""
    sizes = rng.negative_binomial(1, 1 / size, (REPEATS, m)) + 1 if vary else np.full((REPEATS, m), size)
    noise = rng.normal(size=(REPEATS, m))
    sums = []
    for rate in rates:
        level = np.full((REPEATS, m), rate)
        if rho > 0:  # beta, all of them moved by one effect of the cluster
            level = betaincinv(rate * (1 / rho - 1), (1 - rate) * (1 / rho - 1), ndtr(noise))
        hits = rng.binomial(sizes, level)
        sums.append(np.stack([sizes - hits, hits, 0 * hits, 0 * hits], axis=-1).astype(float))
    every = sum(sums)

    def products(one, other):
        return np.einsum("rmi,rmj->rij", one, other)

    found = []
    for mine in sums:
        table = mine.sum(axis=1).reshape(-1, 2, 2)
        clusters = Clustered(
            own=products(mine, mine), crossed=products(mine, every), every=products(every, every)
        )
        found.append(Confusions(counts=table.astype(np.int64), table=table, squares=table, clusters=clusters))
    return found


CLUSTERS = {
    "200 persons of 5 rows, correlation .3": (200, 5, 0.3),
    "300 persons of 10 rows, correlation .8": (300, 10, 0.8),
    "100 persons of 10 rows, independent": (100, 10, 0.0),
    "8 clinics of 50 rows, correlation .05": (8, 50, 0.05),
    "30 clinics of 50 rows, correlation .1": (30, 50, 0.1),
}


@pytest.mark.slow
@pytest.mark.parametrize("vary", [False, True], ids=["even", "uneven"])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.05, 0.3, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", CLUSTERS)
def test_rates_of_clustered_rows_are_missed_at_most_so_often(kind, rate, vary):
    (found,) = clustered_rows(np.random.default_rng(11), *CLUSTERS[kind], rate, vary=vary)
    shares = misses(measure(found, "selection_rate"), rate)
    tell(f"{kind}{', uneven' if vary else ''}, rate {rate}", *shares)
    assert max(shares) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("rates", [(0.3, 0.3), (0.2, 0.5)])
@pytest.mark.parametrize("kind", CLUSTERS)
def test_gaps_within_clusters_are_missed_at_most_so_often(kind, rates):
    first, second = clustered_rows(np.random.default_rng(13), *CLUSTERS[kind], *rates, vary=True)
    shared = first.clusters.shared_with_rest
    found = measure_gap(first, second, name="selection_rate", shared=shared)
    shares = misses(found, rates[0] - rates[1])
    alone = measure_gap(first, second, name="selection_rate")
    tell(
        f"gap: {kind}, rates {rates}",
        *shares,
        float((found.high - found.low).mean() / (alone.high - alone.low).mean()),
    )
    assert max(shares) <= LIMIT


@pytest.mark.slow
def test_rows_of_the_same_person_are_missed_no_more_often_than_said():
    """A smoke of the above: naive intervals would miss a tenth on each side."""
    (found,) = clustered_rows(np.random.default_rng(11), 200, 5, 0.3, 0.3, vary=False)
    assert max(misses(measure(found, "selection_rate"), 0.3)) <= LIMIT
    naive = Confusions(counts=found.counts, table=found.table, squares=found.squares)
    assert min(misses(measure(naive, "selection_rate"), 0.3)) > 0.08
