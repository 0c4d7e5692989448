import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError
from auditkit.measures import count, cross, intersections

SIZES = (2, 3, 4)
CODES = st.tuples(*(st.integers(-1, size - 1) for size in SIZES))
ROW = st.tuples(CODES, st.integers(-1, 2), st.integers(-1, 2), st.just(0.0) | st.floats(1e-3, 9))


def columns(rows):
    codes = [np.array([row[0][a] for row in rows], dtype=np.int64) for a in range(len(SIZES))]
    truth, predicted = (np.array([row[i] for row in rows], dtype=np.int64) for i in (1, 2))
    return codes, truth, predicted, np.array([row[3] for row in rows])


@settings(max_examples=80, deadline=None)
@given(st.lists(ROW, max_size=60), st.booleans())
def test_every_cut_of_the_cross_has_the_counts_of_a_pass_over_the_rows(rows, weighted):
    codes, truth, predicted, weights = columns(rows)
    heavy = weights if weighted else None
    found = cross(codes, truth, predicted, n_classes=3, weights=heavy)
    assert found.rows.sum() == len(rows)
    labels = [range(size) for size in SIZES]
    of_rows = list(intersections(codes, labels, max_order=3, min_n=2))
    of_cells = list(intersections(list(found.cells.T), labels, max_order=3, min_n=2, rows=found.rows))
    for by_row, by_cell in zip(of_rows, of_cells, strict=True):
        assert (by_cell.attributes, by_cell.cells) == (by_row.attributes, by_row.cells)
        np.testing.assert_array_equal(by_cell.n, by_row.n)
        np.testing.assert_array_equal(by_cell.large, by_row.large)
        g = len(by_row.cells)
        slow = count(by_row.codes, truth, predicted, n_groups=g, n_classes=3, weights=heavy)
        fast = found.confusions(by_cell.codes, n_groups=g)
        np.testing.assert_array_equal(fast.counts, slow.counts)
        np.testing.assert_allclose(fast.table, slow.table)
        np.testing.assert_allclose(fast.squares, slow.squares)


def test_without_attributes_everybody_is_one_cell():
    found = cross([], np.array([0, 1, -1]), np.array([1, 1, 0]), n_classes=2)
    assert (found.cells.shape, found.rows.tolist()) == ((1, 0), [3])
    table = found.confusions(np.zeros(1, dtype=np.int64), n_groups=1).table
    assert table.tolist() == [[[0.0, 1.0], [0.0, 1.0]]]


def test_more_combinations_than_memory_cost_nothing_when_nobody_is_in_them():
    n, size, rng = 300, 2_000_000, np.random.default_rng(0)
    codes = [rng.integers(0, size, n) for _ in range(3)]
    found = cross(codes, rng.integers(0, 50, n), rng.integers(0, 50, n), n_classes=50)
    assert len(found.cells) == len(found.cell) == n


def test_classes_out_of_range_and_impossible_weights_are_refused():
    codes, labels = [np.array([0, 1])], np.array([0, 1])
    with pytest.raises(DataError, match="true class codes"):
        cross(codes, np.array([0, 2]), labels, n_classes=2)
    with pytest.raises(DataError, match="predicted class codes"):
        cross(codes, labels, np.array([-2, 0]), n_classes=2)
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(DataError, match="weights"):
            cross(codes, labels, labels, n_classes=2, weights=np.array([1.0, wrong]))


def test_a_weight_of_a_row_without_a_class_may_be_missing():
    found = cross([], np.array([-1, 0]), np.array([0, 0]), n_classes=2, weights=np.array([np.nan, 2.0]))
    assert found.table.tolist() == [2.0]
