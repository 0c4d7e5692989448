import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from auditkit.measures import newcombe, rows_needed


def slow_power(n, rate, rest_rate, *, rest_rows, alpha, draws=4000):
    """How often the gap's one-sided bound clears 0, on the side of the gap, in simulated data."""
    rng = np.random.default_rng(0)
    x, rest = rng.binomial(n, rate, draws), rng.binomial(rest_rows, rest_rate, draws)
    low, high = newcombe(x, n, rest, rest_rows, 1 - 2 * alpha)
    return (low > 0).mean() if rate > rest_rate else (high < 0).mean()


@pytest.mark.parametrize("pooled", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize(
    ("alpha", "gap", "rest_rows"), [(0.05, 0.1, 50_000), (0.005, 0.1, 600), (0.025, 0.2, 200)]
)
def test_simulated_groups_of_that_size_decide_about_as_often_as_promised(pooled, alpha, gap, rest_rows):
    n = rows_needed(pooled, gap=gap, alpha=alpha, rest_rows=rest_rows)
    rates = [rate for rate in (pooled - gap, pooled + gap) if 0 <= rate <= 1]
    found = min(slow_power(n, rate, pooled, rest_rows=rest_rows, alpha=alpha) for rate in rates)
    assert 0.77 < found < 0.93


def test_the_classical_size_against_a_known_rate_comes_out():
    p, gap, z = 0.3, 0.1, (-ndtri(0.05), ndtri(0.8))
    plain = (z[0] * np.sqrt(p * (1 - p)) + z[1] * np.sqrt(0.4 * 0.6)) ** 2 / gap**2
    expected = plain / 4 * (1 + np.sqrt(1 + 2 / (plain * gap))) ** 2
    assert rows_needed(p, gap=gap) == np.ceil(expected)


def test_a_share_of_condition_rows_multiplies_the_rows():
    assert rows_needed(0.5, share=0.25) == pytest.approx(4 * rows_needed(0.5), abs=4)


def test_what_no_number_of_rows_decides_is_none():
    assert rows_needed(0.5, share=0.0) is None
    assert rows_needed(0.5, gap=0.6) is None
    assert rows_needed(0.5, gap=0.05, rest_rows=20) is None


@settings(max_examples=80, deadline=None)
@given(st.floats(0, 1), st.floats(0.02, 0.5), st.floats(0.01, 0.2))
def test_a_smaller_gap_or_level_never_needs_fewer_rows(pooled, gap, alpha):
    rows = rows_needed(pooled, gap=gap, alpha=alpha)
    if pooled + gap <= 1 and pooled - gap >= 0:
        assert rows_needed(pooled, gap=gap / 2, alpha=alpha) >= rows
    assert rows is None or rows_needed(pooled, gap=gap, alpha=alpha / 2) >= rows
