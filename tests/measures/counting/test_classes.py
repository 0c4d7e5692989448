"""Means over classes and what they are made of: every number against a loop over rows or classes."""

import numpy as np
import pytest

from auditkit.measures import count, cross, metric_of
from auditkit.measures.counting.counts import classes_against_rest, one_vs_rest
from auditkit.measures.counting.linear import mean_variance
from auditkit.measures.counting.values import condition_effective, metric_values

MEANS = ("balanced_accuracy", "macro_f1")


def drawn(k, *, n=160, seed=0):
    """Return codes, true classes, predictions, weights and clusters of rows in two groups."""
    rng = np.random.default_rng(seed)
    codes, truth, cluster = rng.integers(0, 2, n), np.arange(n) % k, rng.integers(0, 40, n)
    predicted = np.where(rng.random(n) < 0.6, truth, rng.integers(0, k, n))
    return codes, truth, predicted, rng.uniform(0.5, 3, n), cluster


@pytest.mark.parametrize("k", [2, 3, 5])
def test_each_class_against_the_rest_is_that_class_alone(k):
    tables = np.random.default_rng(k).integers(0, 50, (4, k, k))
    np.testing.assert_array_equal(
        classes_against_rest(tables), [one_vs_rest(tables, positive) for positive in range(k)]
    )


def slow_residuals(truth, predicted, weights, metric, k):
    """Return the residual of each row, float [n], one class for a row of the result's last axis, by differencing.

    The derivative of the mean by one row's weight is the residual of the linearisation.
    """
    step, found = 1e-6, np.zeros((len(truth), k))
    for row in range(len(truth)):
        for one in range(k):
            ends = []
            for sign in (1, -1):
                moved = weights.copy()
                moved[row] += sign * step
                table = np.zeros((2, 2))
                np.add.at(table, ((truth == one).astype(int), (predicted == one).astype(int)), moved)
                ends.append(metric_values(table, metric.average_of)[()])
            found[row, one] = (ends[0] - ends[1]) / (2 * step) / k
    return found


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("by_cluster", [False, True])
def test_the_variance_of_a_mean_over_classes_is_that_of_its_residuals(name, k, by_cluster):
    codes, truth, predicted, weights, cluster = drawn(k)
    counts = cross(
        [codes], truth, predicted, n_classes=k, weights=weights, clusters=cluster if by_cluster else None
    )
    found = mean_variance(counts.confusions(counts.cells[:, 0], n_groups=2), name)
    for group in range(2):
        here = codes == group
        by_class = weights[here, None] * slow_residuals(
            truth[here], predicted[here], weights[here], metric_of(name), k
        )
        if by_cluster:
            together = np.zeros((40, k))
            np.add.at(together, cluster[here], by_class)
            # of more than two classes, the mean of the classes' errors: enough whatever their correlation
            slow = (
                (together.sum(axis=1) ** 2).sum() if k == 2 else np.sqrt((together**2).sum(axis=0)).sum() ** 2
            )
        else:
            slow = (by_class.sum(axis=1) ** 2).sum()
        assert found[group] == pytest.approx(slow, rel=1e-6)


@pytest.mark.parametrize("k", [2, 3])
def test_the_effective_rows_of_a_mean_are_those_of_its_thinnest_class(k):
    codes, truth, predicted, weights, _ = drawn(k)
    found = condition_effective(
        count(codes, truth, predicted, n_groups=2, n_classes=k, weights=weights), "balanced_accuracy"
    )
    for group in range(2):
        of_class = [weights[(codes == group) & (truth == one)] for one in range(k)]
        assert found[group] == pytest.approx(min(w.sum() ** 2 / (w**2).sum() for w in of_class))


@pytest.mark.parametrize("k", [2, 3])
def test_some_groups_of_clusters_are_those_groups_in_every_class(k):
    codes, truth, predicted, weights, cluster = drawn(k)
    counts = cross([codes], truth, predicted, n_classes=k, weights=weights, clusters=cluster)
    sums = counts.confusions(counts.cells[:, 0], n_groups=2, reference=1).clusters
    whole, second = sums.each_class(), sums[1:2].each_class()
    for part in ("own", "crossed", "every", "reference"):
        np.testing.assert_array_equal(getattr(second, part), getattr(whole, part)[1::2])
