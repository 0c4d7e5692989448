"""Changes of rows that belong together: their worth against a slow twin, and how often the interval misses."""

import numpy as np
import pytest
from scipy.stats import t

from auditkit.measures import change_interval, clustered_change, count_pairs, paired_rate


def drawn(rng, *, clusters=60, size=5, alike=0.5, groups=2):
    """Return codes of rows whose changes are alike within a cluster as often as `alike` says, without a true change."""
    who = np.repeat(np.arange(clusters), size)
    n = len(who)
    of_all = rng.random(clusters)[who]
    mixed = np.where(rng.random(n) < alike, of_all, rng.random(n))
    truth = (rng.random(n) < 0.5).astype(np.int64)
    before = (rng.random(n) < 0.5).astype(np.int64)
    swing = np.where(mixed < 0.15, 1, np.where(mixed > 0.85, 0, before))
    return rng.integers(0, groups, clusters)[who], truth, (before, swing.astype(np.int64)), who


def changed(rows, metric, who, *, weights=None, groups=2):
    group, truth, predicted = rows
    pairs = count_pairs(group, truth, predicted, n_groups=groups, n_classes=2, weights=weights)
    return clustered_change(
        paired_rate(pairs, metric), metric, rows, clusters=who, n_classes=2, weights=weights
    ), paired_rate(pairs, metric)


@pytest.mark.parametrize("weighed", [False, True])
def test_the_worth_of_rows_is_that_of_a_slow_twin(weighed):
    rng = np.random.default_rng(5)
    group, truth, predicted, who = drawn(rng)
    weights = rng.gamma(2.0, size=len(who)) if weighed else None
    found, plain = changed((group, truth, predicted), "tpr", who, weights=weights)
    for g in (0, 1):
        rows = [i for i in range(len(who)) if group[i] == g and truth[i] == 1]
        w = {i: (weights[i] / weights.max() if weighed else 1.0) for i in rows}
        d = {i: int(predicted[1][i] == 1) - int(predicted[0][i] == 1) for i in rows}
        mean = sum(w[i] * d[i] for i in rows) / sum(w.values())
        by_cluster, weight = {}, {}
        for i in rows:
            by_cluster[who[i]] = by_cluster.get(who[i], 0.0) + w[i] * (d[i] - mean)
            weight[who[i]] = weight.get(who[i], 0.0) + w[i]
        squares = sum(x * x for x in w.values())
        added = 4.0 * squares / len(rows)
        across = (
            sum(x * x for x in by_cluster.values()) + added * sum(x * x for x in weight.values()) / squares
        )
        within = sum((w[i] * (d[i] - mean)) ** 2 for i in rows) + added
        assert found.rate.n[g] == pytest.approx(plain.n[g] / max(across / within, 1.0))
        clusters = sum(weight.values()) ** 2 / sum(x * x for x in weight.values())
        assert found.clusters[g] == pytest.approx(clusters)


def test_rows_each_alone_are_worth_what_they_are():
    rng = np.random.default_rng(6)
    group, truth, predicted, _ = drawn(rng)
    found, plain = changed((group, truth, predicted), "accuracy", np.arange(len(group)))
    assert found.rate.n == pytest.approx(plain.n)


def test_without_any_change_a_cluster_is_worth_one_row():
    rng = np.random.default_rng(7)
    group, truth, predicted, who = drawn(rng)
    found, _ = changed((group, truth, (predicted[0], predicted[0])), "accuracy", who)
    assert found.rate.n == pytest.approx(found.clusters)


@pytest.mark.parametrize("alike", [0.0, 0.9])
def test_without_a_true_change_an_interval_misses_0_about_as_often_as_it_says(alike):
    rng = np.random.default_rng(8)
    missed = 0
    for _ in range(300):
        group, truth, predicted, who = drawn(rng, clusters=40, alike=alike, groups=1)
        found, _ = changed((group, truth, predicted), "selection_rate", who, groups=1)
        low, high = found.interval()
        missed += int(low[0] > 0 or high[0] < 0)
    assert missed <= 28  # of 300 at 5 %


def test_changes_that_cancel_within_a_person_make_nothing_surer():
    n = 200
    who = np.repeat(np.arange(n // 2), 2)
    before = np.tile([1, 0], n // 2)
    rows = (np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.int64), (before, 1 - before))
    found, plain = changed(rows, "selection_rate", who, groups=1)
    assert plain.lost[0] == plain.gained[0] == n / 2
    assert found.rate.n[0] == pytest.approx(n)


@pytest.mark.parametrize("clusters", [6, 12])
def test_few_clusters_are_read_with_students_t(clusters):
    rng = np.random.default_rng(9)
    group, truth, predicted, who = drawn(rng, clusters=clusters, size=200, groups=1)
    found, _ = changed((group, truth, predicted), "selection_rate", who, groups=1)
    assert found.degrees[0] == pytest.approx(clusters - 1)
    low, high = found.interval(0.95)
    normal = change_interval(found.rate, 0.95)
    ratio = float((high[0] - low[0]) / (normal[1][0] - normal[0][0]))
    assert ratio == pytest.approx(t.ppf(0.975, clusters - 1) / 1.96, rel=0.1)
