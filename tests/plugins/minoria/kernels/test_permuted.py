import numpy as np
import pytest
from scipy import stats

from auditkit_minoria.kernels.permuted import LARGEST, below_limit, count_beyond, studentised


def sums(values):
    return float(values.sum()), float(values @ values), len(values)


def test_the_statistic_is_welchs():
    rng = np.random.default_rng(0)
    one, other = rng.exponential(size=30), rng.normal(size=90)
    assert studentised(*sums(one), *sums(other)) == pytest.approx(
        stats.ttest_ind(one, other, equal_var=False).statistic
    )


def test_without_any_spread_a_difference_is_infinite_and_none_is_none():
    assert studentised(*sums(np.ones(4)), *sums(np.zeros(5))) == LARGEST
    assert studentised(*sums(np.zeros(4)), *sums(np.ones(5))) == -LARGEST
    assert studentised(*sums(np.zeros(4)), *sums(np.zeros(5))) == 0.0


@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
def test_random_numbers_are_even_below_their_limit(limit):
    state, seen = np.uint64(12345), []
    for _ in range(20_000):
        state, number = below_limit(np.uint64(state), limit)
        seen.append(number)
    counts = np.bincount(seen, minlength=limit)
    assert len(counts) == limit
    assert stats.chisquare(counts).pvalue > 1e-4 if limit > 1 else counts[0] == 20_000


def test_drawn_values_are_the_given_ones_in_another_order():
    values = np.arange(50.0)
    counted = np.zeros((2, 1), dtype=np.int64)
    count_beyond(values, np.array([5]), np.array([0.0]), 10, 7, counted[0], counted[1])
    assert sorted(values.tolist()) == list(range(50))
    assert values.tolist() != list(range(50))
    assert counted.sum() >= 10
