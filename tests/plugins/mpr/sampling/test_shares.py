"""What a sample's shares say of the shares behind it."""

import numpy as np
import pytest
from scipy.stats import binomtest

from auditkit_mpr.sampling.shares import apart_widths, farthest, share_bounds


@pytest.mark.parametrize(("x", "m"), [(0, 50), (1, 50), (25, 50), (50, 50), (7, 3000)])
def test_bounds_of_a_share_are_those_of_clopper_and_pearson(x, m):
    low, high = share_bounds(np.array([x / m]), m, 0.025)
    expected = binomtest(x, m).proportion_ci(0.95, method="exact")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_a_group_that_no_row_has_is_not_known_to_be_absent():
    low, high = share_bounds(np.array([0.0]), 50, 0.025)
    assert low[0] == 0
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 50))


def test_the_farthest_gap_is_that_of_every_bound_tried():
    listed, shares = np.array([0.2, 0.5, 0.0]), np.array([0.3, 0.5, 0.0])
    low, high = share_bounds(shares, 80, 0.025 / 6)
    expected = max(abs(q - p) for q, *ends in zip(listed, low, high, strict=True) for p in ends)
    assert farthest(listed, shares, 80, 0.025) == pytest.approx(expected)


def test_the_farthest_gap_is_exceeded_no_more_often_than_its_level_by_a_list_made_for_this_reference():
    rng, true = np.random.default_rng(0), np.full(10, 0.1)
    above = 0
    for _ in range(300):
        shares = rng.multinomial(200, true) / 200  # and the list has exactly these
        above += np.abs(shares - true).max() > farthest(shares, shares, 200, 0.025)
    assert above <= 17


def test_widths_are_standard_errors_with_half_a_row_and_never_below_one_row():
    found = apart_widths(np.array([0.5, 0.0]), np.array([0.2, 0.0]), 20, 1 / 100)
    ours, theirs = 10.5 / 21, 20.5 / 101
    assert found[0] == pytest.approx(np.sqrt(ours * (1 - ours) / 20 + theirs * (1 - theirs) / 100))
    assert found[1] == pytest.approx(1 / 20 + 1 / 100)
