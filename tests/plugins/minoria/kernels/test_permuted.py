import numpy as np
import pytest
from scipy import stats

from auditkit_minoria.kernels.permuted import LARGEST, below_limit, draw_statistics, studentised


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


def test_drawn_parts_are_nested_random_parts_of_the_values():
    values, found = np.arange(50.0) ** 2, np.empty((400, 2))
    draw_statistics(values, np.array([5, 20]), 7, found)
    assert sorted(values.tolist()) == (np.arange(50.0) ** 2).tolist()
    part = [values[:size] for size in (5, 20)]
    rest = [values[size:] for size in (5, 20)]
    last = [stats.ttest_ind(p, r, equal_var=False).statistic for p, r in zip(part, rest, strict=True)]
    assert found[-1] == pytest.approx(last)
    assert len(np.unique(found[:, 0])) > 390
    assert np.corrcoef(found.T)[0, 1] > 0.3
