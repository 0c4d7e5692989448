import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import moments

ROWS = st.lists(st.tuples(st.integers(-1, 2), st.floats(-100, 100) | st.just(np.nan)), max_size=40)


def check(found, group, values):
    assert found.rows[group] == len(values)
    assert found.n[group] == pytest.approx(len(values))
    np.testing.assert_allclose(found.mean[group], np.mean(values) if values else np.nan, atol=1e-9)
    expected = np.var(values, ddof=1) if len(values) > 1 else np.nan
    np.testing.assert_allclose(found.variance[group], expected, rtol=1e-6, atol=1e-7)


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


def test_a_whole_weight_is_a_repeated_row_but_for_the_effective_rows():
    codes, values, weights = np.array([0, 0, 0, 1]), np.array([1.0, 4.0, 9.0, 3.0]), np.array([1, 2, 3, 1])
    found = moments(codes, values, n_groups=2, weights=weights)
    repeated = np.repeat(values[:3], weights[:3])
    n = 36 / 14
    assert found.mean[0] == pytest.approx(repeated.mean())
    assert found.n[0] == pytest.approx(n)
    assert found.variance[0] == pytest.approx(repeated.var() * n / (n - 1))


def test_a_constant_group_has_no_variance_rather_than_a_negative_one():
    found = moments(np.array([0, 0, 0, 1, 1]), np.array([0.1, 0.1, 0.1, 7e8, -7e8]), n_groups=2)
    assert found.variance[0] >= 0.0
