import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import cross

ROW = st.tuples(
    st.integers(-1, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 4), st.floats(0.1, 9)
)


def blocks(truth, predicted, k, positive=None):
    if positive is not None:
        return (truth == positive) * 2 + (predicted == positive), 4
    return (truth * 2 + predicted, 4) if k == 2 else (int(truth == predicted), 2)


def slow_sums(rows, k, positive=None):
    """Return own, crossed, every and reference (group 1) as loops over clusters, group by group."""
    size = blocks(0, 0, k, positive)[1]
    sums = np.zeros((5, 3, size))
    for group, truth, predicted, cluster, weight in rows:
        if group >= 0:
            sums[cluster, group, blocks(truth, predicted, k, positive)[0]] += weight
    own, crossed, every, reference = np.zeros((4, 3, size, size))
    for of_cluster in sums:
        whole = of_cluster.sum(axis=0)
        for group in range(3):
            own[group] += np.outer(of_cluster[group], of_cluster[group])
            crossed[group] += np.outer(of_cluster[group], whole)
            every[group] += np.outer(whole, whole)
            reference[group] += np.outer(of_cluster[group], of_cluster[1])
    return own, crossed, every, reference


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=40), st.sampled_from([2, 3]))
def test_sums_over_clusters_equal_a_loop(rows, k):
    rows = [(g, min(t, k - 1), min(p, k - 1), c, w) for g, t, p, c, w in rows]
    codes, truth, predicted, cluster = (np.array([r[i] for r in rows], dtype=np.int64) for i in range(4))
    weights = np.array([r[4] for r in rows])
    counts = cross([codes], truth, predicted, n_classes=k, weights=weights, clusters=cluster)
    found = counts.confusions(counts.cells[:, 0], n_groups=3, reference=1)
    names = ("own", "crossed", "every", "reference")
    for name, slow in zip(names, slow_sums(rows, k), strict=True):
        np.testing.assert_allclose(getattr(found.clusters, name), slow, atol=1e-9)
    if k > 2:
        by_class = found.classes().clusters
        for name, slow in zip(
            names, zip(*(slow_sums(rows, k, c) for c in range(k)), strict=True), strict=True
        ):
            np.testing.assert_allclose(getattr(by_class, name), np.concatenate(slow), atol=1e-9)
    rest = found.rest().clusters
    for group in range(3):
        others = [(0 if r[0] >= 0 and r[0] != group else -1, *r[1:]) for r in rows]
        np.testing.assert_allclose(rest.own[group], slow_sums(others, k)[0][0], atol=1e-8)
    shared = found.clusters.shared_with_rest
    np.testing.assert_allclose(shared, slow_sums(rows, k)[1] - slow_sums(rows, k)[0], atol=1e-9)
    one = found[np.array([1, 1, 1])]
    np.testing.assert_allclose(one.clusters.own, np.stack([found.clusters.own[1]] * 3))
    np.testing.assert_array_equal(found[1:2].clusters.own, found.clusters.own[1:2])


def test_clusters_do_not_change_the_counts():
    rng = np.random.default_rng(0)
    codes, truth, predicted, cluster = rng.integers(0, 3, (4, 200))
    with_, without = (cross([codes], truth, predicted, n_classes=3, clusters=c) for c in (cluster, None))
    one, other = (c.confusions(c.cells[:, 0], n_groups=3) for c in (with_, without))
    np.testing.assert_array_equal(one.counts, other.counts)
    assert other.clusters is None


@pytest.mark.parametrize("k", [2, 3])
def test_no_rows_have_no_sums(k):
    none = np.empty(0, dtype=np.int64)
    counts = cross([none], none, none, n_classes=k, clusters=none)
    found = counts.confusions(counts.cells[:, 0] if len(counts.cells) else none, n_groups=2)
    assert found.clusters.own.sum() == found.clusters.every.sum() == 0.0
