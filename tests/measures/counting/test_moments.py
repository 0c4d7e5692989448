import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import moments
from auditkit.measures.counting.weights import sum_of_others

ROWS = st.lists(st.tuples(st.integers(-1, 2), st.floats(-100, 100) | st.just(np.nan)), max_size=40)


def check(found, group, values):
    assert found.rows[group] == len(values)
    assert found.effective[group] == pytest.approx(len(values))
    assert found.degrees[group] == pytest.approx(len(values) - 1)
    np.testing.assert_allclose(found.mean[group], np.mean(values) if values else np.nan, atol=1e-9)
    expected = np.var(values, ddof=1) / len(values) if len(values) > 1 else np.nan
    np.testing.assert_allclose(found.error[group], expected, rtol=1e-6, atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([0.0, 1e6]))
def test_means_and_variances_equal_numpys_for_groups_and_for_their_rests(rows, offset):
    codes = np.array([code for code, _ in rows], dtype=np.int64)
    found = moments(codes, np.array([value + offset for _, value in rows], dtype=np.float64), n_groups=3)
    rest = found.rest()
    for group in range(3):
        known = [(code, value + offset) for code, value in rows if code >= 0 and not np.isnan(value)]
        check(found, group, [value for code, value in known if code == group])
        check(rest, group, [value for code, value in known if code != group])


def slow_error(values, weights, cluster):
    """Squared sums of a cluster's residuals, with m / (m - 1) of the effective clusters."""
    mean = (weights @ values) / weights.sum()
    ids = np.unique(cluster)
    sums = [(weights * (values - mean))[cluster == one].sum() for one in ids]
    sizes = [weights[cluster == one].sum() for one in ids]
    m = weights.sum() ** 2 / np.sum(np.square(sizes))
    return np.sum(np.square(sums)) / weights.sum() ** 2 * m / (m - 1), m - 1, np.array(sums) / weights.sum()


@pytest.mark.parametrize("clusters", [None, 25])
def test_the_error_of_a_weighted_mean_is_that_of_its_residuals_by_row_or_by_cluster(clusters):
    rng = np.random.default_rng(0)
    n = 500
    codes, cluster = rng.integers(0, 2, n), np.arange(n) if clusters is None else rng.integers(0, clusters, n)
    values, weights = rng.normal(7, 1, n) + cluster % 5, rng.gamma(2, size=n)
    found = moments(
        codes, values, n_groups=2, weights=weights, clusters=None if clusters is None else cluster
    )
    both = []
    for group in range(2):
        mine = codes == group
        error, degrees, sums = slow_error(values[mine], weights[mine], cluster[mine])
        by_row, *_ = slow_error(values[mine], weights[mine], np.arange(mine.sum()))
        assert found.error_of_rows[group] == pytest.approx(by_row)
        assert found.error[group] == pytest.approx(max(error, by_row))
        assert found.degrees[group] == pytest.approx(degrees)
        both.append(sums)
    np.testing.assert_allclose(found.rest().error, found.error[::-1])
    if clusters is not None:
        shared = found.clusters.shared_with_rest
        np.testing.assert_allclose(found.covariance(found.rest(), shared), [both[0] @ both[1]] * 2)


@pytest.mark.parametrize("unit", [1e-200, 1e160])
def test_the_unit_of_the_weights_does_not_matter(unit):
    rng = np.random.default_rng(0)
    codes, values, weights = rng.integers(0, 2, 80), rng.normal(size=80), rng.gamma(2, size=80)
    one, other = (moments(codes, values, n_groups=2, weights=w) for w in (weights, weights * unit))
    for name in ("mean", "error", "degrees", "effective"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9)


def test_weights_that_are_alike_change_nothing():
    rng = np.random.default_rng(0)
    codes, values = rng.integers(0, 2, 80), rng.normal(size=80)
    one, other = (moments(codes, values, n_groups=2, weights=w) for w in (None, np.full(80, 3.7)))
    for name in ("mean", "error", "degrees"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))


def test_a_constant_group_has_no_error_rather_than_a_negative_one():
    found = moments(np.array([0, 0, 0, 1, 1]), np.array([0.1, 0.1, 0.1, 7e8, -7e8]), n_groups=2)
    assert found.error[0] >= 0.0


@pytest.mark.parametrize("weighted", [False, True])
def test_one_huge_number_costs_the_other_groups_no_digits(weighted):
    rng = np.random.default_rng(0)
    values, codes = rng.normal(size=600) ** 2, np.repeat([0, 1, 2], 200)
    weights = rng.gamma(2, size=600) if weighted else None
    values[0] = 1e18
    found = moments(codes, values, n_groups=3, weights=weights)
    for group in (1, 2):
        mine = codes == group
        heavy = None if weights is None else weights[mine]
        assert found.mean[group] == pytest.approx(np.average(values[mine], weights=heavy), rel=1e-12)
    others = codes > 0
    heavy = None if weights is None else weights[others]
    assert found.rest().mean[0] == pytest.approx(np.average(values[others], weights=heavy), rel=1e-12)


def test_the_sum_of_others_is_a_loop_over_them():
    sums = np.random.default_rng(1).normal(size=(5, 2))
    slow = np.array([sum((sums[j] for j in range(5) if j != i), np.zeros(2)) for i in range(5)])
    np.testing.assert_allclose(sum_of_others(sums), slow, rtol=1e-12)
    assert sum_of_others(np.array([7.0])).tolist() == [0.0]
    assert sum_of_others(np.empty(0)).tolist() == []
