"""The standardised mean difference equals statsmodels', and its error a jackknife's."""

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import effectsize_smd

from auditkit.measures import powers, smd


@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_each_groups_difference_to_the_rest_equals_statsmodels(shift):
    rng = np.random.default_rng(0)
    values, group = rng.gamma(2, size=300), rng.integers(0, 3, 300)
    own = powers(group, values + shift, n_groups=3)
    found, _, _ = smd(own, own.rest())
    for g in range(3):
        mine, others = values[group == g], values[group != g]
        expected, _ = effectsize_smd(
            mine.mean(), mine.std(ddof=1), len(mine), others.mean(), others.std(ddof=1), len(others)
        )
        assert found[g] == pytest.approx(expected, abs=1e-12 if not shift else 1e-8)


def test_whole_weights_are_repeated_rows_and_the_error_is_a_jackknifes():
    rng = np.random.default_rng(1)
    values, group = rng.gamma(2, size=200), rng.integers(0, 2, 200)
    weight = rng.integers(1, 4, 200).astype(float)
    own = powers(group, values, n_groups=2, weights=weight)
    means = [np.average(values[group == g], weights=weight[group == g]) for g in range(2)]
    np.testing.assert_allclose(own.mean[0] - own.mean[1], (means[0] - means[1]) / scale(values, weight))
    plain = powers(group, values, n_groups=2)
    value, error, _ = smd(plain[:1], plain[1:])
    left = []
    for i in range(200):
        kept = np.arange(200) != i
        one = powers(group[kept], values[kept], n_groups=2)
        left.append(smd(one[:1], one[1:])[0][0])
    n = 200
    jackknife = np.sqrt((n - 1) / n * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert error[0] == pytest.approx(jackknife, rel=0.03)
    assert value[0] == pytest.approx(np.mean(left), rel=0.05)


def scale(values, weight):
    return np.sqrt(np.mean((values - np.average(values, weights=weight)) ** 2))


def test_values_that_are_all_alike_have_no_standardised_difference():
    own = powers(np.array([0, 0, 1, 1]), np.full(4, 3.0), n_groups=2)
    assert np.isnan(smd(own[:1], own[1:])[0][0])
