import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit_minoria.kernels.medians import middle_values


def rng(seed=3):
    return np.random.default_rng(seed)


def medians(rows):
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    low, high = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    middle_values(rows, low, high)
    return low, high


KINDS = {
    "normal": lambda g, n: g.normal(size=n),
    "skewed": lambda g, n: g.exponential(size=n) ** 3,
    "sorted": lambda g, n: np.sort(g.normal(size=n)),
    "few values": lambda g, n: g.integers(0, 3, size=n).astype(float),
    "one value": lambda g, n: np.zeros(n),
    "far outside": lambda g, n: g.normal(size=n) + 100.0,
    "two clumps": lambda g, n: np.where(g.random(n) < 0.5, -1.0, 1.0) + 1e-3 * g.normal(size=n),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 7, 1024, 1025, 5000, 5001])
def test_middle_values_are_those_of_a_sort_whatever_the_rows(kind, n):
    rows = np.stack([KINDS[kind](rng(seed), n) for seed in range(3)]).astype(np.float32)
    low, high = medians(rows)
    ordered = np.sort(rows, axis=1)
    assert low.tolist() == ordered[:, (n - 1) // 2].tolist()
    assert high.tolist() == ordered[:, n // 2].tolist()


@given(n=st.integers(1025, 3000), seed=st.integers(0, 10**6), levels=st.integers(2, 400))
@settings(max_examples=40, deadline=None)
def test_ties_of_any_number_do_not_move_the_middle(n, seed, levels):
    row = rng(seed).integers(-levels, levels, size=(1, n)) / levels
    low, high = medians(row)
    ordered = np.sort(row.astype(np.float32)[0])
    assert (low[0], high[0]) == (ordered[(n - 1) // 2], ordered[n // 2])
