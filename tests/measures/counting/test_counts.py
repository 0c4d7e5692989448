import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError
from auditkit.measures import count
from auditkit.measures.counting.counts import kish

ROW = st.tuples(st.integers(-1, 3), st.integers(-1, 2), st.integers(-1, 2), st.just(0.0) | st.floats(1e-3, 9))


def columns(rows):
    codes, truth, predicted, weights = zip(*rows, strict=True) if rows else ((), (), (), ())
    return (
        np.array(codes, dtype=np.int64),
        np.array(truth, dtype=np.int64),
        np.array(predicted, dtype=np.int64),
        np.array(weights, dtype=np.float64),
    )


def slow_count(rows, *, power):
    table = np.zeros((4, 3, 3))
    for code, truth, predicted, weight in rows:
        if min(code, truth, predicted) >= 0:
            table[code, truth, predicted] += weight**power
    return table


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=60))
def test_counts_equal_a_loop_over_the_rows(rows):
    codes, truth, predicted, weights = columns(rows)
    found = count(codes, truth, predicted, n_groups=4, n_classes=3, weights=weights)
    np.testing.assert_array_equal(found.counts, slow_count(rows, power=0))
    np.testing.assert_allclose(found.table, slow_count(rows, power=1))
    np.testing.assert_allclose(found.squares, slow_count(rows, power=2))
    np.testing.assert_array_equal(found.rows, slow_count(rows, power=0).sum((1, 2)))
    bare = count(codes, truth, predicted, n_groups=4, n_classes=3)
    np.testing.assert_array_equal(bare.table, found.counts)
    np.testing.assert_array_equal(bare.effective, found.rows)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=40))
def test_the_rest_of_a_group_is_counted_from_the_other_groups_rows(rows):
    codes, truth, predicted, weights = columns(rows)
    rest = count(codes, truth, predicted, n_groups=4, n_classes=3, weights=weights).rest()
    for group in range(4):
        others = [row for row in rows if row[0] not in {group, -1}]
        np.testing.assert_array_equal(rest.counts[group], slow_count(others, power=0).sum(0))
        np.testing.assert_allclose(rest.table[group], slow_count(others, power=1).sum(0), atol=1e-9)
        np.testing.assert_allclose(rest.squares[group], slow_count(others, power=2).sum(0), atol=1e-9)


def test_a_cell_that_the_rest_does_not_have_weighs_exactly_nothing():
    weights = np.array([0.1, 0.2, 0.3, 0.7])
    codes = np.array([0, 0, 0, 1])
    truth = np.array([1, 1, 1, 0])
    rest = count(codes, truth, truth, n_groups=2, n_classes=2, weights=weights).rest()
    assert rest.table[0, 1, 1] == 0.0
    assert rest.squares[0, 1, 1] == 0.0
    assert rest.effective[1] == pytest.approx(0.6**2 / 0.14)


def test_equal_weights_leave_the_effective_rows_at_the_rows():
    assert kish(np.array([7.5, 0.0]), np.array([7.5 * 2.5, 0.0])).tolist() == [3.0, 0.0]


@pytest.mark.parametrize(
    ("codes", "truth", "predicted", "weights"),
    [
        ([2], [0], [0], None),
        ([-2], [0], [0], None),
        ([0], [2], [0], None),
        ([0], [0], [2], None),
        ([0], [0], [0], [-1.0]),
        ([0], [0], [0], [np.nan]),
    ],
)
def test_codes_out_of_range_and_impossible_weights_are_refused(codes, truth, predicted, weights):
    arrays = [np.array(part) for part in (codes, truth, predicted)]
    with pytest.raises(DataError):
        count(*arrays, n_groups=2, n_classes=2, weights=None if weights is None else np.array(weights))


def test_a_weight_of_a_row_that_is_left_out_may_be_missing():
    codes, truth = np.array([-1, 0]), np.array([0, 1])
    found = count(codes, truth, truth, n_groups=1, n_classes=2, weights=np.array([np.nan, 2.0]))
    assert found.table.sum() == 2.0
