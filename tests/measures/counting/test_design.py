import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import count, cross, effective_clusters, measure, measure_gap, metric_of
from auditkit.measures.counting.design import covariance, design
from auditkit.measures.counting.values import selector

PROPORTIONS = ("selection_rate", "tpr", "fpr", "precision", "accuracy")


def rows(seed=0, n=400, weighted=True, clusters=None):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    predicted = np.where(rng.random(n) < 0.7, truth, 1 - truth)
    weights = rng.gamma(2, size=n) * (1 + 4 * truth) if weighted else np.ones(n)
    cluster = np.arange(n) if clusters is None else rng.integers(0, clusters, n)
    return rng.integers(0, 2, n), truth, predicted, weights, cluster


def counted(codes, truth, predicted, weights, cluster=None):
    counts = cross([codes], truth, predicted, n_classes=2, weights=weights, clusters=cluster)
    return counts.confusions(counts.cells[:, 0], n_groups=2)


def slow_variance(name, truth, predicted, weights, cluster):
    """The linearised variance of one group's rate: squared sums of residuals, cluster by cluster."""
    sides = selector(metric_of(name), 2)[truth * 2 + predicted]
    x, n = (weights[:, None] * sides).sum(axis=0)
    residual = weights * (sides[:, 0] - x / n * sides[:, 1]) / n
    return sum(residual[cluster == one].sum() ** 2 for one in np.unique(cluster)), x / n, residual


@pytest.mark.parametrize("name", PROPORTIONS)
@pytest.mark.parametrize("clusters", [None, 60])
def test_many_rows_are_worth_what_their_linearised_variance_says(name, clusters):
    codes, truth, predicted, weights, cluster = rows(n=20_000, clusters=None if clusters is None else 400)
    found = design(counted(codes, truth, predicted, weights, None if clusters is None else cluster), name)
    for group in range(2):
        mine = codes == group
        part = (truth[mine], predicted[mine], weights[mine], cluster[mine])
        variance, rate, _ = slow_variance(name, *part)
        by_row, *_ = slow_variance(name, *part[:3], np.arange(mine.sum()))
        expected = rate * (1 - rate) / max(variance, by_row)
        assert found.n[group] == pytest.approx(expected, rel=0.02)
        assert found.x[group] / found.n[group] == pytest.approx(rate)
        assert found.n[group] <= found.independent[group] * (1 + 1e-9)


def test_a_covariance_is_that_of_residuals_summed_by_cluster():
    codes, truth, predicted, weights, cluster = rows(n=600, clusters=30)
    found = counted(codes, truth, predicted, weights, cluster)
    shared = found.clusters.shared_with_rest
    for name in PROPORTIONS:
        both = []
        for group in range(2):
            mine = codes == group
            *_, residual = slow_variance(name, truth[mine], predicted[mine], weights[mine], cluster[mine])
            both.append(np.bincount(cluster[mine], weights=residual, minlength=30))
        expected = both[0] @ both[1]
        np.testing.assert_allclose(
            covariance(found, found.rest(), metric=name, shared=shared), [expected, expected], rtol=1e-6
        )


def test_without_weights_and_clusters_the_counts_are_themselves():
    codes, truth, predicted, *_ = rows()
    plain = count(codes, truth, predicted, n_groups=2, n_classes=2)
    found = design(plain, "tpr")
    assert found.n.tolist() == plain.counts[:, 1].sum(axis=1).tolist()
    assert found.x.tolist() == plain.counts[:, 1, 1].tolist()
    assert np.isinf(found.degrees).all()


@pytest.mark.parametrize("name", PROPORTIONS)
def test_weights_that_are_alike_and_clusters_of_one_row_change_nothing(name):
    codes, truth, predicted, _, cluster = rows()
    plain = design(count(codes, truth, predicted, n_groups=2, n_classes=2), name)
    for weights, clusters in ((np.full(400, 3.7), None), (None, cluster), (np.full(400, 1e-9), cluster)):
        found = design(counted(codes, truth, predicted, weights, clusters), name)
        np.testing.assert_allclose([found.x, found.n], [plain.x, plain.n], rtol=1e-9)
        assert (found.degrees > 1e8).all()


def test_weights_that_only_tell_the_outcomes_apart_leave_n_as_sure_as_the_rows():
    """A rate of rows that weigh 10 if positive is a shift of the odds: as many rows on the scale of log odds."""
    n, k = 2000, 600
    truth = (np.arange(n) < k).astype(np.int64)
    found = design(
        counted(np.zeros(n, dtype=np.int64), truth, truth, np.where(truth, 10.0, 1.0)), "base_rate"
    )
    odds_variance = 1 / k + 1 / (n - k)
    rate = found.x[0] / found.n[0]
    assert 1 / (found.n[0] * rate * (1 - rate)) == pytest.approx(odds_variance, rel=0.02)
    assert found.degrees[0] > 1e6


def test_without_events_n_is_kishs_of_rows_or_of_clusters():
    n = 300
    weights, cluster = np.random.default_rng(0).gamma(2, size=n), np.arange(n) // 10
    none = np.zeros(n, dtype=np.int64)
    kish = weights.sum() ** 2 / (weights**2).sum()
    of_clusters = weights.sum() ** 2 / (np.bincount(cluster, weights=weights) ** 2).sum()
    by_row = design(counted(none, none, none, weights), "selection_rate")
    by_cluster = design(counted(none, none, none, weights, cluster), "selection_rate")
    assert by_row.n[0] == pytest.approx(kish, rel=0.03)
    assert by_cluster.n[0] == pytest.approx(of_clusters, rel=0.03)
    assert by_row.x[0] == by_cluster.x[0] == 0.0
    found = counted(none, none, none, weights, cluster)
    assert effective_clusters(found, "selection_rate")[0] == pytest.approx(of_clusters)
    assert effective_clusters(found, "balanced_accuracy")[0] == 0.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1e-200, 1e-12, 1e160]), st.booleans())
def test_intervals_do_not_depend_on_the_unit_of_the_weights(seed, unit, clusters):
    codes, truth, predicted, weights, cluster = rows(seed, n=120, clusters=20 if clusters else None)
    one, other = (
        counted(codes, truth, predicted, w, cluster if clusters else None) for w in (weights, weights * unit)
    )
    for name in (*PROPORTIONS, "f1", "balanced_accuracy"):
        for mine, theirs in (
            (measure(one, name), measure(other, name)),
            (measure_gap(one, one.rest(), name=name), measure_gap(other, other.rest(), name=name)),
        ):
            np.testing.assert_allclose(
                [mine.value, mine.low, mine.high],
                [theirs.value, theirs.low, theirs.high],
                rtol=1e-9,
                atol=1e-12,
            )


def test_a_group_whose_rows_all_weigh_nothing_has_no_value_and_no_effective_rows():
    codes, truth, predicted, weights, _ = rows()
    found = counted(codes, truth, predicted, np.where(codes == 0, 0.0, weights))
    own = measure(found, "tpr")
    assert np.isnan([own.value[0], own.low[0], own.high[0]]).all()
    worth = design(found, "tpr")
    assert (worth.x[0], worth.n[0]) == (0.0, 0.0)
    assert np.isfinite([own.value[1], own.low[1], own.high[1]]).all()


def test_a_gap_within_clusters_is_surer_than_its_sides_but_not_than_rows_on_their_own():
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(40), 50)
    level = rng.beta(2, 2, 40)[cluster]
    codes = rng.integers(0, 2, 2000)
    predicted = (rng.random(2000) < level).astype(np.int64)
    found = counted(codes, predicted, predicted, None, cluster)
    shared = found.clusters.shared_with_rest
    with_, without = (
        measure_gap(found, found.rest(), name="selection_rate", shared=s) for s in (shared, None)
    )
    plain = count(codes, predicted, predicted, n_groups=2, n_classes=2)
    rows_alone = measure_gap(plain, plain.rest(), name="selection_rate")
    width = [float(m.high[0] - m.low[0]) for m in (rows_alone, with_, without)]
    assert width[0] <= width[1] * (1 + 1e-9)
    assert width[1] < 0.6 * width[2]
