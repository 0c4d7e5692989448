import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit_minoria.kernels.ranks import select


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(-6, 6), st.integers(1, 4)), min_size=1, max_size=80), st.data())
def test_a_rank_is_that_of_the_values_written_out(pairs, data):
    values, weights = (np.array(part) for part in zip(*pairs, strict=True))
    written = np.sort(np.repeat(values, weights))
    rank = data.draw(st.integers(0, len(written) - 1))
    assert select(values.astype(float), weights.copy(), len(values), rank) == written[rank]


def test_every_rank_of_distinct_values_is_found():
    rng = np.random.default_rng(0)
    values = rng.permutation(500).astype(float)
    for rank in range(0, 500, 7):
        assert select(values.copy(), np.ones(500, np.int64), 500, rank) == rank


def test_only_the_front_counts():
    values = np.array([3.0, 1.0, 2.0, -9.0])
    assert select(values, np.ones(4, np.int64), 3, 0) == 1.0
